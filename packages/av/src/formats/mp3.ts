// TC260-PG-202510A: MP3 carries the label in ID3v2, TXXX with the description AIGC.
import {
  FLAC_MARKER_BYTES,
  hasTwoMpegAudioFrames,
  ID3_HEADER_BYTES,
  id3TotalBytes,
  isFlac,
  isId3,
  parseId3Header,
  parseMpegAudioHeader,
} from '@aigc-label/containers';
import { ascii, type ByteSource, type Format, startsWith } from '@aigc-label/core';
import { flacContent } from '../content/flac-content.ts';
import { mp3Content } from '../content/frames-content.ts';
import { frameTagSlots, planFrameTags, readFrameTags } from '../frame-tags.ts';
import { flac } from './flac.ts';

/** MPEG audio (layers I to III) with ID3v2, ID3v1, APEv2 and Lyrics3 around it. */
export const mp3: Format = {
  id: 'mp3',
  modality: 'audio',
  mediaTypes: ['audio/mpeg', 'audio/mp3', 'audio/x-mp3', 'audio/mpeg3'],
  extensions: ['.mp3', '.mp2', '.mpga'],
  place: { description: 'ID3v2 TXXX, description AIGC', source: 'TC260-PG-202510A, MP3', certainty: 'guide' },
  matches: (head) => matchesMp3(head),
  read: async (source) => {
    const tags = await readFrameTags(source);
    return (await isFlacAt(source, tags.end)) ? flac.read(source) : frameTagSlots(tags, true);
  },
  plan: async (source, slot) => {
    const tags = await readFrameTags(source);
    return (await isFlacAt(source, tags.end)) ? flac.plan(source, slot) : planFrameTags(tags, slot, 'an MP3');
  },
  content: async (source) => ((await isFlacAt(source, (await readFrameTags(source)).end)) ? flacContent(source) : mp3Content(source)),
};

/** A tag with a picture fills the head that `matches` sees, so that a FLAC behind it is found here only; its label belongs where FLAC carries it (docs/decisions/0015). */
const isFlacAt = async (source: ByteSource, end: number): Promise<boolean> =>
  end > 0 && isFlac(await source.read(end, Math.max(0, Math.min(FLAC_MARKER_BYTES, source.size - end))));

const matchesMp3 = (head: Uint8Array): boolean => {
  if (!isId3(head)) {
    return hasTwoMpegAudioFrames(head, 0) || parseMpegAudioHeader(head, 0)?.frameBytes === head.length;
  }
  let position = 0;
  for (let header = parseId3Header(head); header !== undefined; header = parseId3Header(head, position)) {
    position += id3TotalBytes(header);
  }
  if (position < ID3_HEADER_BYTES) {
    return false;
  }
  return position >= head.length || isMpegAudioBehindTag(head, position);
};

/** Formats that people put an ID3v2 tag in front of, and that are not MPEG audio. */
const OTHERS: readonly Uint8Array[] = ['fLaC', 'RIFF', 'OggS', 'MAC ', 'wvpk', 'TTA1', 'TTA2', 'MPCK', 'MP+', 'ADIF', 'OFR ', 'FORM', 'DSD '].map(
  ascii,
);

const isMpegAudioBehindTag = (head: Uint8Array, start: number): boolean => {
  let position = start;
  // Some writers pad with zeros behind the tag instead of inside it.
  while (head[position] === 0) {
    position += 1;
  }
  if (position === head.length || parseMpegAudioHeader(head, position) !== undefined) {
    return true;
  }
  if (OTHERS.some((magic) => startsWith(head, magic, position)) || isAdts(head, position)) {
    return false;
  }
  for (; position < head.length; position += 1) {
    if (hasTwoMpegAudioFrames(head, position)) {
      return true;
    }
  }
  return false;
};

/** ISO/IEC 13818-7 §6.2: sync of twelve bits and layer bits 00. */
const isAdts = (head: Uint8Array, offset: number): boolean => head[offset] === 0xff && ((head[offset + 1] ?? 0) & 0xf6) === 0xf0;
