// TC260-PG-20259A, main scheme: DNG is TIFF (DNG 1.7 ch. 2), and XMP is where TIFF has it.
import type { Format } from '@aigc-label/core';
import { IMAGE_GUIDE } from '../place.ts';
import { tiffKindOf } from '../tiff/kind.ts';
import { TIFF_PLACE, tiffReadAndPlan } from '../tiff/tiff-format.ts';

/** Adobe's Digital Negative. */
export const dng: Format = {
  id: 'dng',
  modality: 'image',
  mediaTypes: ['image/x-adobe-dng'],
  extensions: ['.dng'],
  place: { description: TIFF_PLACE, source: IMAGE_GUIDE, certainty: 'guide' },
  matches: (head) => tiffKindOf(head) === 'dng',
  ...tiffReadAndPlan,
};
