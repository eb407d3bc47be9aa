import { type ByteSource, concat, damaged, readBounded, viewOf } from '@aigc-label/core';
import { type Box, contentOf, contentSize, u64 } from './box.ts';
import { type ContentPlaces, PLACE_BYTES, type Stretch } from './content-places.ts';
import { u64be } from './content-records.ts';
import { type ItemLocations, parseItemLocations } from './item-locations.ts';
import { need } from './offset-table.ts';

/** Entries of a table that are held at once. */
const WINDOW_ENTRIES = 1 << 13;

/** `iloc` of more bytes is no picture's. */
const MAXIMUM_ILOC_BYTES = 1 << 20;

/** `stco` and `co64` alike: version and flags, the count, and the place of every chunk; what follows the last entry as it stands. */
export async function* chunkPlaces(source: ByteSource, box: Box, places: ContentPlaces): AsyncIterable<Uint8Array | Stretch> {
  yield* fieldPlaces(source, box, 'stco', { countAt: 4, width: box.type === 'co64' ? 8 : 4 }, places);
}

/** `saio` of a sample table: its offsets are those of the file (ISO/IEC 14496-12 §8.7.9). */
export async function* auxiliaryPlaces(source: ByteSource, box: Box, places: ContentPlaces): AsyncIterable<Uint8Array | Stretch> {
  const head = await readBounded(source, contentOf(box), Math.min(4, contentSize(box)), 4, 'saio');
  need(box, head, 0, 4);
  yield* fieldPlaces(source, box, 'saio', { countAt: (head[3] ?? 0) % 2 === 1 ? 12 : 4, width: head[0] === 0 ? 4 : 8 }, places);
}

async function* fieldPlaces(
  source: ByteSource,
  box: Box,
  type: string,
  { countAt, width }: { readonly countAt: number; readonly width: 4 | 8 },
  places: ContentPlaces,
): AsyncIterable<Uint8Array | Stretch> {
  const start = contentOf(box);
  if (contentSize(box) < countAt + 4) {
    throw damaged(box.type, box.offset, 'the table is shorter than its count says');
  }
  const head = await source.read(start, countAt + 4);
  const count = viewOf(head).getUint32(countAt);
  const end = start + head.length + count * width;
  if (end > box.end) {
    throw damaged(box.type, box.offset, 'the table is shorter than its count says');
  }
  yield concat(
    Uint8Array.from(`@${type}`, (character) => character.charCodeAt(0)),
    u64be(box.end - end),
    head,
  );
  for (let index = 0; index < count; index += WINDOW_ENTRIES) {
    const entries = Math.min(WINDOW_ENTRIES, count - index);
    const bytes = await source.read(start + head.length + index * width, entries * width);
    const view = viewOf(bytes);
    const made = new Uint8Array(entries * PLACE_BYTES);
    for (let entry = 0; entry < entries; entry += 1) {
      places.write(made, entry * PLACE_BYTES, width === 8 ? u64(bytes, entry * 8) : view.getUint32(entry * 4));
    }
    yield made;
  }
  yield { start: end, end: box.end };
}

/**
 * `iloc` by what it says, whatever its version and the widths of its fields (§8.11.3): flags, then for every item that is covered its number, method, index of data reference
 * and every extent: index, place, length. Extents in this file are places; those in `idat` or in other items count as they stand, less what is left out of `idat`.
 */
export const itemPlaces = async (source: ByteSource, box: Box, places: ContentPlaces, omitted: OmittedItems): Promise<Uint8Array> => {
  const bytes = await readBounded(source, contentOf(box), contentSize(box), MAXIMUM_ILOC_BYTES, 'iloc');
  const locations = parseItemLocations(box, bytes);
  if (locations.end !== bytes.length) {
    throw damaged('iloc', box.offset, 'bytes follow its last item');
  }
  const items = locations.items.filter(({ id }) => !omitted.ids.has(id));
  return concat(
    Uint8Array.from('@iloc', (character) => character.charCodeAt(0)),
    bytes.slice(1, 4),
    Uint8Array.of(locations.version === 0 ? (bytes[5] ?? 0) & 15 : 0),
    ...items.flatMap((item) => {
      const method = locations.version === 0 ? new Uint8Array(2) : bytes.slice(item.baseAt - 4, item.baseAt - 2);
      const fixed = [u64be(item.id), method, bytes.slice(item.baseAt - 2, item.baseAt), u64be(item.extents.length)];
      return [...fixed, ...item.extents.map((extent) => extentOf(bytes, locations, item, extent, places, omitted))];
    }),
  );
};

/** Items that are left out, and the stretches of `idat` (relative to its content) that are. */
export interface OmittedItems {
  readonly ids: ReadonlySet<number>;
  readonly dataBefore: (offset: number) => number;
}

const extentOf = (
  bytes: Uint8Array,
  { indexWidth }: ItemLocations,
  { method, dataReference, base }: ItemLocations['items'][number],
  { at, offset, length }: ItemLocations['items'][number]['extents'][number],
  places: ContentPlaces,
  { dataBefore }: OmittedItems,
): Uint8Array => {
  const index = indexWidth === 0 ? 0 : indexWidth === 8 ? u64(bytes, at - 8) : viewOf(bytes).getUint32(at - 4);
  const made = new Uint8Array(PLACE_BYTES);
  if (method === 0 && dataReference === 0) {
    places.write(made, 0, base + offset);
  } else {
    made[0] = 0xff;
    made.set(u64be(base + offset - (method === 1 ? dataBefore(base + offset) : 0)), 1);
  }
  return concat(u64be(index), made, u64be(length));
};
