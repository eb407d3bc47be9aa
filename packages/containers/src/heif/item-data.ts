import { type ByteSource, concat, type Splice } from '@aigc-label/core';
import { type Box, contentOf } from '../isobmff/box.ts';
import type { BoxEdit } from '../isobmff/edit.ts';
import { type ItemExtent, type ItemLocation, itemMoves } from '../isobmff/item-locations.ts';
import { fieldEdit } from '../isobmff/offset-table.ts';
import type { Heif } from './heif.ts';

/** Real metadata lies in one piece; more pieces than this were made to keep us busy. */
const MAXIMUM_EXTENTS = 64;

/** A stretch of the file that holds (a part of) an item. */
export interface ItemStretch {
  readonly start: number;
  readonly length: number;
  readonly extent: ItemExtent;
  /** Every box around it, outermost first: `mdat`, or `meta` and `idat`. */
  readonly parents: readonly Box[];
}

/** Where an item lies, or why that cannot be said. */
export type ItemPlace = { readonly location: ItemLocation; readonly stretches: readonly ItemStretch[] } | { readonly trouble: string };

/** Finds the bytes of an item. */
export const itemPlace = (heif: Heif, id: number): ItemPlace => {
  const [location, second] = heif.locations?.content.items.filter((item) => item.id === id) ?? [];
  if (location === undefined || second !== undefined) {
    return { trouble: location === undefined ? 'iloc does not say where it lies' : 'iloc says twice where it lies' };
  }
  if (location.dataReference !== 0) {
    return { trouble: 'it lies in another file' };
  }
  if (location.method > 1 || (location.method === 1 && heif.idat === undefined)) {
    return { trouble: location.method === 1 ? 'it lies in idat, which is missing' : `its construction_method is ${location.method}` };
  }
  if (location.extents.length === 0 || location.extents.length > MAXIMUM_EXTENTS) {
    return { trouble: `it lies in ${location.extents.length} pieces` };
  }
  const stretches: ItemStretch[] = [];
  for (const extent of location.extents) {
    const stretch = stretchOf(heif, location, extent);
    if (stretch === undefined) {
      return { trouble: 'it does not lie inside an mdat or idat box' };
    }
    stretches.push(stretch);
  }
  return { location, stretches };
};

const stretchOf = ({ file, idat, meta }: Heif, { method, base }: ItemLocation, extent: ItemExtent): ItemStretch | undefined => {
  const { length } = extent;
  if (length === 0) {
    return undefined;
  }
  if (method === 1 && idat !== undefined && meta !== undefined) {
    const start = contentOf(idat) + base + extent.offset;
    return start + length <= idat.end ? { start, length, extent, parents: [meta, idat] } : undefined;
  }
  const start = base + extent.offset;
  const box = boxAround(file.boxes, start);
  return box?.type === 'mdat' && contentOf(box) <= start && start + length <= box.end ? { start, length, extent, parents: [box] } : undefined;
};

/** Boxes may be a hundred thousand, and each piece of an item asks: so by halves. */
const boxAround = (boxes: readonly Box[], offset: number): Box | undefined => {
  let low = 0;
  let high = boxes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((boxes[middle]?.end ?? 0) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return boxes[low];
};

/** The bytes of an item in one piece. */
export const readItem = async (source: ByteSource, stretches: readonly ItemStretch[]): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for (const { start, length } of stretches) {
    parts.push(await source.read(start, length));
  }
  return parts.length === 1 && parts[0] !== undefined ? parts[0] : concat(...parts);
};

/** How many bytes an item has. */
export const itemSize = (stretches: readonly ItemStretch[]): number => stretches.reduce((total, { length }) => total + length, 0);

/** Which items `holdsItems` asks about. */
export interface ItemsAsked {
  /** The item that is no answer. */
  readonly except?: number;
  /** 0: data of the file, 1: data of `idat`. Both where it is not given. */
  readonly methods?: readonly number[];
}

/** Whether data of any item lies between two offsets of the file. */
export const holdsItems = ({ locations, idat }: Heif, start: number, end: number, { except, methods = [0, 1] }: ItemsAsked = {}): boolean =>
  locations?.content.items.some(({ id, method, dataReference, base, extents }) => {
    if (id === except || dataReference !== 0 || !methods.includes(method)) {
      return false;
    }
    const from = method === 1 ? base + (idat === undefined ? 0 : contentOf(idat)) : base;
    // A length of 0 is the whole file (ISO/IEC 14496-12 §8.11.3), or nothing: it is no reason to refuse.
    return extents.some(({ offset, length }) => length > 0 && from + offset < end && from + offset + length > start);
  }) === true;

/**
 * What `iloc` must say after an edit inside the data of an item: its new length and, in `idat`, where the data behind it begins. Where the data of the file
 * begins is followed by `planBoxEdits`.
 *
 * @throws LabelError `FORMAT_UNSUPPORTED_FEATURE` where a number does not fit its field.
 */
export const itemLengthEdits = (heif: Heif, id: number, { at, remove, insert }: Splice): readonly BoxEdit[] => {
  const { locations, idat, meta } = heif;
  const place = itemPlace(heif, id);
  const growth = insert.length - remove;
  if (locations === undefined || meta === undefined || 'trouble' in place || place.stretches[0] === undefined || growth === 0) {
    return [];
  }
  const { box, content } = locations;
  const [{ extent }] = place.stretches;
  const length = fieldEdit(box, [meta], { at: extent.lengthAt, width: content.lengthWidth }, extent.length + growth);
  if (place.location.method !== 1 || idat === undefined) {
    return [length];
  }
  const edited = at - contentOf(idat);
  const map = (offset: number): number => (offset > edited ? offset + growth : offset);
  const moved = content.items.filter(({ method, dataReference }) => method === 1 && dataReference === 0);
  return [length, ...moved.flatMap((item) => itemMoves(box, [meta], content, item, map))];
};
