// What of a stream of frames with tags around it is content: all frames (spec/content/audio.md §4).
import { parseMpegAudioFrame, parseXingFrame } from '@aigc-label/containers';
import { allBut, type ByteRange, type ByteSource, type ContentPiece, type ContentPlan, latin1 } from '@aigc-label/core';
import { type ContentSheet, contentPlan, contentSheet, cover } from './content-sheet.ts';
import { tagContent } from './tag-content.ts';

/** The longest MPEG audio frame, in bytes: layer II, 384 kbit/s at 32 kHz, and a byte of padding. */
const MAXIMUM_FRAME_BYTES = 2881;

/** MPEG audio, `mp3-1`: all frames; of LAME's extension of the first one who wrote it is left out. */
export const mp3Content = (source: ByteSource): Promise<ContentPlan> => framesContent(source, 'mp3-1', infoContent);

/** AAC in ADTS, `aac-1`: all frames. */
export const aacContent = (source: ByteSource): Promise<ContentPlan> => framesContent(source, 'aac-1');

type First = (source: ByteSource, start: number, end: number, sheet: ContentSheet) => Promise<number>;

const framesContent = async (source: ByteSource, method: string, first?: First): Promise<ContentPlan> => {
  const sheet = contentSheet();
  const { start, trailers } = await tagContent(source, sheet);
  const from = first === undefined ? start : await first(source, start, trailers[0]?.start ?? source.size, sheet);
  sheet.parts.push({ name: 'frames', pieces: allBut(from, source.size, trailers), isPerceived: true });
  return contentPlan(method, sheet);
};

/** The Xing or Info frame, where the first one is one with LAME's extension; where it ends. */
const infoContent: First = async (source, start, end, sheet) => {
  const bytes = await source.read(start, Math.min(MAXIMUM_FRAME_BYTES, end - start));
  const frame = bytes.length < 8 ? undefined : parseMpegAudioFrame(bytes, 0);
  if (frame === undefined || frame.frameBytes > bytes.length) {
    return start;
  }
  const info = bytes.subarray(0, frame.frameBytes);
  const lame = parseXingFrame(info)?.lame;
  const writerAt = (lame?.checksumAt ?? 0) - LAME_CHECKSUM_AT;
  if (lame === undefined || !isWriter(info.subarray(writerAt, writerAt + WRITER_BYTES))) {
    return start;
  }
  const writer: ByteRange = { start: start + writerAt, end: start + writerAt + WRITER_BYTES };
  const checksum: ByteRange = { start: start + lame.checksumAt, end: start + lame.checksumAt + 2 };
  // A checksum that is right follows from the rest; one that is not is covered as it stands.
  const pieces: readonly ContentPiece[] = allBut(start, start + frame.frameBytes, lame.checkedBytes === undefined ? [writer] : [writer, checksum]);
  cover(sheet, 'Info', ...pieces);
  sheet.carriers.push(writer);
  return start + frame.frameBytes;
};

/** Of LAME's extension: who wrote it, and how far behind that its checksum stands. */
const WRITER_BYTES = 9;
const LAME_CHECKSUM_AT = 34;

/** Names for which players read delay and padding alike; another one means another thing. */
const isWriter = (bytes: Uint8Array): boolean =>
  ['LAME', 'Lavc', 'Lavf'].includes(latin1(bytes.subarray(0, 4))) && bytes.every((byte) => byte === 0 || (byte >= 0x20 && byte < 0x7f));
