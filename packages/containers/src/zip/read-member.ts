// APPNOTE.TXT 6.3.10 §4.3.7 to §4.3.9: local header, data and data descriptor of a member.
import { type ByteSource, damaged, LabelError, readBounded, viewOf } from '@aigc-label/core';
import { crc32 } from '../png/crc32.ts';
import { inflateBounded } from '../png/inflate.ts';
import { isNamed, type Zip, type ZipEntry } from './read-zip.ts';

const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** General purpose flags (APPNOTE §4.4.4). */
export const ENCRYPTED = 0x0001;
export const HAS_DESCRIPTOR = 0x0008;
const STRONGLY_ENCRYPTED = 0x0040;
const PATCH = 0x0020;
const MASKED_HEADER = 0x2000;

/** The local header of a member and the stretch of its data, in bytes from the beginning of the file. */
export interface LocalMember {
  /** With name and extra data. */
  readonly header: Uint8Array;
  readonly dataStart: number;
  readonly dataEnd: number;
}

/**
 * What a member holds, unpacked, and checked against its checksum.
 *
 * @param limitBytes the most that it may hold.
 * @throws LabelError `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE` where it is encrypted or compressed in another way, `FILE_DAMAGED` where its headers, sizes or
 * checksum contradict each other.
 */
export const readZipMember = async (source: ByteSource, zip: Zip, entry: ZipEntry, limitBytes: number): Promise<Uint8Array> => {
  const site = siteOf(entry);
  if ((entry.flags & (ENCRYPTED | STRONGLY_ENCRYPTED | MASKED_HEADER | PATCH)) !== 0 || (entry.method !== STORED && entry.method !== DEFLATED)) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `The member ${site} is encrypted, or packed in a way that is not read; save the document without it.`,
      {
        data: { site, method: entry.method, flags: entry.flags },
      },
    );
  }
  if (entry.sizeBytes > limitBytes) {
    throw tooLarge(entry, limitBytes);
  }
  const local = await readLocalMember(source, zip, entry);
  await memberEnd(source, entry, local);
  const { dataStart } = local;
  const packed = await readBounded(source, dataStart, entry.compressedBytes, limitBytes, site);
  // A size that lies gives itself away one byte after it (a bomb says 0).
  const data = entry.method === STORED ? packed : await inflateBounded(packed, entry.sizeBytes, 'deflate-raw');
  if (typeof data === 'string' || data.length !== entry.sizeBytes) {
    throw damaged(site, dataStart, 'the member does not unpack to the size that the directory states');
  }
  if (crc32(data) !== entry.crc) {
    throw damaged(site, dataStart, 'the checksum of the member is wrong');
  }
  return data;
};

/** The local header of a member, which must agree with the directory. @throws LabelError `FILE_DAMAGED` where it does not. */
export const readLocalMember = async (source: ByteSource, zip: Zip, entry: ZipEntry): Promise<LocalMember> => {
  const site = siteOf(entry);
  const bad = (what: string): LabelError => damaged(site, entry.start, what);
  if (entry.start + LOCAL_BYTES > entry.limit) {
    throw bad('the member shares bytes with another one');
  }
  const fixed = viewOf(await source.read(entry.start, LOCAL_BYTES));
  const nameBytes = fixed.getUint16(26, true);
  const dataStart = entry.start + LOCAL_BYTES + nameBytes + fixed.getUint16(28, true);
  const dataEnd = dataStart + entry.compressedBytes;
  if (fixed.getUint32(0, true) !== 0x04034b50 || dataEnd > entry.limit) {
    throw bad('the member does not stand where the directory says');
  }
  const header = await source.read(entry.start, dataStart - entry.start);
  if (!isNamed(zip, entry, header.subarray(LOCAL_BYTES, LOCAL_BYTES + nameBytes))) {
    throw bad('the member has another name than the directory says');
  }
  const flags = fixed.getUint16(6, true);
  const agrees = (at: number, value: number): boolean => [value, 0xffffffff].includes(fixed.getUint32(at, true));
  const hasSizes = (flags & HAS_DESCRIPTOR) !== 0 || (agrees(14, entry.crc) && agrees(18, entry.compressedBytes) && agrees(22, entry.sizeBytes));
  if (flags !== entry.flags || fixed.getUint16(8, true) !== entry.method || !hasSizes) {
    throw bad('the header of the member contradicts the directory');
  }
  return { header, dataStart, dataEnd };
};

/**
 * Where a member ends, its data descriptor included.
 *
 * @throws LabelError `FILE_DAMAGED` where a descriptor is announced and what follows the data is none.
 */
export const memberEnd = async (source: ByteSource, entry: ZipEntry, { dataEnd }: LocalMember): Promise<number> => {
  if ((entry.flags & HAS_DESCRIPTOR) === 0) {
    return dataEnd;
  }
  const after = await source.read(dataEnd, Math.min(24, entry.limit - dataEnd));
  const { compressedBytes, sizeBytes } = entry;
  const isAt = (at: number, width: 4 | 8): boolean => {
    const view = viewOf(after);
    const number = (offset: number): number =>
      width === 4 ? view.getUint32(offset, true) : view.getUint32(offset + 4, true) * 2 ** 32 + view.getUint32(offset, true);
    return (
      at + 4 + width * 2 <= after.length &&
      view.getUint32(at, true) === entry.crc &&
      number(at + 4) === compressedBytes &&
      number(at + 4 + width) === sizeBytes
    );
  };
  const signed = after.length >= 4 && viewOf(after).getUint32(0, true) === 0x08074b50 ? 4 : 0;
  for (const [at, width] of [[signed, 4] as const, [signed, 8] as const, [0, 4] as const, [0, 8] as const]) {
    if (isAt(at, width)) {
      return dataEnd + at + 4 + width * 2;
    }
  }
  throw damaged(siteOf(entry), dataEnd, 'the data descriptor contradicts the directory');
};

const siteOf = ({ name }: ZipEntry): string => name.slice(0, 100);

const tooLarge = (entry: ZipEntry, limitBytes: number): LabelError =>
  new LabelError('LIMIT_EXCEEDED', `The member ${siteOf(entry)} holds ${entry.sizeBytes} bytes; at most ${limitBytes} are read.`, {
    data: { site: siteOf(entry), sizeBytes: entry.sizeBytes, limitBytes },
  });
