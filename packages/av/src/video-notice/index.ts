import { type ExplicitMark, LabelError, type NoticeFinder } from '@aigc-label/core';
import { VIDEO_NOTICE_FORMATS } from '../notice-formats.ts';
import { resolveVideoNotice, type VideoNoticeOptions } from './video-notice-options.ts';

export * from './video-notice-options.ts';

/** The notice on the pictures of a video, as a mark (GB 45438-2025 §5.4). */
export const videoNotice: ExplicitMark<VideoNoticeOptions> = {
  id: 'video-notice',
  modality: 'video',
  formats: VIDEO_NOTICE_FORMATS,
  isPresent: async () => false,
  async apply(_, formatId, options) {
    resolveVideoNotice(options);
    throw new LabelError('NOTICE_UNSUPPORTED', `No notice can be put into ${formatId} yet.`, { data: { format: formatId } });
  },
};

/** Finds notices on the pictures of a video. */
export const videoNoticeFinder: NoticeFinder = { formats: VIDEO_NOTICE_FORMATS, isDecoding: true, find: async () => [] };
