/** Through an AC scan of a progressive picture: blocks under the plate are decoded, of the others only those bits are read that tell where the next one begins (ITU-T T.81 G.2). */
import { damaged } from '@aigc-label/core';
import { BitCursor, type ScanBits } from './bit-cursor.ts';
import { LOOKAHEAD_BITS } from './huffman.ts';
import type { JpegFrame, JpegScan } from './jpeg-frame.ts';
import { type NotingTable, notedSymbol, notingTables, RareCodes } from './rare-codes.ts';
import { blockDecoder, type EndOfBandRun } from './read-scan.ts';
import type { ScanUnits, UnitRun } from './region.ts';
import type { Walked } from './walk-sequential.ts';

/** Which coefficients of a component are not zero, two words a block: a refining scan has a bit for each of them. */
export interface NonZeros {
  readonly low: Uint32Array;
  readonly high: Uint32Array;
}

/** What is known between two blocks. */
export interface BandPlace {
  readonly bit: number;
  /** Blocks from here on that an end-of-band code before has ended. */
  readonly ended: number;
  /** That code: its bits, and the block that it stands in. */
  readonly codeFrom: number;
  readonly codeTo: number;
  readonly codeUnit: number;
}

/** A run of blocks, and what is known before and behind it. */
export interface BandRun extends UnitRun {
  readonly start: BandPlace;
  readonly end: BandPlace;
}

/** Decodes the blocks of the runs into their store, on top of what is there; `nonZeros` is kept true where it is given. @throws LabelError `FILE_DAMAGED`. */
export const walkBand = (frame: JpegFrame, scan: JpegScan, bits: ScanBits, units: ScanUnits, nonZeros: NonZeros | undefined): Walked<BandRun> => {
  const cursor = new BitCursor(bits);
  const ended: EndOfBandRun = { left: 0, from: 0, to: 0 };
  const decode = blockDecoder(cursor, frame, scan, new Int32Array(1), ended);
  const rare = new RareCodes();
  const [table] = notingTables(scan, 'ac');
  if (table === undefined) {
    throw new TypeError('a scan has no component');
  }
  const skipBlock =
    scan.approximationHigh === 0
      ? firstSkipper(cursor, scan, table, rare, ended, nonZeros)
      : refinementSkipper(cursor, scan, table, rare, ended, nonZeros);
  const runs: BandRun[] = [];
  const endBits: number[] = [];
  let next = 0;
  let [codeUnit, lastCode] = [0, -1];
  const note = (unit: number): void => {
    if (ended.from !== lastCode) {
      [codeUnit, lastCode] = [unit, ended.from];
    }
  };
  const place = (): BandPlace => ({ bit: cursor.position, ended: ended.left, codeFrom: ended.from, codeTo: ended.to, codeUnit });
  const skip = (from: number, until: number): void => {
    const isFirst = scan.approximationHigh === 0;
    for (let unit = from; unit < until; unit += 1) {
      if (isFirst && ended.left > 0) {
        const ends = Math.min(ended.left, until - unit);
        ended.left -= ends;
        unit += ends - 1;
        continue;
      }
      skipBlock(unit);
      note(unit);
    }
  };
  for (let interval = 0; interval * units.perInterval < units.total; interval += 1) {
    const stretch = bits.intervals[interval];
    if (stretch === undefined) {
      throw damaged('jpeg/scan', scan.entropyEnd, `restart marker ${(interval - 1) & 7} is missing`);
    }
    cursor.enter(stretch);
    ended.left = 0;
    let unit = interval * units.perInterval;
    for (let run = units.runs[next]; run?.interval === interval; run = units.runs[next]) {
      skip(unit, run.from);
      const start = place();
      for (unit = run.from; unit < run.until; unit += 1) {
        units.forEachBlock(unit, ({ coefficients }, at) => {
          decode(coefficients, at, 0);
          if (nonZeros !== undefined) {
            [nonZeros.low[unit], nonZeros.high[unit]] = wordsOf(coefficients, at);
          }
        });
        note(unit);
      }
      runs.push({ ...run, start, end: place() });
      next += 1;
    }
    skip(unit, Math.min(units.total, (interval + 1) * units.perInterval));
    endBits.push(cursor.position);
  }
  return { runs, endBits, rare };
};

/** AC coefficients that are not zero, as bits. */
const wordsOf = (coefficients: Int16Array, at: number): readonly [number, number] => {
  const words: [number, number] = [0, 0];
  for (let k = 1; k < 64; k += 1) {
    if (coefficients[at + k] !== 0) {
      words[k < 32 ? 0 : 1] |= 1 << (k & 31);
    }
  }
  return words;
};

type BlockSkipper = (unit: number) => void;

/** G.1.2.2. */
const firstSkipper = (
  cursor: BitCursor,
  scan: JpegScan,
  table: NotingTable,
  rare: RareCodes,
  ended: EndOfBandRun,
  nonZeros: NonZeros | undefined,
): BlockSkipper => {
  const { view } = cursor;
  const { common } = table;
  const { spectralStart, spectralEnd } = scan;
  const { low, high } = nonZeros ?? NONE;
  return (unit) => {
    let { position } = cursor;
    let [lowWord, highWord] = [0, 0];
    for (let k = spectralStart; k <= spectralEnd; k += 1) {
      const entry = common[(view.getUint32(position >>> 3) << (position & 7)) >>> (32 - LOOKAHEAD_BITS)] ?? 0;
      let symbol = entry & 0xff;
      const codeFrom = position;
      if (entry === 0) {
        cursor.position = position;
        symbol = notedSymbol(cursor, table, rare);
        ({ position } = cursor);
      } else {
        position += entry >> 8;
      }
      const size = symbol & 15;
      const run = symbol >> 4;
      if (size === 0) {
        if (run < 15) {
          cursor.position = position;
          ended.left = (1 << run) + cursor.bits(run) - 1;
          ended.from = codeFrom;
          ({ position } = cursor);
          ended.to = position;
          break;
        }
        k += 15;
        continue;
      }
      k += run;
      position += size;
      if (k > 63) {
        throw damaged('jpeg/scan', position >>> 3, 'a block has more than 64 coefficients');
      }
      if (k < 32) {
        lowWord |= 1 << k;
      } else {
        highWord |= 1 << (k & 31);
      }
    }
    cursor.position = position;
    cursor.assertInside();
    if (unit < low.length) {
      low[unit] = (low[unit] ?? 0) | lowWord;
      high[unit] = (high[unit] ?? 0) | highWord;
    }
  };
};

const NONE: NonZeros = { low: new Uint32Array(0), high: new Uint32Array(0) };

/** G.1.2.3. */
const refinementSkipper = (
  cursor: BitCursor,
  { spectralStart, spectralEnd }: JpegScan,
  table: NotingTable,
  rare: RareCodes,
  ended: EndOfBandRun,
  nonZeros: NonZeros | undefined,
): BlockSkipper => {
  const { view } = cursor;
  const { common } = table;
  const { low, high } = nonZeros ?? NONE;
  const lowBand = wordOf(spectralStart, Math.min(31, spectralEnd));
  const highBand = wordOf(spectralStart - 32, spectralEnd - 32);
  return (unit) => {
    let { position } = cursor;
    let lowWord = low[unit] ?? 0;
    let highWord = high[unit] ?? 0;
    if (ended.left > 0) {
      ended.left -= 1;
      cursor.position = position + ones(lowWord & lowBand) + ones(highWord & highBand);
      cursor.assertInside();
      return;
    }
    for (let k = spectralStart; k <= spectralEnd; k += 1) {
      const entry = common[(view.getUint32(position >>> 3) << (position & 7)) >>> (32 - LOOKAHEAD_BITS)] ?? 0;
      let symbol = entry & 0xff;
      const codeFrom = position;
      if (entry === 0) {
        cursor.position = position;
        symbol = notedSymbol(cursor, table, rare);
        ({ position } = cursor);
      } else {
        position += entry >> 8;
      }
      let run = symbol >> 4;
      const isNew = (symbol & 15) !== 0;
      if (!isNew && run < 15) {
        cursor.position = position;
        ended.left = (1 << run) + cursor.bits(run) - 1;
        ended.from = codeFrom;
        ({ position } = cursor);
        ended.to = position;
        // What is left of this block has its bits behind the code.
        position += ones(lowWord & lowBand & from(k)) + ones(highWord & highBand & from(k - 32));
        break;
      }
      position += isNew ? 1 : 0;
      for (; k <= spectralEnd; k += 1) {
        if (((k < 32 ? lowWord >>> k : highWord >>> (k & 31)) & 1) !== 0) {
          position += 1;
        } else if (run === 0) {
          break;
        } else {
          run -= 1;
        }
      }
      if (isNew) {
        if (k > spectralEnd) {
          throw damaged('jpeg/scan', position >>> 3, 'a block has more coefficients than its band');
        }
        if (k < 32) {
          lowWord |= 1 << k;
        } else {
          highWord |= 1 << (k & 31);
        }
      }
    }
    cursor.position = position;
    cursor.assertInside();
    low[unit] = lowWord;
    high[unit] = highWord;
  };
};

/** Bits `first` to `last` of a word, none where they lie outside. */
const wordOf = (first: number, last: number): number => (last < 0 || first > last ? 0 : from(first) & ~(last >= 31 ? 0 : from(last + 1)));

/** Bits from `first` on. */
const from = (first: number): number => (first <= 0 ? -1 : first > 31 ? 0 : -1 << first);

/** How many bits of a word are set. */
const ones = (word: number): number => {
  let count = word - ((word >>> 1) & 0x55555555);
  count = (count & 0x33333333) + ((count >>> 2) & 0x33333333);
  return Math.imul((count + (count >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};
