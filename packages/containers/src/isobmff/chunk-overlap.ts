import type { ByteSource } from '@aigc-label/core';
import type { MovieTrack } from './movie.ts';
import { MAXIMUM_TABLE_BYTES } from './offset-table.ts';
import { eachChunk, readSizeTable } from './sample-table.ts';

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
  const { count, common, sizeOf } = await readSizeTable(source, track, memory);
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
