// The headers of a member whose content is covered as a value (spec/content/text.md §1.3): all but what depends on how it is packed, which is checked instead.
import { concat, damaged, viewOf } from '@aigc-label/core';
import { extraFields, u64le, withoutZip64, ZIP64_FIELD } from './fields.ts';
import { HAS_DESCRIPTOR } from './read-member.ts';
import type { ZipEntry } from './read-zip.ts';

const LOCAL_BYTES = 30;
const RECORD_BYTES = 46;
/** The descriptor, and the options of deflate (APPNOTE §4.4.4). */
const PACKING_FLAGS = 0x000e;

/**
 * The local header and the record of a member with method, sizes, checksum and offset 0 and without what says how it is packed.
 *
 * @throws LabelError `FILE_DAMAGED` where one of these numbers is not what the directory says.
 */
export const headerValues = (entry: ZipEntry, header: Uint8Array, record: Uint8Array): readonly Uint8Array[] => {
  const bad = (): never => {
    throw damaged(entry.name.slice(0, 100), entry.start, 'a number in the headers of the member contradicts the directory');
  };
  const nameEnd = LOCAL_BYTES + viewOf(header).getUint16(26, true);
  const extra = header.subarray(nameEnd);
  const hasDescriptor = (entry.flags & HAS_DESCRIPTOR) !== 0;
  const numbers = [entry.crc, entry.compressedBytes, entry.sizeBytes];
  for (const [index, number] of numbers.entries()) {
    const stated = viewOf(header).getUint32(14 + 4 * index, true);
    const isWide = index > 0 && stated === 0xffffffff && hasZip64(extra);
    if (stated !== number && !isWide && !(hasDescriptor && stated === 0)) {
      bad();
    }
  }
  const recordNameEnd = RECORD_BYTES + viewOf(record).getUint16(28, true);
  const recordExtraEnd = recordNameEnd + viewOf(record).getUint16(30, true);
  const recordExtra = record.subarray(recordNameEnd, recordExtraEnd);
  const known = [entry.sizeBytes, entry.compressedBytes];
  if (!isZip64Known(extra, [...known, ...(hasDescriptor ? [0] : [])]) || !isZip64Known(recordExtra, [...known, entry.start])) {
    bad();
  }
  return [
    neutral(concat(header.subarray(0, nameEnd), withoutZip64(extra)), 6, nameEnd, 28),
    neutral(
      concat(record.subarray(0, recordNameEnd), withoutZip64(recordExtra), record.subarray(recordExtraEnd)),
      8,
      recordNameEnd,
      30,
      recordExtraEnd,
    ),
  ];
};

const hasZip64 = (extra: Uint8Array): boolean => extraFields(extra).some(({ id }) => id === ZIP64_FIELD);

/** Whether the first 64-bit field, which goes when the member is replaced, holds nothing but these numbers, and the number of the first disk. */
const isZip64Known = (extra: Uint8Array, numbers: readonly number[]): boolean => {
  const field = extraFields(extra).find(({ id }) => id === ZIP64_FIELD);
  if (field === undefined) {
    return true;
  }
  let at = field.start;
  for (; at + 8 <= field.end; at += 8) {
    if (!numbers.includes(u64le(extra, at) ?? -1)) {
      return false;
    }
  }
  return extra.subarray(at, field.end).every((byte) => byte === 0);
};

/** `bytes` is ours to change. In a record the comment follows the extra data, whose length tells them apart. */
const neutral = (bytes: Uint8Array, flagsAt: number, nameEnd: number, extraLengthAt: number, extraEnd?: number): Uint8Array => {
  const view = viewOf(bytes);
  view.setUint16(flagsAt, view.getUint16(flagsAt, true) & ~PACKING_FLAGS, true);
  view.setUint16(flagsAt + 2, 0, true);
  bytes.fill(0, flagsAt + 8, flagsAt + 20);
  if (extraEnd === undefined) {
    view.setUint16(extraLengthAt, bytes.length - nameEnd, true);
  } else {
    const commentBytes = view.getUint16(32, true);
    view.setUint16(extraLengthAt, bytes.length - nameEnd - commentBytes, true);
    view.setUint32(42, 0, true);
  }
  return bytes;
};
