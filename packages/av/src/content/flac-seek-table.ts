// A seek table says nothing that the frames do not say: RFC 9639 §8.5 (table), §9.1 (frame header).
import { type ByteRange, type ByteSource, viewOf } from '@aigc-label/core';

/** Points of one table that are looked up, each a read: a second apart, they are those of nine hours. */
const MAXIMUM_POINTS = 32_768;

const POINT_BYTES = 18;

/** Sync, two bytes of codes, up to seven of the coded number, two of the block size. */
const MAXIMUM_HEADER_BYTES = 13;

/** Whether every point of the table leads to the frame that it describes, so that the table follows from the frames. `streamInfo` the data of STREAMINFO, `framesAt` where the frames begin. */
export const isTrueSeekTable = async (source: ByteSource, table: ByteRange, streamInfo: Uint8Array, framesAt: number): Promise<boolean> => {
  const sizeBytes = table.end - table.start;
  if (sizeBytes % POINT_BYTES !== 0 || sizeBytes / POINT_BYTES > MAXIMUM_POINTS) {
    return false;
  }
  const view = viewOf(await source.read(table.start, sizeBytes));
  const blockSamples = BigInt(viewOf(streamInfo).getUint16(0));
  for (let at = 0; at < sizeBytes; at += POINT_BYTES) {
    const [sample, offset, samples] = [view.getBigUint64(at), view.getBigUint64(at + 8), view.getUint16(at + 16)];
    if (sample === PLACEHOLDER) {
      if (offset !== 0n || samples !== 0) {
        return false;
      }
      continue;
    }
    if (offset > BigInt(source.size - framesAt)) {
      return false;
    }
    const start = framesAt + Number(offset);
    const frame = frameAt(await source.read(start, Math.min(MAXIMUM_HEADER_BYTES, source.size - start)), blockSamples);
    if (frame === undefined || frame.sample !== sample || frame.samples !== samples) {
      return false;
    }
  }
  return true;
};

const PLACEHOLDER = 2n ** 64n - 1n;

/** The first sample of a frame, and how many it has. */
const frameAt = (bytes: Uint8Array, blockSamples: bigint): { readonly sample: bigint; readonly samples: number } | undefined => {
  const [first, second = 0, codes = 0, , lead = 0] = bytes;
  if (bytes.length < 7 || first !== 0xff || (second & 0xfe) !== 0xf8) {
    return undefined;
  }
  // As UTF-8 would code it, up to seven bytes.
  const ones = Math.clz32(~(lead << 24));
  const more = ones === 0 ? 0 : ones - 1;
  const sizeAt = 5 + more;
  if (ones === 1 || ones > 7 || sizeAt + 2 > bytes.length) {
    return undefined;
  }
  let number = BigInt(lead & (0x7f >> ones));
  for (const byte of bytes.subarray(5, sizeAt)) {
    number = (number << 6n) | BigInt(byte & 0x3f);
  }
  const code = codes >>> 4;
  const samples =
    code === 1
      ? 192
      : code <= 5
        ? 144 * 2 ** code
        : code === 6
          ? (bytes[sizeAt] ?? 0) + 1
          : code === 7
            ? viewOf(bytes).getUint16(sizeAt) + 1
            : 2 ** code;
  return code === 0 ? undefined : { sample: (second & 1) === 1 ? number : number * blockSamples, samples };
};
