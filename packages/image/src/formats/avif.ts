// AVIF is HEIF (AV1 Image File Format, section 2), which TC260-PG-20259A names; docs/decisions/0014.
import type { Format } from '@aigc-label/core';
import { heifFormat } from '../heif-format.ts';
import { IMAGE_GUIDE } from '../place.ts';

/** AVIF, still and animated. */
export const avif: Format = heifFormat('avif', {
  mediaTypes: ['image/avif', 'image/avif-sequence'],
  extensions: ['.avif', '.avifs'],
  place: {
    description: 'mime item "application/rdf+xml" with a reference "cdsc" to the primary item, TC260:AIGC',
    source: `${IMAGE_GUIDE}, by ISO/IEC 23008-12 (AVIF is HEIF)`,
    certainty: 'guide',
  },
});
