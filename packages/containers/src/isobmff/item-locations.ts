import { type ByteSource, viewOf } from '@aigc-label/core';
import { type Box, u64 } from './box.ts';
import type { BoxEdit } from './edit.ts';
import type { OffsetMap } from './offset-map.ts';
import { damagedTable, fieldEdit, mapped, need, type OffsetTable, readTable, type TableBudget } from './offset-table.ts';

/** A film has a handful of items; even a gallery of ten thousand pictures needs less. */
const MAXIMUM_ILOC_BYTES = 1 << 20;

type Width = 0 | 4 | 8;

/** A stretch of an item's data, as `iloc` gives it. */
export interface ItemExtent {
  /** Where its fields stand in the content of the box. */
  readonly at: number;
  readonly lengthAt: number;
  /** Relative to the item's base. */
  readonly offset: number;
  readonly length: number;
}

/** One item of `iloc`. */
export interface ItemLocation {
  readonly id: number;
  /** 0: offsets of the file; 1: of `idat`; 2: of other items (ISO/IEC 14496-12 §8.11.3). */
  readonly method: number;
  /** 0: this file. */
  readonly dataReference: number;
  /** Where the base offset stands in the content of the box. */
  readonly baseAt: number;
  readonly base: number;
  readonly extents: readonly ItemExtent[];
}

/** An `iloc` with the widths of its fields, in bytes. */
export interface ItemLocations {
  readonly version: number;
  readonly offsetWidth: Width;
  readonly lengthWidth: Width;
  readonly baseWidth: Width;
  readonly indexWidth: Width;
  /** Where the number of items stands in the content of the box. */
  readonly countAt: number;
  readonly countWidth: 2 | 4;
  /** Where the last entry ends, in the content of the box. */
  readonly end: number;
  readonly items: readonly ItemLocation[];
}

/**
 * `iloc`: where items of a `meta` box lie (ISO/IEC 14496-12 §8.11.3). Items in the file itself (construction_method 0, data_reference_index 0) are
 * absolute; those in `idat` or in other items are not, and those in other files are none of ours.
 */
export const itemLocations = async (source: ByteSource, box: Box, parents: readonly Box[], memory: TableBudget): Promise<OffsetTable> => {
  const bytes = await readTable(source, box, { left: Math.min(memory.left, MAXIMUM_ILOC_BYTES) });
  const locations = parseItemLocations(box, bytes);
  const { offsetWidth, baseWidth } = locations;
  const absolute = locations.items.filter(({ method, dataReference }) => method === 0 && dataReference === 0 && offsetWidth + baseWidth > 0);
  return {
    box,
    parents,
    growthBytes: 0,
    overflows: () => false,
    rewrite: (map) => absolute.flatMap((item) => itemMoves(box, parents, locations, item, map)),
  };
};

/** The content of an `iloc`. Throws `LabelError` `FILE_DAMAGED` where it contradicts itself. */
export const parseItemLocations = (box: Box, bytes: Uint8Array): ItemLocations => {
  need(box, bytes, 0, 6);
  const view = viewOf(bytes);
  const version = view.getUint8(0);
  if (version > 2) {
    throw damagedTable(box, `its version ${version} is not known`);
  }
  const width = (nibble: number): Width => {
    if (nibble !== 0 && nibble !== 4 && nibble !== 8) {
      throw damagedTable(box, `a field of ${nibble} bytes is not allowed`);
    }
    return nibble;
  };
  const sizes = view.getUint16(4);
  const offsetWidth = width(sizes >> 12);
  const lengthWidth = width((sizes >> 8) & 15);
  const baseWidth = width((sizes >> 4) & 15);
  const indexWidth = version === 0 ? 0 : width(sizes & 15);
  const idWidth = version === 2 ? 4 : 2;
  need(box, bytes, 6, idWidth);
  const count = idWidth === 4 ? view.getUint32(6) : view.getUint16(6);
  let at = 6 + idWidth;
  const items: ItemLocation[] = [];
  for (let index = 0; index < count; index += 1) {
    const headWidth = idWidth + (version === 0 ? 0 : 2) + 2;
    need(box, bytes, at, headWidth + baseWidth + 2);
    const id = idWidth === 4 ? view.getUint32(at) : view.getUint16(at);
    const method = version === 0 ? 0 : view.getUint16(at + idWidth) & 15;
    const dataReference = view.getUint16(at + headWidth - 2);
    const baseAt = at + headWidth;
    const extentCount = view.getUint16(baseAt + baseWidth);
    const stride = indexWidth + offsetWidth + lengthWidth;
    at = baseAt + baseWidth + 2;
    need(box, bytes, at, extentCount * stride);
    // Without any field an extent says nothing, and 65,535 of them would cost memory for nothing.
    const extents = Array.from({ length: stride === 0 ? Math.min(1, extentCount) : extentCount }, (_, number): ItemExtent => {
      const place = at + number * stride + indexWidth;
      const lengthAt = place + offsetWidth;
      return { at: place, lengthAt, offset: value(bytes, place, offsetWidth), length: value(bytes, lengthAt, lengthWidth) };
    });
    items.push({ id, method, dataReference, baseAt, base: value(bytes, baseAt, baseWidth), extents });
    at += extentCount * stride;
  }
  return { version, offsetWidth, lengthWidth, baseWidth, indexWidth, countAt: 6, countWidth: idWidth, end: at, items };
};

const value = (bytes: Uint8Array, at: number, width: Width): number => (width === 0 ? 0 : width === 8 ? u64(bytes, at) : viewOf(bytes).getUint32(at));

/** The edits that make an item's places point where `map` says. Throws `LabelError` `FORMAT_UNSUPPORTED_FEATURE` where one does not fit its field. */
export const itemMoves = (
  box: Box,
  parents: readonly Box[],
  { offsetWidth, baseWidth }: ItemLocations,
  item: ItemLocation,
  map: OffsetMap,
): readonly BoxEdit[] => {
  const shifts = item.extents.map(({ offset }) => mapped(box, item.base + offset, map) - item.base - offset);
  if (shifts.every((shift) => shift === 0)) {
    return [];
  }
  const common = shifts.every((shift) => shift === shifts[0]) ? shifts[0] : undefined;
  if (common !== undefined && baseWidth > 0 && item.base > 0) {
    return [fieldEdit(box, parents, { at: item.baseAt, width: baseWidth }, item.base + common)];
  }
  return item.extents.flatMap(({ at, offset }, index) => {
    const shift = shifts[index] ?? 0;
    return shift === 0 ? [] : [fieldEdit(box, parents, { at, width: offsetWidth }, offset + shift)];
  });
};
