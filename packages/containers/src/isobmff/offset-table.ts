import { type ByteSource, damaged, LabelError, readBounded, viewOf } from '@aigc-label/core';
import { type Box, contentOf, contentSize, setU64, u64 } from './box.ts';
import type { BoxEdit } from './edit.ts';
import type { OffsetMap } from './offset-map.ts';

/** A structure that holds absolute offsets into the file. */
export interface OffsetTable {
  readonly box: Box;
  readonly parents: readonly Box[];
  /** How much the box grows when its fields are widened; 0 where they cannot be. */
  readonly growthBytes: number;
  /** Whether a moved offset no longer fits its field and widening would help. */
  overflows(map: OffsetMap): boolean;
  /** The edits that make every offset point at the byte it pointed at before. */
  rewrite(map: OffsetMap, isWidened: boolean): readonly BoxEdit[];
}

/** Offset tables of one file, in bytes, that are held in memory: 64 MiB is 16 million chunks. */
export const MAXIMUM_TABLE_BYTES: number = 64 << 20;

/** What all other tables of a file may hold, in bytes: those of a day of two-second fragments need about 5 MiB. */
export const MAXIMUM_FIELD_BYTES: number = 16 << 20;

/** Counts what is held of one file's tables. */
export interface TableBudget {
  left: number;
}

/** The whole content of a table, within the memory that is left. Throws `LabelError` `LIMIT_EXCEEDED` above it. */
export const readTable = async (source: ByteSource, box: Box, memory: TableBudget): Promise<Uint8Array> => {
  const bytes = await readBounded(source, contentOf(box), contentSize(box), memory.left, box.type);
  memory.left -= bytes.length;
  return bytes;
};

/** A `FILE_DAMAGED` error about a table that contradicts itself. */
export const damagedTable = (box: Box, what: string): LabelError => damaged(box.type, box.offset, what);

/** Throws `FILE_DAMAGED` unless `length` bytes are there from `at`. */
export const need = (box: Box, bytes: Uint8Array, at: number, length: number): void => {
  if (at + length > bytes.length) {
    throw damagedTable(box, 'the table is shorter than its count says');
  }
};

/** Where one number stands in a table: `width` bytes at `at` of its content. */
export interface OffsetField {
  readonly at: number;
  readonly width: 4 | 8;
}

/** Numbers at equal distances. */
export interface OffsetFields extends OffsetField {
  readonly count: number;
  /** From one to the next, in bytes. */
  readonly stride: number;
}

/** A table whose fields cannot be widened; it is rewritten in one piece, from its first number to its last. */
export const fixedTable = (box: Box, parents: readonly Box[], bytes: Uint8Array, { at, width, count, stride }: OffsetFields): OffsetTable => ({
  box,
  parents,
  growthBytes: 0,
  overflows: () => false,
  rewrite(map) {
    const insert = bytes.slice(at, count === 0 ? at : at + (count - 1) * stride + width);
    let hasMoved = false;
    for (let index = 0; index < count; index += 1) {
      const before = getField(bytes, { at: at + index * stride, width });
      const after = mapped(box, before, map);
      if (after !== before) {
        hasMoved = true;
        setField(box, insert, { at: index * stride, width }, after);
      }
    }
    return hasMoved ? [{ at: contentOf(box) + at, remove: insert.length, insert, parents: [...parents, box] }] : [];
  },
});

/** The number in a field. */
export const getField = (bytes: Uint8Array, { at, width }: OffsetField): number =>
  width === 8 ? u64(bytes, at) : (bytes[at] ?? 0) * 0x100_0000 + (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0));

/** `map(offset)`; throws `FILE_DAMAGED` for an offset that no file can have. */
export const mapped = (box: Box, offset: number, map: OffsetMap): number => {
  if (!Number.isSafeInteger(offset)) {
    throw damagedTable(box, 'an offset lies beyond any possible file');
  }
  return map(offset);
};

/** Writes a number; throws `FORMAT_UNSUPPORTED_FEATURE` where it does not fit. */
export const setField = (box: Box, bytes: Uint8Array, { at, width }: { readonly at: number; readonly width: number }, value: number): void => {
  if (value < 0 || (width !== 8 && width !== 4) || (width === 4 && value > 0xffff_ffff)) {
    throw fieldTooSmall(box);
  }
  if (width === 8) {
    setU64(bytes, at, value);
  } else {
    viewOf(bytes).setUint32(at, value);
  }
};

/** Replaces one number; throws as `setField` does. */
export const fieldEdit = (
  box: Box,
  parents: readonly Box[],
  { at, width }: { readonly at: number; readonly width: number },
  value: number,
): BoxEdit => {
  const insert = new Uint8Array(width);
  setField(box, insert, { at: 0, width }, value);
  return { at: contentOf(box) + at, remove: width, insert, parents: [...parents, box] };
};

/** The error for an offset that its field cannot hold. */
export const fieldTooSmall = (box: Box): LabelError =>
  new LabelError(
    'FORMAT_UNSUPPORTED_FEATURE',
    `The offsets in ${box.type} at byte ${box.offset} would no longer fit their fields; remux the file with its index (moov) at the end.`,
    { data: { site: box.type, offset: box.offset } },
  );
