// Labels that stand in the lines of a text: `AIGC:{…}` and `AIGC={…}` (spec/labels.md §5.1 no. 13), first or last in the file.
import type { ByteSource } from '@aigc-label/core';
import { bytesOfUnits, encodingOf, readable, type TextEncoding } from './encoding.ts';
import { isBlank, linesOf, type TextLine } from './lines.ts';

/** How much of each end of a text is looked at. */
export const WINDOW_BYTES: number = 64 << 10;
/** More labels than this at one end are an attack. */
const MOST_CARRIERS = 16;
const OPENING = /^[ \t]{0,8}["']?AIGC["']?[ \t]{0,8}[:=][ \t]{0,8}(?=\{)/;
/** Written by us: no space, no quote, a colon. */
const EXACT = /^AIGC:(?=\{)/;

/** A label in the lines of a text. */
export interface PlainCarrier {
  readonly at: number;
  /** Behind the line ending of its last line. */
  readonly end: number;
  readonly value: string;
  readonly where: 'first' | 'last';
  /** One line that begins as ours does. */
  readonly isExact: boolean;
  /** `open`: its brace is never closed; `shared`: other text follows on its line. */
  readonly obstacle: 'open' | 'shared' | undefined;
  readonly ending: string;
}

/** Both ends of a text. Where they overlap, `tail` is `head`. */
export interface TextEnds {
  readonly encoding: TextEncoding;
  readonly head: readonly TextLine[];
  readonly tail: readonly TextLine[];
  /** Whether `head` is the whole text. */
  readonly isWhole: boolean;
  /** A byte that is half a unit of UTF-16. */
  readonly hasOddByte: boolean;
}

/** A tail begins somewhere in a line; no text of ours holds this character, so what follows it is not taken for the beginning of one. */
const CUT = '\u0001';

/** Reads up to `WINDOW_BYTES` of the end and twice that of the beginning. */
export const readEnds = async (source: ByteSource): Promise<TextEnds> => {
  const start = await source.read(0, Math.min(source.size, 4));
  const encoding = encodingOf(start);
  const hasOddByte = (source.size - encoding.markBytes) % encoding.unitBytes !== 0;
  const size = source.size - (hasOddByte ? 1 : 0);
  const headLength = Math.min(size - encoding.markBytes, 2 * WINDOW_BYTES);
  const headBytes = await source.read(encoding.markBytes, headLength);
  const isWhole = encoding.markBytes + headLength === size;
  const head = linesOf(headBytes, encoding.markBytes, encoding);
  if (isWhole) {
    return { encoding, head, tail: head, isWhole, hasOddByte };
  }
  const tailBytes = await source.read(size - WINDOW_BYTES, WINDOW_BYTES);
  const tail = linesOf(tailBytes, size - WINDOW_BYTES, encoding).map((line, index) => (index === 0 ? { ...line, text: CUT + line.text } : line));
  return { encoding, head: head.slice(0, -1), tail, isWhole, hasOddByte };
};

/** The labels at both ends, in the order of the file. */
export const plainCarriers = ({ encoding, head, tail, isWhole }: TextEnds): readonly PlainCarrier[] => {
  const first: PlainCarrier[] = [];
  let from = 0;
  while (first.length < MOST_CARRIERS) {
    const found = carrierAt(head, skipBlank(head, from), encoding, 'first');
    if (found === undefined) {
      break;
    }
    first.push(found.carrier);
    from = found.next;
  }
  const last: PlainCarrier[] = [];
  let until = tail.length;
  while (last.length < MOST_CARRIERS) {
    const found = carrierBefore(tail, until, isWhole ? from : 0, encoding);
    if (found === undefined || found.carrier.at < (first.at(-1)?.end ?? 0)) {
      break;
    }
    last.unshift(found.carrier);
    until = found.line;
  }
  // Lines that are first and last at once: the last place is the one that we write.
  const [alone] = first;
  if (last.length === 0 && isWhole && alone !== undefined && first.length > 0 && skipBlank(head, from) === head.length) {
    return first.map((carrier, index) => (index === first.length - 1 ? { ...carrier, where: 'last' } : carrier));
  }
  return [...first, ...last];
};

const skipBlank = (lines: readonly TextLine[], from: number): number => {
  let line = from;
  while (line < lines.length && isBlank(lines[line] as TextLine)) {
    line += 1;
  }
  return line;
};

/** The label whose last line is the last one before `until` that is not blank. */
const carrierBefore = (
  lines: readonly TextLine[],
  until: number,
  floor: number,
  encoding: TextEncoding,
): { readonly carrier: PlainCarrier; readonly line: number } | undefined => {
  let end = until;
  while (end > floor && isBlank(lines[end - 1] as TextLine)) {
    end -= 1;
  }
  for (let line = end - 1; line >= floor && line >= end - 40; line -= 1) {
    if (OPENING.test((lines[line] as TextLine).text)) {
      const found = carrierAt(lines, line, encoding, 'last');
      // One that reaches into the next label is none.
      return found !== undefined && found.next >= end && found.next <= until ? { carrier: found.carrier, line } : undefined;
    }
  }
  return undefined;
};

const carrierAt = (
  lines: readonly TextLine[],
  index: number,
  encoding: TextEncoding,
  where: 'first' | 'last',
): { readonly carrier: PlainCarrier; readonly next: number } | undefined => {
  const line = lines[index];
  const opening = line === undefined ? null : OPENING.exec(line.text);
  if (line === undefined || opening === null) {
    return undefined;
  }
  // The JSON may go over lines, as many as a hand-indented label has.
  const text = lines.slice(index, index + 40).reduce((joined, { text: part, ending }) => joined + part + ending, '');
  const start = opening[0].length;
  const close = closingBrace(text, start);
  const last = close === undefined ? index : lineAt(lines, index, close);
  const lastLine = lines[last] ?? line;
  const endOfLine = lines.slice(index, last).reduce((total, before) => total + lengthOf(before), 0) + lastLine.text.length;
  const rest = close === undefined ? '' : text.slice(close, endOfLine);
  return {
    next: last + 1,
    carrier: {
      at: line.at,
      end: lastLine.end,
      ending: lastLine.ending,
      value: readable(bytesOfUnits(text.slice(start, close ?? endOfLine), encoding), encoding),
      where,
      isExact: last === index && EXACT.test(line.text) && rest === '',
      obstacle: close === undefined ? 'open' : rest.trim() === '' ? undefined : 'shared',
    },
  };
};

/** The line in which the text that begins with line `index` has its first `length` units; a lone carriage return may stand inside a line. */
const lineAt = (lines: readonly TextLine[], index: number, length: number): number => {
  let line = index;
  let rest = length - lengthOf(lines[line]);
  while (rest > 0 && line + 1 < lines.length) {
    line += 1;
    rest -= lengthOf(lines[line]);
  }
  return line;
};

const lengthOf = (line: TextLine | undefined): number => (line === undefined ? 0 : line.text.length + line.ending.length);

/** Behind the brace that closes the one at `start`, strings of JSON respected. */
const closingBrace = (text: string, start: number): number | undefined => {
  let depth = 0;
  let isString = false;
  for (let index = start; index < text.length; index += 1) {
    const unit = text[index];
    if (isString) {
      if (unit === '\\') {
        index += 1;
      } else if (unit === '"') {
        isString = false;
      }
    } else if (unit === '"') {
      isString = true;
    } else if (unit === '{') {
      depth += 1;
    } else if (unit === '}') {
      depth -= 1;
      if (depth === 0) {
        return index + 1;
      }
    }
  }
  return undefined;
};
