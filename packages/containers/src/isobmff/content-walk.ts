import { type ByteSource, LabelError } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes } from './box.ts';
import { isPadding, isUserData, isZero, keptMetadata } from './content-carriers.ts';
import { isMetadataBox, type PacketBudget } from './content-packets.ts';
import type { Stretch } from './content-places.ts';
import { type Covered, leaf, leafWithout, noBox, record } from './content-records.ts';
import { coverSampleDescriptions } from './content-sample-entry.ts';
import { metaContentOffset } from './meta.ts';

/** What is gathered on the way through boxes. */
export interface ContentWalk {
  readonly source: ByteSource;
  readonly budget: BoxBudget;
  readonly packets: PacketBudget;
  readonly carriers: Stretch[];
}

/** Boxes that are opened, since metadata or offsets of the file may stand in them. */
const CONTAINERS: ReadonlySet<string> = new Set('moov trak mdia minf stbl'.split(' '));

/** The standard nests six of them. */
const MAXIMUM_DEPTH = 12;

/** Boxes in which user data and lists of metadata belong. */
const HOLDERS: ReadonlySet<string> = new Set(['moov', 'trak', 'udta']);

/** Headers with times, and the box that each stands in. */
const HEADERS: Readonly<Record<string, string>> = { mvhd: 'moov', tkhd: 'trak', mdhd: 'mdia' };

/** What is covered of a box in boxes of the types `path`; metadata goes to the carriers. */
export const coverBox = async (walk: ContentWalk, box: Box, path: readonly string[]): Promise<readonly Covered[]> => {
  const { source, budget, carriers } = walk;
  const parent = path.at(-1) ?? '';
  if (path.length > MAXIMUM_DEPTH) {
    throw new LabelError('LIMIT_EXCEEDED', `Boxes nest more than ${MAXIMUM_DEPTH} deep at byte ${box.offset}; remux the file.`, {
      data: { site: box.type, offset: box.offset, limit: MAXIMUM_DEPTH },
    });
  }
  if ((await isPadding(source, box)) || (HOLDERS.has(parent) && (await isMetadataBox(source, box, budget, walk.packets)))) {
    carriers.push({ start: box.offset, end: box.end });
    return [];
  }
  if (box.type === 'udta' && (parent === 'moov' || parent === 'trak')) {
    return coverUserData(walk, box, path);
  }
  if (box.type === 'meta' && HOLDERS.has(parent)) {
    return coverMeta(walk, box, path);
  }
  if (HEADERS[box.type] === parent && contentSize(box) >= 20) {
    return coverHeader(walk, box);
  }
  if (box.type === 'stsd' && parent === 'stbl') {
    return coverSampleDescriptions(source, box, budget, carriers);
  }
  if (CONTAINERS.has(box.type)) {
    return record(box.type, await coverInside(walk, box, contentOf(box), path));
  }
  return box.type === 'stco' || box.type === 'co64'
    ? [{ table: box, kind: 'chunkOffsets' }]
    : box.type === 'saio' && parent === 'stbl'
      ? [{ table: box, kind: 'auxiliaryOffsets' }]
      : leaf(box);
};

/** What is covered of the boxes in a box, and of what is none. */
export const coverInside = async (walk: ContentWalk, box: Box, start: number, path: readonly string[]): Promise<readonly Covered[]> => {
  const { boxes, rest } = await listBoxes(walk.source, start, box.end, walk.budget);
  const covered: Covered[] = [];
  for (const child of boxes) {
    covered.push(...(await coverBox(walk, child, [...path, box.type])));
  }
  return rest === undefined ? covered : [...covered, ...noBox({ start: rest.offset, end: box.end })];
};

/** `udta` itself says nothing; where all of it is left out, so is its header. The 32-bit zero with which QuickTime ends it goes with it. */
const coverUserData = async (walk: ContentWalk, box: Box, path: readonly string[]): Promise<readonly Covered[]> => {
  const { source, budget } = walk;
  const { boxes, rest } = await listBoxes(source, contentOf(box), box.end, budget);
  const own: ContentWalk = { ...walk, carriers: [] };
  const covered: Covered[] = [];
  for (const child of boxes) {
    if (await isUserData(source, child)) {
      own.carriers.push({ start: child.offset, end: child.end });
    } else {
      covered.push(...(await coverBox(own, child, [...path, 'udta'])));
    }
  }
  if (rest !== undefined && rest.length <= 8 && (await isZero(source, rest.offset, box.end))) {
    own.carriers.push({ start: rest.offset, end: box.end });
  } else if (rest !== undefined) {
    covered.push(...noBox({ start: rest.offset, end: box.end }));
  }
  walk.carriers.push(...(covered.length === 0 ? [{ start: box.offset, end: box.end }] : own.carriers));
  return covered.length === 0 ? [] : record('udta', covered);
};

/** A list of metadata is left out but for what is kept; any other `meta` is covered, its table of places normalised. */
const coverMeta = async (walk: ContentWalk, box: Box, path: readonly string[]): Promise<readonly Covered[]> => {
  const kept = await keptMetadata(walk.source, box, walk.budget);
  if (kept === undefined) {
    return coverItems(walk, box, path);
  }
  const stretches = [...kept.boxes.map(({ offset, end }) => ({ start: offset, end })), ...kept.rests].toSorted((a, b) => a.start - b.start);
  let position = box.offset;
  for (const { start, end } of stretches) {
    walk.carriers.push({ start: position, end: start });
    position = end;
  }
  walk.carriers.push({ start: position, end: box.end });
  return stretches.length === 0 ? [] : record('ilst', [...kept.boxes.flatMap(coverPlain), ...kept.rests.flatMap(noBox)]);
};

/** A box as it stands; a table of places by what it means. */
const coverPlain = (box: Box): readonly Covered[] => (box.type === 'iloc' ? [{ table: box, kind: 'itemLocations' }] : leaf(box));

/** A `meta` of items (ISO/IEC 14496-12 §8.11): everything as it stands but the places in `iloc`. */
export const coverItems = async (walk: ContentWalk, box: Box, path: readonly string[]): Promise<readonly Covered[]> => {
  const { source, budget } = walk;
  const start = await metaContentOffset(source, box);
  const { boxes, rest } = await listBoxes(source, start, box.end, budget);
  const covered: Covered[] = [{ start: contentOf(box), end: start }];
  for (const child of boxes) {
    covered.push(...(child.type === 'iloc' ? coverPlain(child) : await coverBox(walk, child, [...path, 'items'])));
  }
  return record('meta', rest === undefined ? covered : [...covered, ...noBox({ start: rest.offset, end: box.end })]);
};

/** `mvhd`, `tkhd`, `mdhd`: when something was made and changed is left out. */
const coverHeader = async ({ source, carriers }: ContentWalk, box: Box): Promise<readonly Covered[]> => {
  const [version] = await source.read(contentOf(box), 1);
  const start = contentOf(box) + 4;
  const times = { start, end: start + (version === 1 ? 16 : 8) };
  carriers.push(times);
  return leafWithout(box, times);
};
