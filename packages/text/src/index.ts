export { findTextNotice } from './find-notice.ts';
export * from './formats/index.ts';
export { type NoticeForm, type NoticePosition, type TextNoticeOptions, textNotice } from './notice.ts';
export * from './stream/index.ts';
export { TEXT_LIKENESS_THRESHOLD, textLikeness } from './text-likeness.ts';
