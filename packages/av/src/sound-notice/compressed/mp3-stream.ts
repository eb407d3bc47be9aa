import {
  isSameStream,
  MPEG_AUDIO_HEADER_BYTES,
  type MpegAudioFrame,
  parseMpegAudioFrame,
  parseVbriFrame,
  parseXingFrame,
  type WalkedFrames,
  walkFrames,
} from '@aigc-label/containers';
import { type ByteSource, damaged } from '@aigc-label/core';
import { framesRange } from './frames-range.ts';
import { type Programme, refuseAborted, unsupported } from './programme.ts';

/** Walks frames of MPEG audio of one stream. */
export const walkMpegAudio = (
  source: ByteSource,
  start: number,
  end: number,
  onWindow: () => void = () => {},
): Promise<WalkedFrames<MpegAudioFrame>> =>
  walkFrames<MpegAudioFrame>(source, {
    start,
    end,
    onWindow,
    headerBytes: MPEG_AUDIO_HEADER_BYTES,
    parse: parseMpegAudioFrame,
    isSame: isSameStream,
  });

/** The frames of an MP3 file. */
export interface Mp3Stream {
  /** Of sound: not the table in front of them. */
  readonly frames: WalkedFrames;
  readonly first: MpegAudioFrame;
  /** The frame that holds a table instead of sound. */
  readonly table: { readonly at: number; readonly bytes: Uint8Array } | undefined;
}

/** Reads the frames of a file. @throws LabelError `NOTICE_UNSUPPORTED`, `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `ABORTED`. */
export const readMp3Stream = async ({ source, call }: Programme): Promise<Mp3Stream> => {
  const { start, end } = await framesRange(source);
  const walked = await walkMpegAudio(source, start, end, () => refuseAborted(call));
  const { first } = walked;
  const at = walked.offsets[0];
  if (at === undefined || first === undefined) {
    throw unsupported('mp3', 'it has no frame whose length is stated', 'Encode it as MP3 with a bit rate of the table.');
  }
  if (first.layer === 1) {
    throw unsupported('mp3', 'it is MPEG audio of layer I, for which there is no encoder', 'Encode it as MP3.');
  }
  const bytes = await source.read(at, first.frameBytes);
  const isTable = parseXingFrame(bytes) !== undefined || parseVbriFrame(bytes) !== undefined;
  if (!isTable) {
    return { frames: walked, first, table: undefined };
  }
  const second = walked.offsets[1];
  const sound = second === undefined ? undefined : parseMpegAudioFrame(await source.read(second, MPEG_AUDIO_HEADER_BYTES), 0);
  if (sound === undefined) {
    throw damaged('mp3', at, 'no frame of sound follows the table');
  }
  return {
    frames: { ...walked, first: sound, offsets: walked.offsets.subarray(1), samples: walked.samples - first.samples },
    first: sound,
    table: { at, bytes },
  };
};

/** The frame at an index. @throws LabelError `FILE_DAMAGED`. */
export const frameAt = async (source: ByteSource, { offsets }: WalkedFrames, index: number): Promise<MpegAudioFrame> => {
  const at = offsets[index] as number;
  const frame = parseMpegAudioFrame(await source.read(at, MPEG_AUDIO_HEADER_BYTES), 0);
  if (frame === undefined) {
    throw damaged('mp3', at, 'the frame is no longer there');
  }
  return frame;
};
