// TC260-PG-202510A: Ogg carries the label in the comment header, the second packet of a stream, as AIGC=….
import type { Format } from '@aigc-label/core';
import { oggFormat } from '../ogg-format.ts';

/** Ogg with moving pictures (Theora, VP8). */
export const ogv: Format = {
  id: 'ogv',
  modality: 'video',
  mediaTypes: ['video/ogg', 'video/x-theora'],
  extensions: ['.ogv'],
  place: { description: 'comment header of the first stream, AIGC=…', source: 'docs/decisions/0015', certainty: 'decision' },
  ...oggFormat('ogv'),
};
