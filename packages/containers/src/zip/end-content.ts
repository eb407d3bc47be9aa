// The records at the end of an archive as the signed content digest covers them (spec/content/text.md §1.5).
import { type ByteSource, type ContentPiece, damaged, viewOf } from '@aigc-label/core';
import { u64le } from './fields.ts';
import type { Zip } from './read-zip.ts';

const END_BYTES = 22;
const SATURATED_16 = 0xffff;
const SATURATED_32 = 0xffffffff;

/**
 * The comment, whatever follows it, and of the 64-bit records what is neither a size nor an offset: those were followed, or are compared.
 *
 * @throws LabelError `FILE_DAMAGED` where a number that is there twice differs.
 */
export const endPieces = async (source: ByteSource, { end, entries }: Zip): Promise<readonly ContentPiece[]> => {
  const record = viewOf(await source.read(end.start, END_BYTES));
  const numbers: readonly (readonly [number, number, number])[] = [
    [record.getUint16(8, true), entries.length, SATURATED_16],
    [record.getUint16(10, true), entries.length, SATURATED_16],
    [record.getUint32(12, true), end.directoryBytes, SATURATED_32],
    [record.getUint32(16, true), end.directoryStart, SATURATED_32],
  ];
  // Without ZIP64 a number that is as large as can be is meant so.
  const isSaturated = numbers.map(([stated, , most]) => end.zip64 !== undefined && stated === most);
  if (numbers.some(([stated, number], index) => stated !== number && isSaturated[index] !== true)) {
    throw damaged('zip/end', end.start, 'the end of the archive contradicts the directory');
  }
  const tail: ContentPiece = { start: end.start + 20, end: source.size };
  const disks: ContentPiece = { start: end.start + 4, end: end.start + 8 };
  if (end.zip64 === undefined) {
    return [disks, tail];
  }
  const { start, locatorStart } = end.zip64;
  if (u64le(await source.read(start + 24, 8), 0) !== entries.length) {
    throw damaged('zip/zip64-end', start, 'the end of the archive contradicts the directory');
  }
  return [
    { start: start + 12, end: start + 24 },
    { start: start + 56, end: locatorStart + 8 },
    { start: locatorStart + 16, end: locatorStart + 20 },
    Uint8Array.from(isSaturated, (flag) => (flag ? 1 : 0)),
    disks,
    tail,
  ];
};
