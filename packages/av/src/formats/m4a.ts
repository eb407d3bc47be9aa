import type { Format } from '@aigc-label/core';
import { isobmffFormat, isobmffPlace } from '../isobmff-format.ts';

/** Audio in MP4 that says so by its major brand: `M4A `, `M4B `, `M4P `, `F4A `, `F4B `. */
export const m4a: Format = isobmffFormat('m4a', {
  modality: 'audio',
  mediaTypes: ['audio/mp4', 'audio/x-m4a'],
  extensions: ['.m4a', '.m4b', '.f4a'],
  place: isobmffPlace('TC260-PG-202510A Annex E'),
});
