import { concat } from '@aigc-label/core';
import { type MpegAudioFrame, parseMpegAudioFrame } from './mpeg-audio-frame.ts';

/**
 * Frames that decode to silence whatever came before, and leave the decoder as it is when it starts; in layer III, `reservoir` is the last that stands in them, where the next frame looks for
 * what it needs of earlier ones. As many as hold it, at least one.
 *
 * @param like the first bytes of a frame of the stream: bit rate, mode and all else are as there.
 */
export const silentMpegFrames = (like: Uint8Array, reservoir: Uint8Array): Uint8Array => {
  const header = headerLike(like);
  const frame = parseMpegAudioFrame(header, 0) as MpegAudioFrame;
  const roomBytes = frame.frameBytes - frame.mainDataAt;
  const count = Math.max(1, Math.ceil(reservoir.length / roomBytes));
  const data = new Uint8Array(count * roomBytes);
  const from = data.length - reservoir.length;
  data.set(reservoir, from);
  return concat(
    ...Array.from({ length: count }, (_, index) => {
      const bytes = new Uint8Array(frame.frameBytes);
      bytes.set(header.subarray(0, 4));
      if (frame.layer === 3) {
        setMainDataBegin(bytes, frame, Math.max(0, index * roomBytes - from));
      }
      bytes.set(data.subarray(index * roomBytes, (index + 1) * roomBytes), frame.mainDataAt);
      return bytes;
    }),
  );
};

/** Decoders forget what stands before the main data of the latest frame: an empty frame has to point as far back as the reservoir that it hands on. */
const setMainDataBegin = (bytes: Uint8Array, { version, sideInfoAt }: MpegAudioFrame, value: number): void => {
  if (version === 3) {
    bytes[sideInfoAt] = value >>> 1;
    bytes[sideInfoAt + 1] = (value & 1) << 7;
  } else {
    bytes[sideInfoAt] = value;
  }
};

/** Without a checksum and without a byte of padding. */
const headerLike = (like: Uint8Array): Uint8Array => {
  const header = new Uint8Array(8);
  header.set(like.subarray(0, 4));
  header[1] = (header[1] ?? 0) | 1;
  header[2] = (header[2] ?? 0) & ~2;
  return header;
};

/** Private bit, copyright, original and emphasis as in `like`, for frames that are to stand beside it. They must have no checksum. */
export const withHeaderBitsOf = (frames: Uint8Array, offsets: Iterable<number>, like: Uint8Array): Uint8Array => {
  const bytes = frames.slice();
  for (const at of offsets) {
    bytes[at + 2] = ((bytes[at + 2] ?? 0) & ~1) | ((like[2] ?? 0) & 1);
    bytes[at + 3] = ((bytes[at + 3] ?? 0) & 0xf0) | ((like[3] ?? 0) & 0x0f);
  }
  return bytes;
};
