// Frames of FLAC: RFC 9639 §9.1. As encoders write them that keep one size of block: numbered from 0, each found by its sync code, its number and the check of its header.
import type { ByteSource } from '@aigc-label/core';
import type { FlacFrame } from './moved-blocks.ts';

const PIECE_BYTES = 1 << 20;
/** Sync, sizes, a number of seven bytes, size and rate of their own, check. */
const MAXIMUM_HEADER_BYTES = 16;

/**
 * The frames in which these samples lie.
 *
 * @param start where the first frame lies in `source`, in bytes.
 * @param block samples of every frame but the last.
 */
export const findFrames = async (
  source: ByteSource,
  start: number,
  { block, total }: { readonly block: number; readonly total: number },
  samples: readonly number[],
): Promise<readonly FlacFrame[]> => {
  const wanted = new Set(samples.filter((sample) => sample < total).map((sample) => Math.floor(sample / block)));
  const found: FlacFrame[] = [];
  let number = 0;
  for (let at = start; at < source.size && found.length < wanted.size; at += PIECE_BYTES) {
    const piece = await source.read(at, Math.min(PIECE_BYTES + MAXIMUM_HEADER_BYTES, source.size - at));
    for (let index = 0; index < PIECE_BYTES && index + 6 <= piece.length; index += 1) {
      if (piece[index] === 0xff && piece[index + 1] === 0xf8 && isHeaderOf(piece.subarray(index, index + MAXIMUM_HEADER_BYTES), number)) {
        if (wanted.has(number)) {
          const sample = number * block;
          found.push({ sample, offset: at + index - start, samples: Math.min(block, total - sample) });
        }
        number += 1;
      }
    }
  }
  return found;
};

const isHeaderOf = (bytes: Uint8Array, number: number): boolean => {
  const coded = codedNumber(number);
  const sizeCode = (bytes[2] as number) >> 4;
  const rateCode = (bytes[2] as number) & 15;
  const length = 4 + coded.length + (sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0) + (rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0);
  return coded.every((byte, index) => bytes[4 + index] === byte) && length < bytes.length && crc8(bytes.subarray(0, length)) === bytes[length];
};

/** As in UTF-8, up to 31 bits. */
const codedNumber = (number: number): readonly number[] => {
  if (number < 0x80) {
    return [number];
  }
  const more: number[] = [];
  let [rest, room] = [number, 0x3f];
  while (rest > room) {
    more.unshift(0x80 | (rest & 0x3f));
    rest >>>= 6;
    room >>= 1;
  }
  return [((~room << 1) & 0xff) | rest, ...more];
};

const crc8 = (bytes: Uint8Array): number => {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) {
      crc = (crc & 0x80) === 0 ? crc << 1 : ((crc << 1) ^ 0x07) & 0xff;
    }
  }
  return crc;
};
