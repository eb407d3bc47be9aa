// Labels in the lines of a plain text, as `plan` takes them out (spec/content/text.md §3.1).
import type { ByteRange } from '@aigc-label/core';
import type { PlainCarrier, TextEnds } from '../plain-carriers.ts';

/**
 * The lines of labels with their line endings. A last line that has none took one from the line before it, which gets it when it is written and loses it when it goes.
 * A line that holds other text, too, or is never closed, is text.
 */
export const plainCuts = ({ encoding, tail }: TextEnds, carriers: readonly PlainCarrier[]): readonly ByteRange[] => {
  const labels = carriers.filter(({ obstacle }) => obstacle === undefined);
  const last = tail.at(-1);
  const cuts = labels.map(({ at, end }) => ({ start: at, end }));
  if (last === undefined || last.ending !== '' || !labels.some(({ at, end }) => last.at >= at && last.end <= end)) {
    return cuts;
  }
  const before = tail.findLast((line) => !labels.some(({ at, end }) => line.at >= at && line.at < end));
  return before === undefined ? cuts : [...cuts, { start: before.end - before.ending.length * encoding.unitBytes, end: before.end }];
};
