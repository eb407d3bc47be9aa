import { type ByteSource, concat, damaged, LabelError, u32be, viewOf } from '@aigc-label/core';
import { type BoxBudget, contentOf } from './box.ts';
import type { BoxEdit } from './edit.ts';
import { type MovieTrack, type NestedBox, tableBoxes } from './movie.ts';
import { MAXIMUM_TABLE_BYTES, need, readTable, type TableBudget } from './offset-table.ts';
import { FIXED_TABLES } from './sample-edits.ts';
import { eachChunk, required, type SampleTable, tableContent } from './sample-table.ts';
import { bigEndian, contentEdit, runLengths } from './table-content.ts';
import { boxBytes } from './write.ts';

/** Samples that come into a track; they stand in the chunk of the sample in front of which they come, or of the last one. */
export interface InsertedSamples {
  /** In front of which sample; the number of samples stands for the end. */
  readonly index: number;
  /** In bytes. */
  readonly sizes: readonly number[];
  /** In ticks of the track. */
  readonly durations: readonly number[];
  /** At the end: how long the sample before them lasts now, whose rest was cut off so far. */
  readonly lastDuration?: number;
}

/** Tables that say something of single samples and that are not rewritten here. */
const FIXED: readonly string[] = [...FIXED_TABLES, 'ctts', 'stps', 'stdp', 'padb'];

/**
 * The edits of a track's tables after which it has more samples. Where chunks begin does not change but by what is inserted before them.
 *
 * @param insertions ascending. @throws LabelError `FORMAT_UNSUPPORTED_FEATURE` for tables that are not rewritten, `FILE_DAMAGED`, `LIMIT_EXCEEDED`.
 */
export const insertionEdits = async (
  source: ByteSource,
  track: MovieTrack,
  table: SampleTable,
  insertions: readonly InsertedSamples[],
  budget: BoxBudget,
): Promise<readonly BoxEdit[]> => {
  const fixed = FIXED.find((type) => track.table.has(type));
  if (fixed !== undefined) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `The track has a table ${fixed}, which ties its samples together; remux the file without it.`,
      {
        data: { site: fixed },
      },
    );
  }
  const memory: TableBudget = { left: MAXIMUM_TABLE_BYTES };
  const groups = await tableBoxes(source, track, 'sbgp', budget);
  return [
    sizeEdit(track, table, insertions),
    await durationEdit(source, track, table.count, insertions, memory),
    await chunkEdit(source, track, table.count, insertions, memory),
    ...(await syncEdits(source, track, insertions, memory)),
    ...(await dependencyEdits(source, track, table.count, insertions, memory)),
    ...(await Promise.all(groups.map((group) => groupEdit(source, group, table.count, insertions, { left: MAXIMUM_TABLE_BYTES })))),
  ];
};

/** One value a sample, with those of the new samples among them. */
const withInserted = (
  values: Uint32Array,
  insertions: readonly InsertedSamples[],
  ofOne: (one: InsertedSamples) => ArrayLike<number>,
): Uint32Array => {
  const added = insertions.reduce((total, { sizes }) => total + sizes.length, 0);
  const all = new Uint32Array(values.length + added);
  let [from, to] = [0, 0];
  for (const one of insertions) {
    all.set(values.subarray(from, one.index), to);
    to += one.index - from;
    from = one.index;
    all.set(ofOne(one), to);
    to += one.sizes.length;
  }
  all.set(values.subarray(from), to);
  return all;
};

const sizeEdit = (track: MovieTrack, { sizes }: SampleTable, insertions: readonly InsertedSamples[]): BoxEdit => {
  const place = required(track, 'stsz', 'stz2');
  const all = withInserted(sizes, insertions, (one) => one.sizes);
  const content = concat(new Uint8Array(8), u32be(all.length), bigEndian(all));
  // A compact `stz2` may be too narrow for a new size: the plain table says the same.
  const { box, parents } = place;
  return box.type === 'stsz' ? contentEdit(place, content, 0) : { at: box.offset, remove: box.size, insert: boxBytes('stsz', content), parents };
};

/** How long each sample of a track lasts, in its ticks. @throws LabelError `FILE_DAMAGED`. */
export const sampleDurations = async (source: ByteSource, track: MovieTrack, count: number, memory: TableBudget): Promise<Uint32Array> => {
  const { view, entries } = await tableContent(source, required(track, 'stts'), { stride: 8 }, memory);
  const durations = new Uint32Array(count);
  let index = 0;
  for (let entry = 0; entry < entries && index < count; entry += 1) {
    const end = Math.min(count, index + view.getUint32(8 + entry * 8));
    durations.fill(view.getUint32(12 + entry * 8), index, end);
    index = end;
  }
  if (index < count) {
    throw damaged('stts', track.box.offset, `it times ${index} of ${count} samples`);
  }
  return durations;
};

/** The edit of a track's table of durations. */
export const durationsEdit = (track: MovieTrack, durations: Uint32Array): BoxEdit =>
  contentEdit(required(track, 'stts'), counted(runLengths(durations), 2), 4);

const durationEdit = async (
  source: ByteSource,
  track: MovieTrack,
  count: number,
  insertions: readonly InsertedSamples[],
  memory: TableBudget,
): Promise<BoxEdit> => {
  const durations = await sampleDurations(source, track, count, memory);
  const last = insertions.find(({ index, lastDuration }) => index === count && lastDuration !== undefined);
  if (last?.lastDuration !== undefined) {
    durations[count - 1] = last.lastDuration;
  }
  return durationsEdit(
    track,
    withInserted(durations, insertions, (one) => one.durations),
  );
};

/** `stsc`: chunks get more samples. */
const chunkEdit = async (
  source: ByteSource,
  track: MovieTrack,
  count: number,
  insertions: readonly InsertedSamples[],
  memory: TableBudget,
): Promise<BoxEdit> => {
  const runs: number[] = [];
  let [chunk, index, last] = [0, 0, ''];
  await eachChunk(source, track, memory, ({ samples, description }) => {
    const end = index + samples;
    const isLast = end >= count;
    const added = insertions.filter((one) => one.index >= index && (one.index < end || (isLast && one.index === count)));
    const all = samples + added.reduce((total, { sizes }) => total + sizes.length, 0);
    chunk += 1;
    if (`${all} ${description}` !== last) {
      runs.push(chunk, all, description);
      last = `${all} ${description}`;
    }
    index = end;
    return true;
  });
  return contentEdit(required(track, 'stsc'), counted(runs, 3), 4);
};

/** `stss`: new samples can be decoded like the others. */
const syncEdits = async (
  source: ByteSource,
  track: MovieTrack,
  insertions: readonly InsertedSamples[],
  memory: TableBudget,
): Promise<readonly BoxEdit[]> => {
  const place = track.table.get('stss');
  if (place === undefined) {
    return [];
  }
  const { view, entries } = await tableContent(source, place, { stride: 4 }, memory);
  const before = Array.from({ length: entries }, (_, entry) => view.getUint32(8 + entry * 4));
  const numbers = before.map((number) => number + insertions.reduce((more, { index, sizes }) => (index < number ? more + sizes.length : more), 0));
  let added = 0;
  for (const { index, sizes } of insertions) {
    numbers.push(...sizes.map((_, next) => index + added + next + 1));
    added += sizes.length;
  }
  return [
    contentEdit(
      place,
      counted(
        numbers.toSorted((a, b) => a - b),
        1,
      ),
      4,
    ),
  ];
};

/** `sdtp`: nothing is known of how new samples depend on each other. */
const dependencyEdits = async (
  source: ByteSource,
  track: MovieTrack,
  count: number,
  insertions: readonly InsertedSamples[],
  memory: TableBudget,
): Promise<readonly BoxEdit[]> => {
  const place = track.table.get('sdtp');
  if (place === undefined) {
    return [];
  }
  const { length } = await readTable(source, place.box, memory);
  return insertions.map(({ index, sizes }) => ({
    at: contentOf(place.box) + Math.min(length, 4 + Math.min(index, count)),
    remove: 0,
    insert: new Uint8Array(sizes.length),
    parents: [...place.parents, place.box],
  }));
};

/** `sbgp`: new samples are of the group of the one in front of which they come, or of the last. */
const groupEdit = async (
  source: ByteSource,
  place: NestedBox,
  count: number,
  insertions: readonly InsertedSamples[],
  memory: TableBudget,
): Promise<BoxEdit> => {
  const bytes = await readTable(source, place.box, memory);
  const start = bytes[0] === 1 ? 12 : 8;
  need(place.box, bytes, 0, start + 4);
  const view = viewOf(bytes);
  const entries = view.getUint32(start);
  need(place.box, bytes, start + 4, entries * 8);
  const runs = Array.from(
    { length: entries },
    (_, entry) => [view.getUint32(start + 4 + entry * 8), view.getUint32(start + 8 + entry * 8)] as [number, number],
  );
  for (const { index, sizes } of insertions.toReversed()) {
    let end = 0;
    const run = runs.find(([length]) => {
      end += length;
      return end > index || (index === count && end >= count);
    });
    if (run !== undefined) {
      run[0] += sizes.length;
    }
  }
  return contentEdit(place, counted(runs.flat(), 2), start);
};

const counted = (values: readonly number[], stride: number): Uint8Array => concat(u32be(values.length / stride), bigEndian(values));
