// TC260-PG-20259A, main scheme; TIFF 6.0, BigTIFF, XMP part 3 §1.1.6.
import type { Format } from '@aigc-label/core';
import { IMAGE_GUIDE } from '../place.ts';
import { tiffKindOf } from '../tiff/kind.ts';
import { TIFF_PLACE, tiffReadAndPlan } from '../tiff/tiff-format.ts';

/** TIFF and BigTIFF, of either byte order, with any number of pages. */
export const tiff: Format = {
  id: 'tiff',
  modality: 'image',
  mediaTypes: ['image/tiff'],
  extensions: ['.tif', '.tiff', '.btf', '.tf8'],
  place: { description: TIFF_PLACE, source: IMAGE_GUIDE, certainty: 'guide' },
  matches: (head) => tiffKindOf(head) === 'tiff',
  ...tiffReadAndPlan,
};
