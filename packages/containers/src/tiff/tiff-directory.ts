import type { ByteSource } from '@aigc-label/core';
import { type TiffHeader, tiffNumber } from './tiff-header.ts';

/** One field of a directory (TIFF 6.0 §2). */
export interface TiffEntry {
  /** Offset of the entry in the file, in bytes. */
  readonly at: number;
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  /** Where the value stands, in the entry itself or elsewhere. */
  readonly valueAt: number;
  /** Bytes of the value; 0 where the type is unknown. */
  readonly sizeBytes: number;
  readonly isInline: boolean;
}

/** A directory as it stands in the file. */
export interface TiffTable {
  readonly at: number;
  /** Behind the pointer to the next directory. */
  readonly end: number;
  readonly entries: readonly TiffEntry[];
  /** Offset of the next directory, 0 for none. */
  readonly next: number;
  /** Whether all of it lies inside the file. */
  readonly isComplete: boolean;
}

/** Bytes of one element of each type (TIFF 6.0 §2, supplement 1, BigTIFF; 129 is the UTF-8 of Exif 3.0). */
const ELEMENT_BYTES: ReadonlyMap<number, number> = new Map([
  [1, 1],
  [2, 1],
  [3, 2],
  [4, 4],
  [5, 8],
  [6, 1],
  [7, 1],
  [8, 2],
  [9, 4],
  [10, 8],
  [11, 4],
  [12, 8],
  [13, 4],
  [16, 8],
  [17, 8],
  [18, 8],
  [129, 1],
]);

/** Bytes of an entry. */
export const tiffEntryBytes = ({ isBig }: TiffHeader): 12 | 20 => (isBig ? 20 : 12);

/** Bytes of the number of entries. */
export const tiffCountBytes = ({ isBig }: TiffHeader): 2 | 8 => (isBig ? 8 : 2);

/** What a walk may still read, in bytes. */
export interface TiffBudget {
  bytes: number;
}

/** The directory at an offset; `undefined` where not even its number of entries is inside the file, `'limit'` where the budget does not suffice. */
export const readTiffTable = async (
  source: ByteSource,
  header: TiffHeader,
  at: number,
  budget: TiffBudget,
): Promise<TiffTable | 'limit' | undefined> => {
  const countBytes = tiffCountBytes(header);
  if (at < header.pointerAt + header.offsetBytes || at + countBytes > source.size) {
    return undefined;
  }
  const announced = tiffNumber(await source.read(at, countBytes), 0, countBytes, header.isLittleEndian);
  const entryBytes = tiffEntryBytes(header);
  const present = Math.min(announced, Math.floor((source.size - at - countBytes) / entryBytes));
  const end = at + countBytes + present * entryBytes + header.offsetBytes;
  const isComplete = present === announced && end <= source.size;
  const length = Math.min(source.size, end) - at - countBytes;
  budget.bytes -= countBytes + length;
  if (budget.bytes < 0) {
    return 'limit';
  }
  const bytes = await source.read(at + countBytes, length);
  const entries: TiffEntry[] = [];
  for (let index = 0; index < present; index += 1) {
    entries.push(entryAt(bytes, index * entryBytes, at + countBytes, header));
  }
  const next = isComplete ? tiffNumber(bytes, present * entryBytes, header.offsetBytes, header.isLittleEndian) : 0;
  return { at, end, entries, next, isComplete };
};

const entryAt = (bytes: Uint8Array, position: number, base: number, { isLittleEndian, offsetBytes }: TiffHeader): TiffEntry => {
  const type = tiffNumber(bytes, position + 2, 2, isLittleEndian);
  const count = tiffNumber(bytes, position + 4, offsetBytes, isLittleEndian);
  const sizeBytes = count * (ELEMENT_BYTES.get(type) ?? 0);
  const field = position + 4 + offsetBytes;
  const isInline = sizeBytes <= offsetBytes;
  return {
    at: base + position,
    tag: tiffNumber(bytes, position, 2, isLittleEndian),
    type,
    count,
    valueAt: isInline ? base + field : tiffNumber(bytes, field, offsetBytes, isLittleEndian),
    sizeBytes,
    isInline,
  };
};
