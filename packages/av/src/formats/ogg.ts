// TC260-PG-202510A: Ogg carries the label in the comment header, the second packet of a stream, as AIGC=….
import type { Format } from '@aigc-label/core';
import { oggFormat } from '../ogg-format.ts';

/** Ogg with sound: Vorbis, Speex, FLAC. */
export const ogg: Format = {
  id: 'ogg',
  modality: 'audio',
  mediaTypes: ['audio/ogg', 'application/ogg', 'audio/vorbis', 'audio/x-speex'],
  extensions: ['.ogg', '.oga', '.spx'],
  place: { description: 'comment header of the first stream, AIGC=…', source: 'TC260-PG-202510A, OGG', certainty: 'guide' },
  ...oggFormat('ogg'),
};
