/** A scan of which only the blocks under the plate are coded anew, with the codes that it has; all other bits are moved along as they are. */
import { damaged } from '@aigc-label/core';
import { BitCursor, type ScanBits, scanBits } from './bit-cursor.ts';
import { type BitPatch, CodeWriter, patchedInterval } from './bit-patch.ts';
import { type DecodingTable, type EncodingTable, encodingTable } from './huffman.ts';
import type { JpegComponent, JpegFrame, JpegScan } from './jpeg-frame.ts';
import { extendedTable, RareCodes } from './rare-codes.ts';
import { type BlockStore, type ScanUnits, scanUnits, type UnitRun } from './region.ts';
import { type BandRun, type NonZeros, walkBand } from './walk-band.ts';
import { type SequentialRun, type Walked, walkSequential } from './walk-sequential.ts';
import { BandCoder, type CodeSink, huffmanSegments, writeSequentialAc, writeSized } from './write-scan.ts';

/** A scan whose blocks under the plate are in their stores. */
export interface WalkedScan {
  readonly scan: JpegScan;
  readonly isProgressive: boolean;
  readonly bits: ScanBits;
  readonly units: ScanUnits;
  readonly walked:
    | ({ readonly kind: 'sequential' } & Walked<SequentialRun>)
    | ({ readonly kind: 'band' } & Walked<BandRun>)
    | ({ readonly kind: 'dc-refinement' } & Walked<UnitRun & { readonly fromBit: number }>);
}

/** Decodes what a scan says of the blocks in the stores; `nonZeros` belongs to the scan's first component. @throws LabelError `FILE_DAMAGED`. */
export const walkScan = (
  file: Uint8Array,
  frame: JpegFrame,
  scan: JpegScan,
  stores: ReadonlyMap<JpegComponent, BlockStore>,
  nonZeros: NonZeros | undefined,
): WalkedScan => {
  const bits = scanBits(file, scan.entropyStart, scan.entropyEnd);
  const units = scanUnits(frame, scan, stores);
  const { isProgressive } = frame;
  const walked = { scan, isProgressive, bits, units };
  if (isProgressive && scan.spectralStart > 0) {
    return { ...walked, walked: { kind: 'band', ...walkBand(frame, scan, bits, units, nonZeros) } };
  }
  if (isProgressive && scan.approximationHigh > 0) {
    return { ...walked, walked: { kind: 'dc-refinement', ...walkDcRefinement(scan, bits, units) } };
  }
  return { ...walked, walked: { kind: 'sequential', ...walkSequential(frame, scan, bits, units) } };
};

/** One bit a block (G.1.2.1). */
const walkDcRefinement = (scan: JpegScan, bits: ScanBits, units: ScanUnits): Walked<UnitRun & { readonly fromBit: number }> => {
  const cursor = new BitCursor(bits);
  const blocks = units.order.length;
  const endBits: number[] = [];
  for (let first = 0; first < units.total; first += units.perInterval) {
    const interval = bits.intervals[endBits.length];
    if (interval === undefined) {
      throw damaged('jpeg/scan', scan.entropyEnd, `restart marker ${(endBits.length - 1) & 7} is missing`);
    }
    cursor.enter(interval);
    cursor.position += Math.min(units.perInterval, units.total - first) * blocks;
    cursor.assertInside();
    endBits.push(cursor.position);
  }
  const runs = units.runs.map((run) => {
    cursor.position = (bits.intervals[run.interval]?.fromBit ?? 0) + (run.from - run.interval * units.perInterval) * blocks;
    const fromBit = cursor.position;
    for (let unit = run.from; unit < run.until; unit += 1) {
      units.forEachBlock(unit, ({ coefficients }, at) => {
        coefficients[at] = (coefficients[at] ?? 0) | (cursor.bits(1) << scan.approximationLow);
      });
    }
    return { ...run, fromBit };
  });
  return { runs, endBits, rare: new RareCodes() };
};

/** What replaces a scan: Huffman tables to stand before its SOS, if it needs more codes than it has, and the restart intervals that changed. */
export interface PatchedScan {
  readonly tables: Uint8Array;
  /** Tables whose old codes are not all valid any more, counted as `CodeSink.symbol` does. */
  readonly movedTables: readonly number[];
  readonly intervals: readonly { readonly start: number; readonly end: number; readonly bytes: Uint8Array }[];
}

/** Codes the blocks of the stores as they are now. `undefined` where the scan's Huffman tables get no room for a code that is missing. */
export const patchScan = (walkedScan: WalkedScan): PatchedScan | undefined => {
  const { bits, walked } = walkedScan;
  const tables = tablesFor(walkedScan);
  if (tables === undefined) {
    return undefined;
  }
  const writer = new CodeWriter(tables.map(({ coding }) => coding));
  const coded: BitPatch[] = [];
  codePatches(walkedScan, writer, (interval, from, to, code) => {
    const insertFrom = writer.written.length;
    code();
    coded.push({ interval, from, to, insertFrom, insertTo: writer.written.length });
  });
  const patches = [...coded, ...movedCodes(walkedScan, tables, writer, coded)].sort((a, b) => a.from - b.from);
  const intervals: { start: number; end: number; bytes: Uint8Array }[] = [];
  let next = 0;
  for (const [index, interval] of bits.intervals.entries()) {
    const first = next;
    while (patches[next]?.interval === index) {
      next += 1;
    }
    if (next > first) {
      const bytes = patchedInterval(bits, interval, walked.endBits[index] ?? 0, patches.slice(first, next), writer.written);
      intervals.push({ start: interval.start, end: interval.end, bytes });
    }
  }
  return {
    tables: huffmanSegments(tables.map(({ coding, isExtended }) => (isExtended ? coding : undefined))),
    movedTables: tables.flatMap(({ movedFromBits }, index) => (movedFromBits <= 16 ? [index] : [])),
    intervals,
  };
};

/** Codes outside the patches that are others in the new tables. */
const movedCodes = (
  { bits, scan, walked: { rare } }: WalkedScan,
  tables: readonly ScanTable[],
  writer: CodeWriter,
  coded: readonly BitPatch[],
): readonly BitPatch[] => {
  if (tables.every(({ movedFromBits }) => movedFromBits > 16)) {
    return [];
  }
  const lengths = tables.map((_, index) => {
    const table = tableAt(scan, index);
    return table === undefined ? undefined : encodingTable(table.counts, table.symbols).lengths;
  });
  const patches: BitPatch[] = [];
  let [next, interval] = [0, 0];
  for (const [index, from] of rare.places.entries()) {
    const code = rare.codes[index] ?? 0;
    const [table, symbol] = [code >> 8, code & 0xff];
    const length = lengths[table]?.[symbol] ?? 0;
    while (from >= (coded[next]?.to ?? Number.POSITIVE_INFINITY)) {
      next += 1;
    }
    while (from >= (bits.intervals[interval]?.toBit ?? Number.POSITIVE_INFINITY)) {
      interval += 1;
    }
    if (length >= (tables[table]?.movedFromBits ?? 17) && from < (coded[next]?.from ?? Number.POSITIVE_INFINITY)) {
      const insertFrom = writer.written.length;
      writer.symbol(table, symbol);
      patches.push({ interval, from, to: from + length, insertFrom, insertTo: writer.written.length });
    }
  }
  return patches;
};

type PatchCallback = (interval: number, from: number, to: number, code: () => void) => void;

interface ScanTable {
  readonly coding: EncodingTable | undefined;
  readonly isExtended: boolean;
  readonly movedFromBits: number;
}

/** A table by its place among all, as `CodeSink.symbol` counts them. */
export const tableAt = ({ dcTables, acTables }: JpegScan, index: number): DecodingTable | undefined =>
  index < 4 ? dcTables[index] : acTables[index - 4];

/** The scan's tables, with the codes that are needed and were missing. */
const tablesFor = (walkedScan: WalkedScan): readonly ScanTable[] | undefined => {
  const { scan, walked } = walkedScan;
  const used = Array.from({ length: 8 }, () => new Set<number>());
  codePatches(walkedScan, { symbol: (table, symbol) => used[table]?.add(symbol), bits: () => {} }, (_, __, ___, code) => code());
  const tables: ScanTable[] = [];
  for (const [index, symbols] of used.entries()) {
    const table = tableAt(scan, index);
    if (table === undefined) {
      tables.push({ coding: undefined, isExtended: false, movedFromBits: 17 });
      continue;
    }
    const coding = encodingTable(table.counts, table.symbols);
    const missing = [...symbols].filter((symbol) => coding.lengths[symbol] === 0);
    const extended = missing.length === 0 ? { coding, movedFromBits: 17 } : extendedTable(table, missing);
    if (extended === undefined || (extended.movedFromBits <= 16 && !walked.rare.isComplete)) {
      return undefined;
    }
    tables.push({ ...extended, isExtended: missing.length > 0 });
  }
  return tables;
};

const codePatches = (walkedScan: WalkedScan, sink: CodeSink, patch: PatchCallback): void => {
  switch (walkedScan.walked.kind) {
    case 'sequential':
      for (const run of walkedScan.walked.runs) {
        codeSequentialRun(walkedScan, run, sink, patch);
      }
      return;
    case 'band':
      codeBandRuns(walkedScan, walkedScan.walked.runs, sink, patch);
      return;
    case 'dc-refinement':
      for (const run of walkedScan.walked.runs) {
        const bits = (run.until - run.from) * walkedScan.units.order.length;
        patch(run.interval, run.fromBit, run.fromBit + bits, () =>
          forEachBlockOf(walkedScan.units, run, ({ coefficients }, at) => sink.bits((coefficients[at] ?? 0) >> walkedScan.scan.approximationLow, 1)),
        );
      }
  }
};

const forEachBlockOf = (units: ScanUnits, { from, until }: UnitRun, block: (store: BlockStore, at: number, index: number) => void): void => {
  for (let unit = from; unit < until; unit += 1) {
    units.forEachBlock(unit, block);
  }
};

const codeSequentialRun = ({ scan, isProgressive, units }: WalkedScan, run: SequentialRun, sink: CodeSink, patch: PatchCallback): void => {
  const predictions = run.predictions.slice();
  const codeDc = (index: number, value: number): void => {
    writeSized(sink, scan.components[index]?.dcId ?? 0, 0, value - (predictions[index] ?? 0));
    predictions[index] = value;
  };
  patch(run.interval, run.fromBit, run.toBit, () =>
    forEachBlockOf(units, run, ({ coefficients }, at, index) => {
      codeDc(index, (coefficients[at] ?? 0) >> scan.approximationLow);
      if (!isProgressive) {
        writeSequentialAc(sink, 4 + (scan.components[index]?.acId ?? 0), coefficients, at);
      }
    }),
  );
  for (const { index, fromBit, toBit, value } of run.followers) {
    patch(run.interval, fromBit, toBit, () => codeDc(index, value));
  }
};

/** An end-of-band code may reach into a run of blocks, out of it, or over it: it is cut there. */
const codeBandRuns = ({ scan, units }: WalkedScan, runs: readonly BandRun[], sink: CodeSink, patch: PatchCallback): void => {
  runs.forEach((run, index) => {
    const { interval, from, until, start, end } = run;
    const [before, after] = [runs[index - 1], runs[index + 1]];
    const isCutBefore = before?.interval === interval && start.codeUnit < before.until;
    const band = new BandCoder(scan, sink);
    if (start.ended > 0 && !isCutBefore) {
      patch(interval, start.codeFrom, start.codeTo, () => band.endOfBand(from - start.codeUnit));
    }
    patch(interval, start.bit, end.bit, () => {
      forEachBlockOf(units, run, ({ coefficients }, at) => band.block(coefficients, at));
      band.flush();
      const untouchedUntil = after?.interval === interval ? after.from : Math.min(units.total, (interval + 1) * units.perInterval);
      const ended = Math.min(end.ended, untouchedUntil - until);
      if (ended > 0) {
        band.endOfBand(ended);
      }
    });
  });
};
