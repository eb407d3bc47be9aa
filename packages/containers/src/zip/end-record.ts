// APPNOTE.TXT 6.3.10 §4.3.14 to §4.3.16: the records at the end of a ZIP archive, which say where its central directory stands.
import { type ByteSource, damaged, LabelError, viewOf } from '@aigc-label/core';
import { u64le } from './fields.ts';

const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;

/** The comment of an archive has at most so many bytes (its length is a 16-bit number); as much junk may follow the end and it is still found. */
const MAXIMUM_COMMENT_BYTES = 0xffff;

/** What the end of an archive says. Offsets are in bytes from the beginning of the file. */
export interface ZipEnd {
  /** Where the end of central directory record stands. */
  readonly start: number;
  /** After the comment. */
  readonly end: number;
  /** Set where the archive has the 64-bit records, too. */
  readonly zip64?: { readonly start: number; readonly locatorStart: number };
  readonly entryCount: number;
  readonly directoryStart: number;
  readonly directoryBytes: number;
}

/**
 * Finds the end of a ZIP archive.
 *
 * @throws LabelError `FILE_DAMAGED` where there is none or it contradicts itself, `FORMAT_UNSUPPORTED_FEATURE` where the archive is split over several files.
 */
export const readZipEnd = async (source: ByteSource): Promise<ZipEnd> => {
  const tailStart = Math.max(0, source.size - (END_BYTES + MAXIMUM_COMMENT_BYTES + LOCATOR_BYTES));
  const tail = await source.read(tailStart, source.size - tailStart);
  for (let at = tail.lastIndexOf(0x50, tail.length - END_BYTES); at >= 0; at = at === 0 ? -1 : tail.lastIndexOf(0x50, at - 1)) {
    const end = tail[at + 1] === 0x4b && tail[at + 2] === 5 && tail[at + 3] === 6 ? await endAt(source, tail, at, tailStart) : undefined;
    if (end !== undefined) {
      return end;
    }
  }
  throw damaged('zip/end', source.size, 'the end of the archive, which lists what it holds, is missing');
};

/** `undefined` where what stands there cannot be the end: four bytes of a comment or of compressed data may look like one. */
const endAt = async (source: ByteSource, tail: Uint8Array, at: number, tailStart: number): Promise<ZipEnd | undefined> => {
  const view = viewOf(tail.subarray(at, at + END_BYTES));
  const start = tailStart + at;
  const end = start + END_BYTES + view.getUint16(20, true);
  if (end > source.size) {
    return undefined;
  }
  const locatorAt = at - LOCATOR_BYTES;
  const zip64 =
    locatorAt >= 0 && viewOf(tail).getUint32(locatorAt, true) === 0x07064b50 ? await zip64EndAt(source, tail, locatorAt, tailStart) : undefined;
  const counts = [view.getUint16(8, true), view.getUint16(10, true)];
  const short: ZipEnd = {
    start,
    end,
    entryCount: counts[1] as number,
    directoryBytes: view.getUint32(12, true),
    directoryStart: view.getUint32(16, true),
  };
  const found: ZipEnd = zip64 === undefined ? short : { ...short, ...zip64 };
  if (found.directoryStart + found.directoryBytes > (found.zip64?.start ?? start)) {
    return undefined;
  }
  // With ZIP64 these may be 0xFFFF: see there.
  if (
    [view.getUint16(4, true), view.getUint16(6, true)].some((disk) => disk !== 0 && (disk !== 0xffff || zip64 === undefined)) ||
    counts[0] !== counts[1]
  ) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The archive is split over several files; join them into one and try again.', {
      data: { site: 'zip/end', offset: start },
    });
  }
  return found;
};

const zip64EndAt = async (source: ByteSource, tail: Uint8Array, locatorAt: number, tailStart: number): Promise<Omit<ZipEnd, 'start' | 'end'>> => {
  const locatorStart = tailStart + locatorAt;
  const start = u64le(tail, locatorAt + 8);
  if (start === undefined || start + ZIP64_END_BYTES > locatorStart) {
    throw damaged('zip/zip64-end-locator', locatorStart, 'it points outside the file');
  }
  const record = await source.read(start, ZIP64_END_BYTES);
  const [count, directoryBytes, directoryStart] = [u64le(record, 32), u64le(record, 40), u64le(record, 48)];
  const isWhole = viewOf(record).getUint32(0, true) === 0x06064b50 && (u64le(record, 4) ?? 0) + 12 + start === locatorStart;
  if (!isWhole || count === undefined || directoryBytes === undefined || directoryStart === undefined) {
    throw damaged('zip/zip64-end', start, 'the record contradicts its locator or itself');
  }
  return { zip64: { start, locatorStart }, entryCount: count, directoryBytes, directoryStart };
};
