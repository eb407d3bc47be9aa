import { describe, expect, it } from 'vitest';
import { encodingTable } from './huffman.ts';
import { extendedTable, RARE_BITS } from './rare-codes.ts';

const counts = (perLength: Readonly<Record<number, number>>): Uint8Array => Uint8Array.from({ length: 16 }, (_, index) => perLength[index + 1] ?? 0);
const symbols = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index);
/** A code is no other's beginning, and none is of ones only. */
const expectPrefixCode = ({ codes, lengths }: { readonly codes: Uint16Array; readonly lengths: Uint8Array }): void => {
  const texts = Array.from(lengths, (length, symbol) => codes[symbol]!.toString(2).padStart(length, '0')).filter((_, symbol) => lengths[symbol]! > 0);
  for (const text of texts) {
    expect(text).toMatch(/0/);
    expect(texts.filter((other) => other.startsWith(text))).toEqual([text]);
  }
};

describe('extendedTable', () => {
  it('leaves all codes as they are where there is room', () => {
    const table = { counts: counts({ 1: 1, 2: 1 }), symbols: symbols(2) };
    const { coding, movedFromBits } = extendedTable(table, [7, 9])!;
    expect(movedFromBits).toBe(17);
    expect([coding.lengths[0], coding.lengths[1], coding.lengths[7], coding.lengths[9]]).toEqual([1, 2, 16, 16]);
    expect(coding.codes[1]).toBe(0b10);
    expectPrefixCode(coding);
  });

  it('moves no more codes than it must', () => {
    // One code of each length but the last, which has the one that is left: only that of ones is free.
    const full = { counts: Uint8Array.from({ length: 16 }, () => 1), symbols: symbols(16) };
    const before = encodingTable(full.counts, full.symbols);
    for (const [missing, from] of [
      [1, 15],
      [4, 14],
      [25, 12],
    ] as const) {
      const { coding, movedFromBits } = extendedTable(
        full,
        Array.from({ length: missing }, (_, index) => 100 + index),
      )!;
      expect(movedFromBits, `${missing}`).toBe(from);
      expect(Array.from(coding.lengths.subarray(0, from - 1))).toEqual(Array.from(before.lengths.subarray(0, from - 1)));
      expect(Array.from(coding.codes.subarray(0, from - 1))).toEqual(Array.from(before.codes.subarray(0, from - 1)));
      expectPrefixCode(coding);
    }
  });

  it('gives up where even rare codes leave no room, or 256 symbols are not enough', () => {
    const full = { counts: Uint8Array.from({ length: 16 }, () => 1), symbols: symbols(16) };
    const some = (length: number): readonly number[] => Array.from({ length }, (_, index) => 16 + index);
    expect(extendedTable(full, some(240))?.movedFromBits).toBe(RARE_BITS);
    expectPrefixCode(extendedTable(full, some(240))!.coding);
    expect(extendedTable(full, some(241))).toBeUndefined();
    const short = { counts: counts({ 1: 1, 2: 1, 3: 1, 4: 1, 5: 1, 6: 1, 7: 1, 8: 2 }), symbols: symbols(9) };
    expect(extendedTable(short, some(1))).toBeUndefined();
    expect(extendedTable({ counts: counts({ 9: 200 }), symbols: symbols(200) }, some(57))).toBeUndefined();
  });
});
