/** Through a sequential scan, or the first DC scan of a progressive picture: blocks under the plate are decoded, the others stepped over (ITU-T T.81 F.2). */
import { damaged } from '@aigc-label/core';
import { BitCursor, type ScanBits } from './bit-cursor.ts';
import { LOOKAHEAD_BITS } from './huffman.ts';
import type { JpegFrame, JpegScan } from './jpeg-frame.ts';
import { type NotingTable, notedSymbol, notingTables, RareCodes } from './rare-codes.ts';
import { addDifference, blockDecoder, predict, tablesOf } from './read-scan.ts';
import type { ScanUnits, UnitRun } from './region.ts';
import { DIFFERENCE_BITS_MASK, DIFFERENCE_SHIFT, differences, END_OF_BLOCK, PASSED_MASK, STEP_BITS_SHIFT, stepsOver } from './skip-table.ts';

/** A run of units, where its bits stand, and what its coder has to know. */
export interface SequentialRun extends UnitRun {
  readonly fromBit: number;
  readonly toBit: number;
  /** What DC was predicted from before the run, by the scan's component. */
  readonly predictions: Int32Array;
  /** The first DC of each component behind the run: its difference is no longer true. */
  readonly followers: readonly Follower[];
}

/** A DC difference of an untouched block. */
export interface Follower {
  readonly index: number;
  readonly fromBit: number;
  readonly toBit: number;
  readonly value: number;
}

/** Where the bits of each interval end, padding not counted, and what a walk found. */
export interface Walked<Run> {
  readonly runs: readonly Run[];
  readonly endBits: readonly number[];
  /** Rare codes outside the runs; some inside may be among them. */
  readonly rare: RareCodes;
}

/** Decodes the units of the runs into their stores. @throws LabelError `FILE_DAMAGED`. */
export const walkSequential = (frame: JpegFrame, scan: JpegScan, bits: ScanBits, units: ScanUnits): Walked<SequentialRun> => {
  const cursor = new BitCursor(bits);
  const predictions = new Int32Array(scan.components.length);
  const decode = blockDecoder(cursor, frame, scan, predictions, { left: 0, from: 0, to: 0 });
  const dcTables = tablesOf(scan, 'dc');
  const rare = new RareCodes();
  const skipDc = dcSkipper(cursor, scan, predictions, rare);
  const skipAc = frame.isProgressive ? () => {} : acSkipper(cursor, scan, rare);
  const order = Uint8Array.from(units.order);
  const skip = (count: number): void => {
    for (let left = count; left > 0; left -= 1) {
      for (let block = 0; block < order.length; block += 1) {
        const index = order[block] ?? 0;
        skipDc(index);
        skipAc(index);
      }
    }
  };
  const follow = (): readonly Follower[] => {
    const followers: Follower[] = [];
    for (const index of order) {
      if (followers.some((follower) => follower.index === index)) {
        skipDc(index);
      } else {
        const fromBit = cursor.position;
        const value = predict(cursor, dcTables[index], predictions, index);
        followers.push({ index, fromBit, toBit: cursor.position, value });
      }
      skipAc(index);
    }
    return followers;
  };
  const runs: SequentialRun[] = [];
  const endBits: number[] = [];
  let next = 0;
  for (let interval = 0; interval * units.perInterval < units.total; interval += 1) {
    const place = bits.intervals[interval];
    if (place === undefined) {
      throw damaged('jpeg/scan', scan.entropyEnd, `restart marker ${(interval - 1) & 7} is missing`);
    }
    cursor.enter(place);
    predictions.fill(0);
    let unit = interval * units.perInterval;
    const end = Math.min(units.total, unit + units.perInterval);
    for (let run = units.runs[next]; run?.interval === interval; run = units.runs[next]) {
      skip(run.from - unit);
      const start = { fromBit: cursor.position, predictions: predictions.slice() };
      for (unit = run.from; unit < run.until; unit += 1) {
        units.forEachBlock(unit, ({ coefficients }, at, index) => decode(coefficients, at, index));
      }
      const toBit = cursor.position;
      // Behind a run stands at least one unit that belongs to none, else both were one run.
      const followers = unit < end ? follow() : [];
      unit += followers.length > 0 ? 1 : 0;
      runs.push({ ...run, ...start, toBit, followers });
      next += 1;
    }
    skip(end - unit);
    endBits.push(cursor.position);
  }
  return { runs, endBits, rare };
};

type BlockSkipper = (index: number) => void;

/** Steps over the DC of a block of the scan's component `index`; where DC arrives is kept. */
const dcSkipper = (cursor: BitCursor, scan: JpegScan, predictions: Int32Array, rare: RareCodes): BlockSkipper => {
  const { view } = cursor;
  const tables = notingTables(scan, 'dc');
  const known = shared(tables, ({ common }) => differences(common));
  return (index) => {
    const { position } = cursor;
    const difference = known[index]?.[(view.getUint32(position >>> 3) << (position & 7)) >>> (32 - LOOKAHEAD_BITS)] ?? 0;
    const table = tables[index];
    if (difference === 0 && table !== undefined) {
      addDifference(cursor, notedSymbol(cursor, table, rare), predictions, index);
      return;
    }
    predictions[index] = (predictions[index] ?? 0) + (difference >> DIFFERENCE_SHIFT);
    cursor.position = position + (difference & DIFFERENCE_BITS_MASK);
    cursor.assertInside();
  };
};

/** Steps over the AC of a block of the scan's component `index`. */
const acSkipper = (cursor: BitCursor, scan: JpegScan, rare: RareCodes): BlockSkipper => {
  const { view } = cursor;
  const tables = notingTables(scan, 'ac');
  const known = shared(tables, ({ common }) => stepsOver(common));
  return (index) => {
    const steps = known[index];
    const table = tables[index];
    if (steps === undefined || table === undefined) {
      return;
    }
    let { position } = cursor;
    for (let k = 1; k < 64; ) {
      const step = steps[(view.getUint32(position >>> 3) << (position & 7)) >>> (32 - LOOKAHEAD_BITS)] ?? 0;
      const next = k + (step & PASSED_MASK);
      if ((step & END_OF_BLOCK) === 0 ? step !== 0 && next <= 64 : next < 64) {
        position += step >>> STEP_BITS_SHIFT;
        k = (step & END_OF_BLOCK) === 0 ? next : 64;
      } else {
        cursor.position = position;
        k = skipOne(cursor, table, rare, k);
        ({ position } = cursor);
      }
    }
    cursor.position = position;
    cursor.assertInside();
  };
};

/** Steps over one code of any length; gives the next coefficient's place, 64 behind the block. */
const skipOne = (cursor: BitCursor, table: NotingTable, rare: RareCodes, k: number): number => {
  const symbol = notedSymbol(cursor, table, rare);
  const [run, size] = [symbol >> 4, symbol & 15];
  if (size === 0) {
    return run < 15 ? 64 : Math.min(64, k + 16);
  }
  if (k + run > 63) {
    throw damaged('jpeg/scan', cursor.position >>> 3, 'a block has more than 64 coefficients');
  }
  cursor.position += size;
  return k + run + 1;
};

/** One result for each table, worked out once where components share one. */
const shared = <Made>(tables: readonly NotingTable[], make: (table: NotingTable) => Made): readonly Made[] => {
  const made = new Map<NotingTable, Made>();
  return tables.map((table) => {
    const known = made.get(table) ?? make(table);
    made.set(table, known);
    return known;
  });
};
