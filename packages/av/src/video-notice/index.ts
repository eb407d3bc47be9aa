import type { NoticeFinder } from '@aigc-label/core';
import { VIDEO_NOTICE_FORMATS } from '../notice-formats.ts';

export { videoNotice } from './video-notice.ts';
export * from './video-notice-options.ts';

/** Finds notices on the pictures of a video. */
export const videoNoticeFinder: NoticeFinder = { formats: VIDEO_NOTICE_FORMATS, isDecoding: true, find: async () => [] };
