// TC260-PG-20259A, main scheme: HEIF carries the label as XMP, where ISO/IEC 23008-12 puts that.
import type { Format } from '@aigc-label/core';
import { heifFormat } from '../heif-format.ts';
import { IMAGE_GUIDE } from '../place.ts';

/** HEIC and other HEIF: still pictures, bursts, grids, with or without sequences. */
export const heic: Format = heifFormat('heic', {
  mediaTypes: ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'],
  extensions: ['.heic', '.heif', '.hif', '.heics', '.heifs', '.avci', '.avcs'],
  place: {
    description: 'mime item "application/rdf+xml" with a reference "cdsc" to the primary item, TC260:AIGC',
    source: `${IMAGE_GUIDE}, by ISO/IEC 23008-12`,
    certainty: 'guide',
  },
});
