import { type ByteSource, isLooseLabel, latin1 } from '@aigc-label/core';
import { LABEL_KEY } from './place.ts';

/** Bytes at the end of a file in which a label is looked for. */
const TAIL_BYTES = 16 << 10;
/** What a tool may put behind its label: an end mark, a line end. */
const MAXIMUM_MARK_CHARACTERS = 64;

/** Where a label can begin; XML is left out, because XMP at the end of a file is no such label. */
const BEGINNING: RegExp = new RegExp(`\\{\\s*"${LABEL_KEY}"\\s*:|${LABEL_KEY}\\w{0,16}[^\\w{<>]{0,16}\\{`, 'g');
/** Beginnings that are tried; each costs parsing a few kilobytes. */
const MAXIMUM_BEGINNINGS = 16;

/** A label that a tool has put behind the end of a file (spec/labels.md §5.1, row 12). */
export interface TailLabel {
  /** From here to the end of the file stands nothing but the label and its marks. */
  readonly start: number;
  readonly value: string;
}

/** The label behind everything else: `{"AIGC":{…}}`, or the key, perhaps with a mark of the tool's, and an object. */
export const tailLabel = async (source: ByteSource): Promise<TailLabel | undefined> => {
  const from = Math.max(0, source.size - TAIL_BYTES);
  const tail = latin1(await source.read(from, source.size - from));
  const close = tail.lastIndexOf('}') + 1;
  if (close === 0 || tail.length - close > MAXIMUM_MARK_CHARACTERS) {
    return undefined;
  }
  const beginnings = [...tail.matchAll(BEGINNING)].slice(-MAXIMUM_BEGINNINGS);
  for (const { index } of beginnings) {
    const object = decoded(tail.slice(tail.indexOf('{', index), close));
    const value = isLooseLabel(object, LABEL_KEY) ? object : `${LABEL_KEY}:${object}`;
    if (isLooseLabel(value, LABEL_KEY)) {
      return { start: from + index, value };
    }
  }
  return undefined;
};

const decoded = (text: string): string => new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0)));
