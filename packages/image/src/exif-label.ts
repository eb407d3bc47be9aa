import { exifComment } from '@aigc-label/containers';
import { isLooseLabel, type Splice } from '@aigc-label/core';
import { LABEL_KEY } from './place.ts';

/** A label in an Exif UserComment (TC260-PG-20259A annex B; spec/labels.md §5.1, row 9). */
export interface ExifLabel {
  readonly value: string;
  /**
   * Turns the comment into spaces. Nothing of the Exif data moves: maker notes hold offsets that nobody can follow, and a comment of spaces is an empty one
   * (Exif 3.0 §4.6.5).
   */
  readonly blanked: Splice;
}

/**
 * The label in Exif data, where its UserComment is one and nothing else.
 *
 * @param at where the TIFF header of the data stands in the file.
 */
export const exifLabel = (exif: Uint8Array, at: number): ExifLabel | undefined => {
  const comment = exifComment(exif);
  if (comment === undefined || !isLooseLabel(comment.text, LABEL_KEY)) {
    return undefined;
  }
  const length = comment.end - comment.start;
  return { value: comment.text.replace(/\0+$/, ''), blanked: { at: at + comment.start, remove: length, insert: new Uint8Array(length).fill(0x20) } };
};
