// Looks for a visible notice in any words at the start and end of a text, for the verification of GB 45438-2025 §5.1.
import { type ByteSource, concat, type FoundNotice } from '@aigc-label/core';
import { Tokenizer, TokenizerMode } from 'parse5';
import { encodingOf, type TextEncoding, unitsOf } from './encoding.ts';
import { frontMatterOf } from './front-matter.ts';
import { charsetOfUnits } from './html-head.ts';
import { linesOf } from './lines.ts';
import type { NoticePosition } from './notice.ts';

/** How much of each end is read. */
const WINDOW_BYTES = 64 << 10;
/** A notice stands among so many blocks at an end. */
const NEAR_BLOCKS = 3;
/** A longer sentence is not a label but a text about the matter; a heading is one, too, and is passed over. */
const LONGEST_SENTENCE = 40;
const AI = /人工智能|(?<![A-Za-z])AI(?:GC)?(?![A-Za-z])/;
const MADE = /生成|合成/;

/**
 * Sentences with both elements near the start and the end, in the order of the text. A finding for a person, not a proof: an article about the matter
 * may begin with such a sentence. Never throws for what the text holds.
 */
export const findTextNotice = async (source: ByteSource, formatId: string): Promise<readonly FoundNotice[]> => {
  const encoding = encodingOf(await source.read(0, Math.min(source.size, 4)));
  const start = encoding.markBytes;
  const size = source.size - ((source.size - start) % encoding.unitBytes);
  const head = await source.read(start, Math.min(size - start, WINDOW_BYTES));
  const isWhole = start + head.length >= size;
  const tailAt = Math.max(start + head.length, size - WINDOW_BYTES);
  const tail = isWhole ? new Uint8Array() : await source.read(tailAt, size - tailAt);
  const decode = decoderOf(head, tail, encoding, formatId === 'html' ? charsetOfUnits(unitsOf(head, encoding)) : undefined);
  const blocksOf = (text: string): readonly string[] => (formatId === 'html' ? htmlBlocks(text) : lineBlocks(text));
  const body = formatId === 'markdown' ? head.subarray(bodyOffset(head, encoding)) : head;
  if (isWhole) {
    const blocks = blocksOf(decode(body));
    const half = Math.ceil(blocks.length / 2);
    return [...near('start', blocks.slice(0, half).slice(0, NEAR_BLOCKS)), ...near('end', blocks.slice(half).slice(-NEAR_BLOCKS))];
  }
  return [...near('start', blocksOf(decode(body)).slice(0, NEAR_BLOCKS)), ...near('end', blocksOf(decode(tail)).slice(-NEAR_BLOCKS))];
};

const near = (position: NoticePosition, blocks: readonly string[]): readonly FoundNotice[] =>
  blocks.flatMap((block) => {
    const text = block
      .split(/(?<=[。！？!?；;])/)
      .map((sentence) => sentence.trim())
      .find((sentence) => sentence.length <= LONGEST_SENTENCE && AI.test(sentence) && MADE.test(sentence));
    return text === undefined ? [] : [{ position, form: 'text', text }];
  });

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
const lineBlocks = (text: string): readonly string[] =>
  text
    .split(/\r\n|\n|\r/)
    .filter((line) => line.trim() !== '' && !/^\s*(?:["']?AIGC["']?\s{0,8}[:=]|<!--|`{3}|~{3}|#{1,6}\s)/i.test(line))
    .map((line) =>
      line
        .replace(/^[\s>#*_~-]{1,40}/, '')
        .replace(/[*_]{1,10}$/, '')
        .replace(/\\(?=[!-/:-@[-`{-~])/g, ''),
    )
    .filter((line) => line !== '');

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
const htmlBlocks = (text: string): readonly string[] => {
  const blocks: string[] = [];
  let parts: string[] = [];
  let hidden: string | undefined;
  let isHeading = false;
  const flush = (): void => {
    const block = parts.join('').replace(/\s+/g, ' ').trim();
    if (block !== '' && !isHeading) {
      blocks.push(block);
    }
    parts = [];
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
      onStartTag({ tagName }) {
        const mode = HIDDEN.get(tagName);
        if (mode !== undefined) {
          hidden = tagName;
          tokenizer.state = mode;
          tokenizer.lastStartTagName = tagName;
        }
        if (!INLINE.has(tagName)) {
          flush();
          isHeading = HEADINGS.has(tagName);
        }
      },
      onEndTag({ tagName }) {
        hidden = hidden === tagName ? undefined : hidden;
        if (!INLINE.has(tagName)) {
          flush();
          isHeading = false;
        }
      },
    },
  );
  tokenizer.write(text, true);
  return blocks;
};
