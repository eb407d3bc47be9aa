import type { ByteSource } from '@aigc-label/core';

/** The first read behind a jump, and the most that is read ahead where reads follow one another, in bytes. */
const SMALLEST = 64;
const LARGEST = 4096;

/** Reads of a few bytes each, ever forward, in windows: small after a jump over something large, growing where no jump follows. */
export const windowReader = (source: ByteSource): ((offset: number, length: number) => Promise<Uint8Array>) => {
  let window: Uint8Array = new Uint8Array();
  let start = 0;
  let ahead = SMALLEST;
  return async (offset, length) => {
    if (offset < start || offset + length > start + window.length) {
      const isNear = offset >= start && offset <= start + window.length;
      ahead = isNear ? Math.min(LARGEST, ahead * 2) : SMALLEST;
      window = await source.read(offset, Math.max(length, Math.min(ahead, source.size - offset)));
      start = offset;
    }
    return window.subarray(offset - start, offset - start + length);
  };
};
