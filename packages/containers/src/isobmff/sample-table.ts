import { type ByteSource, LabelError, viewOf } from '@aigc-label/core';
import { u64 } from './box.ts';
import type { MovieTrack, NestedBox } from './movie.ts';
import { damagedTable, MAXIMUM_TABLE_BYTES, need, readTable, type TableBudget } from './offset-table.ts';

/** Samples of a track that are held in memory: 18 hours at 60 a second need 3.9 million, and about 25 bytes each. */
export const MAXIMUM_SAMPLES = 4_000_000;

/** Every sample of a track in decoding order (ISO/IEC 14496-12 §8.6, §8.7). */
export interface SampleTable {
  readonly count: number;
  /** Where each begins in the file, and how many bytes it has. */
  readonly offsets: Float64Array;
  readonly sizes: Uint32Array;
  /** When each is decoded, in ticks. */
  readonly decodedAt: Float64Array;
  /** What is added to that for when it is shown; absent where there is no `ctts`. */
  readonly shifts: Int32Array | undefined;
  /** 1 for those at which decoding can begin; absent where all can. */
  readonly isSync: Uint8Array | undefined;
  /** From 1; absent where samples use several. */
  readonly description: number | undefined;
}

/**
 * Reads the sample table of a track. Offsets are as the file says them and may lie outside of it.
 *
 * @throws LabelError `FILE_DAMAGED` where its tables contradict each other, `LIMIT_EXCEEDED` above `MAXIMUM_SAMPLES` or the memory for tables.
 */
export const readSampleTable = async (source: ByteSource, track: MovieTrack): Promise<SampleTable> => {
  const memory: TableBudget = { left: MAXIMUM_TABLE_BYTES };
  const sizes = await sampleSizes(source, track, memory);
  const count = sizes.length;
  const [decodedAt, shifts, isSync] = [
    await decodingTimes(source, required(track, 'stts'), count, memory),
    await compositionShifts(source, track.table.get('ctts'), count, memory),
    await syncSamples(source, track.table.get('stss'), count, memory),
  ];
  return { count, sizes, decodedAt, shifts, isSync, ...(await samplePlaces(source, track, sizes, memory)) };
};

/** A box that a sample table must have. @throws LabelError `FILE_DAMAGED`. */
export const required = ({ box, table, repeated }: MovieTrack, ...types: readonly string[]): NestedBox => {
  const found = types.map((type) => table.get(type)).find((one) => one !== undefined);
  if (found === undefined || repeated !== undefined) {
    throw damagedTable(box, found === undefined ? `its sample table has no ${types.join(' or ')}` : `its sample table has two ${repeated}`);
  }
  return found;
};

/** A table as its content. */
export interface TableContent {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly entries: number;
}

/** Reads a table whose number of entries stands at `countAt`. @throws LabelError `FILE_DAMAGED` where they are not there. */
export const tableContent = async (
  source: ByteSource,
  { box }: NestedBox,
  { countAt = 4, stride }: { readonly countAt?: number; readonly stride: number },
  memory: TableBudget,
): Promise<TableContent> => {
  const bytes = await readTable(source, box, memory);
  need(box, bytes, 0, countAt + 4);
  const view = viewOf(bytes);
  const entries = view.getUint32(countAt);
  need(box, bytes, countAt + 4, entries * stride);
  return { bytes, view, entries };
};

/** `stsz` or `stz2` (§8.7.3): how many bytes each sample has. */
export interface SizeTable {
  readonly count: number;
  /** Of all samples, where they are alike; else 0. */
  readonly common: number;
  sizeOf(index: number): number;
}

/** Reads the sizes of a track without making a list of them. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED` above the memory that is left. */
export const readSizeTable = async (source: ByteSource, track: MovieTrack, memory: TableBudget): Promise<SizeTable> => {
  const place = required(track, 'stsz', 'stz2');
  const { box } = place;
  const { bytes, view, entries: count } = await tableContent(source, place, { countAt: 8, stride: 0 }, memory);
  const common = box.type === 'stsz' ? view.getUint32(4) : 0;
  if (common > 0) {
    return { count, common, sizeOf: () => common };
  }
  const bits = box.type === 'stsz' ? 32 : view.getUint8(7);
  if (![4, 8, 16, 32].includes(bits)) {
    throw damagedTable(box, `a size of ${bits} bits is not allowed`);
  }
  need(box, bytes, 12, Math.ceil((count * bits) / 8));
  return { count, common, sizeOf: (index) => sizeAt(view, bits, index) };
};

const sizeAt = (view: DataView, bits: number, index: number): number => {
  if (bits === 32) {
    return view.getUint32(12 + index * 4);
  }
  if (bits === 16) {
    return view.getUint16(12 + index * 2);
  }
  return bits === 8 ? view.getUint8(12 + index) : (view.getUint8(12 + (index >> 1)) >> (index % 2 === 0 ? 4 : 0)) & 15;
};

const sampleSizes = async (source: ByteSource, track: MovieTrack, memory: TableBudget): Promise<Uint32Array> => {
  const { count, common, sizeOf } = await readSizeTable(source, track, memory);
  if (count > MAXIMUM_SAMPLES) {
    throw tooManySamples(required(track, 'stsz', 'stz2'), count);
  }
  if (common > 0) {
    return new Uint32Array(count).fill(common);
  }
  const sizes = new Uint32Array(count);
  for (let index = 0; index < count; index += 1) {
    sizes[index] = sizeOf(index);
  }
  return sizes;
};

/** The `LIMIT_EXCEEDED` error for a table of more samples than are read. */
export const tooManySamples = ({ box }: NestedBox, count: number): LabelError =>
  new LabelError('LIMIT_EXCEEDED', `The table ${box.type} at byte ${box.offset} announces ${count} samples; at most ${MAXIMUM_SAMPLES} are read.`, {
    data: { site: box.type, offset: box.offset, limit: MAXIMUM_SAMPLES },
  });

const decodingTimes = async (source: ByteSource, place: NestedBox, count: number, memory: TableBudget): Promise<Float64Array> => {
  const { view, entries } = await tableContent(source, place, { stride: 8 }, memory);
  const times = new Float64Array(count);
  let [index, time] = [0, 0];
  for (let entry = 0; entry < entries && index < count; entry += 1) {
    const end = Math.min(count, index + view.getUint32(8 + entry * 8));
    const duration = view.getUint32(12 + entry * 8);
    for (; index < end; index += 1) {
      times[index] = time;
      time += duration;
    }
  }
  if (index < count) {
    throw damagedTable(place.box, `it times ${index} of ${count} samples`);
  }
  return times;
};

/** Signed in both versions: QuickTime writes negative numbers into version 0, and no shift is 2^31 ticks long. */
const compositionShifts = async (
  source: ByteSource,
  place: NestedBox | undefined,
  count: number,
  memory: TableBudget,
): Promise<Int32Array | undefined> => {
  if (place === undefined) {
    return undefined;
  }
  const { view, entries } = await tableContent(source, place, { stride: 8 }, memory);
  const shifts = new Int32Array(count);
  let index = 0;
  for (let entry = 0; entry < entries && index < count; entry += 1) {
    const end = Math.min(count, index + view.getUint32(8 + entry * 8));
    shifts.fill(view.getInt32(12 + entry * 8), index, end);
    index = end;
  }
  return shifts;
};

const syncSamples = async (source: ByteSource, place: NestedBox | undefined, count: number, memory: TableBudget): Promise<Uint8Array | undefined> => {
  if (place === undefined) {
    return undefined;
  }
  const { view, entries } = await tableContent(source, place, { stride: 4 }, memory);
  const isSync = new Uint8Array(count);
  for (let entry = 0; entry < entries; entry += 1) {
    const number = view.getUint32(8 + entry * 4);
    if (number >= 1 && number <= count) {
      isSync[number - 1] = 1;
    }
  }
  return isSync;
};

const samplePlaces = async (
  source: ByteSource,
  track: MovieTrack,
  sizes: Uint32Array,
  memory: TableBudget,
): Promise<Pick<SampleTable, 'offsets' | 'description'>> => {
  const offsets = new Float64Array(sizes.length);
  const descriptions = new Set<number>();
  let index = 0;
  await eachChunk(source, track, memory, ({ offset, samples, description }) => {
    const end = Math.min(sizes.length, index + samples);
    if (end > index) {
      descriptions.add(description);
    }
    for (let at = offset; index < end; index += 1) {
      offsets[index] = at;
      at += sizes[index] ?? 0;
    }
    return index < sizes.length;
  });
  if (index < sizes.length) {
    throw damagedTable(track.box, `its chunks hold ${index} of ${sizes.length} samples`);
  }
  return { offsets, description: descriptions.size === 1 ? [...descriptions][0] : undefined };
};

/** A chunk of samples, one behind the other. */
export interface Chunk {
  readonly offset: number;
  readonly samples: number;
  readonly description: number;
}

/** Visits chunks in order until `visit` answers false. @throws LabelError `FILE_DAMAGED` where `stsc` does not rise. */
export const eachChunk = async (source: ByteSource, track: MovieTrack, memory: TableBudget, visit: (chunk: Chunk) => boolean): Promise<void> => {
  const stsc = required(track, 'stsc');
  const stco = required(track, 'stco', 'co64');
  const runs = await tableContent(source, stsc, { stride: 12 }, memory);
  const width = stco.box.type === 'co64' ? 8 : 4;
  const chunks = await tableContent(source, stco, { stride: width }, memory);
  for (let run = 0; run < runs.entries; run += 1) {
    const firstChunk = runs.view.getUint32(8 + run * 12);
    const next = run + 1 < runs.entries ? runs.view.getUint32(20 + run * 12) : chunks.entries + 1;
    if (firstChunk < 1 || next < firstChunk || (run === 0 && firstChunk !== 1)) {
      throw damagedTable(stsc.box, 'its chunks are not in order');
    }
    for (let chunk = firstChunk; chunk < Math.min(next, chunks.entries + 1); chunk += 1) {
      const at = 8 + (chunk - 1) * width;
      const offset = width === 8 ? u64(chunks.bytes, at) : chunks.view.getUint32(at);
      const isWanted = visit({ offset, samples: runs.view.getUint32(12 + run * 12), description: runs.view.getUint32(16 + run * 12) });
      if (!isWanted) {
        return;
      }
    }
  }
};
