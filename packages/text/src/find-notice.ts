// Looks for a visible notice in any words at the start and end of a text, for the verification of GB 45438-2025 §5.1.
import { type ByteSource, concat, type FoundNotice, LabelError, type NoticeSearch } from '@aigc-label/core';
import { Tokenizer, TokenizerMode } from 'parse5';
import { findEpubNotice } from './document-notice/epub-notice.ts';
import { findDocxNotice, findOdtNotice } from './document-notice/office-notice.ts';
import { findPptxNotice } from './document-notice/pptx-notice.ts';
import { findRtfNotice } from './document-notice/rtf-notice.ts';
import { encodingOf, type TextEncoding, unitsOf } from './encoding.ts';
import { frontMatterOf } from './front-matter.ts';
import { charsetOfUnits } from './html-head.ts';
import { NOTICE_CLASS } from './html-page.ts';
import { linesOf } from './lines.ts';
import type { NoticePosition } from './notice.ts';
import { CORNER_MARK_CLASS } from './notice-html.ts';
import { findPdfNotice } from './pdf-notice/find-pdf-notice.ts';

/** How much of each end is read. */
const WINDOW_BYTES = 64 << 10;
/** A notice stands among so many blocks at an end. */
const NEAR_BLOCKS = 3;
/** A longer sentence is not a label but a text about the matter; a heading is one, too, and is passed over. */
const LONGEST_SENTENCE = 40;
const LONGEST_CORNER_MARK = 16;
/** A page that says it more often repeats itself. */
const MOST_FOUND = 16;
/** A corner mark of ours in a text without typography: the whole of a line. A heading about the matter says more. */
const BRACKETED = /^【((?:AI|人工智能)(?:生成|合成){0,2})】$/;
const AI = /人工智能|(?<![A-Za-z])AI(?:GC)?(?![A-Za-z])/;
const MADE = /生成|合成/;

type Finder = (source: ByteSource, search?: NoticeSearch) => Promise<readonly FoundNotice[]>;

/** Of archives without a finder the bytes are no text. */
const FINDERS: ReadonlyMap<string, Finder> = new Map<string, Finder>([
  ['docx', findDocxNotice],
  ['epub', findEpubNotice],
  ['odt', findOdtNotice],
  ['pdf', findPdfNotice],
  ['pptx', findPptxNotice],
  ['rtf', findRtfNotice],
  ...['ods', 'odp', 'ofd', 'xlsx', 'xmind'].map((id): [string, Finder] => [id, async () => []]),
]);

/** A piece of text that is seen by itself. */
export interface NoticeBlock {
  readonly text: string;
  /** Set where it says of itself that it is a notice. */
  readonly own?: { readonly form: 'text' | 'corner-mark'; readonly position: NoticePosition };
}

/**
 * Notices near the start and the end, in the order of the text: our own, and sentences with both elements. A finding for a person, not a proof: an article about the
 * matter may begin with such a sentence. Never throws for what the text holds.
 */
export const findTextNotice = async (source: ByteSource, formatId: string, search?: NoticeSearch): Promise<readonly FoundNotice[]> => {
  const find = FINDERS.get(formatId);
  return find === undefined ? findInText(source, formatId) : untroubled(() => find(source, search));
};

/** Whoever verifies has been told already what cannot be read. */
const untroubled = async (find: () => Promise<readonly FoundNotice[]>): Promise<readonly FoundNotice[]> => {
  try {
    return await find();
  } catch (error) {
    if (error instanceof LabelError && ['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE'].includes(error.code)) {
      return [];
    }
    throw error;
  }
};

const findInText = async (source: ByteSource, formatId: string): Promise<readonly FoundNotice[]> => {
  const encoding = encodingOf(await source.read(0, Math.min(source.size, 4)));
  const start = encoding.markBytes;
  const size = source.size - ((source.size - start) % encoding.unitBytes);
  const head = await source.read(start, Math.min(size - start, WINDOW_BYTES));
  const isWhole = start + head.length >= size;
  const tailAt = Math.max(start + head.length, size - WINDOW_BYTES);
  const tail = isWhole ? new Uint8Array() : await source.read(tailAt, size - tailAt);
  const decode = decoderOf(head, tail, encoding, formatId === 'html' ? charsetOfUnits(unitsOf(head, encoding)) : undefined);
  const blocksOf = (text: string): readonly NoticeBlock[] => (formatId === 'html' ? htmlBlocks(text) : lineBlocks(text));
  const body = formatId === 'markdown' ? head.subarray(bodyOffset(head, encoding)) : head;
  const first = blocksOf(decode(body));
  return isWhole ? noticesIn(first) : [...noticesIn(first, 'start'), ...noticesIn(blocksOf(decode(tail)), 'end')];
};

/**
 * What is a notice among the blocks of a text, or of its start or end.
 * @param part which part of the text these are; all of it by default.
 */
export const noticesIn = (blocks: readonly NoticeBlock[], part?: 'start' | 'end'): readonly FoundNotice[] => {
  const half = part === 'start' ? blocks.length : part === 'end' ? 0 : Math.ceil(blocks.length / 2);
  const endAt = part === 'start' ? Number.POSITIVE_INFINITY : Math.max(half, blocks.length - NEAR_BLOCKS);
  const found = blocks.flatMap(({ text, own }, index): readonly FoundNotice[] => {
    if (own !== undefined) {
      const isOne = own.form === 'corner-mark' ? text.length <= LONGEST_CORNER_MARK && AI.test(text) : AI.test(text) && MADE.test(text);
      return isOne ? [{ ...own, text }] : [];
    }
    const position = index < Math.min(half, NEAR_BLOCKS) ? 'start' : index >= endAt ? 'end' : undefined;
    const notice = position === undefined ? undefined : noticeOf(text);
    return position === undefined || notice === undefined ? [] : [{ position, ...notice }];
  });
  return found.slice(0, MOST_FOUND);
};

const noticeOf = (block: string): Pick<FoundNotice, 'form' | 'text'> | undefined => {
  const mark = BRACKETED.exec(block)?.[1];
  if (mark !== undefined) {
    return { form: 'corner-mark', text: mark };
  }
  const text = block
    .split(/(?<=[。！？!?；;])/)
    .map((sentence) => sentence.trim())
    .find((sentence) => sentence.length <= LONGEST_SENTENCE && AI.test(sentence) && MADE.test(sentence));
  return text === undefined ? undefined : { form: 'text', text };
};

/** Both windows may begin or end inside a character, so a decoder that replaces is used, and UTF-8 is told by what lies between. */
const decoderOf = (head: Uint8Array, tail: Uint8Array, encoding: TextEncoding, charset: string | undefined): ((bytes: Uint8Array) => string) => {
  if (encoding.unitBytes === 2) {
    return (bytes) => unitsOf(bytes, encoding);
  }
  const known = charset === undefined || encoding.markBytes > 0 ? undefined : decoderNamed(charset);
  if (known !== undefined) {
    return (bytes) => known.decode(bytes);
  }
  const decoder = new TextDecoder(isUtf8Inside(concat(head, tail)) ? 'utf-8' : 'gb18030');
  return (bytes) => decoder.decode(bytes);
};

const decoderNamed = (charset: string): TextDecoder | undefined => {
  try {
    return new TextDecoder(charset);
  } catch {
    return undefined;
  }
};

/** Where the windows were cut, at most three characters cannot be read: behind the head, before the tail, at the end. */
const isUtf8Inside = (bytes: Uint8Array): boolean => new TextDecoder().decode(bytes).split('\ufffd').length - 1 <= 6;

const bodyOffset = (head: Uint8Array, encoding: TextEncoding): number => {
  const lines = linesOf(head, 0, encoding);
  const { lineCount } = frontMatterOf(lines, encoding, false);
  return lines[lineCount - 1]?.end ?? 0;
};

/** Lines that are seen: no labels of ours, no comments; marks of Markdown are taken off. */
const lineBlocks = (text: string): readonly NoticeBlock[] =>
  text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '' && !/^\s*(?:["']?AIGC["']?\s{0,8}[:=]|<!--|`{3}|~{3}|#{1,6}\s)/i.test(line))
    .map((line) =>
      line
        .replace(/^[\s>#*_~-]{1,40}/, '')
        .replace(/[*_]{1,10}$/, '')
        .replace(/\\(?=[!-/:-@[-`{-~])/g, ''),
    )
    .flatMap((line) => (line === '' ? [] : [{ text: line }]));

const INLINE: ReadonlySet<string> = new Set(
  'a abbr b bdi bdo cite code em font i img ins kbd mark q s small span strong sub sup time u var wbr'.split(' '),
);
const HEADINGS: ReadonlySet<string> = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6']);
const HIDDEN: ReadonlyMap<string, number> = new Map([
  ['script', TokenizerMode.SCRIPT_DATA],
  ['style', TokenizerMode.RAWTEXT],
  ['noscript', TokenizerMode.RAWTEXT],
  ['iframe', TokenizerMode.RAWTEXT],
  ['title', TokenizerMode.RCDATA],
  ['textarea', TokenizerMode.RCDATA],
]);

/** The text between tags, without scripts, styles and titles. No tree: the windows are cut anywhere. */
export const htmlBlocks = (text: string): readonly NoticeBlock[] => {
  const blocks: NoticeBlock[] = [];
  let parts: string[] = [];
  let hidden: string | undefined;
  let isHeading = false;
  /** A notice of ours that is open, and where its text begins among the parts. */
  let open: (NonNullable<NoticeBlock['own']> & { readonly tagName: string; readonly from: number }) | undefined;
  const flush = (): void => {
    const block = parts.join('').replace(/\s+/g, ' ').trim();
    if (block !== '' && !isHeading) {
      blocks.push({ text: block });
    }
    parts = [];
  };
  const close = (): void => {
    if (open !== undefined) {
      const { form, position, from } = open;
      blocks.push({ text: parts.splice(from).join('').replace(/\s+/g, ' ').trim(), own: { form, position } });
      open = undefined;
    }
  };
  const add = ({ chars }: { readonly chars: string }): void => {
    if (hidden === undefined) {
      parts.push(chars);
    }
  };
  const tokenizer: Tokenizer = new Tokenizer(
    {},
    {
      onComment() {},
      onDoctype() {},
      onNullCharacter() {},
      onEof: flush,
      onCharacter: add,
      onWhitespaceCharacter: add,
      onStartTag({ tagName, attrs }) {
        const mode = HIDDEN.get(tagName);
        if (mode !== undefined) {
          hidden = tagName;
          tokenizer.state = mode;
          tokenizer.lastStartTagName = tagName;
        }
        if (!INLINE.has(tagName)) {
          open = undefined;
          flush();
          isHeading = HEADINGS.has(tagName);
        }
        const own = tagName === 'p' || tagName === 'sup' ? ownOf(attrs) : undefined;
        open = own === undefined ? open : { ...own, tagName, from: parts.length };
      },
      onEndTag({ tagName }) {
        hidden = hidden === tagName ? undefined : hidden;
        if (tagName === open?.tagName) {
          close();
        }
        if (!INLINE.has(tagName)) {
          open = undefined;
          flush();
          isHeading = false;
        }
      },
    },
  );
  tokenizer.write(text, true);
  return blocks;
};

const ownOf = (attrs: readonly { readonly name: string; readonly value: string }[]): NoticeBlock['own'] => {
  const attribute = (name: string): string | undefined => attrs.find((one) => one.name === name)?.value;
  const [position, name] = [attribute('data-aigc-notice'), attribute('class')];
  const form = name === NOTICE_CLASS ? 'text' : name === CORNER_MARK_CLASS ? 'corner-mark' : undefined;
  return form === undefined || (position !== 'start' && position !== 'middle' && position !== 'end') ? undefined : { form, position };
};
