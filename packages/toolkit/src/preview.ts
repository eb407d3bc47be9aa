import { noticeWords, readBounded } from '@aigc-label/core';
import { openFileSource, threadedDisk, writeAtomically, writeWhole } from '@aigc-label/files';
import type { BadgePreview } from '@aigc-label/image/badge';
import type { ExplicitRequest } from './explicit.ts';

/**
 * How the badge would look on a picture, as a PNG with where it would stand; labels nothing.
 *
 * @param maximumSide the longest side of the preview, in pixels; 1024 by default.
 * @throws TypeError for what GB 45438-2025 §5.2 forbids; LabelError `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`, `FORMAT_UNKNOWN`, `FILE_DAMAGED` or `LIMIT_EXCEEDED`.
 */
export const previewBytes = async (
  picture: Uint8Array,
  { text, image = {} }: Pick<ExplicitRequest, 'text' | 'image'> = {},
  maximumSide?: number,
): Promise<BadgePreview> => {
  const { previewBadge } = await import('@aigc-label/image/badge');
  return previewBadge(picture, { ...image, ...(text === undefined ? {} : { text: noticeWords(text) }) }, maximumSide);
};

/**
 * As `previewBytes`, from a picture on the disk into a PNG beside it or elsewhere; atomic.
 *
 * @throws as `previewBytes`, and LabelError as `openFileSource` and `writeAtomically` do; `OUTPUT_EXISTS` unless `mayReplace`.
 */
export const previewFile = async (
  input: string,
  output: string,
  request: Pick<ExplicitRequest, 'text' | 'image'> = {},
  { mayReplace = false }: { readonly mayReplace?: boolean } = {},
): Promise<Omit<BadgePreview, 'png'>> => {
  const source = await openFileSource(input);
  try {
    const { png, ...facts } = await previewBytes(await readBounded(source, 0, source.size, MAXIMUM_PICTURE_BYTES, 'picture'), request);
    await writeAtomically(output, (file) => writeWhole(png, [], file, threadedDisk), { mode: source.stats.mode, mayReplace, isDurable: false });
    return facts;
  } finally {
    source.close();
  }
};

/** The largest picture that is read into memory, in bytes. */
const MAXIMUM_PICTURE_BYTES = 512 << 20;

export type { BadgePreview };
