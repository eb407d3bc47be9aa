// YAML front matter: `---`, YAML, `---` (or `...`), the first thing in the file (TC260-PG-20258A §6.5).
import { type ByteSource, concat } from '@aigc-label/core';
import { bytesOfUnits, encodingOf, readable, type TextEncoding } from './encoding.ts';
import { isBlank, linesOf, type TextLine } from './lines.ts';
import { type YamlPiece, yamlPieceOf } from './yaml-mapping.ts';

/** The most that front matter may hold. */
export const FRONT_MATTER_LIMIT_BYTES: number = 256 << 10;
/** Errors of YAML come by the line, 7 µs each (measured with yaml 2.9.1): with more lines than this a hostile file would take its time. */
const MOST_FRONT_MATTER_LINES = 16_384;
/** The most that is read behind front matter, and of the end of the file. */
const BODY_WINDOW_BYTES = 64 << 10;

/** What stands first in a Markdown file. */
export interface FrontMatter {
  /**
   * `none` · `yaml` with its `piece` · `other`: TOML, JSON, whose label has no guide · `unclosed`: a key, but no closing line ·
   * `limit`: no closing line within the limit · `damaged`: not YAML.
   */
  readonly kind: 'none' | 'yaml' | 'other' | 'unclosed' | 'limit' | 'damaged';
  readonly piece: YamlPiece | undefined;
  /** Between the opening and the closing line. */
  readonly inner: readonly TextLine[];
  /** Lines that belong to it, with both fences. */
  readonly lineCount: number;
}

const NONE: FrontMatter = { kind: 'none', piece: undefined, inner: [], lineCount: 0 };

/** The part of a Markdown file that is looked at. */
export interface MarkdownEnds {
  readonly encoding: TextEncoding;
  readonly frontMatter: FrontMatter;
  /** From the first line of the file, front matter included. */
  readonly head: readonly TextLine[];
  /** The last lines; the same array as `head` where that is the whole file. */
  readonly tail: readonly TextLine[];
  readonly isWhole: boolean;
  readonly hasOddByte: boolean;
}

/** Reads front matter, some of what follows, and the end of the file. */
export const readMarkdownEnds = async (source: ByteSource): Promise<MarkdownEnds> => {
  const encoding = encodingOf(await source.read(0, Math.min(source.size, 4)));
  const hasOddByte = (source.size - encoding.markBytes) % encoding.unitBytes !== 0;
  const size = source.size - (hasOddByte ? 1 : 0);
  const start = encoding.markBytes;
  let bytes = await source.read(start, Math.min(size - start, 2 * BODY_WINDOW_BYTES));
  let head = linesOf(bytes, start, encoding);
  let frontMatter = frontMatterOf(head, encoding, start + bytes.length === size);
  if (frontMatter.kind === 'limit') {
    const more = Math.min(size - start, FRONT_MATTER_LIMIT_BYTES + BODY_WINDOW_BYTES) - bytes.length;
    bytes = concat(bytes, await source.read(start + bytes.length, more));
    head = linesOf(bytes, start, encoding);
    frontMatter = frontMatterOf(head, encoding, start + bytes.length === size);
  }
  const isWhole = start + bytes.length === size;
  if (isWhole) {
    return { encoding, frontMatter, head, tail: head, isWhole, hasOddByte };
  }
  const tailAt = size - BODY_WINDOW_BYTES;
  const tail = linesOf(await source.read(tailAt, size - tailAt), tailAt, encoding);
  return { encoding, frontMatter, head: head.slice(0, -1), tail: tail.slice(1), isWhole, hasOddByte };
};

const OPENING = /^---[ \t]*$/;
const CLOSING = /^(?:---|\.\.\.)[ \t]*$/;
const KEY = /^["']?[A-Za-z_][\w .-]{0,80}["']?[ \t]*:(?:[ \t]|$)/;

/** Front matter at the start of `lines`, which are all lines of the text where `isWhole`. */
export const frontMatterOf = (lines: readonly TextLine[], encoding: TextEncoding, isWhole: boolean): FrontMatter => {
  const [first, second] = lines;
  if (first === undefined || first.ending === '\r') {
    return NONE;
  }
  if (/^(?:\+\+\+|;;;)[ \t]*$/.test(first.text) || (/^\{[ \t]*$/.test(first.text) && /^[ \t]*"/.test(second?.text ?? ''))) {
    return { ...NONE, kind: 'other' };
  }
  if (!OPENING.test(first.text) || first.ending === '') {
    return NONE;
  }
  const closing = lines.findIndex((line, index) => index > 0 && CLOSING.test(line.text));
  const isLimited = closing < 0 ? !isWhole : closing > MOST_FRONT_MATTER_LINES || (lines[closing]?.at ?? 0) - first.end > FRONT_MATTER_LIMIT_BYTES;
  if (closing < 0 || isLimited) {
    // A blank line behind it: a thematic break (as Pandoc decides, too).
    if (second === undefined || isBlank(second)) {
      return NONE;
    }
    return isLimited ? { ...NONE, kind: 'limit' } : { ...NONE, kind: KEY.test(second.text) ? 'unclosed' : 'none' };
  }
  const inner = lines.slice(1, closing);
  const piece = yamlPieceOf(textOf(inner, encoding));
  if (piece.kind === 'other' || (piece.kind === 'damaged' && second !== undefined && isBlank(second))) {
    return NONE;
  }
  return { kind: piece.kind === 'damaged' ? 'damaged' : 'yaml', piece, inner, lineCount: closing + 1 };
};

/** Lines as a person reads them; only the line endings are sure to stand where they stood. */
export const textOf = (lines: readonly TextLine[], encoding: TextEncoding): string =>
  readable(bytesOfUnits(lines.map(({ text, ending }) => text + ending).join(''), encoding), encoding);
