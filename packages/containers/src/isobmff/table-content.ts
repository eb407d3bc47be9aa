import { viewOf } from '@aigc-label/core';
import { contentOf, contentSize } from './box.ts';
import type { BoxEdit } from './edit.ts';
import type { NestedBox } from './movie.ts';

/** In place of the whole content of a box, from `at` on. */
export const contentEdit = ({ box, parents }: NestedBox, insert: Uint8Array, at = 0): BoxEdit => ({
  at: contentOf(box) + at,
  remove: contentSize(box) - at,
  insert,
  parents: [...parents, box],
});

/** Numbers of 32 bits, as tables hold them; negative ones as their complement. */
export const bigEndian = (values: ArrayLike<number>): Uint8Array => {
  const bytes = new Uint8Array(values.length * 4);
  const view = viewOf(bytes);
  for (let index = 0; index < values.length; index += 1) {
    view.setUint32(index * 4, values[index] ?? 0);
  }
  return bytes;
};

/** Pairs of how often and what. */
export const runLengths = (values: ArrayLike<number>): readonly number[] => {
  const runs: number[] = [];
  let start = 0;
  for (let index = 1; index <= values.length; index += 1) {
    if (index === values.length || values[index] !== values[start]) {
      runs.push(index - start, values[start] ?? 0);
      start = index;
    }
  }
  return runs;
};
