import { damaged } from '@aigc-label/core';
import { setU64 } from './box.ts';

/** A stretch of the file, in bytes; `end` is exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** Bytes of a normalised place: a kind, and a number of 64 bits. */
export const PLACE_BYTES = 9;

/** What offsets of a file mean once metadata is left out (spec/content/isobmff.md §3). */
export interface ContentPlaces {
  /** The place of a byte: in the media data, or in the rest of the file. */
  write(into: Uint8Array, at: number, offset: number): void;
  /** The place of a boundary between boxes of the top level, by how many boxes stand before it. */
  writeBoundary(into: Uint8Array, at: number, offset: number): void;
}

/** What `contentPlaces` is made of; every list ascending and disjoint. */
export interface PlacesOptions {
  /** Contents of the boxes that hold media data. */
  readonly media: readonly Stretch[];
  readonly carriers: readonly Stretch[];
  /** The boxes of the top level, and whether they count: those that are left out and those that may stand anywhere do not. */
  readonly boxes: readonly { readonly offset: number; readonly isCounted: boolean }[];
  /** Bytes of the file. */
  readonly size: number;
}

const [OUTSIDE, MEDIA, IN_CARRIER, BOUNDARY, BEYOND] = [0, 1, 2, 3, 4];

/** Makes the map of places. The methods throw `LabelError` `FILE_DAMAGED` for an offset that no file can have. */
export const contentPlaces = ({ media, carriers, boxes, size }: PlacesOptions): ContentPlaces => {
  const carrierStarts = carriers.map(({ start }) => start);
  const carrierSums = sums(carriers.map(({ start, end }) => end - start));
  /** Bytes of carriers that end at or before an offset, and whether it lies inside one. */
  const before = (offset: number): { readonly sum: number; readonly isInside: boolean } => {
    const index = lastAtOrBefore(carrierStarts, offset);
    const carrier = carriers[index];
    const isWhole = carrier !== undefined && carrier.end <= offset;
    return { sum: carrierSums[isWhole ? index + 1 : Math.max(index, 0)] ?? 0, isInside: carrier !== undefined && !isWhole && carrier.start < offset };
  };
  const mediaStarts = media.map(({ start }) => start);
  const mediaSums = sums(media.map(({ start, end }) => end - start - (before(end).sum - before(start).sum)));
  const boxStarts = boxes.map(({ offset }) => offset);
  const boxCounts = sums(boxes.map(({ isCounted }) => (isCounted ? 1 : 0)));
  const put = (into: Uint8Array, at: number, kind: number, value: number): void => {
    into[at] = kind;
    setU64(into, at + 1, value);
  };
  const write = (into: Uint8Array, at: number, offset: number): void => {
    if (!Number.isSafeInteger(offset) || offset < 0) {
      throw damaged('file', 0, 'an offset lies beyond any possible file');
    }
    const index = lastAtOrBefore(mediaStarts, offset);
    const one = media[index];
    const { sum, isInside } = before(offset);
    if (isInside) {
      put(into, at, IN_CARRIER, offset - sum);
    } else if (one !== undefined && offset <= one.end) {
      put(into, at, MEDIA, (mediaSums[index] ?? 0) + offset - one.start - (sum - before(one.start).sum));
    } else if (offset > size) {
      put(into, at, BEYOND, offset - size);
    } else {
      put(into, at, OUTSIDE, offset - sum);
    }
  };
  return {
    write,
    writeBoundary(into, at, offset) {
      const index = lastAtOrBefore(boxStarts, offset);
      const isBoundary = boxStarts[index] === offset || offset === size;
      if (isBoundary) {
        put(into, at, BOUNDARY, boxCounts[boxStarts[index] === offset ? index : index + 1] ?? 0);
      } else {
        write(into, at, offset);
      }
    },
  };
};

const sums = (lengths: readonly number[]): readonly number[] => {
  let sum = 0;
  return [0, ...lengths.map((length) => (sum += length))];
};

/** The index of the last number that is not above `value`; -1 where there is none. */
const lastAtOrBefore = (values: readonly number[], value: number): number => {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) <= value) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low - 1;
};
