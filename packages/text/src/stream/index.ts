export { noticeStream } from './notice-stream.ts';
export type { NoticeStreamOptions, StreamNoticePosition } from './stream-options.ts';
