import { DEFAULT_NOTICE_TEXT, hasNoticeElements } from '@aigc-label/core';
import { HtmlWriter } from './html-writer.ts';
import { MarkdownWriter } from './markdown-writer.ts';
import type { NoticeWriter } from './notice-writer.ts';
import { PlainWriter } from './plain-writer.ts';

/** Where a notice can stand in a text whose middle is not known before it is over (GB 45438-2025 §5.1). */
export type StreamNoticePosition = 'start' | 'end';

/** What the notice in a stream of text says, and where. */
export interface NoticeStreamOptions {
  /** How whoever shows the text reads it; `markdown` by default, whose notice is a block quote. In `html` it is a paragraph with a role. */
  readonly kind?: 'plain' | 'markdown' | 'html';
  /** One line with both elements of GB 45438-2025 §5: 人工智能 or AI, and 生成 or 合成; `AI生成` by default. */
  readonly text?: string;
  /** `['start']` by default: who stops reading, or the model, has seen it. */
  readonly positions?: readonly StreamNoticePosition[];
  /** Language tag of the words, for HTML; `zh-CN` by default. */
  readonly lang?: string;
}

const LONGEST_NOTICE = 500;
const POSITIONS: readonly string[] = ['start', 'end'];

/**
 * What makes one writer for each text of a stream.
 * @throws TypeError where the words lack an element, are not one line, or the positions are none, unknown or doubled.
 */
export const writerOf = (options: NoticeStreamOptions): (() => NoticeWriter) => {
  const { kind = 'markdown', text = DEFAULT_NOTICE_TEXT, positions = ['start'], lang = 'zh-CN' } = options;
  if (!hasNoticeElements(text)) {
    throw new TypeError('a notice says 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5)');
  }
  if (
    text.length > LONGEST_NOTICE ||
    text !== text.trim() ||
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/.test(text) ||
    /\p{Surrogate}/u.test(text)
  ) {
    throw new TypeError(`a notice is one line of at most ${LONGEST_NOTICE} characters without white space around it`);
  }
  if (positions.length === 0 || new Set(positions).size < positions.length || !positions.every((position) => POSITIONS.includes(position))) {
    throw new TypeError('positions of a notice in a stream: start, end, each at most once, at least one');
  }
  if (!/^[A-Za-z0-9-]{1,35}$/.test(lang)) {
    throw new TypeError('the language of a notice is a language tag');
  }
  const places = { start: positions.includes('start'), end: positions.includes('end') };
  switch (kind) {
    case 'plain':
      return () => new PlainWriter(text, places);
    case 'markdown':
      return () => new MarkdownWriter(text, places);
    case 'html':
      return () => new HtmlWriter(text, lang, places);
    default:
      throw new TypeError('the kind of a stream of text: plain, markdown or html');
  }
};
