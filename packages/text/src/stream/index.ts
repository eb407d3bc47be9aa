export * from './dialects/index.ts';
export { type NoticeEventsOptions, noticeJsonLines, noticeSse } from './notice-sse.ts';
export { noticeStream, noticeTokens } from './notice-stream.ts';
export type { NoticeStreamOptions, StreamNoticePosition } from './stream-options.ts';
export { asksForJson } from './structured-output.ts';
