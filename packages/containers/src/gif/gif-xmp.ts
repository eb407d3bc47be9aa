import { ascii, type ByteSource, concat, equalBytes, LabelError } from '@aigc-label/core';
import { type GifExtension, joinGifSubBlocks } from './gif-blocks.ts';

/**
 * XMP stands in a GIF as it is, not in sub-blocks. Readers that know nothing of it take each byte for the length of a sub-block, skip about, and land in this
 * trailer, which leads them to its end wherever they land (XMP part 3 §1.1.2).
 */
const MAGIC_TRAILER: Uint8Array = concat(
  Uint8Array.of(1),
  Uint8Array.from({ length: 256 }, (_, index) => 255 - index),
  Uint8Array.of(0),
);

/** A packet of a GIF. */
export interface GifXmp {
  readonly packet: Uint8Array;
  /** Whether it stands as XMP part 3 wants it; some writers put it into sub-blocks. */
  readonly isPlain: boolean;
}

/** Reads a packet; `undefined` where it is larger than `limitBytes`. */
export const readGifXmp = async (source: ByteSource, { dataStart, end }: GifExtension, limitBytes: number): Promise<GifXmp | undefined> => {
  if (end - dataStart > limitBytes) {
    return undefined;
  }
  const bytes = await source.read(dataStart, end - dataStart);
  const trailerStart = bytes.length - MAGIC_TRAILER.length;
  return trailerStart >= 0 && equalBytes(bytes.subarray(trailerStart), MAGIC_TRAILER)
    ? { packet: bytes.subarray(0, trailerStart), isPlain: true }
    : { packet: joinGifSubBlocks(bytes), isPlain: false };
};

/** An application extension with a packet. Throws `LabelError` `FORMAT_UNSUPPORTED_FEATURE` for a packet with a zero byte, at which other readers would stop. */
export const encodeGifXmp = (packet: Uint8Array): Uint8Array => {
  if (packet.includes(0)) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      'The XMP of the GIF holds zero bytes (UTF-16?), which a GIF cannot carry; save it again with UTF-8 XMP.',
    );
  }
  return concat(Uint8Array.of(0x21, 0xff, 0x0b), ascii('XMP DataXMP'), packet, MAGIC_TRAILER);
};
