import { type ByteSource, type ExplicitMark, hasNoticeElements, LabelError, readBounded, type Splice } from '@aigc-label/core';
import { epubNotice } from './document-notice/epub-notice.ts';
import { docxNotice, odtNotice } from './document-notice/office-notice.ts';
import { pptxNotice } from './document-notice/pptx-notice.ts';
import { rtfNotice } from './document-notice/rtf-notice.ts';
import { htmlNotice } from './notice-html.ts';
import { markdownNotice } from './notice-markdown.ts';
import { plainNotice } from './notice-plain.ts';

/** Where a notice stands (GB 45438-2025 §5.1): in the course of a text, or `throughout`, on every page of what has pages. */
export type NoticePosition = 'start' | 'middle' | 'end' | 'throughout';

/** How a notice looks (GB 45438-2025 §5.1): words (文字), or a corner mark (角标), which may say AI and no more. */
export type NoticeForm = 'sentence' | 'corner-mark';

/** What a text notice says, and where. */
export interface TextNoticeOptions {
  /** One line with both elements of GB 45438-2025 §5: 人工智能 or AI, and 生成 or 合成. A corner mark needs the first one alone, and has at most 16 characters. */
  readonly text: string;
  readonly positions: readonly NoticePosition[];
  /** The default is `sentence`. */
  readonly form?: NoticeForm;
  /** Language tag of the text, where the format can say it; `zh-CN` by default. */
  readonly lang?: string;
}

/** What each kind of text answers: which of the positions are taken by this very notice, and the edits that fill the others. */
export interface NoticePlan {
  readonly present: ReadonlySet<NoticePosition>;
  /** @throws LabelError `NOTICE_UNSUPPORTED` where a position does not exist or the encoding cannot hold the text. */
  readonly splices: () => readonly Splice[] | Promise<readonly Splice[]>;
}

/** A whole text must be seen to find its middle and its end. */
const LARGEST_TEXT_BYTES = 16 << 20;
const LONGEST_NOTICE = 500;
const LONGEST_CORNER_MARK = 16;

type Planner = (source: ByteSource, options: TextNoticeOptions) => Promise<NoticePlan>;

const wholeText =
  (plan: (bytes: Uint8Array, options: TextNoticeOptions) => NoticePlan): Planner =>
  async (source, options) =>
    plan(await readBounded(source, 0, source.size, LARGEST_TEXT_BYTES, 'text'), options);

/** JSON, CSV and XML are data: what is put into them is no notice to a reader but another value to a program. */
const PLANNERS: Readonly<Record<string, Planner>> = {
  docx: docxNotice,
  epub: epubNotice,
  odt: odtNotice,
  // Outlines of its characters are loaded when the first PDF is to be marked.
  pdf: async (source, options) => (await import('./pdf-notice/pdf-notice.ts')).pdfNotice(source, options),
  html: wholeText(htmlNotice),
  markdown: wholeText(markdownNotice),
  plain: wholeText(plainNotice),
  pptx: pptxNotice,
  rtf: rtfNotice,
};

/**
 * A visible notice in texts and documents (Measures Art. 4(1), GB 45438-2025 §5.1).
 * Apply it before the label is planned: plan the label on the marked text, since both may begin at the same byte.
 * @throws TypeError where the text lacks an element, has more than one line or is too long, or no position is given.
 */
export const textNotice: ExplicitMark<TextNoticeOptions> = {
  id: 'text-notice',
  modality: 'text',
  formats: Object.keys(PLANNERS),
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
    return { kind: 'splices', splices: await (await planOf(source, formatId, options)).splices() };
  },
};

const planOf = async (source: ByteSource, formatId: string, options: TextNoticeOptions): Promise<NoticePlan> => {
  assertOptions(options);
  const planner = Object.hasOwn(PLANNERS, formatId) ? PLANNERS[formatId] : undefined;
  if (planner === undefined) {
    throw new LabelError('NOTICE_UNSUPPORTED', `A text notice cannot be put into ${formatId}.`, { data: { format: formatId } });
  }
  const { present, splices } = await unsupported(() => planner(source, options));
  return { present, splices: () => unsupported(async () => splices()) };
};

/** What a format cannot do for a label, signed and encrypted documents above all, it cannot do for a notice. */
const unsupported = async <Value>(act: () => Promise<Value>): Promise<Value> => {
  try {
    return await act();
  } catch (error) {
    if (error instanceof LabelError && error.code === 'FORMAT_UNSUPPORTED_FEATURE') {
      throw new LabelError('NOTICE_UNSUPPORTED', error.message, { data: error.data, cause: error });
    }
    throw error;
  }
};

const assertOptions = ({ text, positions, lang, form }: TextNoticeOptions): void => {
  const isCornerMark = form === 'corner-mark';
  if (form !== undefined && form !== 'sentence' && !isCornerMark) {
    throw new TypeError('the form of a notice: sentence or corner-mark');
  }
  if (isCornerMark ? !/人工智能|AI/.test(text) : !hasNoticeElements(text)) {
    throw new TypeError(
      isCornerMark ? 'a corner mark says 人工智能 or AI (GB 45438-2025 §5.1)' : 'a notice says 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5)',
    );
  }
  const most = isCornerMark ? LONGEST_CORNER_MARK : LONGEST_NOTICE;
  if (
    text.length > most ||
    text !== text.trim() ||
    /[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffe\uffff]/.test(text) ||
    /\p{Surrogate}/u.test(text)
  ) {
    throw new TypeError(`a notice is one line of at most ${most} characters without white space around it`);
  }
  if (positions.length === 0 || new Set(positions).size < positions.length || !positions.every((position) => POSITIONS.has(position))) {
    throw new TypeError('positions of a notice: start, middle, end, throughout, each at most once, at least one');
  }
  if (lang !== undefined && !/^[A-Za-z0-9-]{1,35}$/.test(lang)) {
    throw new TypeError('the language of a notice is a language tag');
  }
};

const POSITIONS: ReadonlySet<string> = new Set(['start', 'middle', 'end', 'throughout']);
