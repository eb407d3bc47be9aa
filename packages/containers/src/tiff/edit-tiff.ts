import { type ByteSource, concat, damaged, LabelError, type Splice } from '@aigc-label/core';
import type { Tiff } from './read-tiff.ts';
import { type TiffEntry, tiffCountBytes, tiffEntryBytes } from './tiff-directory.ts';
import { encodeTiffNumber } from './tiff-header.ts';

/** The number of entries has two bytes, in BigTIFF eight; no reader expects more. */
const MAXIMUM_ENTRIES = 0xffff;

/** A value that comes to the end of a file. */
export interface TiffAddition {
  readonly tag: number;
  readonly type: number;
  readonly data: Uint8Array;
}

/** What adding an entry to IFD0 takes. */
export interface TiffAdded {
  readonly pointer: Splice;
  /** IFD0 and the value, for the offset that was given; begins with a byte of padding where that is odd. */
  readonly appended: Uint8Array;
}

/**
 * Gives IFD0 an entry more, with its value behind everything else. Nothing that stands moves, because maker notes and raw data hold offsets that
 * nobody can follow: IFD0 itself is written anew at the end, and the header points to it.
 *
 * @param at where to append, in bytes: the end of the file, or of what belongs to the TIFF.
 * @throws LabelError `FILE_DAMAGED` without IFD0, `CARRIER_FULL` beyond the 4 GiB of classic TIFF, or the 65,535 entries of a directory.
 */
export const addTiffEntry = async (
  source: ByteSource,
  { header, directories }: Tiff,
  { tag, type, data }: TiffAddition,
  at: number,
): Promise<TiffAdded> => {
  const { isLittleEndian, offsetBytes, pointerAt } = header;
  const number = (value: number, size: 2 | 4 | 8): Uint8Array => encodeTiffNumber(value, size, isLittleEndian);
  const [first] = directories;
  if (first === undefined || !first.isComplete) {
    throw damaged('tiff/ifd0', header.first, 'the first directory does not lie inside the file');
  }
  const [countBytes, entryBytes] = [tiffCountBytes(header), tiffEntryBytes(header)];
  const old = await source.read(first.at + countBytes, first.end - first.at - countBytes);
  const count = first.entries.length + 1;
  if (count > MAXIMUM_ENTRIES) {
    throw new LabelError('CARRIER_FULL', 'The first directory of the file is full; save it again without private fields.', {
      data: { site: 'tiff/ifd0', entries: first.entries.length },
    });
  }
  const padding = at % 2;
  const newAt = at + padding;
  const valueAt = newAt + countBytes + count * entryBytes + offsetBytes;
  refuseBeyond(valueAt + data.length, offsetBytes);
  // Entries stand in ascending order (TIFF 6.0 §2).
  const position = first.entries.findIndex((entry) => entry.tag > tag);
  const before = (position < 0 ? first.entries.length : position) * entryBytes;
  const entry = concat(number(tag, 2), number(type, 2), number(data.length, offsetBytes), number(valueAt, offsetBytes));
  const table = concat(number(count, countBytes), old.subarray(0, before), entry, old.subarray(before));
  return {
    pointer: { at: pointerAt, remove: offsetBytes, insert: number(newAt, offsetBytes) },
    appended: concat(new Uint8Array(padding), table, data),
  };
};

/** What an entry points to. */
export interface TiffTarget {
  /** Of elements with one byte. */
  readonly type: number;
  /** Of bytes; more than an entry holds itself. */
  readonly count: number;
  readonly valueAt: number;
}

/** The splice that points an entry to another value. Throws `LabelError` `CARRIER_FULL` beyond the 4 GiB of classic TIFF. */
export const repointTiffEntry = ({ header }: Tiff, entry: TiffEntry, { type, count, valueAt }: TiffTarget): Splice => {
  const { isLittleEndian, offsetBytes } = header;
  refuseBeyond(valueAt + count, offsetBytes);
  const insert = concat(
    encodeTiffNumber(type, 2, isLittleEndian),
    encodeTiffNumber(count, offsetBytes, isLittleEndian),
    encodeTiffNumber(valueAt, offsetBytes, isLittleEndian),
  );
  return { at: entry.at + 2, remove: insert.length, insert };
};

const refuseBeyond = (end: number, offsetBytes: 4 | 8): void => {
  if (offsetBytes === 4 && end > 0xffffffff) {
    throw new LabelError('CARRIER_FULL', 'A TIFF of almost 4 GiB has no room for more; save it as BigTIFF.', { data: { end } });
  }
};
