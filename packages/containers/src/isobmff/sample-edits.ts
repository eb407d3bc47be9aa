import { type ByteSource, concat, u32be, viewOf } from '@aigc-label/core';
import { contentOf } from './box.ts';
import type { BoxEdit } from './edit.ts';
import type { MovieTrack, NestedBox } from './movie.ts';
import { damagedTable, MAXIMUM_TABLE_BYTES, need, readTable, type TableBudget } from './offset-table.ts';
import { required, type SampleTable, tableContent } from './sample-table.ts';
import { bigEndian, contentEdit, runLengths } from './table-content.ts';
import { boxBytes } from './write.ts';

/** Samples that stand for those from `from` to before `from + sizes.length`, in decoding order. */
export interface NewSamples {
  readonly from: number;
  readonly sizes: Uint32Array;
  /** 1 for those at which decoding can begin. */
  readonly isSync: Uint8Array;
}

/** Tables that say something of single samples and that `sampleTableEdits` cannot rewrite: where one stands, samples must not be exchanged. */
export const FIXED_TABLES: readonly string[] = ['stsh', 'subs', 'saiz', 'saio', 'senc', 'csgp'];

/**
 * The edits of a track's tables for samples that are exchanged where they lie: new sizes, which of them are sync samples, and no B-pictures, so that the n-th decoded of a
 * stretch is shown as the n-th of it. Decoding times, chunks and all other samples stay. The shifts of a stretch keep the bounds of the old ones: of n samples that are each
 * shown at least m after their decoding, the k-th shown is shown at least m after the k-th decoding time, since n - k of them are decoded no earlier; the same holds for the most.
 *
 * @param stretches ascending, apart from each other.
 */
export const sampleTableEdits = async (
  source: ByteSource,
  track: MovieTrack,
  table: SampleTable,
  stretches: readonly NewSamples[],
  groups: readonly NestedBox[],
): Promise<readonly BoxEdit[]> => {
  const memory: TableBudget = { left: MAXIMUM_TABLE_BYTES };
  const edits = [sizeEdit(track, table, stretches), ...shiftEdits(track, table, stretches), ...syncEdits(track, table, stretches)];
  const partial = track.table.get('stps');
  if (partial !== undefined) {
    edits.push(await partialSyncEdit(source, partial, stretches, memory));
  }
  const dependencies = track.table.get('sdtp');
  if (dependencies !== undefined) {
    edits.push(...(await dependencyEdits(source, dependencies, table.count, stretches, memory)));
  }
  for (const group of groups) {
    edits.push(await groupEdit(source, group, table.count, stretches, memory));
  }
  return edits;
};

const sizeEdit = (track: MovieTrack, table: SampleTable, stretches: readonly NewSamples[]): BoxEdit => {
  const place = required(track, 'stsz', 'stz2');
  const sizes = table.sizes.slice();
  for (const { from, sizes: changed } of stretches) {
    sizes.set(changed, from);
  }
  const content = concat(new Uint8Array(8), u32be(sizes.length), bigEndian(sizes));
  // A compact `stz2` may be too narrow for a new size: the plain table says the same.
  const { box, parents } = place;
  return box.type === 'stsz' ? contentEdit(place, content) : { at: box.offset, remove: box.size, insert: boxBytes('stsz', content), parents };
};

const shiftEdits = (track: MovieTrack, { decodedAt, shifts }: SampleTable, stretches: readonly NewSamples[]): readonly BoxEdit[] => {
  const place = track.table.get('ctts');
  if (place === undefined || shifts === undefined) {
    return [];
  }
  const changed = shifts.slice();
  for (const { from, sizes } of stretches) {
    const shown = decodedAt.slice(from, from + sizes.length);
    const shownAt = shown.map((time, index) => time + (shifts[from + index] ?? 0)).toSorted();
    changed.set(
      shownAt.map((time, index) => time - (shown[index] ?? 0)),
      from,
    );
  }
  const runs = runLengths(changed);
  return [contentEdit(place, concat(u32be(runs.length / 2), bigEndian(runs)), 4)];
};

const syncEdits = (track: MovieTrack, { count, isSync }: SampleTable, stretches: readonly NewSamples[]): readonly BoxEdit[] => {
  if (isSync === undefined && stretches.every((one) => one.isSync.every((flag) => flag === 1))) {
    return [];
  }
  const changed = isSync?.slice() ?? new Uint8Array(count).fill(1);
  for (const one of stretches) {
    changed.set(one.isSync, one.from);
  }
  const numbers: number[] = [];
  for (let index = 0; index < count; index += 1) {
    if (changed[index] === 1) {
      numbers.push(index + 1);
    }
  }
  const content = concat(u32be(0), u32be(numbers.length), bigEndian(numbers));
  const place = track.table.get('stss');
  if (place !== undefined) {
    return [contentEdit(place, content)];
  }
  const { box, parents } = required(track, 'stts');
  return [{ at: box.end, remove: 0, insert: boxBytes('stss', content), parents }];
};

const isWithin = (stretches: readonly NewSamples[], index: number): boolean =>
  stretches.some(({ from, sizes }) => index >= from && index < from + sizes.length);

/** QuickTime's `stps`: pictures of an open group; new ones are none. */
const partialSyncEdit = async (source: ByteSource, place: NestedBox, stretches: readonly NewSamples[], memory: TableBudget): Promise<BoxEdit> => {
  const { view, entries } = await tableContent(source, place, { stride: 4 }, memory);
  const numbers: number[] = [];
  for (let entry = 0; entry < entries; entry += 1) {
    const number = view.getUint32(8 + entry * 4);
    if (!isWithin(stretches, number - 1)) {
      numbers.push(number);
    }
  }
  return contentEdit(place, concat(u32be(numbers.length), bigEndian(numbers)), 4);
};

/** `sdtp`: nothing is known of how new samples depend on each other (§8.6.4). */
const dependencyEdits = async (
  source: ByteSource,
  place: NestedBox,
  count: number,
  stretches: readonly NewSamples[],
  memory: TableBudget,
): Promise<readonly BoxEdit[]> => {
  const { box, parents } = place;
  const bytes = await readTable(source, box, memory);
  return stretches.flatMap(({ from, sizes }) => {
    const length = Math.max(0, Math.min(bytes.length - 4, count, from + sizes.length) - from);
    return length === 0 ? [] : [{ at: contentOf(box) + 4 + from, remove: length, insert: new Uint8Array(length), parents: [...parents, box] }];
  });
};

/** `sbgp`: new samples belong to no group (§8.9.2). */
const groupEdit = async (
  source: ByteSource,
  place: NestedBox,
  count: number,
  stretches: readonly NewSamples[],
  memory: TableBudget,
): Promise<BoxEdit> => {
  const bytes = await readTable(source, place.box, memory);
  const start = bytes[0] === 1 ? 12 : 8;
  need(place.box, bytes, 0, start + 4);
  const view = viewOf(bytes);
  const entries = view.getUint32(start);
  need(place.box, bytes, start + 4, entries * 8);
  const groups = new Int32Array(count);
  let index = 0;
  for (let entry = 0; entry < entries; entry += 1) {
    const at = start + 4 + entry * 8;
    const end = index + view.getUint32(at);
    if (end > count) {
      throw damagedTable(place.box, `it groups more than ${count} samples`);
    }
    groups.fill(view.getInt32(at + 4), index, end);
    index = end;
  }
  for (const { from, sizes } of stretches) {
    groups.fill(0, from, from + sizes.length);
  }
  const runs = runLengths(groups);
  return contentEdit(place, concat(u32be(runs.length / 2), bigEndian(runs)), start);
};
