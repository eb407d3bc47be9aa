/** Long codes of a scan that were stepped over, noted because they may have to give way: a full Huffman table gets room by making its longest codes longer. */
import type { BitCursor } from './bit-cursor.ts';
import { type DecodingTable, type EncodingTable, encodingTable, LOOKAHEAD_BITS } from './huffman.ts';
import type { JpegScan } from './jpeg-frame.ts';
import { tablesOf } from './read-scan.ts';

/**
 * Codes of this many bits and more are noted: one or two in a hundred. Shorter ones leave a full table room for a multiple of 256 codes of 16 bits, which is all that 256 symbols
 * can ask for.
 */
export const RARE_BITS = 9;

/** Notes kept, of 16 bytes; a scan of nothing but rare codes, which no encoder writes, has its places forgotten. */
const MAXIMUM_NOTES = 2_000_000;

/** Where rare codes stand, in order. */
export class RareCodes {
  readonly places: number[] = [];
  /** `table << 8 | symbol`, tables counted as `CodeSink.symbol` does. */
  readonly codes: number[] = [];
  isComplete = true;

  note(place: number, table: number, symbol: number): void {
    if (this.places.length < MAXIMUM_NOTES) {
      this.places.push(place);
      this.codes.push((table << 8) | symbol);
    } else {
      this.isComplete = false;
    }
  }
}

/** A table that looks rare codes up elsewhere than common ones. */
export interface NotingTable {
  readonly table: DecodingTable;
  /** Its look-ahead without rare codes. */
  readonly common: Uint16Array;
  /** As `CodeSink.symbol` counts tables. */
  readonly index: number;
}

/** The tables of a scan's components, in their order; components that share one share the result. @throws LabelError `FILE_DAMAGED` as `tablesOf`. */
export const notingTables = (scan: JpegScan, kind: 'dc' | 'ac'): readonly NotingTable[] => {
  const made = new Map<number, NotingTable>();
  return tablesOf(scan, kind).map((table, component) => {
    const { dcId = 0, acId = 0 } = scan.components[component] ?? {};
    const index = kind === 'dc' ? dcId : 4 + acId;
    const noting = made.get(index) ?? { table, index, common: table.lookahead.map((entry) => (entry >> 8 >= RARE_BITS ? 0 : entry)) };
    made.set(index, noting);
    return noting;
  });
};

/** The next symbol, noted where its code is rare. @throws LabelError `FILE_DAMAGED`. */
export const notedSymbol = (cursor: BitCursor, { table, common, index }: NotingTable, rare: RareCodes): number => {
  const { position } = cursor;
  const entry = common[(cursor.view.getUint32(position >>> 3) << (position & 7)) >>> (32 - LOOKAHEAD_BITS)] ?? 0;
  if (entry !== 0) {
    cursor.position = position + (entry >> 8);
    cursor.assertInside();
    return entry & 0xff;
  }
  const symbol = cursor.longSymbol(table, RARE_BITS);
  rare.note(position, index, symbol);
  return symbol;
};

/** A table with more codes than before. */
export interface ExtendedTable {
  readonly coding: EncodingTable;
  /** Codes that had this many bits or more are others now; 17 where none is. */
  readonly movedFromBits: number;
}

/**
 * The same codes and, behind them, codes of 16 bits for `missing`: what was written with the old table is read by the new one as it was. Where the table is full,
 * its longest codes get 16 bits too, as few of them as will do. `undefined` where even rare codes leave no room. The code of ones only stays unused (C.2).
 */
export const extendedTable = (
  { counts, symbols }: Pick<DecodingTable, 'counts' | 'symbols'>,
  missing: readonly number[],
): ExtendedTable | undefined => {
  if (symbols.length + missing.length > 256) {
    return undefined;
  }
  for (let movedFromBits = 17; movedFromBits >= RARE_BITS; movedFromBits -= 1) {
    const kept = counts.map((count, index) => (index + 1 < movedFromBits ? count : 0));
    const keptCodes = kept.reduce((sum, count) => sum + count, 0);
    const firstFree = kept.reduce((sum, count, index) => sum + count * 2 ** (15 - index), 0);
    const added = symbols.length - keptCodes + missing.length;
    const longest = (kept[15] ?? 0) + added;
    if (firstFree + added <= 0xffff && longest <= 255) {
      kept[15] = longest;
      return { coding: encodingTable(kept, Uint8Array.of(...symbols, ...missing)), movedFromBits };
    }
  }
  return undefined;
};
