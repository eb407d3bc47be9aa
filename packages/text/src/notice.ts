import { type ByteSource, type ExplicitMark, hasNoticeElements, LabelError, readBounded, type Splice } from '@aigc-label/core';
import { htmlNotice } from './notice-html.ts';
import { markdownNotice } from './notice-markdown.ts';
import { plainNotice } from './notice-plain.ts';

/** Where a notice stands in a text (GB 45438-2025 §5.1). */
export type NoticePosition = 'start' | 'middle' | 'end';

/** What a text notice says, and where. */
export interface TextNoticeOptions {
  /** One line with both elements of GB 45438-2025 §5: 人工智能 or AI, and 生成 or 合成. */
  readonly text: string;
  readonly positions: readonly NoticePosition[];
  /** Language tag of the text, for HTML; `zh-CN` by default. */
  readonly lang?: string;
}

/** What each kind of text answers: which of the positions are taken by this very notice, and the edits that fill the others. */
export interface NoticePlan {
  readonly present: ReadonlySet<NoticePosition>;
  /** @throws LabelError `NOTICE_UNSUPPORTED` where a position does not exist or the encoding cannot hold the text. */
  readonly splices: () => readonly Splice[];
}

/** A whole text must be seen to find its middle and its end. */
const LARGEST_TEXT_BYTES = 16 << 20;
const LONGEST_NOTICE = 500;

/**
 * A visible notice in Markdown, HTML and plain text (Measures Art. 4(1), GB 45438-2025 §5.1).
 * Apply it before the label is planned: plan the label on the marked text, since both may begin at the same byte.
 * @throws TypeError where the text lacks an element, has more than one line or more than 500 characters, or no position is given.
 */
export const textNotice: ExplicitMark<TextNoticeOptions> = {
  id: 'text-notice',
  modality: 'text',
  formats: ['html', 'markdown', 'plain'],
  async isPresent(source, formatId, options) {
    try {
      const { present } = await planOf(source, formatId, options);
      return options.positions.every((position) => present.has(position));
    } catch (error) {
      // Where it cannot be written, it cannot stand; `apply` says why.
      if (error instanceof LabelError && error.code === 'NOTICE_UNSUPPORTED') {
        return false;
      }
      throw error;
    }
  },
  async apply(source, formatId, options) {
    return { kind: 'splices', splices: (await planOf(source, formatId, options)).splices() };
  },
};

const planOf = async (source: ByteSource, formatId: string, options: TextNoticeOptions): Promise<NoticePlan> => {
  assertOptions(options);
  const bytes = await readBounded(source, 0, source.size, LARGEST_TEXT_BYTES, 'text');
  switch (formatId) {
    case 'html':
      return htmlNotice(bytes, options);
    case 'markdown':
      return markdownNotice(bytes, options);
    case 'plain':
      return plainNotice(bytes, options);
    default:
      throw new LabelError('NOTICE_UNSUPPORTED', `A text notice cannot be put into ${formatId}.`, { data: { format: formatId } });
  }
};

const assertOptions = ({ text, positions, lang }: TextNoticeOptions): void => {
  if (!hasNoticeElements(text)) {
    throw new TypeError('a notice says 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5)');
  }
  if (text.length > LONGEST_NOTICE || text !== text.trim() || /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text) || /\p{Surrogate}/u.test(text)) {
    throw new TypeError(`a notice is one line of at most ${LONGEST_NOTICE} characters without white space around it`);
  }
  if (positions.length === 0 || new Set(positions).size < positions.length || !positions.every((position) => POSITIONS.has(position))) {
    throw new TypeError('positions of a notice: start, middle, end, each at most once, at least one');
  }
  if (lang !== undefined && !/^[A-Za-z0-9-]{1,35}$/.test(lang)) {
    throw new TypeError('the language of a notice is a language tag');
  }
};

const POSITIONS: ReadonlySet<string> = new Set(['start', 'middle', 'end']);
