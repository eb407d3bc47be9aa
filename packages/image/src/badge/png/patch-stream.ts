/** A zlib stream of which only the blocks around changed bytes are packed anew (RFC 1950, RFC 1951). */
import { promisify } from 'node:util';
import { constants, deflateRaw } from 'node:zlib';
import { concat, viewOf } from '@aigc-label/core';
import { type DeflateBlock, type DeflateBlocks, WINDOW_BYTES, ZLIB_HEADER_BITS } from './deflate-blocks.ts';

const pack = promisify(deflateRaw);

/** A stretch of unpacked bytes that are others now. */
export interface ChangedBytes {
  readonly from: number;
  readonly until: number;
  /** By how much the two sums of the Adler-32 grew (RFC 1950 §8). */
  readonly sums: readonly [number, number];
}

/** The largest prime below 2^16. */
export const ADLER_MODULUS = 65_521;

/** A stream from the first byte that is another one now. */
export interface PatchedStream {
  /** How many bytes of the old stream stay in front. */
  readonly kept: number;
  readonly rest: Uint8Array;
}

/**
 * @param stream a whole zlib stream, and eight bytes more.
 * @param blocks its blocks.
 * @param unpacked what it is to unpack to.
 */
export const patchStream = async (
  stream: Uint8Array,
  { blocks, endBit }: DeflateBlocks,
  unpacked: Uint8Array,
  { from, until, sums }: ChangedBytes,
): Promise<PatchedStream> => {
  const first = blocks.findLast(({ out }) => out <= from) ?? { bit: ZLIB_HEADER_BITS, out: 0, isStored: false };
  // What follows may refer back into what changed as far as the window reaches.
  const next = blocks.find(({ out, bit }) => out >= until + WINDOW_BYTES && bit > first.bit);
  const tailStart = (endBit + 7) >>> 3;
  const check = stream.slice(tailStart, tailStart + 4);
  const view = viewOf(check);
  view.setUint16(2, grown(view.getUint16(2), sums[0]));
  view.setUint16(0, grown(view.getUint16(0), sums[1]));
  const kept = first.bit >>> 3;
  const middle = await pack(unpacked.subarray(first.out, next?.out ?? unpacked.length), {
    level: levelOf(stream),
    finishFlush: next === undefined ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
    ...(first.out > 0 ? { dictionary: unpacked.subarray(Math.max(0, first.out - WINDOW_BYTES), first.out) } : {}),
  });
  const rest = concat(
    aligned(stream, first.bit),
    middle,
    next === undefined ? new Uint8Array(0) : movedBlocks(stream, blocks.slice(blocks.indexOf(next)), endBit),
    check,
    stream.subarray(tailStart + 4, -8),
  );
  return { kept, rest };
};

const grown = (sum: number, by: number): number => (((sum + by) % ADLER_MODULUS) + ADLER_MODULUS) % ADLER_MODULUS;

/** How hard the stream says it was packed (RFC 1950 §2.2, FLEVEL). */
const levelOf = (stream: Uint8Array): number => [1, 4, 6, 9][(stream[1] ?? 0) >> 6] ?? 6;

/** The bits of the byte that a block begins in, and an empty stored block, which ends on a byte; nothing where the block begins on one. */
const aligned = (stream: Uint8Array, bit: number): Uint8Array => {
  const used = bit & 7;
  if (used === 0) {
    return new Uint8Array(0);
  }
  const begun = (stream[bit >>> 3] ?? 0) & ((1 << used) - 1);
  return used <= 5 ? Uint8Array.of(begun, 0, 0, 0xff, 0xff) : Uint8Array.of(begun, 0, 0, 0, 0xff, 0xff);
};

/** Blocks moved to begin on a byte. A stored block aligns itself, and from the first one on everything is as it was. */
const movedBlocks = (stream: Uint8Array, blocks: readonly DeflateBlock[], endBit: number): Uint8Array => {
  const start = blocks[0]?.bit ?? endBit;
  const stored = blocks.find(({ isStored }) => isStored);
  const shiftedUntil = stored === undefined ? endBit : stored.bit + 3;
  const moved = new Uint8Array((shiftedUntil - start + 7) >>> 3);
  const shift = start & 7;
  const from = start >>> 3;
  for (let at = 0; at < moved.length; at += 1) {
    moved[at] = ((stream[from + at] ?? 0) | ((stream[from + at + 1] ?? 0) << 8)) >>> shift;
  }
  const spare = moved.length * 8 - (shiftedUntil - start);
  moved[moved.length - 1] = (moved[moved.length - 1] ?? 0) & (0xff >> spare);
  return stored === undefined ? moved : concat(moved, stream.subarray((shiftedUntil + 7) >>> 3, (endBit + 7) >>> 3));
};
