import type { Format } from '@aigc-label/core';
import { asfFormat } from '../asf-format.ts';

/** Windows Media Video: ASF with pictures, or whose first bytes do not show what it holds. */
export const wmv: Format = asfFormat('wmv', {
  modality: 'video',
  mediaTypes: ['video/x-ms-wmv', 'video/x-ms-asf', 'application/vnd.ms-asf'],
  extensions: ['.wmv', '.asf'],
  place: {
    description: 'top-level XMP object BE7ACFCB-97A9-42E8-9C71-999491E3AFAC, TC260:AIGC',
    source: 'TC260-PG-20257A, other formats: XMP; XMP part 3',
    certainty: 'guide',
  },
});
