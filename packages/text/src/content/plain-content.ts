// Labels in the lines of a plain text, as `plan` takes them out (spec/content/text.md §3.1).
import type { ByteRange } from '@aigc-label/core';
import { endingOf, type TextLine } from '../lines.ts';
import type { PlainCarrier, TextEnds } from '../plain-carriers.ts';

/**
 * The lines of labels with their line endings. A last line that has none took one from the line before it, which gets it when it is written and loses it when it goes.
 * A line that holds other text, too, or is never closed, is text.
 */
export const plainCuts = ({ encoding, head, tail }: TextEnds, carriers: readonly PlainCarrier[]): readonly ByteRange[] => {
  const labels = carriers.filter(({ obstacle }) => obstacle === undefined);
  const isLabel = (line: TextLine): boolean => labels.some(({ at, end }) => line.at >= at && line.at < end);
  const cuts = labels.map(({ at, end }) => ({ start: at, end }));
  const last = tail.at(-1);
  if (last === undefined || last.ending !== '' || !isLabel(last)) {
    return cuts;
  }
  const before = tail.findLast((line) => !isLabel(line));
  if (before === undefined) {
    return cuts;
  }
  // A carriage return before the line feed that was added belongs to the text.
  const others = [...head.slice(0, 1), ...tail].filter((line) => line.at !== before.at && !isLabel(line));
  const usual = endingOf(others);
  const ending = before.ending.endsWith(usual) ? usual : before.ending;
  return [...cuts, { start: before.end - ending.length * encoding.unitBytes, end: before.end }];
};
