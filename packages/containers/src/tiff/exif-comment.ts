import { ascii, latin1, startsWith, viewOf } from '@aigc-label/core';

const EXIF_POINTER_TAG = 0x8769;
const USER_COMMENT_TAG = 0x9286;
/** Real directories have some tens of entries. */
const MAXIMUM_ENTRIES = 1_000;
const ASCII_CODE = ascii('ASCII\0\0\0');

/** The text of an Exif UserComment, by its place in the Exif data. */
export interface ExifComment {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** UserComment (Exif 3.0 §4.6.5, tag 37510) with the character code ASCII, from data that begins with the TIFF header; `undefined` where there is none. */
export const exifComment = (exif: Uint8Array): ExifComment | undefined => {
  const mark = latin1(exif.subarray(0, 4));
  const isLittle = mark === 'II*\0';
  if ((!isLittle && mark !== 'MM\0*') || exif.length < 10) {
    return undefined;
  }
  const pointer = entryOf(exif, viewOf(exif).getUint32(4, isLittle), EXIF_POINTER_TAG, isLittle);
  const comment = pointer === undefined ? undefined : entryOf(exif, pointer.value, USER_COMMENT_TAG, isLittle);
  if (
    comment === undefined ||
    comment.count <= ASCII_CODE.length ||
    comment.value + comment.count > exif.length ||
    !startsWith(exif, ASCII_CODE, comment.value)
  ) {
    return undefined;
  }
  const start = comment.value + ASCII_CODE.length;
  const end = comment.value + comment.count;
  return { start, end, text: latin1(exif.subarray(start, end)) };
};

const entryOf = (
  exif: Uint8Array,
  directory: number,
  tag: number,
  isLittle: boolean,
): { readonly count: number; readonly value: number } | undefined => {
  if (directory + 2 > exif.length) {
    return undefined;
  }
  const view = viewOf(exif);
  const count = Math.min(view.getUint16(directory, isLittle), MAXIMUM_ENTRIES);
  for (let index = 0; index < count; index += 1) {
    const at = directory + 2 + index * 12;
    if (at + 12 > exif.length) {
      return undefined;
    }
    if (view.getUint16(at, isLittle) === tag) {
      return { count: view.getUint32(at + 4, isLittle), value: view.getUint32(at + 8, isLittle) };
    }
  }
  return undefined;
};
