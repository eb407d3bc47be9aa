import { type ExifText, exifTexts, readTiff, readTiffHeader, type Tiff } from '@aigc-label/containers';
import { type ByteSource, bytesSource, isLooseLabel, type Splice } from '@aigc-label/core';
import { LABEL_KEY } from './place.ts';

/** A label in an Exif text (TC260-PG-20259A annex B; spec/labels.md §5.1, row 9). */
export interface ExifLabel {
  /** `UserComment`, `ifd1/ImageDescription`. */
  readonly site: string;
  readonly value: string;
  /**
   * Turns the text into spaces. Nothing of the Exif data moves: maker notes hold offsets that nobody can follow, and a comment of spaces is an empty one
   * (Exif 3.0 §4.6.5).
   */
  readonly blanked: Splice;
}

/** A label in a TIFF file itself, where its entry matters. */
export interface TiffTextLabel extends ExifLabel {
  readonly text: ExifText;
}

/** The beginning of a text that can be a loose label; one with another schema (spec/labels.md §5.1, row 10) is somebody else's text. */
const BEGINNING: RegExp = new RegExp(`^[\\s\\0\\uFEFF]*(?:\\{[\\s\\0]*"${LABEL_KEY}"|${LABEL_KEY}[\\s=:{])`);

/** The labels in texts, and whether there may be more. */
export interface TiffTextLabels {
  readonly labels: readonly TiffTextLabel[];
  readonly isLimited: boolean;
}

/** The texts of the Exif directories of a TIFF file that are a label and nothing else. */
export const tiffTextLabels = async (source: ByteSource, tiff: Tiff): Promise<TiffTextLabels> => {
  const { texts, isLimited } = await exifTexts(source, tiff, (beginning) => BEGINNING.test(beginning));
  const labels = texts.flatMap((text): readonly TiffTextLabel[] => {
    const value = text.text.replace(/^\uFEFF/, '').replace(/\0+$/, '');
    if (!isLooseLabel(value, LABEL_KEY)) {
      return [];
    }
    return [{ site: text.site, value, blanked: { at: text.start, remove: text.blank.length, insert: text.blank }, text }];
  });
  return { labels, isLimited };
};

/**
 * The labels in the Exif data of another format.
 *
 * @param at where the TIFF header of the data stands in the file.
 */
export const exifLabels = async (exif: Uint8Array, at: number): Promise<readonly ExifLabel[]> => {
  if (readTiffHeader(exif) === undefined) {
    return [];
  }
  const source = bytesSource(exif);
  const { labels } = await tiffTextLabels(source, await readTiff(source));
  return labels.map(({ site, value, blanked }) => ({
    site: site.replace(/^ifd0\/(?:exif\/)?/, ''),
    value,
    blanked: { ...blanked, at: at + blanked.at },
  }));
};
