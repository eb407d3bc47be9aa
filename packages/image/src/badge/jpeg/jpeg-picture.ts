/** A JPEG decoded as far as its coefficients, and written back with everything but the entropy-coded bytes and Huffman tables as it was. */

import type { PlacedPlate } from '@aigc-label/badge';
import { concat, damaged, type Splice } from '@aigc-label/core';
import { type DecodingTable, type EncodingTable, encodingTable } from './huffman.ts';
import { type JpegComponent, type JpegFrame, type JpegScan, parseJpeg } from './jpeg-frame.ts';
import { patchScan, tableAt, type WalkedScan, walkScan } from './patch-scan.ts';
import { readScan } from './read-scan.ts';
import { type BlockStore, storesUnder, wholeComponent } from './region.ts';
import type { NonZeros } from './walk-band.ts';
import { huffmanSegments, writeScan } from './write-scan.ts';

/** A JPEG of which the blocks under a plate are decoded. */
export interface JpegRegion {
  readonly stores: ReadonlyMap<JpegComponent, BlockStore>;
  readonly scans: readonly WalkedScan[];
}

/**
 * Decodes the blocks of the MCUs under a plate, and steps over all others.
 * @throws LabelError `FILE_DAMAGED` (a truncated picture is damaged, never grey), `LIMIT_EXCEEDED`, `NOTICE_UNSUPPORTED`.
 */
export const readJpegUnder = (bytes: Uint8Array, frame: JpegFrame, placed: PlacedPlate): JpegRegion => {
  assertScript(frame);
  const stores = storesUnder(frame, placed);
  const scans = frame.parts.flatMap((part) => (part.kind === 'scan' ? [part.scan] : []));
  const nonZeros = new Map<JpegComponent, NonZeros>();
  for (const { components, spectralStart, approximationHigh } of scans) {
    const [only] = components;
    if (only !== undefined && spectralStart > 0 && approximationHigh > 0) {
      const blocks = only.component.blocksAcross * only.component.blocksDown;
      nonZeros.set(only.component, { low: new Uint32Array(blocks), high: new Uint32Array(blocks) });
    }
  }
  return {
    stores,
    scans: scans.map((scan) => {
      const [only] = scan.components;
      return walkScan(bytes, frame, scan, stores, only && nonZeros.get(only.component));
    }),
  };
};

/** The edits that code a region's blocks anew and leave every other bit as it is. `undefined` where Huffman tables have no room for codes that are missing. */
export const regionSplices = (frame: JpegFrame, { scans }: JpegRegion): readonly Splice[] | undefined => {
  const splices: Splice[] = [];
  // Tables that a scan changed for itself are put back for later ones.
  const moved = new Map<number, DecodingTable>();
  for (const walked of scans) {
    const patched = patchScan(walked);
    if (patched === undefined) {
      return undefined;
    }
    const header = frame.parts[frame.parts.findIndex((part) => part.kind === 'scan' && part.scan === walked.scan) - 1];
    const tables = concat(tablesBack(walked.scan, moved), patched.tables);
    if (tables.length > 0 && header !== undefined) {
      splices.push({ at: header.start, remove: 0, insert: tables });
    }
    for (const index of patched.movedTables) {
      const table = tableAt(walked.scan, index);
      if (table !== undefined) {
        moved.set(index, table);
      }
    }
    splices.push(...patched.intervals.map(({ start, end, bytes }) => ({ at: start, remove: end - start, insert: bytes })));
  }
  return splices;
};

/** Those of a scan's tables that stand in the file as they were and in our file no longer, as DHT segments. */
const tablesBack = (scan: JpegScan, moved: Map<number, DecodingTable>): Uint8Array => {
  const back = [...moved].filter(([index, table]) => tableAt(scan, index) === table);
  moved.clear();
  const tables: (EncodingTable | undefined)[] = new Array<undefined>(8).fill(undefined);
  for (const [index, { counts, symbols }] of back) {
    tables[index] = encodingTable(counts, symbols);
  }
  return huffmanSegments(tables);
};

/**
 * Decodes every scan.
 * @throws LabelError `FILE_DAMAGED` (a truncated picture is damaged, never grey), `LIMIT_EXCEEDED`, `NOTICE_UNSUPPORTED`.
 */
export const readJpeg = (bytes: Uint8Array, assertPixels: (pixels: number) => void): JpegFrame => {
  const frame = parseJpeg(bytes, assertPixels);
  readAllScans(bytes, frame);
  return frame;
};

/** Decodes every scan, and gives all blocks of each component. @throws as `readJpeg`. */
export const readAllScans = (bytes: Uint8Array, frame: JpegFrame): ReadonlyMap<JpegComponent, BlockStore> => {
  assertScript(frame);
  for (const part of frame.parts) {
    if (part.kind === 'scan') {
      readScan(bytes, frame, part.scan);
    }
  }
  return new Map(frame.components.map((component) => [component, wholeComponent(component)]));
};

/** The edits that code the coefficients anew, scan by scan: new Huffman tables before each SOS, the old ones gone. */
export const codingSplices = (frame: JpegFrame): readonly Splice[] =>
  frame.parts.flatMap((part, index): readonly Splice[] => {
    const next = frame.parts[index + 1];
    if (part.kind === 'tables') {
      return [{ at: part.start, remove: part.end - part.start, insert: new Uint8Array(0) }];
    }
    if (part.kind === 'scan' || next?.kind !== 'scan') {
      return [];
    }
    const { tables, entropy } = writeScan(frame, next.scan);
    const { entropyStart, entropyEnd } = next.scan;
    return [
      { at: part.start, remove: 0, insert: tables },
      { at: entropyStart, remove: entropyEnd - entropyStart, insert: entropy },
    ];
  });

/** Each bit of each coefficient is sent once and in order (G.1.1.1), else what a decoder shows and what we would write may differ. */
const assertScript = (frame: JpegFrame): void => {
  const known = new Map(frame.components.map((component) => [component, new Int8Array(64).fill(-1)]));
  for (const part of frame.parts) {
    if (part.kind !== 'scan') {
      continue;
    }
    const { components, spectralStart, spectralEnd, approximationHigh, approximationLow } = part.scan;
    for (const { component } of components) {
      const bits = known.get(component) ?? new Int8Array(64);
      for (let k = spectralStart; k <= spectralEnd; k += 1) {
        const isFirst = bits[k] === -1 && approximationHigh === 0;
        const refines = bits[k] === approximationHigh && approximationHigh === approximationLow + 1;
        if (!isFirst && !refines) {
          throw damaged('jpeg/SOS', part.start, `coefficient ${k} is sent out of turn`);
        }
        bits[k] = approximationLow;
      }
    }
  }
  if ([...known.values()].some((bits) => bits[0] === -1)) {
    throw damaged('jpeg', 0, 'a component has no scan');
  }
};
