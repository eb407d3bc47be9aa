import { layoutOf } from './notice-element.ts';
import { isBefore, type NoticePosition, positionNamed } from './position.ts';
import { NOTICE_STYLE } from './style.ts';
import { isNoticeText, NOTICE_TEXT_RULE, noticeParts, PART_SEPARATOR } from './words.ts';

/** What a notice that a server writes says, and where. */
export interface NoticeHtmlOptions {
  /** Words with both elements instead of the default ones. */
  readonly text?: string;
  /** Language tag of the content, which chooses the default words; `zh-CN` by default. */
  readonly lang?: string;
  /** `above` by default. */
  readonly position?: NoticePosition;
  /** For a policy that forbids inline styles (CSP `style-src 'nonce-…'`). */
  readonly nonce?: string;
}

/**
 * The same element as HTML for a server to write: with its shadow root in a template, so that the notice is seen without any script (HTML §4.12.3, shadowrootmode), and by those who read
 * the page's source. `content` is HTML and goes in as it is. A browser's parser reads it; `innerHTML` does not make shadow roots, but the defined element does.
 *
 * @throws TypeError for words without both elements, a language that is no tag, and an unknown position.
 */
export const noticeHtml = (content = '', options: NoticeHtmlOptions = {}): string => {
  const { text, lang = 'zh-CN', position = 'above', nonce } = options;
  if (text !== undefined && !isNoticeText(text)) {
    throw new TypeError(NOTICE_TEXT_RULE);
  }
  if (!/^[A-Za-z0-9-]{1,35}$/.test(lang)) {
    throw new TypeError('the language of a notice is a language tag');
  }
  if (positionNamed(position) === undefined) {
    throw new TypeError(`no position of a notice: ${position}`);
  }
  const parts = noticeParts(text, lang).map((part) => `<span lang="${part.lang}">${escaped(part.text)}</span>`);
  const note = `<div class="layer"><div class="notice ${position}" role="note">${parts.join(PART_SEPARATOR)}</div></div>`;
  const slot = '<div><slot></slot></div>';
  const style = `<style${nonce === undefined ? '' : ` nonce="${escaped(nonce)}"`}>${NOTICE_STYLE}</style>`;
  const words = text === undefined ? '' : ` text="${escaped(text)}"`;
  const tag = options.lang === undefined ? '' : ` lang="${lang}"`;
  const stage = `<div class="${layoutOf(position)}">${isBefore(position) ? note + slot : slot + note}</div>`;
  return `<aigc-notice position="${position}"${tag}${words}><template shadowrootmode="open">${style}${stage}</template>${content}</aigc-notice>`;
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
