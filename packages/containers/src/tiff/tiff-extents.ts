import { type ByteSource, LabelError } from '@aigc-label/core';
import type { Tiff, TiffDirectory } from './read-tiff.ts';
import type { TiffEntry } from './tiff-directory.ts';
import { type TiffHeader, tiffNumber } from './tiff-header.ts';

/** Bytes from `start` up to, not including, `end`. */
export interface TiffExtent {
  readonly start: number;
  readonly end: number;
}

/** Offsets and lengths of pixels: strips, tiles, free space, an old JPEG stream (TIFF 6.0 §8, §15, §22; Exif 3.0 §4.6.6). */
export const TIFF_PIXEL_PAIRS: ReadonlyMap<number, number> = new Map([
  [273, 279],
  [324, 325],
  [288, 289],
  [513, 514],
]);

/** Strips and tiles of one file; a picture of 10^10 pixels in tiles of 256 has 152,000. */
const MAXIMUM_STRETCHES = 4_000_000;
/** Offsets that are read at once. */
const WINDOW_ENTRIES = 8_192;

/**
 * The first thing of the file that lies in one of these stretches, in words; `undefined` where nothing does. Looks at the header, directories, values
 * and pixels, in constant memory.
 *
 * @param stretches do not overlap.
 * @param except values that may lie there.
 * @throws LabelError `LIMIT_EXCEEDED` where there are more strips or tiles than are looked at.
 */
export const occupantOf = async (
  source: ByteSource,
  { header, directories }: Tiff,
  stretches: readonly TiffExtent[],
  except: ReadonlySet<TiffEntry>,
): Promise<string | undefined> => {
  const sorted = stretches.filter(({ start, end }) => end > start).toSorted((a, b) => a.start - b.start);
  const isTouched = (start: number, end: number): boolean => {
    // The last stretch that begins before `end` is the only one that can reach beyond `start`.
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle] as TiffExtent).start < end) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    const last = sorted[low - 1];
    return end > start && last !== undefined && last.end > start;
  };
  if (isTouched(0, header.pointerAt + header.offsetBytes)) {
    return 'the header';
  }
  let left = MAXIMUM_STRETCHES;
  for (const directory of directories) {
    if (isTouched(directory.at, directory.end)) {
      return `directory ${directory.site}`;
    }
    for (const entry of directory.entries) {
      if (!entry.isInline && !except.has(entry) && isTouched(entry.valueAt, entry.valueAt + entry.sizeBytes)) {
        return `the value of tag ${entry.tag} in ${directory.site}`;
      }
    }
    for (const pair of pairsOf(directory)) {
      left -= pair.number;
      if (left < 0) {
        throw new LabelError('LIMIT_EXCEEDED', `The file has more than ${MAXIMUM_STRETCHES} strips and tiles; save it with larger ones.`, {
          data: { site: directory.site, limit: MAXIMUM_STRETCHES },
        });
      }
      if (await hasTouched(source, header, pair, isTouched)) {
        return `pixels of ${directory.site}`;
      }
    }
  }
  return undefined;
};

interface Pair {
  readonly offsets: TiffEntry;
  readonly lengths: TiffEntry;
  readonly number: number;
}

const pairsOf = ({ entries }: TiffDirectory): readonly Pair[] =>
  entries.flatMap((offsets) => {
    const lengthTag = TIFF_PIXEL_PAIRS.get(offsets.tag);
    const lengths = lengthTag === undefined ? undefined : entries.find(({ tag }) => tag === lengthTag);
    return lengths === undefined ? [] : [{ offsets, lengths, number: Math.min(offsets.count, lengths.count) }];
  });

const hasTouched = async (
  source: ByteSource,
  header: TiffHeader,
  { offsets, lengths, number }: Pair,
  isTouched: (start: number, end: number) => boolean,
): Promise<boolean> => {
  for (let from = 0; from < number; from += WINDOW_ENTRIES) {
    const many = Math.min(WINDOW_ENTRIES, number - from);
    const starts = await numbersOf(source, header, offsets, from, many);
    const sizes = await numbersOf(source, header, lengths, from, many);
    if (starts === undefined || sizes === undefined) {
      return false;
    }
    for (let index = 0; index < many; index += 1) {
      const start = starts[index] as number;
      if (isTouched(start, start + (sizes[index] as number))) {
        return true;
      }
    }
  }
  return false;
};

const numbersOf = async (
  source: ByteSource,
  { isLittleEndian }: TiffHeader,
  { count, sizeBytes, valueAt }: TiffEntry,
  from: number,
  many: number,
): Promise<readonly number[] | undefined> => {
  const size = sizeBytes / count;
  if ((size !== 2 && size !== 4 && size !== 8) || valueAt + sizeBytes > source.size) {
    return undefined;
  }
  const bytes = await source.read(valueAt + from * size, many * size);
  return Array.from({ length: many }, (_, index) => tiffNumber(bytes, index * size, size, isLittleEndian));
};
