import { latin1, viewOf } from '@aigc-label/core';

/** The most bytes that a header has: BigTIFF's. */
export const TIFF_HEADER_BYTES = 16;

/** How a file lays out its numbers, and where its first directory stands (TIFF 6.0 §2; BigTIFF design of 2007; Olympus and Panasonic write magic numbers of their own). */
export interface TiffHeader {
  readonly isLittleEndian: boolean;
  /** 42 TIFF, 43 BigTIFF, and those of camera makers. */
  readonly magic: number;
  /** Whether counts and offsets have eight bytes. */
  readonly isBig: boolean;
  /** Where the offset of the first directory stands, in bytes. */
  readonly pointerAt: 4 | 8;
  /** Bytes of an offset, and of the value that an entry holds itself. */
  readonly offsetBytes: 4 | 8;
  /** Offset of the first directory. */
  readonly first: number;
}

const CLASSIC = 42;
const BIG = 43;
/** Olympus ORF ("RO", "RS", and "OR" on the other side) and Panasonic RW2. */
const OF_CAMERAS: readonly number[] = [0x4f52, 0x5352, 0x5552, 0x0055];

/** The header at the beginning of `bytes`; `undefined` where they are none. */
export const readTiffHeader = (bytes: Uint8Array): TiffHeader | undefined => {
  const order = latin1(bytes.subarray(0, 2));
  if ((order !== 'II' && order !== 'MM') || bytes.length < 8) {
    return undefined;
  }
  const isLittleEndian = order === 'II';
  const view = viewOf(bytes);
  const magic = view.getUint16(2, isLittleEndian);
  if (magic === CLASSIC || (isLittleEndian ? OF_CAMERAS.includes(magic) : magic === 0x4f52)) {
    return { isLittleEndian, magic, isBig: false, pointerAt: 4, offsetBytes: 4, first: view.getUint32(4, isLittleEndian) };
  }
  const isBig = magic === BIG && view.getUint16(4, isLittleEndian) === 8 && view.getUint16(6, isLittleEndian) === 0;
  return isBig && bytes.length >= TIFF_HEADER_BYTES
    ? { isLittleEndian, magic, isBig, pointerAt: 8, offsetBytes: 8, first: tiffNumber(bytes, 8, 8, isLittleEndian) }
    : undefined;
};

/** An unsigned number; of eight bytes, those above 2^53 lose their last digits, and lie beyond any file all the same. Bytes must be there. */
export const tiffNumber = (bytes: Uint8Array, at: number, size: 1 | 2 | 4 | 8, isLittleEndian: boolean): number => {
  const view = viewOf(bytes);
  if (size === 8) {
    const [high, low] = isLittleEndian ? [at + 4, at] : [at, at + 4];
    return view.getUint32(high, isLittleEndian) * 2 ** 32 + view.getUint32(low, isLittleEndian);
  }
  return size === 4 ? view.getUint32(at, isLittleEndian) : size === 2 ? view.getUint16(at, isLittleEndian) : view.getUint8(at);
};

/** The bytes of a number, as the file writes them. */
export const encodeTiffNumber = (value: number, size: 2 | 4 | 8, isLittleEndian: boolean): Uint8Array => {
  const bytes = new Uint8Array(size);
  const view = viewOf(bytes);
  if (size === 2) {
    view.setUint16(0, value, isLittleEndian);
  } else if (size === 4) {
    view.setUint32(0, value, isLittleEndian);
  } else {
    view.setUint32(isLittleEndian ? 4 : 0, Math.floor(value / 2 ** 32), isLittleEndian);
    view.setUint32(isLittleEndian ? 0 : 4, value % 2 ** 32, isLittleEndian);
  }
  return bytes;
};
