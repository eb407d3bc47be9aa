// Where a movie says how long it is: ISO/IEC 14496-12 §8.2.2 (mvhd), §8.3.2 (tkhd), §8.4.2 (mdhd), §8.6.6 (elst).
import { type ByteSource, damaged, LabelError, readBounded, viewOf } from '@aigc-label/core';
import { type Box, type BoxBudget, contentOf, contentSize, listBoxes, setU64, u64 } from './box.ts';
import type { BoxEdit } from './edit.ts';
import type { NestedBox } from './movie.ts';

/** Edits of one track: a handful, in films that were cut without being encoded. */
const MAXIMUM_LIST_BYTES = 1 << 20;

/** A stretch of a track's media that is shown, or a pause. */
export interface MediaEdit {
  /** In ticks of the movie; 0 is until the end. */
  readonly duration: number;
  /** In ticks of the track; −1 is a pause. */
  readonly mediaTime: number;
}

/** The box under others, by its path; `undefined` where there is none. */
export const descend = async (source: ByteSource, place: NestedBox, path: readonly string[], budget: BoxBudget): Promise<NestedBox | undefined> => {
  let found: NestedBox | undefined = place;
  for (const type of path) {
    if (found === undefined) {
      return undefined;
    }
    const { box, parents }: NestedBox = found;
    const child: Box | undefined = (await listBoxes(source, contentOf(box), box.end, budget)).boxes.find((one) => one.type === type);
    found = child === undefined ? undefined : { box: child, parents: [...parents, box] };
  }
  return found;
};

/** The edits of a track; none where all of it is shown. */
export const readEditList = async (source: ByteSource, place: NestedBox | undefined): Promise<readonly MediaEdit[]> => {
  if (place === undefined) {
    return [];
  }
  const { bytes, width, count } = await listContent(source, place);
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * (2 * width + 4);
    const view = viewOf(bytes);
    return width === 8
      ? { duration: u64(bytes, at), mediaTime: Number(view.getBigInt64(at + 8)) }
      : { duration: view.getUint32(at), mediaTime: view.getInt32(at + 4) };
  });
};

const listContent = async (
  source: ByteSource,
  { box }: NestedBox,
): Promise<{ readonly bytes: Uint8Array; readonly width: 4 | 8; readonly count: number }> => {
  const bytes = await readBounded(source, contentOf(box), contentSize(box), MAXIMUM_LIST_BYTES, box.type);
  const width = bytes[0] === 1 ? 8 : 4;
  const count = bytes.length < 8 ? 0 : Math.min(viewOf(bytes).getUint32(4), Math.floor((bytes.length - 8) / (2 * width + 4)));
  return { bytes, width, count };
};

/** The same list with other numbers in it. */
export const editListEdit = async (source: ByteSource, place: NestedBox, edits: readonly MediaEdit[]): Promise<BoxEdit> => {
  const { bytes, width } = await listContent(source, place);
  const insert = bytes.slice();
  const view = viewOf(insert);
  for (const [index, { duration, mediaTime }] of edits.entries()) {
    const at = 8 + index * (2 * width + 4);
    if (width === 8) {
      setU64(insert, at, duration);
      view.setBigInt64(at + 8, BigInt(mediaTime));
    } else {
      view.setUint32(at, fitting(duration, 0xffff_fffe, place.box));
      view.setInt32(at + 4, fitting(mediaTime, 0x7fff_ffff, place.box));
    }
  }
  return { at: contentOf(place.box), remove: bytes.length, insert, parents: [...place.parents, place.box] };
};

/** Where each header holds its duration, by version. */
const DURATION_AT: Readonly<Record<string, readonly [number, number]>> = { mvhd: [16, 24], tkhd: [20, 28], mdhd: [16, 24] };

/** A longer duration in `mvhd`, `tkhd` or `mdhd`; none where it says nothing. */
export const longerHeader = async (source: ByteSource, place: NestedBox | undefined, more: number): Promise<readonly BoxEdit[]> => {
  const places = place === undefined ? undefined : DURATION_AT[place.box.type];
  if (place === undefined || places === undefined) {
    return [];
  }
  const { box, parents } = place;
  const isWide = (await source.read(contentOf(box), 1))[0] === 1;
  const [at, width] = isWide ? [places[1], 8] : [places[0], 4];
  if (contentSize(box) < at + width) {
    throw damaged(box.type, box.offset, 'the header is cut');
  }
  const bytes = await source.read(contentOf(box) + at, width);
  const before = isWide ? u64(bytes, 0) : viewOf(bytes).getUint32(0);
  if (bytes.every((byte) => byte === 0xff) || before === 0) {
    return [];
  }
  const insert = new Uint8Array(width);
  if (isWide) {
    setU64(insert, 0, before + more);
  } else {
    viewOf(insert).setUint32(0, fitting(before + more, 0xffff_fffe, box));
  }
  return [{ at: contentOf(box) + at, remove: width, insert, parents: [...parents, box] }];
};

const fitting = (value: number, most: number, box: Box): number => {
  if (value > most) {
    throw new LabelError(
      'FORMAT_UNSUPPORTED_FEATURE',
      `The field of ${box.type} at byte ${box.offset} has no room for a longer time; remux the file.`,
      {
        data: { site: box.type, offset: box.offset },
      },
    );
  }
  return value;
};
