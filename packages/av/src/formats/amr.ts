// AMR and AMR-WB (RFC 4867 §5): a line that names the codec, then frames to the end of the file. There is no place for a label inside: docs/decisions/0015.
import { ascii, type Format, noPlaceInside, startsWith, wholeFile } from '@aigc-label/core';
import { frameTagSlots, readFrameTags } from '../frame-tags.ts';

/** One channel and several, narrow and wide band. */
const MAGICS: readonly Uint8Array[] = ['#!AMR\n', '#!AMR-WB\n', '#!AMR_MC1.0\n', '#!AMR-WB_MC1.0\n'].map(ascii);

/** AMR and AMR-WB in a file of their own; what others append (APEv2, ID3v2) is read. */
export const amr: Format = {
  id: 'amr',
  modality: 'audio',
  mediaTypes: ['audio/amr', 'audio/amr-wb'],
  extensions: ['.amr', '.awb'],
  place: { description: 'sidecar <name>.xmp, TC260:AIGC', source: 'docs/decisions/0015', certainty: 'decision' },
  sidecar: 'always',
  matches: (head) => MAGICS.some((magic) => startsWith(head, magic)),
  read: async (source) => frameTagSlots(await readFrameTags(source), false),
  content: wholeFile,
  plan: () => Promise.reject(noPlaceInside('AMR', 'its frames run to the end, and a decoder takes whatever follows them for sound')),
};
