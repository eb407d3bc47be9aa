// Ogg pages: RFC 3533 §6.
import { ascii, type ByteSource, concat, startsWith, u32le, viewOf } from '@aigc-label/core';

/** The fixed part of a page header, in bytes; then follows one byte for each segment. */
export const OGG_HEADER_BYTES: number = 27;

/** The most segments that a page has; a segment has up to 255 bytes. */
export const OGG_MAXIMUM_SEGMENTS: number = 255;

/** The longest page there can be, in bytes. */
export const OGG_MAXIMUM_PAGE_BYTES: number = OGG_HEADER_BYTES + OGG_MAXIMUM_SEGMENTS + OGG_MAXIMUM_SEGMENTS * 255;

/** The longest header, in bytes. */
export const OGG_MAXIMUM_HEADER_BYTES: number = OGG_HEADER_BYTES + OGG_MAXIMUM_SEGMENTS;

/** The first four bytes of a page. */
export const OGG_CAPTURE: Uint8Array = ascii('OggS');

/** A page; offsets are of the file. */
export interface OggPage {
  readonly start: number;
  readonly header: Uint8Array;
  readonly bodyAt: number;
  readonly bodyBytes: number;
  readonly end: number;
  /** Whether its first packet began on an earlier page. */
  readonly isContinued: boolean;
  /** Whether a logical stream begins with it. */
  readonly isFirst: boolean;
  readonly serial: number;
  readonly sequence: number;
  /** The length of each segment; one below 255 ends a packet. */
  readonly lacing: Uint8Array;
}

/** The page whose header stands at `offset` of `bytes`, or `undefined` where there is none of version 0, or not all of its header. */
export const parseOggPage = (bytes: Uint8Array, offset: number, start: number): OggPage | undefined => {
  if (!startsWith(bytes, OGG_CAPTURE, offset) || bytes[offset + 4] !== 0 || offset + OGG_HEADER_BYTES > bytes.length) {
    return undefined;
  }
  const segments = bytes[offset + 26] ?? 0;
  const headerBytes = OGG_HEADER_BYTES + segments;
  if (offset + headerBytes > bytes.length) {
    return undefined;
  }
  const header = bytes.subarray(offset, offset + headerBytes);
  const view = viewOf(header);
  const lacing = header.subarray(OGG_HEADER_BYTES);
  const bodyBytes = lacing.reduce((total, length) => total + length, 0);
  const bodyAt = start + headerBytes;
  const flags = header[5] ?? 0;
  return {
    start,
    header,
    bodyAt,
    bodyBytes,
    end: bodyAt + bodyBytes,
    isContinued: (flags & 1) !== 0,
    isFirst: (flags & 2) !== 0,
    serial: view.getUint32(14, true),
    sequence: view.getUint32(18, true),
    lacing,
  };
};

/** The page that begins at `start`; its body may reach beyond the file. */
export const readOggPage = async (source: ByteSource, start: number): Promise<OggPage | undefined> =>
  parseOggPage(await source.read(start, Math.max(0, Math.min(OGG_MAXIMUM_HEADER_BYTES, source.size - start))), 0, start);

/** Whether the last packet of a page ends on it. */
export const endsWithPacket = ({ lacing }: OggPage): boolean => (lacing.at(-1) ?? 255) < 255;

/** A page header like that of `page`, with other segments; the checksum is 0, as it is while it is computed. */
export const oggHeader = (page: OggPage, lacing: Uint8Array, isContinued: boolean, granule: Uint8Array): Uint8Array => {
  const header = concat(page.header.subarray(0, OGG_HEADER_BYTES), lacing);
  header[5] = ((header[5] ?? 0) & 0xfe) | (isContinued ? 1 : 0);
  header.set(granule, 6);
  header.set(u32le(0), CHECKSUM_AT);
  header[26] = lacing.length;
  return header;
};

/** Where the checksum stands in a header. */
export const CHECKSUM_AT = 22;

/** The checksum of RFC 3533 §6: polynomial 0x04C11DB7, most significant bit first, nothing inverted; `before` is that of what stood in front. */
export const oggChecksum = (bytes: Uint8Array, before = 0): number => {
  let value = before;
  for (const byte of bytes) {
    value = (value << 8) ^ (TABLE[((value >>> 24) ^ byte) & 0xff] as number);
  }
  return value >>> 0;
};

const TABLE: Int32Array = Int32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value < 0 ? (value << 1) ^ 0x04c11db7 : value << 1;
  }
  return value;
});

/** Whether the checksum of a page is right; reads the page. */
export const isOggPageIntact = async (source: ByteSource, page: OggPage): Promise<boolean> => {
  const header = page.header.slice();
  const stored = viewOf(header).getUint32(CHECKSUM_AT, true);
  header.set(u32le(0), CHECKSUM_AT);
  return oggChecksum(await source.read(page.bodyAt, page.bodyBytes), oggChecksum(header)) === stored;
};
