import { type ByteSource, bytesSource, damaged, readBounded, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes, u64 } from './box.ts';
import type { BoxFile } from './file.ts';
import type { Movie, MovieTrack, NestedBox } from './movie.ts';
import { MAXIMUM_SAMPLES, type SampleTable, tooManySamples } from './sample-table.ts';

/** A fragment's headers: twenty bytes a sample. */
const MAXIMUM_FRAGMENT_BYTES = 16 << 20;

const NON_SYNC = 0x1_0000;

/** A run of samples in a fragment (ISO/IEC 14496-12 §8.8.8). */
export interface FragmentRun extends NestedBox {
  readonly trackId: number;
  /** Of its first sample in the track, counted only for the track that is read. */
  readonly first: number;
  readonly count: number;
  readonly flags: number;
  /** Where its data begins and ends, in the file, and what its offset counts from. */
  readonly start: number;
  readonly end: number;
  readonly base: number;
  /** Of samples that say none of their own. */
  readonly defaultFlags: number;
  /** Where in the file the header of its track (`tfhd`) says the size and the flags of samples, where it does; only for a run of one sample that has no other beside it. */
  readonly ownSizeAt: number | undefined;
  readonly ownFlagsAt: number | undefined;
  /** Types beside it in its `traf`. */
  readonly beside: ReadonlySet<string>;
  /** Which of the fragment's tracks and which of its runs it is, from 1, as `tfra` counts. */
  readonly trackNumber: number;
  readonly runNumber: number;
}

/** The samples of a track that stand in fragments, and the runs of all tracks. */
export interface Fragments {
  readonly trackId: number;
  readonly table: SampleTable;
  readonly runs: readonly FragmentRun[];
}

/** What samples are where nothing else is said (`trex`, `tfhd`). */
interface Defaults {
  readonly description: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
}

/** What is gathered on the way. */
interface Gathering {
  readonly trackId: number;
  readonly offsets: number[];
  readonly sizes: number[];
  readonly decodedAt: number[];
  readonly shifts: number[];
  readonly isSync: number[];
  readonly descriptions: Set<number>;
  readonly runs: FragmentRun[];
  /** Where the track's time stands. */
  time: number;
}

/**
 * Reads the samples that stand in a movie's fragments.
 *
 * @throws LabelError `FILE_DAMAGED` where headers contradict each other or the movie's own tables hold samples, too; `LIMIT_EXCEEDED`.
 */
export const readFragments = async (source: ByteSource, file: BoxFile, movie: Movie, track: MovieTrack, budget: BoxBudget): Promise<Fragments> => {
  const extends_ = await trackDefaults(source, movie, budget);
  const gathering: Gathering = {
    trackId: track.id,
    ...{ offsets: [], sizes: [], decodedAt: [], shifts: [], isSync: [], descriptions: new Set<number>(), runs: [], time: 0 },
  };
  for (const moof of file.boxes.filter(({ type }) => type === 'moof')) {
    await readFragment(await held(source, moof), moof, extends_, gathering, budget);
  }
  const { offsets, sizes, decodedAt, shifts, isSync, descriptions, runs } = gathering;
  return {
    trackId: track.id,
    runs,
    table: {
      count: offsets.length,
      offsets: Float64Array.from(offsets),
      sizes: Uint32Array.from(sizes),
      decodedAt: Float64Array.from(decodedAt),
      shifts: Int32Array.from(shifts),
      isSync: Uint8Array.from(isSync),
      description: descriptions.size === 1 ? [...descriptions][0] : undefined,
    },
  };
};

const trackDefaults = async (source: ByteSource, movie: Movie, budget: BoxBudget): Promise<ReadonlyMap<number, Defaults>> => {
  const defaults = new Map<number, Defaults>();
  for (const mvex of movie.boxes.filter(({ type }) => type === 'mvex')) {
    const { boxes } = await listBoxes(source, contentOf(mvex), mvex.end, budget);
    for (const trex of boxes.filter(({ type }) => type === 'trex')) {
      const view = viewOf(await fields(source, trex, 24));
      const [id, description, duration, size, flags] = [4, 8, 12, 16, 20].map((at) => view.getUint32(at)) as [number, number, number, number, number];
      defaults.set(id, { description, duration, size, flags });
    }
  }
  return defaults;
};

/** The first bytes of a box. @throws LabelError `FILE_DAMAGED` where there are fewer. */
const fields = async (source: ByteSource, box: Box, length: number): Promise<Uint8Array> => {
  if (contentSize(box) < length) {
    throw damaged(box.type, box.offset, 'the box is too short');
  }
  return source.read(contentOf(box), length);
};

/** The source with one fragment's headers at hand. */
const held = async (source: ByteSource, moof: Box): Promise<ByteSource> => {
  const bytes = bytesSource(await readBounded(source, moof.offset, moof.size, MAXIMUM_FRAGMENT_BYTES, 'moof'));
  return { size: source.size, read: (offset, length) => bytes.read(offset - moof.offset, length) };
};

const readFragment = async (
  source: ByteSource,
  moof: Box,
  defaults: ReadonlyMap<number, Defaults>,
  gathering: Gathering,
  budget: BoxBudget,
): Promise<void> => {
  const { boxes } = await listBoxes(source, contentOf(moof), moof.end, budget);
  let [number, dataEnd] = [0, moof.offset];
  for (const traf of boxes.filter(({ type }) => type === 'traf')) {
    number += 1;
    const inside = await listBoxes(source, contentOf(traf), traf.end, budget);
    const head = await trackHeader(source, inside.boxes, defaults);
    if (head === undefined) {
      throw damaged('traf', traf.offset, 'it has no header');
    }
    const base = head.base ?? (head.isFromFragment || number === 1 ? moof.offset : dataEnd);
    const time = await decodeTime(source, inside.boxes);
    if (time !== undefined && head.id === gathering.trackId) {
      gathering.time = time;
    }
    const beside = new Set(inside.boxes.map(({ type }) => type));
    let [runNumber, at] = [0, base];
    const truns = inside.boxes.filter(({ type }) => type === 'trun');
    for (const trun of truns) {
      runNumber += 1;
      const place = { box: trun, parents: [moof, traf] };
      const run = await readRun(source, place, { ...head, base, beside, trackNumber: number, runNumber, isAlone: truns.length === 1 }, at, gathering);
      at = run.end;
      gathering.runs.push(run);
    }
    dataEnd = at;
  }
};

interface TrackHeader extends Defaults {
  readonly id: number;
  readonly base: number | undefined;
  readonly isFromFragment: boolean;
  /** Where size and flags stand in the file. */
  readonly sizeAt: number | undefined;
  readonly flagsAt: number | undefined;
}

/** `tfhd` (§8.8.7). */
const trackHeader = async (source: ByteSource, boxes: readonly Box[], defaults: ReadonlyMap<number, Defaults>): Promise<TrackHeader | undefined> => {
  const box = boxes.find(({ type }) => type === 'tfhd');
  if (box === undefined) {
    return undefined;
  }
  const flags = viewOf(await fields(source, box, 8)).getUint32(0) & 0xff_ffff;
  const widths = [1, 2, 8, 16, 32].map((flag): number => ((flags & flag) === 0 ? 0 : flag === 1 ? 8 : 4));
  const bytes = await fields(source, box, 8 + widths.reduce((sum, width) => sum + width, 0));
  const view = viewOf(bytes);
  const id = view.getUint32(4);
  let at = 8;
  const [base, description, duration, size, sampleFlags] = widths.map((width) => {
    at += width;
    return width === 0 ? undefined : width === 8 ? u64(bytes, at - 8) : view.getUint32(at - 4);
  });
  const common = defaults.get(id);
  const fieldAt = (number: number): number | undefined =>
    widths[number] === 0 ? undefined : contentOf(box) + 8 + widths.slice(0, number).reduce((sum, width) => sum + width, 0);
  return {
    sizeAt: fieldAt(3),
    flagsAt: fieldAt(4),
    id,
    base,
    isFromFragment: (flags & 0x2_0000) !== 0,
    description: description ?? common?.description ?? 1,
    duration: duration ?? common?.duration ?? 0,
    size: size ?? common?.size ?? 0,
    flags: sampleFlags ?? common?.flags ?? 0,
  };
};

const decodeTime = async (source: ByteSource, boxes: readonly Box[]): Promise<number | undefined> => {
  const box = boxes.find(({ type }) => type === 'tfdt');
  if (box === undefined) {
    return undefined;
  }
  const [version] = await fields(source, box, 8);
  return version === 1 ? u64(await fields(source, box, 12), 4) : viewOf(await fields(source, box, 8)).getUint32(4);
};

/** Bytes of one sample's fields, and where each of them stands, of a run with these flags. */
export const runLayout = (flags: number): { readonly samplesAt: number; readonly stride: number; fieldAt(flag: number): number | undefined } => {
  const has = (flag: number): number => ((flags & flag) === 0 ? 0 : 4);
  return {
    samplesAt: 8 + has(1) + has(4),
    stride: [0x100, 0x200, 0x400, 0x800].reduce((sum, flag) => sum + has(flag), 0),
    fieldAt: (flag) =>
      has(flag) === 0 ? undefined : [0x100, 0x200, 0x400, 0x800].filter((one) => one < flag).reduce((sum, one) => sum + has(one), 0),
  };
};

const readRun = async (
  source: ByteSource,
  place: NestedBox,
  head: TrackHeader & Pick<FragmentRun, 'base' | 'beside' | 'trackNumber' | 'runNumber'> & { readonly isAlone: boolean },
  follows: number,
  gathering: Gathering,
): Promise<FragmentRun> => {
  const { box } = place;
  const start8 = viewOf(await fields(source, box, 8));
  const [flags, count] = [start8.getUint32(0) & 0xff_ffff, start8.getUint32(4)];
  const { samplesAt, stride, fieldAt } = runLayout(flags);
  if (count > MAXIMUM_SAMPLES) {
    throw tooManySamples(place, count);
  }
  const view = viewOf(await fields(source, box, samplesAt + stride * count));
  const start = (flags & 1) === 0 ? follows : head.base + view.getInt32(8);
  const firstFlags = (flags & 4) === 0 ? undefined : view.getUint32(samplesAt - 4);
  const [durationAt, sizeAt, flagsAt, shiftAt] = [0x100, 0x200, 0x400, 0x800].map((flag) => fieldAt(flag));
  const isOurs = head.id === gathering.trackId;
  const first = gathering.offsets.length;
  let at = start;
  // Without fields of their own samples cost nothing to announce: all of them must lie in the file.
  if (stride === 0 && (count * head.size > source.size || (head.size === 0 && count > 1))) {
    throw damaged('trun', box.offset, `${count} samples are announced that are not there`);
  }
  if (isOurs && first + count > MAXIMUM_SAMPLES) {
    throw tooManySamples(place, first + count);
  }
  if (!isOurs && sizeAt === undefined) {
    at += count * head.size;
  }
  for (let index = 0; index < count && (isOurs || sizeAt !== undefined); index += 1) {
    const sample = samplesAt + index * stride;
    const size = sizeAt === undefined ? head.size : view.getUint32(sample + sizeAt);
    if (isOurs) {
      const own = flagsAt === undefined ? undefined : view.getUint32(sample + flagsAt);
      const sampleFlags = own ?? (index === 0 ? firstFlags : undefined) ?? head.flags;
      gathering.offsets.push(at);
      gathering.sizes.push(size);
      gathering.decodedAt.push(gathering.time);
      gathering.shifts.push(shiftAt === undefined ? 0 : view.getInt32(sample + shiftAt));
      gathering.isSync.push((sampleFlags & NON_SYNC) === 0 ? 1 : 0);
      gathering.descriptions.add(head.description);
      gathering.time += durationAt === undefined ? head.duration : view.getUint32(sample + durationAt);
    }
    at += size;
  }
  const { base, beside, trackNumber, runNumber } = head;
  const own = head.isAlone && count === 1 ? { ownSizeAt: head.sizeAt, ownFlagsAt: head.flagsAt } : { ownSizeAt: undefined, ownFlagsAt: undefined };
  const numbers = { first, count, flags, start, end: at, base, defaultFlags: head.flags, trackNumber, runNumber };
  return { ...place, ...numbers, ...own, trackId: head.id, beside };
};
