import type { Format } from '@aigc-label/core';
import { matroskaFormat } from '../matroska-format.ts';

/** WebM, the part of Matroska that browsers play. */
export const webm: Format = matroskaFormat('webm', {
  id: 'webm',
  modality: 'video',
  mediaTypes: ['video/webm', 'audio/webm'],
  extensions: ['.webm', '.weba'],
});
