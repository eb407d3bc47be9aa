import { damaged } from '@aigc-label/core';

/** Bytes that come or go at one place of the original file. */
export interface Growth {
  readonly at: number;
  readonly remove: number;
  /** Bytes inserted less bytes removed. */
  readonly growth: number;
}

/** Where a byte of the original stands in the edited file; throws `LabelError` `FILE_DAMAGED` for a byte that is replaced. */
export type OffsetMap = (offset: number) => number;

/** The map that a set of edits makes; a byte at the place of a pure insertion moves behind what is inserted. */
export const offsetMapOf = (growths: readonly Growth[]): OffsetMap => {
  const points = growths.filter(({ growth, remove }) => growth !== 0 || remove > 0).toSorted((a, b) => a.at - b.at);
  let sum = 0;
  const steps = points.map(({ at, remove, growth }) => {
    sum += growth;
    return { at, after: at + remove, sum };
  });
  const first = steps[0];
  const last = steps.at(-1);
  if (first === undefined || last === undefined) {
    return (offset) => offset;
  }
  return (offset) => {
    if (offset < first.at) {
      return offset;
    }
    if (offset >= last.after) {
      return offset + last.sum;
    }
    // Only offsets into the edited box itself come here: hostile or broken files.
    let shift = 0;
    for (const step of steps) {
      if (offset < step.at) {
        break;
      }
      if (offset < step.after) {
        throw damaged('moov', offset, 'an offset points into metadata that would be replaced');
      }
      shift = step.sum;
    }
    return offset + shift;
  };
};
