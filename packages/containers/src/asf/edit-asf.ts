import { type ByteSource, concat, damaged, type Splice, u32le, viewOf } from '@aigc-label/core';
import type { AsfFile, AsfObject } from './asf-file.ts';
import type { AsfRecord, AsfRecords } from './asf-records.ts';
import { ASF_GUIDS, guidBytes } from './guids.ts';

/** What changes in an ASF file. */
export interface AsfEdit {
  /** Values that go; counts and sizes follow. */
  readonly records?: readonly { readonly list: AsfRecords; readonly remove: readonly AsfRecord[] }[];
  /** Objects of the top level whose content changes. */
  readonly replace?: readonly { readonly object: AsfObject; readonly data: Uint8Array }[];
  /** Objects of the top level that come behind the last one. */
  readonly append?: readonly { readonly guid: string; readonly data: Uint8Array }[];
}

/**
 * The splices of one edit, with the sizes of header and header extension and the size of the file in its File Properties. Nothing else moves with them: packets have
 * numbers, and indexes count from the first packet (ASF 01.20.03 §6).
 *
 * @throws LabelError `FILE_DAMAGED` where a list is broken.
 */
export const editAsf = async (
  source: ByteSource,
  file: AsfFile,
  { records = [], replace = [], append = [] }: AsfEdit,
): Promise<readonly Splice[]> => {
  const splices: Splice[] = [];
  const shrinks = new Map<AsfObject, number>();
  const grow = (object: AsfObject, delta: number): void => {
    shrinks.set(object, (shrinks.get(object) ?? 0) + delta);
  };
  for (const { list, remove } of records.filter((edit) => edit.remove.length > 0)) {
    if (list.brokenAt !== undefined) {
      throw damaged('asf/header', list.brokenAt, 'the values of a list do not fill it');
    }
    const count = list.count - remove.length;
    splices.push({ at: list.object.dataStart, remove: 2, insert: Uint8Array.of(count & 0xff, count >> 8) });
    for (const { start, end } of remove) {
      splices.push({ at: start, remove: end - start, insert: new Uint8Array(0) });
      grow(list.object, start - end);
      grow(file.header, start - end);
      if (file.extension?.children.includes(list.object) === true) {
        grow(file.extension.object, start - end);
      }
    }
  }
  for (const { object, data } of replace) {
    splices.push({ at: object.dataStart, remove: object.end - object.dataStart, insert: data });
    grow(object, data.length - (object.end - object.dataStart));
  }
  for (const [object, delta] of shrinks) {
    if (delta !== 0) {
      splices.push({ at: object.start + 16, remove: 8, insert: u64le(object.end - object.start + delta) });
    }
  }
  const { extension } = file;
  const extensionDelta = extension === undefined ? 0 : (shrinks.get(extension.object) ?? 0);
  if (extension !== undefined && extensionDelta !== 0) {
    splices.push({
      at: extension.object.start + EXTENSION_SIZE_AT,
      remove: 4,
      insert: u32le(extension.object.end - extension.object.start - 46 + extensionDelta),
    });
  }
  splices.push(
    ...append.map(({ guid, data }): Splice => ({ at: file.end, remove: 0, insert: concat(guidBytes(guid), u64le(24 + data.length), data) })),
  );
  return [...splices, ...(await fileSizeSplices(source, file, splices))];
};

/** Behind the start of the header extension: its own header, a GUID and 16 bits; the size of its data in 32 bits. */
const EXTENSION_SIZE_AT = 42;

/** Behind the start of File Properties: the size of the file; flags, of which the first says that the file is a live broadcast, and its size means nothing. */
const FILE_SIZE_AT = 40;
const FLAGS_AT = 88;

const fileSizeSplices = async (source: ByteSource, file: AsfFile, splices: readonly Splice[]): Promise<readonly Splice[]> => {
  const delta = splices.reduce((total, { remove, insert }) => total + insert.length - remove, 0);
  const properties = file.children.find(({ guid, start, end }) => guid === ASF_GUIDS.fileProperties && end - start >= FLAGS_AT + 4);
  if (delta === 0 || properties === undefined) {
    return [];
  }
  const view = viewOf(await source.read(properties.start, FLAGS_AT + 4));
  const sizeBytes = view.getUint32(FILE_SIZE_AT, true) + view.getUint32(FILE_SIZE_AT + 4, true) * 2 ** 32;
  const isBroadcast = (view.getUint32(FLAGS_AT, true) & 1) === 1;
  // Only a size that was right is kept right: any other one says nothing of this file.
  return isBroadcast || (sizeBytes !== file.end && sizeBytes !== source.size)
    ? []
    : [{ at: properties.start + FILE_SIZE_AT, remove: 8, insert: u64le(sizeBytes + delta) }];
};

const u64le = (value: number): Uint8Array => concat(u32le(value % 2 ** 32), u32le(Math.floor(value / 2 ** 32)));
