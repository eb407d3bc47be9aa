export { videoNotice } from './video-notice.ts';
export { videoNoticeFinder } from './video-notice-finder.ts';
export * from './video-notice-options.ts';
