import type { Format } from '@aigc-label/core';
import { isobmffFormat, isobmffPlace } from '../isobmff-format.ts';

/** MP4, M4V and 3GP (ISO/IEC 14496-12 and -14): everything of the family that does not declare itself QuickTime or audio; an `.mp4` with sound only stays here. */
export const mp4: Format = isobmffFormat('mp4', {
  modality: 'video',
  mediaTypes: ['video/mp4', 'video/x-m4v', 'video/3gpp', 'video/3gpp2'],
  extensions: ['.mp4', '.m4v', '.3gp', '.3g2', '.f4v'],
  place: isobmffPlace('TC260-PG-20257A Annex E'),
});
