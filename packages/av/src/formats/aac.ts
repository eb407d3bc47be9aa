// TC260-PG-202510A names no place for AAC in ADTS (ISO/IEC 13818-7 §6.2), which has none; ID3v2 in front of it is what players skip and show: docs/decisions/0015.
import { id3TotalBytes, isId3, parseId3Header } from '@aigc-label/containers';
import { type Format, HEAD_BYTES } from '@aigc-label/core';
import { aacContent } from '../content/frames-content.ts';
import { frameTagSlots, planFrameTags, readFrameTags } from '../frame-tags.ts';

/** AAC in ADTS frames, with ID3v2, ID3v1 and APEv2 around it. */
export const aac: Format = {
  id: 'aac',
  modality: 'audio',
  mediaTypes: ['audio/aac', 'audio/aacp', 'audio/x-aac'],
  extensions: ['.aac', '.adts'],
  place: { description: 'ID3v2 TXXX, description AIGC, in front of the frames', source: 'docs/decisions/0015', certainty: 'decision' },
  matches: (head) => matchesAdts(head),
  read: async (source) => frameTagSlots(await readFrameTags(source), true),
  plan: async (source, slot) => planFrameTags(await readFrameTags(source), slot, 'AAC'),
  content: aacContent,
};

const matchesAdts = (head: Uint8Array): boolean => {
  let position = 0;
  for (let header = parseId3Header(head); header !== undefined; header = isId3(head, position) ? parseId3Header(head, position) : undefined) {
    position += id3TotalBytes(header);
  }
  const frameBytes = adtsFrameBytes(head, position);
  if (frameBytes === undefined) {
    return false;
  }
  const next = position + frameBytes;
  // A second frame confirms the first, where the head shows it; behind a tag one is enough, as for MPEG audio.
  return next >= head.length ? position > 0 || next === head.length || head.length >= HEAD_BYTES : adtsFrameBytes(head, next) !== undefined;
};

/** ISO/IEC 13818-7 §6.2: twelve bits of sync, two bits of layer that are 0, a sampling rate of the table, thirteen bits of length, its own header included. */
const adtsFrameBytes = (head: Uint8Array, offset: number): number | undefined => {
  const [second, third, fourth, fifth, sixth] = [1, 2, 3, 4, 5].map((index) => head[offset + index]);
  if (head[offset] !== 0xff || second === undefined || third === undefined || fourth === undefined || fifth === undefined || sixth === undefined) {
    return undefined;
  }
  const frameBytes = ((fourth & 3) << 11) | (fifth << 3) | (sixth >>> 5);
  const headerBytes = (second & 1) === 1 ? 7 : 9;
  return (second & 0xf6) === 0xf0 && ((third >>> 2) & 15) < 13 && frameBytes > headerBytes ? frameBytes : undefined;
};
