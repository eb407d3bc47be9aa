// Where pixels lie in a TIFF file: strips, tiles, free space, an old JPEG stream (TIFF 6.0 §8, §15, §22).
import { TIFF_PIXEL_PAIRS, type TiffDirectory, type TiffEntry, type TiffHeader, tiffNumber } from '@aigc-label/containers';
import { type ByteRange, type ByteSource, damaged, LabelError } from '@aigc-label/core';

/** Offsets that are read at once. */
const WINDOW_ENTRIES = 8_192;
/** Strips may lie upon each other; so many times the file's size are read, and no more. */
const MAXIMUM_TIMES = 4;

/** Offsets and lengths of one picture. */
export interface PixelTable {
  readonly offsets: TiffEntry;
  readonly lengths: TiffEntry;
}

/** The tables of a directory whose offsets can be followed; others are values like any other. */
export const pixelTables = (source: ByteSource, { entries }: TiffDirectory): readonly PixelTable[] =>
  entries.flatMap((offsets) => {
    const lengthTag = TIFF_PIXEL_PAIRS.get(offsets.tag);
    const pair = lengthTag === undefined ? [] : entries.filter(({ tag }) => tag === lengthTag);
    const [lengths] = pair;
    const isSound =
      lengths !== undefined &&
      pair.length === 1 &&
      entries.filter(({ tag }) => tag === offsets.tag).length === 1 &&
      offsets.count === lengths.count &&
      [offsets, lengths].every(
        ({ type, count, valueAt, sizeBytes }) => [3, 4, 13, 16, 18].includes(type) && count > 0 && valueAt + sizeBytes <= source.size,
      );
    return isSound ? [{ offsets, lengths }] : [];
  });

/**
 * The stretches of some tables in their order.
 *
 * @throws LabelError `FILE_DAMAGED` where one leaves the file, `LIMIT_EXCEEDED` where they are many times as long as the file.
 */
export async function* pixelStretches(source: ByteSource, header: TiffHeader, tables: readonly PixelTable[]): AsyncIterable<ByteRange> {
  let left = source.size * MAXIMUM_TIMES;
  for (const { offsets, lengths } of tables) {
    for (let from = 0; from < offsets.count; from += WINDOW_ENTRIES) {
      const many = Math.min(WINDOW_ENTRIES, offsets.count - from);
      const [starts, sizes] = [await numbersOf(source, header, offsets, from, many), await numbersOf(source, header, lengths, from, many)];
      for (let index = 0; index < many; index += 1) {
        const [start, size] = [starts[index] as number, sizes[index] as number];
        if (size > 0 && start + size > source.size) {
          throw damaged('tiff', offsets.at, 'pixels are announced beyond the end of the file');
        }
        left -= size;
        if (left < 0) {
          throw new LabelError('LIMIT_EXCEEDED', 'The strips and tiles of the file lie upon each other; save it again.', { data: { site: 'tiff' } });
        }
        if (size > 0) {
          yield { start, end: start + size };
        }
      }
    }
  }
}

const numbersOf = async (
  source: ByteSource,
  { isLittleEndian }: TiffHeader,
  { count, sizeBytes, valueAt }: TiffEntry,
  from: number,
  many: number,
): Promise<readonly number[]> => {
  const size = (sizeBytes / count) as 2 | 4 | 8;
  const bytes = await source.read(valueAt + from * size, many * size);
  return Array.from({ length: many }, (_, index) => tiffNumber(bytes, index * size, size, isLittleEndian));
};
