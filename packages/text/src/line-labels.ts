// Labels on lines of their own in data that is read line by line: kinds of text in which there is no place for one.
import { type ByteSource, isLooseLabel, type Slot, type Slots } from '@aigc-label/core';
import { bytesOfUnits, readable, type TextEncoding } from './encoding.ts';
import type { TextLine } from './lines.ts';
import { readEnds } from './plain-carriers.ts';

const KEY = 'AIGC';
/** More labels than this are an attack. */
const MOST_LABELS = 16;
/** No label has a longer line. */
const MAXIMUM_LINE_CHARACTERS: number = 64 << 10;

/**
 * The labels on whole lines of the first 128 and the last 64 KiB of a text. What lies between is not looked at.
 *
 * @param labelOf what a line says once its comment sign or its quotes are taken off, or `undefined` where it cannot be a label.
 */
export const readLineLabels = async (source: ByteSource, site: string, labelOf: (line: string) => string | undefined): Promise<Slots> => {
  const { encoding, head, tail, isWhole } = await readEnds(source);
  const lines = isWhole ? head : [...head, ...tail.slice(1)];
  const found = new Map<number, Slot>();
  for (const line of lines) {
    const value = found.has(line.at) || !line.text.includes(KEY) ? undefined : textOfLabel(line, encoding, labelOf);
    if (value !== undefined) {
      found.set(line.at, { key: KEY, site: `${site}/line[AIGC]`, isGuidePlace: false, value });
    }
    if (found.size >= MOST_LABELS) {
      return { found: [...found.values()], anomalies: [{ code: 'limit', site, offset: line.at, detail: `more than ${MOST_LABELS} labels` }] };
    }
  }
  return { found: [...found.values()], anomalies: [] };
};

const textOfLabel = ({ text }: TextLine, encoding: TextEncoding, labelOf: (line: string) => string | undefined): string | undefined => {
  if (text.length > MAXIMUM_LINE_CHARACTERS) {
    return undefined;
  }
  const value = labelOf(readable(bytesOfUnits(text, encoding), encoding).trim());
  return value !== undefined && isLooseLabel(value, KEY) ? value : undefined;
};
