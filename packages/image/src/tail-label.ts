import { type ByteSource, isLooseLabel, latin1 } from '@aigc-label/core';
import { LABEL_KEY } from './place.ts';

/** Bytes at the end of a file in which a label is looked for. */
const TAIL_BYTES = 16 << 10;
/** What a tool may put behind its label: an end mark, a line end. */
const MAXIMUM_MARK_CHARACTERS = 64;

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
  const candidates = [...tail.matchAll(new RegExp(`\\{\\s*"${LABEL_KEY}"\\s*:|${LABEL_KEY}\\w{0,16}[^\\w{<>]{0,16}\\{`, 'g'))];
  const match = candidates.at(-1);
  if (match === undefined) {
    return undefined;
  }
  const open = tail.indexOf('{', match.index);
  const close = tail.lastIndexOf('}') + 1;
  const object = new TextDecoder().decode(Uint8Array.from(tail.slice(open, close), (character) => character.charCodeAt(0)));
  const isBare = tail[match.index] !== '{';
  const value = isBare ? `${LABEL_KEY}:${object}` : object;
  if (close <= open || tail.length - close > MAXIMUM_MARK_CHARACTERS || !isLooseLabel(value, LABEL_KEY)) {
    return undefined;
  }
  return { start: from + match.index, value };
};
