export { defineAigcNotice } from './define-notice.ts';
export { AigcNotice } from './notice-element.ts';
export { type NoticeHtmlOptions, noticeHtml } from './notice-html.ts';
export { NOTICE_POSITIONS, type NoticePosition } from './position.ts';
export { DEFAULT_NOTICE_WORDS, isNoticeText, type NoticePart } from './words.ts';
