import { type ByteSource, concat } from '@aigc-label/core';
import { type Box, boxBudget, contentOf, listBoxes } from '../isobmff/box.ts';
import { type BoxContent, boxContent } from '../isobmff/content.ts';
import type { Stretch } from '../isobmff/content-places.ts';
import { CLOSING, type Covered, leaf, leafHead, noBox, opening, u64be } from '../isobmff/content-records.ts';
import { type ContentWalk, coverBox } from '../isobmff/content-walk.ts';
import type { ItemLocations } from '../isobmff/item-locations.ts';
import { metaContentOffset } from '../isobmff/meta.ts';
import { XMP_LIMIT_BYTES } from '../xmp/read-xmp.ts';
import { type Heif, readHeif } from './heif.ts';
import { holdsItems, itemPlace, itemSize, readItem } from './item-data.ts';
import type { ItemInfo } from './item-infos.ts';

/** Items of metadata that are looked into; those beyond it are content. A picture has one of each kind. */
const MAXIMUM_ITEMS = 64;

/** What a reader of metadata says of an item: the values in it that steer rendering, or `undefined` where it is no metadata. */
export type ItemReader = (info: ItemInfo, bytes: Uint8Array) => Promise<string | undefined>;

/** The content of a HEIF file, and what its metadata says of rendering. */
export interface HeifContent {
  readonly content: BoxContent;
  readonly rendering: readonly { readonly type: string; readonly value: string }[];
}

/** An item that is left out. */
interface Omitted {
  readonly info: ItemInfo;
  readonly value: string;
  readonly stretches: readonly Stretch[];
}

/**
 * The content of a HEIF file (spec/content/isobmff.md §5): items of metadata that describe others are left out with their entries in `iinf`, `iref` and `iloc`.
 *
 * @throws LabelError as `boxContent` does, and where the tables of items contradict themselves.
 */
export const heifContent = async (source: ByteSource, readMetadata: ItemReader): Promise<HeifContent> => {
  const heif = await readHeif(source, boxBudget());
  if (heif.fault !== undefined) {
    throw heif.fault;
  }
  const omitted = await omittedItems(source, heif, readMetadata);
  const ids = new Set(omitted.map(({ info }) => info.id));
  const inData = omitted.flatMap(({ stretches }) => stretches);
  const data = heif.idat === undefined ? { start: 0, end: 0 } : { start: contentOf(heif.idat), end: heif.idat.end };
  const dataBefore = (offset: number): number =>
    inData
      .filter(({ start, end }) => start >= data.start && end <= data.end && end <= data.start + offset)
      .reduce((sum, { start, end }) => sum + end - start, 0);
  const content = await boxContent(source, {
    file: heif.file,
    omitted: { ids, dataBefore },
    coverMeta: (walk, meta) => {
      walk.carriers.push(...inData);
      return coverTables(walk, meta, heif, ids, inData);
    },
  });
  return { content, rendering: omitted.map(({ info, value }) => ({ type: info.type, value })) };
};

/** Items of metadata: read as what they say they are, in bytes of their own, and referred to as nothing but descriptions of others. */
const omittedItems = async (source: ByteSource, heif: Heif, readMetadata: ItemReader): Promise<readonly Omitted[]> => {
  const { infos, references, primary } = heif;
  const omitted: Omitted[] = [];
  let left = XMP_LIMIT_BYTES;
  const candidates = infos?.content.items.filter(({ type, contentType }) => type === 'Exif' || (type === 'mime' && contentType !== '')) ?? [];
  for (const info of candidates.slice(0, MAXIMUM_ITEMS)) {
    const place = itemPlace(heif, info.id);
    const isUsed = references?.content.references.some(({ type, from, to }) => to.includes(info.id) || (from === info.id && type !== 'cdsc'));
    if (info.id === primary || isUsed === true || info.isProtected || info.contentEncoding !== '' || 'trouble' in place) {
      continue;
    }
    const stretches = place.stretches.map(({ start, length }) => ({ start, end: start + length }));
    const isShared =
      stretches.some(({ start, end }) => holdsItems(heif, start, end, { except: info.id })) ||
      stretches.toSorted((a, b) => a.start - b.start).some(({ start }, index, all) => index > 0 && (all[index - 1]?.end ?? 0) > start);
    const size = itemSize(place.stretches);
    if (isShared || size > left || omitted.some((one) => one.info.id === info.id)) {
      continue;
    }
    left -= size;
    const value = await readMetadata(info, await readItem(source, place.stretches));
    if (value !== undefined) {
      omitted.push({ info, value, stretches });
    }
  }
  return omitted;
};

const coverTables = async (
  walk: ContentWalk,
  meta: Box,
  { infos, references, locations, idat }: Heif,
  ids: ReadonlySet<number>,
  inData: readonly Stretch[],
): Promise<readonly Covered[]> => {
  const { source, budget, carriers } = walk;
  const start = await metaContentOffset(source, meta);
  const { boxes, rest } = await listBoxes(source, start, meta.end, budget);
  const covered: Covered[] = [opening('meta'), { start: contentOf(meta), end: start }];
  for (const box of boxes) {
    const isOf = (table: { readonly box: Box } | undefined): boolean => table?.box.offset === box.offset;
    if (isOf(infos) && infos !== undefined) {
      covered.push(...(await coverInfos(walk, box, infos.content, ids)));
    } else if (isOf(references) && references !== undefined) {
      covered.push(...(await coverReferences(walk, box, references.content, ids)));
    } else if (isOf(locations) && locations !== undefined) {
      carriers.push(...entriesOf(box, locations.content, ids));
      covered.push({ table: box, kind: 'itemLocations' });
    } else if (idat !== undefined && idat.offset === box.offset) {
      covered.push(...coverData(walk, box, inData));
    } else {
      covered.push(...(await coverBox(walk, box, ['meta'])));
    }
  }
  return [...covered, ...(rest === undefined ? [] : noBox({ start: rest.offset, end: meta.end })), CLOSING];
};

/** `iinf`: its flags, and every entry that is not left out; how many there are is checked where it is read. */
const coverInfos = async (
  { source, budget, carriers }: ContentWalk,
  box: Box,
  { items, countWidth }: NonNullable<Heif['infos']>['content'],
  ids: ReadonlySet<number>,
): Promise<readonly Covered[]> => {
  const start = contentOf(box) + 4;
  const { boxes, rest } = await listBoxes(source, start + countWidth, box.end, budget);
  const covered: Covered[] = [opening('iinf'), { start: start - 3, end: start }];
  let index = 0;
  for (const entry of boxes) {
    const item = entry.type === 'infe' ? items[index] : undefined;
    index += entry.type === 'infe' ? 1 : 0;
    if (item !== undefined && ids.has(item.id)) {
      carriers.push({ start: entry.offset, end: entry.end });
    } else {
      covered.push(...leaf(entry));
    }
  }
  return [...covered, ...(rest === undefined ? [] : noBox({ start: rest.offset, end: box.end })), CLOSING];
};

/** `iref` by what it says, whatever the width of its numbers; it is left out as a whole where it only describes. */
const coverReferences = async (
  { source, budget, carriers }: ContentWalk,
  box: Box,
  { references, idWidth }: NonNullable<Heif['references']>['content'],
  ids: ReadonlySet<number>,
): Promise<readonly Covered[]> => {
  if (references.every(({ from }) => ids.has(from))) {
    carriers.push({ start: box.offset, end: box.end });
    return [];
  }
  const start = contentOf(box) + 4;
  const { boxes, rest } = await listBoxes(source, start, box.end, budget);
  const covered: Covered[] = [opening('iref'), { start: start - 3, end: start }];
  for (const [index, entry] of boxes.entries()) {
    const reference = references[index];
    if (reference === undefined) {
      covered.push(...leaf(entry));
    } else if (ids.has(reference.from)) {
      carriers.push({ start: entry.offset, end: entry.end });
    } else {
      const said = contentOf(entry) + 2 + (reference.to.length + 1) * idWidth;
      const numbers = concat(u64be(reference.from), u64be(reference.to.length), ...reference.to.map(u64be));
      covered.push(leafHead(entry.type, entry.end - said), numbers, { start: said, end: entry.end });
    }
  }
  return [...covered, ...(rest === undefined ? [] : noBox({ start: rest.offset, end: box.end })), CLOSING];
};

/** The bytes of `iloc` that speak of items that are left out. */
const entriesOf = (box: Box, { version, items, end }: ItemLocations, ids: ReadonlySet<number>): readonly Stretch[] => {
  const headBytes = (version === 2 ? 4 : 2) + (version === 0 ? 0 : 2) + 2;
  return items.flatMap(({ id, baseAt }, index) => {
    const next = items[index + 1];
    const stop = next === undefined ? end : next.baseAt - headBytes;
    return ids.has(id) ? [{ start: contentOf(box) + baseAt - headBytes, end: contentOf(box) + stop }] : [];
  });
};

/** `idat` without items that are left out, and without its header where nothing else stands in it. */
const coverData = ({ carriers }: ContentWalk, box: Box, inData: readonly Stretch[]): readonly Covered[] => {
  const inside = inData.filter(({ start, end }) => start >= contentOf(box) && end <= box.end).toSorted((a, b) => a.start - b.start);
  const length = inside.reduce((sum, { start, end }) => sum + end - start, 0);
  if (length === box.end - contentOf(box) && length > 0) {
    carriers.push({ start: box.offset, end: box.end });
    return [];
  }
  const covered: Covered[] = [leafHead('idat', box.end - contentOf(box) - length)];
  let position = contentOf(box);
  for (const { start, end } of inside) {
    covered.push({ start: position, end: start });
    position = end;
  }
  return [...covered, { start: position, end: box.end }];
};
