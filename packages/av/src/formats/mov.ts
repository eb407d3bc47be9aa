import type { Format } from '@aigc-label/core';
import { isobmffFormat, isobmffPlace } from '../isobmff-format.ts';

/** QuickTime: brand `qt  `, or a file without `ftyp`. */
export const mov: Format = isobmffFormat('mov', {
  modality: 'video',
  mediaTypes: ['video/quicktime'],
  extensions: ['.mov', '.qt'],
  place: isobmffPlace('TC260-PG-20257A Annex E'),
});
