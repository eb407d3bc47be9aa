import { type ByteSource, readBounded, viewOf } from '@aigc-label/core';
import { type Box, contentOf, contentSize } from './box.ts';
import { damagedTable, fixedTable, need, type OffsetTable, readTable, type TableBudget } from './offset-table.ts';

/** `tfhd`: only an explicit base_data_offset is absolute (ISO/IEC 14496-12 §8.8.7); without it everything is relative to the `moof`. */
export const fragmentHeader = async (source: ByteSource, box: Box, parents: readonly Box[], memory: TableBudget): Promise<readonly OffsetTable[]> => {
  const bytes = await readTable(source, box, memory);
  need(box, bytes, 0, 8);
  if ((flagsOf(bytes) & 0x00_0001) === 0) {
    return [];
  }
  need(box, bytes, 8, 8);
  return [fixedTable(box, parents, bytes, { at: 8, width: 8, count: 1, stride: 8 })];
};

/** `tfra`: the absolute offset of the `moof` of every random access point (§8.8.10). */
export const randomAccess = async (source: ByteSource, box: Box, parents: readonly Box[], memory: TableBudget): Promise<OffsetTable> => {
  const bytes = await readTable(source, box, memory);
  need(box, bytes, 0, 16);
  const view = viewOf(bytes);
  const width = bytes[0] === 1 ? 8 : 4;
  const sizes = view.getUint32(8);
  const numbersSize = ((sizes >> 4) & 3) + ((sizes >> 2) & 3) + (sizes & 3) + 3;
  const stride = width * 2 + numbersSize;
  const count = view.getUint32(12);
  need(box, bytes, 16, count * stride);
  return fixedTable(box, parents, bytes, { at: 16 + width, width, count, stride });
};

/** `saio` of a sample table: absolute (§8.7.9); in a fragment it is relative to the fragment's base and must not be given here. */
export const auxiliaryOffsets = async (source: ByteSource, box: Box, parents: readonly Box[], memory: TableBudget): Promise<OffsetTable> => {
  const bytes = await readTable(source, box, memory);
  need(box, bytes, 0, 8);
  const start = (flagsOf(bytes) & 1) === 1 ? 12 : 4;
  need(box, bytes, start, 4);
  const count = viewOf(bytes).getUint32(start);
  const width = bytes[0] === 0 ? 4 : 8;
  need(box, bytes, start + 4, count * width);
  return fixedTable(box, parents, bytes, { at: start + 4, width, count, stride: width });
};

const C2PA_USER_TYPE = 'd8fec3d61b0e483c92975828877ec481';
const MAXIMUM_PURPOSE_BYTES = 64; // "manifest", "original", "update", "merkle"

/** C2PA's `uuid` box: after its purpose stands the absolute offset of the first auxiliary box, 0 where there is none (C2PA 2.x, "Embedding manifests into BMFF"). */
export const contentCredentials = async (source: ByteSource, box: Box): Promise<readonly OffsetTable[]> => {
  if (box.userType !== C2PA_USER_TYPE) {
    return [];
  }
  const bytes = await readBounded(source, contentOf(box), Math.min(contentSize(box), 4 + MAXIMUM_PURPOSE_BYTES + 8), 4096, 'uuid[C2PA]');
  const end = bytes.indexOf(0, 4);
  const purpose = String.fromCharCode(...bytes.subarray(4, Math.max(4, end)));
  if (end < 0 || !['manifest', 'original', 'update'].includes(purpose)) {
    return [];
  }
  if (end + 9 > bytes.length) {
    throw damagedTable(box, 'the box is too short for its auxiliary offset');
  }
  const isUnset = bytes.subarray(end + 1, end + 9).every((byte) => byte === 0);
  return isUnset ? [] : [fixedTable(box, [], bytes, { at: end + 1, width: 8, count: 1, stride: 8 })];
};

const flagsOf = (bytes: Uint8Array): number => viewOf(bytes).getUint32(0) & 0xff_ffff;
