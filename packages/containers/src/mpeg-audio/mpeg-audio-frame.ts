// MPEG audio frames: ISO/IEC 11172-3 §2.4.1, 13818-3 §2.4.1; layer III's main data and its reservoir: §2.4.2.7, §2.4.3.4.
import { type MpegAudioHeader, parseMpegAudioHeader } from '../id3/mpeg-audio.ts';

/** Bytes of a header and what may follow it up to `main_data_begin`. */
export const MPEG_AUDIO_HEADER_BYTES: number = 8;

/** A frame whose length is stated. */
export interface MpegAudioFrame extends MpegAudioHeader {
  readonly frameBytes: number;
  readonly channels: 1 | 2;
  /** Whether both channels may share bits, which header bits say by `01`. */
  readonly isJoint: boolean;
  /** Of one channel. */
  readonly samples: number;
  /** Where layer III's side information stands in the frame: behind the header and its checksum. */
  readonly sideInfoAt: number;
  /** Where layer III's main data stand, for as far as they stand in this frame. */
  readonly mainDataAt: number;
  /** How many bytes of main data of earlier frames belong to this one; 0 for layers I and II. */
  readonly mainDataBegin: number;
}

/** The frame at `offset`, or `undefined` where there is none, or its length is not stated. At least `MPEG_AUDIO_HEADER_BYTES` must be there. */
export const parseMpegAudioFrame = (bytes: Uint8Array, offset: number): MpegAudioFrame | undefined => {
  const header = parseMpegAudioHeader(bytes, offset);
  if (header?.frameBytes === undefined) {
    return undefined;
  }
  const { layer, version, frameBytes } = header;
  const fourth = bytes[offset + 3] ?? 0;
  const mode = fourth >>> 6;
  const channels = mode === 3 ? 1 : 2;
  const sideInfoAt = ((bytes[offset + 1] ?? 0) & 1) === 1 ? 4 : 6;
  const isFull = version === 3;
  const sideInfoBytes = layer !== 3 ? 0 : isFull ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const [first, second] = [bytes[offset + sideInfoAt] ?? 0, bytes[offset + sideInfoAt + 1] ?? 0];
  return {
    ...header,
    frameBytes,
    channels,
    isJoint: mode === 1,
    samples: layer === 1 ? 384 : layer === 3 && !isFull ? 576 : 1152,
    sideInfoAt,
    mainDataAt: sideInfoAt + sideInfoBytes,
    mainDataBegin: layer !== 3 ? 0 : isFull ? (first << 1) | (second >>> 7) : first,
  };
};

/** Whether frames can stand in one stream: same version, layer and sampling rate. */
export const isSameStream = (a: MpegAudioHeader, b: MpegAudioHeader): boolean =>
  a.version === b.version && a.layer === b.layer && a.sampleRate === b.sampleRate;
