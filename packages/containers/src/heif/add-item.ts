import { ascii, concat, LabelError, type Splice, u16be, u32be } from '@aigc-label/core';
import { type Box, contentOf, setU64 } from '../isobmff/box.ts';
import type { BoxEdit } from '../isobmff/edit.ts';
import { boxBytes } from '../isobmff/write.ts';
import type { Heif } from './heif.ts';
import { ITEM_COUNT_AT } from './item-infos.ts';

/** A new item, as edits whose place in the file is settled once everything else is planned. */
export interface NewItem {
  readonly edits: readonly BoxEdit[];
  /** Writes where the data of the item will lie, once the splices of all edits are known. */
  settle(splices: readonly Splice[]): void;
}

/**
 * A `mime` item that describes (`cdsc`) the primary picture (ISO/IEC 23008-12 §6.5 and annex A), its data in an `mdat` box behind `meta`.
 *
 * @throws LabelError `FILE_DAMAGED` where a table is missing, `CARRIER_FULL` where a field cannot hold another number, `FORMAT_UNSUPPORTED_FEATURE` where
 * `iloc` cannot say how long an item is.
 */
export const describingItem = (heif: Heif, contentType: string, data: Uint8Array): NewItem => {
  const { meta, infos, locations, references, primary } = heif;
  if (meta === undefined || infos === undefined || locations === undefined || primary === undefined) {
    throw new LabelError('FILE_DAMAGED', 'The picture does not list its items (meta, iinf, iloc, pitm). Export it again from its source.', {
      data: { site: 'heif/meta' },
    });
  }
  const id = freeIdentifier(heif);
  const { content: place } = locations;
  if (place.lengthWidth === 0 || place.offsetWidth + place.baseWidth === 0) {
    throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'The table iloc has no field for a place or a length; save the picture again.', {
      data: { site: 'heif/iloc', offset: locations.box.offset },
    });
  }
  // The place stands in the extent where there is room for it, or else in the base.
  const base = new Uint8Array(place.baseWidth);
  const offset = new Uint8Array(place.offsetWidth);
  const width = (value: number, bytes: number): Uint8Array => (bytes === 2 ? u16be(value) : u32be(value));
  const entry = concat(
    width(id, place.version === 2 ? 4 : 2),
    place.version === 0 ? new Uint8Array(0) : u16be(0),
    u16be(0),
    base,
    u16be(1),
    new Uint8Array(place.indexWidth),
    offset,
    number(data.length, place.lengthWidth, locations.box),
  );
  const placeWidth = offset.length > 0 ? offset.length : base.length;
  const placeAt = entry.length - place.lengthWidth - offset.length - (offset.length > 0 ? 0 : place.indexWidth + 2 + base.length);
  const inside = (box: Box): readonly Box[] => [meta, box];
  const info = boxBytes(
    'infe',
    u32be(id > 0xffff ? 0x0300_0000 : 0x0200_0000),
    width(id, id > 0xffff ? 4 : 2),
    u16be(0),
    ascii(`mime\0${contentType}\0`),
  );
  const mdat: BoxEdit = { at: meta.end, remove: 0, insert: boxBytes('mdat', data), parents: [] };
  return {
    edits: [
      counted(infos.box, inside(infos.box), ITEM_COUNT_AT, infos.content.countWidth, infos.content.items.length + 1),
      { at: infos.box.end, remove: 0, insert: info, parents: inside(infos.box) },
      counted(locations.box, inside(locations.box), place.countAt, place.countWidth, place.items.length + 1),
      { at: contentOf(locations.box) + place.end, remove: 0, insert: entry, parents: inside(locations.box) },
      referenceEdit(heif, meta, id, primary, references?.content.idWidth ?? (Math.max(id, primary) > 0xffff ? 4 : 2)),
      mdat,
    ],
    settle(splices) {
      const growth = splices
        .filter(({ at, insert }) => at <= meta.end && insert !== mdat.insert)
        .reduce((total, { remove, insert }) => total + insert.length - remove, 0);
      entry.set(number(meta.end + growth + 8, placeWidth, locations.box), placeAt);
    },
  };
};

const referenceEdit = ({ references, metaEnd }: Heif, meta: Box, from: number, to: number, idWidth: 2 | 4): BoxEdit => {
  if (idWidth === 2 && Math.max(from, to) > 0xffff) {
    throw full(references?.box);
  }
  const id = (value: number): Uint8Array => (idWidth === 2 ? u16be(value) : u32be(value));
  const reference = boxBytes('cdsc', id(from), u16be(1), id(to));
  return references === undefined
    ? { at: metaEnd, remove: 0, insert: boxBytes('iref', u32be(idWidth === 2 ? 0 : 0x0100_0000), reference), parents: [meta] }
    : { at: references.box.end, remove: 0, insert: reference, parents: [meta, references.box] };
};

/** One more than the highest number in use: an identifier that was used and given up may still be named by something that is not looked at. */
const freeIdentifier = ({ infos, locations, references, groups, primary }: Heif): number => {
  let highest = primary ?? 0;
  const use = (id: number): void => {
    highest = Math.max(highest, id);
  };
  infos?.content.items.forEach(({ id }) => {
    use(id);
  });
  locations?.content.items.forEach(({ id }) => {
    use(id);
  });
  references?.content.references.forEach(({ from, to }) => {
    use(from);
    to.forEach(use);
  });
  groups.forEach(use);
  const id = highest + 1;
  if (id > (locations?.content.version === 2 ? 0xffff_ffff : 0xffff)) {
    throw full(locations?.box);
  }
  return id;
};

const counted = (box: Box, parents: readonly Box[], at: number, width: 2 | 4, count: number): BoxEdit => {
  if (count > (width === 2 ? 0xffff : 0xffff_ffff)) {
    throw full(box);
  }
  return { at: contentOf(box) + at, remove: width, insert: width === 2 ? u16be(count) : u32be(count), parents };
};

const number = (value: number, width: number, box: Box): Uint8Array => {
  if (width === 4 && value > 0xffff_ffff) {
    throw full(box);
  }
  const bytes = new Uint8Array(8);
  setU64(bytes, 0, value);
  return bytes.subarray(8 - width);
};

const full = (box: Box | undefined): LabelError =>
  new LabelError('CARRIER_FULL', `The table ${box?.type ?? 'iloc'} has no number left for another item; save the picture again.`, {
    data: { site: `heif/${box?.type ?? 'iloc'}`, ...(box === undefined ? {} : { offset: box.offset }) },
  });
