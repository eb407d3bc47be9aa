import { viewOf } from '@aigc-label/core';
import { checksumShift } from '../shifted-checksum.ts';
import { CHECKSUM_AT, OGG_HEADER_BYTES, type OggPage, oggChecksum } from './page.ts';

/**
 * The header of a page as it would be with another serial and page number, both taken modulo 2^32: its checksum follows by what differs, so that the body need not be read, and one that was
 * wrong is wrong still.
 */
export const normalOggHeader = (page: OggPage, serial: number, sequence: number): Uint8Array => {
  const header = page.header.slice();
  const view = viewOf(header);
  view.setUint32(14, serial >>> 0, true);
  view.setUint32(18, sequence >>> 0, true);
  const difference = header.subarray(0, OGG_HEADER_BYTES).map((byte, index) => byte ^ (page.header[index] ?? 0));
  const follows = page.end - page.start - OGG_HEADER_BYTES;
  view.setUint32(CHECKSUM_AT, (view.getUint32(CHECKSUM_AT, true) ^ shifted(oggChecksum(difference), follows)) >>> 0, true);
  return header;
};

const shifted: (value: number, zeroBytes: number) => number = checksumShift((value) => oggChecksum(Uint8Array.of(0), value), 32);
