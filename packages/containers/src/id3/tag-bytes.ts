import { type ByteSource, readBounded } from '@aigc-label/core';
import type { Id3Header } from './header.ts';
import { resynchronise } from './unsynchronisation.ts';

/** The most bytes of a tag that are held in memory where unsynchronisation covers the whole of it, so that no size can be trusted without decoding. */
export const MAXIMUM_UNSYNCHRONISED_BYTES: number = 16 << 20;

/** What stands between the header of a tag and its end, as frames see it. */
export interface TagBytes {
  readonly size: number;
  read(offset: number, length: number): Uint8Array | Promise<Uint8Array>;
  /** Where a byte of it stands in the file. */
  fileOffset(offset: number): number;
}

/**
 * The inside of a tag, unsynchronisation of 2.2 and 2.3 undone (in 2.4 it is a matter of each frame).
 *
 * @param start where the inside begins in the file. @param end where it ends, within the file.
 * @throws LabelError `LIMIT_EXCEEDED` where an unsynchronised tag is larger than `MAXIMUM_UNSYNCHRONISED_BYTES`.
 */
export const tagBytes = async (source: ByteSource, header: Id3Header, start: number, end: number): Promise<TagBytes> => {
  if (header.version === 4 || !header.isUnsynchronised) {
    return { size: end - start, read: (offset, length) => source.read(start + offset, length), fileOffset: (offset) => start + offset };
  }
  const raw = await readBounded(source, start, end - start, MAXIMUM_UNSYNCHRONISED_BYTES, 'id3v2');
  const { bytes, rawOffset } = resynchronise(raw);
  return {
    size: bytes.length,
    read: (offset, length) => bytes.subarray(offset, offset + length),
    fileOffset: (offset) => start + rawOffset(offset),
  };
};
