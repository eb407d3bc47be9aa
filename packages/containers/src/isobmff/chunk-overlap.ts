import { type ByteSource, viewOf } from '@aigc-label/core';
import type { MovieTrack } from './movie.ts';
import { MAXIMUM_TABLE_BYTES, need, readTable } from './offset-table.ts';
import { eachChunk, required } from './sample-table.ts';

/** A stretch of the file, in bytes. */
export interface Extent {
  readonly at: number;
  readonly remove: number;
}

/** Whether bytes from `at` to `end` touch one of the extents, which are in order and apart. */
export const touches = (extents: readonly Extent[], at: number, end: number): boolean => {
  let [low, high] = [0, extents.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const extent = extents[middle];
    if (extent !== undefined && extent.at + extent.remove <= at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  const next = extents[low];
  return next !== undefined && next.at < end && at < next.at + next.remove;
};

/** Whether samples of a track lie in one of the extents. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED` for what its tables say. */
export const trackTouches = async (source: ByteSource, track: MovieTrack, extents: readonly Extent[]): Promise<boolean> => {
  if (track.stbl === undefined || !['stsz', 'stz2'].some((type) => track.table.has(type))) {
    return false;
  }
  const memory = { left: MAXIMUM_TABLE_BYTES };
  const { box } = required(track, 'stsz', 'stz2');
  const bytes = await readTable(source, box, memory);
  need(box, bytes, 0, 12);
  const view = viewOf(bytes);
  const common = box.type === 'stsz' ? view.getUint32(4) : 0;
  const bits = box.type === 'stsz' ? 32 : view.getUint8(7);
  const count = view.getUint32(8);
  if (common === 0) {
    need(box, bytes, 12, Math.ceil((count * bits) / 8));
  }
  const sizeOf = bits === 32 ? (index: number) => view.getUint32(12 + index * 4) : (index: number) => narrowSize(view, bits, index);
  let index = 0;
  let isTouching = false;
  await eachChunk(source, track, memory, ({ offset, samples }) => {
    const last = Math.min(count, index + samples);
    let length = common * (last - index);
    for (; common === 0 && index < last; index += 1) {
      length += sizeOf(index);
    }
    index = last;
    isTouching ||= touches(extents, offset, offset + length);
    return !isTouching && index < count;
  });
  return isTouching;
};

const narrowSize = (view: DataView, bits: number, index: number): number => {
  if (bits === 16) {
    return view.getUint16(12 + index * 2);
  }
  return bits === 8 ? view.getUint8(12 + index) : (view.getUint8(12 + (index >> 1)) >> (index % 2 === 0 ? 4 : 0)) & 15;
};
