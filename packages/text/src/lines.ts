// Lines of a text with the byte offsets that splices need.
import type { TextEncoding } from './encoding.ts';
import { unitsOf } from './encoding.ts';

/** One line; `text` is in code units (see `unitsOf`). */
export interface TextLine {
  readonly text: string;
  /** Offset in the file of its first byte. */
  readonly at: number;
  /** Offset in the file behind its line ending. */
  readonly end: number;
  /** `\n`, `\r\n`, `\r` or nothing. */
  readonly ending: string;
}

/** Every line of a window of a file, the last one without an ending included where it is not empty. A lone CR ends a line only where no LF is in the window. */
export const linesOf = (bytes: Uint8Array, offset: number, encoding: TextEncoding): readonly TextLine[] => {
  const units = unitsOf(bytes, encoding);
  const breakAt = units.includes('\n') ? '\n' : '\r';
  const lines: TextLine[] = [];
  let start = 0;
  while (start < units.length) {
    const found = units.indexOf(breakAt, start);
    const end = found < 0 ? units.length : found + 1;
    const contentEnd = found < 0 ? end : breakAt === '\n' && found > start && units[found - 1] === '\r' ? found - 1 : found;
    lines.push({
      text: units.slice(start, contentEnd),
      at: offset + start * encoding.unitBytes,
      end: offset + end * encoding.unitBytes,
      ending: units.slice(contentEnd, end),
    });
    start = end;
  }
  return lines;
};

/** The line ending that a text uses: its first one, `\n` where it has none. */
export const endingOf = (lines: readonly TextLine[]): string => lines.find(({ ending }) => ending !== '')?.ending ?? '\n';

/** Whether a line holds nothing but white space. */
export const isBlank = (line: TextLine): boolean => line.text.trim() === '';
