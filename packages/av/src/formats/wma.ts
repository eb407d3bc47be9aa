import type { Format } from '@aigc-label/core';
import { asfFormat } from '../asf-format.ts';

/** Windows Media Audio: ASF that shows streams of sound only. */
export const wma: Format = asfFormat('wma', {
  modality: 'audio',
  mediaTypes: ['audio/x-ms-wma'],
  extensions: ['.wma'],
  place: {
    description: 'top-level XMP object BE7ACFCB-97A9-42E8-9C71-999491E3AFAC, TC260:AIGC',
    source: 'TC260-PG-202510A, other formats: XMP; XMP part 3',
    certainty: 'guide',
  },
});
