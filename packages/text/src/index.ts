export { findTextNotice } from './find-notice.ts';
export { html } from './html.ts';
export { markdown } from './markdown.ts';
export { type NoticePosition, type TextNoticeOptions, textNotice } from './notice.ts';
export { plainText } from './plain-text.ts';
export { textFormats } from './text-formats.ts';
