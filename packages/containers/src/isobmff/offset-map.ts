import { damaged } from '@aigc-label/core';

/** Bytes that come or go at one place of the original file. */
export interface Growth {
  readonly at: number;
  readonly remove: number;
  /** Bytes inserted less bytes removed. */
  readonly growth: number;
  /** Whether what begins where it begins begins there still: samples that are exchanged, not metadata that is replaced. */
  readonly keepsStart?: true;
}

/** Where a byte of the original stands in the edited file; throws `LabelError` `FILE_DAMAGED` for a byte that is replaced. */
export type OffsetMap = (offset: number) => number;

/** The map that a set of edits makes; a byte at the place of a pure insertion moves behind what is inserted. */
export const offsetMapOf = (growths: readonly Growth[]): OffsetMap => {
  const points = growths.filter(({ growth, remove }) => growth !== 0 || remove > 0).toSorted((a, b) => a.at - b.at || a.remove - b.remove);
  let sum = 0;
  const steps = points.map(({ at, remove, growth, keepsStart }) => {
    const before = sum;
    sum += growth;
    return { at, after: at + remove, before, sum, keepsStart };
  });
  return (offset) => {
    const step = steps[lastAt(steps, offset)];
    if (step === undefined) {
      return offset;
    }
    if (offset >= step.after) {
      return offset + step.sum;
    }
    if (step.keepsStart && offset === step.at) {
      return offset + step.before;
    }
    // Only offsets into the edited box itself come here: hostile or broken files.
    throw damaged('moov', offset, 'an offset points into what would be replaced');
  };
};

/** The index of the last step that begins at or before an offset; -1 where none does. */
const lastAt = (steps: readonly { readonly at: number }[], offset: number): number => {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle]?.at ?? 0) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
};
