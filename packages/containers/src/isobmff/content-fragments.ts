import { type ByteSource, bytesSource, concat, readBounded, u32At, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes, u64 } from './box.ts';
import { type ContentPlaces, PLACE_BYTES } from './content-places.ts';
import { leafHead, u64be } from './content-records.ts';
import { need } from './offset-table.ts';

/** An index of fragments, segments or random access; honest ones have some KiB, those of a day some MiB. */
const MAXIMUM_INDEX_BYTES = 16 << 20;

/** A copy of a box's content in which offsets are zeroed, and the places that they mean, in their order. */
interface Zeroed {
  readonly bytes: Uint8Array;
  readonly places: Uint8Array[];
}

const held = async (source: ByteSource, box: Box): Promise<Zeroed> => ({
  bytes: (await readBounded(source, contentOf(box), contentSize(box), MAXIMUM_INDEX_BYTES, box.type)).slice(),
  places: [],
});

const indexValue = (box: Box, { bytes, places }: Zeroed): Uint8Array =>
  concat(leafHead(box.type, bytes.length), bytes, u64be(places.length), ...places);

const place = (write: ContentPlaces['write'], offset: number): Uint8Array => {
  const made = new Uint8Array(PLACE_BYTES);
  write(made, 0, offset);
  return made;
};

/**
 * A fragment (`moof`, ISO/IEC 14496-12 §8.8.4): its content as it stands, where base_data_offset of `tfhd`, data_offset of `trun` and the offsets of `saio` are zero, and then
 * where they point. What counts from data that went before, and what lies in the fragment itself, stands as it is.
 */
export const fragmentValue = async (source: ByteSource, moof: Box, places: ContentPlaces, budget: BoxBudget): Promise<Uint8Array> => {
  const zeroed = await held(source, moof);
  const inside = bytesSource(zeroed.bytes);
  let isFirst = true;
  for (const traf of (await listBoxes(inside, 0, inside.size, budget)).boxes) {
    if (traf.type === 'traf') {
      zeroTrack(zeroed, (await listBoxes(inside, contentOf(traf), traf.end, budget)).boxes, moof, isFirst, places);
      isFirst = false;
    }
  }
  return indexValue(moof, zeroed);
};

const zeroTrack = ({ bytes, places: made }: Zeroed, boxes: readonly Box[], moof: Box, isFirst: boolean, places: ContentPlaces): void => {
  const view = viewOf(bytes);
  const header = boxes.find(({ type }) => type === 'tfhd');
  if (header === undefined) {
    return;
  }
  const at = contentOf(header);
  need(header, bytes.subarray(0, header.end), at, 8);
  const flags = view.getUint32(at) & 0xff_ffff;
  let base: number | undefined = (flags & 0x2_0000) !== 0 || isFirst ? moof.offset : undefined;
  if ((flags & 1) !== 0) {
    need(header, bytes.subarray(0, header.end), at + 8, 8);
    base = u64(bytes, at + 8);
    made.push(base === moof.offset ? Uint8Array.of(0xfe) : place(places.write, base));
    bytes.fill(0, at + 8, at + 16);
  }
  if (base === undefined) {
    return;
  }
  for (const box of boxes) {
    const start = contentOf(box);
    if (box.type === 'trun' && contentSize(box) >= 12 && (view.getUint32(start) & 1) !== 0) {
      made.push(place(places.write, base + view.getInt32(start + 8)));
      bytes.fill(0, start + 8, start + 12);
    } else if (box.type === 'saio' && contentSize(box) >= 8) {
      zeroAuxiliary(bytes, made, box, base, moof, places);
    }
  }
};

const zeroAuxiliary = (bytes: Uint8Array, made: Uint8Array[], box: Box, base: number, moof: Box, places: ContentPlaces): void => {
  const start = contentOf(box);
  const width = bytes[start] === 0 ? 4 : 8;
  const countAt = start + ((bytes[start + 3] ?? 0) % 2 === 1 ? 12 : 4);
  const count = u32At(bytes, countAt);
  need(box, bytes.subarray(0, box.end), countAt + 4, count * width);
  for (let index = 0; index < count; index += 1) {
    const at = countAt + 4 + index * width;
    const target = base + (width === 8 ? u64(bytes, at) : u32At(bytes, at));
    const isInside = target >= moof.offset && target < moof.end;
    made.push(isInside ? concat(Uint8Array.of(0xfd), u64be(target - moof.offset)) : place(places.write, target));
    bytes.fill(0, at, at + width);
  }
};

/** `sidx` (§8.16.3): first_offset and the sizes of what is referred to are zeroed; the boundaries that they mean follow. */
export const segmentIndexValue = async (source: ByteSource, box: Box, places: ContentPlaces): Promise<Uint8Array> => {
  const zeroed = await held(source, box);
  const { bytes } = zeroed;
  need(box, bytes, 0, 12);
  const width = bytes[0] === 0 ? 4 : 8;
  const countAt = 12 + width * 2 + 2;
  need(box, bytes, 0, countAt + 2);
  const count = viewOf(bytes).getUint16(countAt);
  need(box, bytes, countAt + 2, count * 12);
  const made = new Uint8Array((count + 1) * PLACE_BYTES);
  let position = box.end + (width === 8 ? u64(bytes, 12 + width) : u32At(bytes, 12 + width));
  places.writeBoundary(made, 0, position);
  bytes.fill(0, 12 + width, 12 + width * 2);
  for (let index = 0; index < count; index += 1) {
    const at = countAt + 2 + index * 12;
    const word = u32At(bytes, at);
    position += word & 0x7fff_ffff;
    places.writeBoundary(made, (index + 1) * PLACE_BYTES, position);
    viewOf(bytes).setUint32(at, word >= 0x8000_0000 ? 0x8000_0000 : 0);
  }
  zeroed.places.push(made);
  return indexValue(box, zeroed);
};

/** `mfra` with its `tfra` (§8.8.10): the offsets of fragments are zeroed; the boundaries that they mean follow. */
export const randomAccessValue = async (source: ByteSource, box: Box, places: ContentPlaces, budget: BoxBudget): Promise<Uint8Array> => {
  const zeroed = await held(source, box);
  const { bytes } = zeroed;
  for (const table of (await listBoxes(bytesSource(bytes), 0, bytes.length, budget)).boxes) {
    if (table.type === 'tfra') {
      const start = contentOf(table);
      need(table, bytes.subarray(0, table.end), start, 16);
      const width = bytes[start] === 1 ? 8 : 4;
      const sizes = u32At(bytes, start + 8);
      const stride = width * 2 + ((sizes >> 4) & 3) + ((sizes >> 2) & 3) + (sizes & 3) + 3;
      const count = u32At(bytes, start + 12);
      need(table, bytes.subarray(0, table.end), start + 16, count * stride);
      const made = new Uint8Array(count * PLACE_BYTES);
      for (let index = 0; index < count; index += 1) {
        const at = start + 16 + index * stride + width;
        places.writeBoundary(made, index * PLACE_BYTES, width === 8 ? u64(bytes, at) : u32At(bytes, at));
        bytes.fill(0, at, at + width);
      }
      zeroed.places.push(made);
    }
  }
  return indexValue(box, zeroed);
};
