import { type ByteSource, type Splice, u32be, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes, u64 } from './box.ts';
import type { BoxFile } from './file.ts';
import { type FragmentRun, type Fragments, runLayout } from './fragments.ts';
import { fieldEdit, MAXIMUM_FIELD_BYTES, mapped, need, type OffsetTable, readTable } from './offset-table.ts';
import type { NewSamples } from './sample-edits.ts';

/** Boxes of a `traf` that say something of single samples and that are not rewritten. */
const FIXED_BESIDE: readonly string[] = ['sbgp', 'subs', 'saiz', 'saio', 'senc', 'csgp', 'sdtp'];

const SYNC_FLAGS = 0x0200_0000; // sample_depends_on 2: on no other
const OTHER_FLAGS = 0x0101_0000; // depends on others, and is no sync sample

/**
 * The fields of fragments for samples that are exchanged where they lie, each in place of one of the same width, so that no box grows; `undefined` where there are none
 * for that. Times and shifts are as in `sampleTableEdits`. An index of random access (`tfra`) that named a sample which is none any more names the one before it;
 * an index of segments (`sidx`) no longer says that one begins with it.
 */
export const fragmentSplices = async (
  source: ByteSource,
  file: BoxFile,
  fragments: Fragments,
  stretches: readonly NewSamples[],
  budget: BoxBudget,
): Promise<readonly Splice[] | undefined> => {
  const { table, runs } = fragments;
  const [sizes, shifts, isSync] = [table.sizes.slice(), (table.shifts ?? new Int32Array(table.count)).slice(), new Uint8Array(table.count)];
  isSync.set(table.isSync ?? new Uint8Array(table.count).fill(1));
  for (const stretch of stretches) {
    const { from } = stretch;
    const decoded = table.decodedAt.slice(from, from + stretch.sizes.length);
    const shown = decoded.map((time, index) => time + (table.shifts?.[from + index] ?? 0)).toSorted();
    sizes.set(stretch.sizes, from);
    isSync.set(stretch.isSync, from);
    shifts.set(
      shown.map((time, index) => time - (decoded[index] ?? 0)),
      from,
    );
  }
  const splices: Splice[] = [];
  for (const run of runs.filter((one) => one.trackId === fragments.trackId)) {
    const touched = stretches.filter(({ from, sizes: changed }) => from < run.first + run.count && from + changed.length > run.first);
    if (touched.length > 0) {
      const indexes = touched.flatMap(({ from, sizes: changed }) => Array.from(changed, (_, index) => from + index));
      const inside = indexes.filter((index) => index >= run.first && index < run.first + run.count);
      const isFixed = FIXED_BESIDE.some((type) => run.beside.has(type));
      const made = isFixed ? undefined : await runSplices(source, run, inside, { sizes, shifts, isSync });
      if (made === undefined) {
        return undefined;
      }
      splices.push(...made);
    }
  }
  const lost = (index: number): boolean => table.isSync?.[index] === 1 && isSync[index] === 0;
  const all = stretches.flatMap(({ from, sizes: changed }) => Array.from(changed, (_, index) => from + index)).filter(lost);
  return all.length === 0
    ? splices
    : [...splices, ...(await accessSplices(source, file, fragments, lost, budget)), ...(await segmentSplices(source, file, fragments, all))];
};

interface Said {
  readonly sizes: Uint32Array;
  readonly shifts: Int32Array;
  readonly isSync: Uint8Array;
}

/** The fields of a run with those of some samples changed; `undefined` where it has none for what they must say. */
const runSplices = async (source: ByteSource, run: FragmentRun, indexes: readonly number[], said: Said): Promise<readonly Splice[] | undefined> => {
  const { sizes, shifts, isSync } = said;
  const { samplesAt, stride, fieldAt } = runLayout(run.flags);
  const [sizeAt, flagsAt, shiftAt] = [0x200, 0x400, 0x800].map((flag) => fieldAt(flag));
  const splices: Splice[] = [];
  const at = contentOf(run.box);
  const insert = (await source.read(at, samplesAt + run.count * stride)).slice();
  const view = viewOf(insert);
  for (const index of indexes) {
    const sample = samplesAt + (index - run.first) * stride;
    const flags = isSync[index] === 1 ? SYNC_FLAGS : OTHER_FLAGS;
    if (sizeAt !== undefined) {
      view.setUint32(sample + sizeAt, sizes[index] ?? 0);
    } else if (run.ownSizeAt !== undefined) {
      splices.push({ at: run.ownSizeAt, remove: 4, insert: u32be(sizes[index] ?? 0) });
    } else {
      return undefined;
    }
    if (flagsAt !== undefined) {
      view.setUint32(sample + flagsAt, flags);
    } else if (index === run.first && (run.flags & 4) !== 0) {
      view.setUint32(samplesAt - 4, flags);
    } else if (run.ownFlagsAt !== undefined) {
      splices.push({ at: run.ownFlagsAt, remove: 4, insert: u32be(flags) });
    } else if (isSync[index] === 0 && (run.defaultFlags & 0x1_0000) === 0) {
      return undefined; // it would count as one; the other way round a key picture is only not named
    }
    if (shiftAt !== undefined) {
      view.setInt32(sample + shiftAt, shifts[index] ?? 0);
    } else if (shifts[index] !== 0) {
      return undefined;
    }
  }
  return [...splices, { at, remove: insert.length, insert }];
};

/** `tfra` (§8.8.10): entries of samples that are no sync samples any more become copies of the entry before them. */
const accessSplices = async (
  source: ByteSource,
  file: BoxFile,
  fragments: Fragments,
  lost: (index: number) => boolean,
  budget: BoxBudget,
): Promise<readonly Splice[]> => {
  const splices: Splice[] = [];
  const runs = new Map(fragments.runs.map((run) => [`${run.parents[0]?.offset} ${run.trackNumber} ${run.runNumber}`, run]));
  for (const mfra of file.boxes.filter(({ type }) => type === 'mfra')) {
    const { boxes } = await listBoxes(source, contentOf(mfra), mfra.end, budget);
    for (const box of boxes.filter(({ type, size }) => type === 'tfra' && size >= 24)) {
      const bytes = await readTable(source, box, { left: MAXIMUM_FIELD_BYTES });
      const view = viewOf(bytes);
      if (view.getUint32(4) === fragments.trackId) {
        splices.push(
          ...entrySplices(box, bytes, (entry) => {
            const run = runs.get(`${entry.moof} ${entry.track} ${entry.run}`);
            return run !== undefined && lost(run.first + entry.sample - 1);
          }),
        );
      }
    }
  }
  return splices;
};

/** `sidx` (§8.16.3): segments that hold one of the samples say nothing any more of where decoding can begin. */
const segmentSplices = async (source: ByteSource, file: BoxFile, { table }: Fragments, lost: readonly number[]): Promise<readonly Splice[]> => {
  const splices: Splice[] = [];
  const places = lost.map((index) => table.offsets[index] ?? 0);
  for (const box of file.boxes.filter(({ type, size }) => type === 'sidx' && size >= 32)) {
    const bytes = await readTable(source, box, { left: MAXIMUM_FIELD_BYTES });
    const view = viewOf(bytes);
    const width = bytes[0] === 0 ? 4 : 8;
    const countAt = 12 + width * 2 + 2;
    need(box, bytes, 0, countAt + 2);
    const count = view.getUint16(countAt);
    need(box, bytes, countAt + 2, count * 12);
    let position = box.end + (width === 8 ? u64(bytes, 12 + width) : view.getUint32(12 + width));
    for (let index = 0; index < count; index += 1) {
      const at = countAt + 2 + index * 12;
      const end = position + (view.getUint32(at) & 0x7fff_ffff);
      if (places.some((place) => place >= position && place < end)) {
        splices.push({ at: contentOf(box) + at + 8, remove: 4, insert: new Uint8Array(4) });
      }
      position = end;
    }
  }
  return splices;
};

interface AccessEntry {
  readonly moof: number;
  readonly track: number;
  readonly run: number;
  readonly sample: number;
}

const entrySplices = (box: Box, bytes: Uint8Array, isLost: (entry: AccessEntry) => boolean): readonly Splice[] => {
  const view = viewOf(bytes);
  const width = bytes[0] === 1 ? 8 : 4;
  const widths = [4, 2, 0].map((shift) => ((view.getUint32(8) >> shift) & 3) + 1);
  const stride = width * 2 + widths.reduce((sum, one) => sum + one, 0);
  const count = view.getUint32(12);
  need(box, bytes, 16, count * stride);
  const splices: Splice[] = [];
  let kept: Uint8Array | undefined;
  for (let index = 0; index < count; index += 1) {
    const at = 16 + index * stride;
    let position = at + width * 2;
    const [track = 0, run = 0, sample = 0] = widths.map((one) => {
      position += one;
      return bytes.subarray(position - one, position).reduce((sum, byte) => sum * 256 + byte, 0);
    });
    const moof = width === 8 ? u64(bytes, at + 8) : view.getUint32(at + 4);
    if (!isLost({ moof, track, run, sample })) {
      kept = bytes.slice(at, at + stride);
    } else if (kept !== undefined) {
      splices.push({ at: contentOf(box) + at, remove: stride, insert: kept });
    }
  }
  return splices;
};

/** Where the data of each run begins: counted from the fragment or from a base that is said (§8.8.8). */
export const runOffsets = ({ runs }: Fragments): readonly OffsetTable[] =>
  runs
    .filter(({ flags, box }) => (flags & 1) === 1 && contentSize(box) >= 12)
    .map(({ box, parents, base, start }) => ({
      box,
      parents,
      growthBytes: 0,
      overflows: () => false,
      rewrite(map) {
        const offset = mapped(box, start, map) - mapped(box, base, map);
        return offset === start - base ? [] : [fieldEdit(box, parents, { at: 8, width: 4 }, offset)];
      },
    }));
