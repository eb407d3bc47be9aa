// TC260-PG-202510A: Ogg carries the label in the comment header, the second packet of a stream, as AIGC=….
import type { Format } from '@aigc-label/core';
import { oggFormat } from '../ogg-format.ts';

/** Opus in Ogg. */
export const opus: Format = {
  id: 'opus',
  modality: 'audio',
  mediaTypes: ['audio/opus', 'audio/ogg; codecs=opus'],
  extensions: ['.opus'],
  place: { description: 'comment header of the first stream, AIGC=…', source: 'TC260-PG-202510A, Opus', certainty: 'guide' },
  ...oggFormat('opus'),
};
