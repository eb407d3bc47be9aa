import {
  isSameStream,
  MPEG_AUDIO_HEADER_BYTES,
  parseMpegAudioFrame,
  silentMpegFrames,
  type WalkedFrames,
  withHeaderBitsOf,
} from '@aigc-label/containers';
import { type ByteSource, bytesSource, concat } from '@aigc-label/core';
import { frameAt, type Mp3Stream, walkMpegAudio } from './mp3-stream.ts';
import { unsupported } from './programme.ts';

/** What comes in at one place. */
export interface Insertion {
  /** In front of which frame. */
  readonly index: number;
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly frames: number;
}

/** Frames that a decoder must have seen to be in the state in which the next one finds it: half a granule overlaps, and the filter bank remembers 15 of a granule's 18 slots. */
const prerollFrames = (like: Uint8Array): number => {
  const frame = parseMpegAudioFrame(like, 0);
  return frame?.layer === 3 && frame.version !== 3 ? 2 : 1;
};

/**
 * The notice, then silence that holds what the next frames need of earlier ones, then, in the middle of a recording, the frames before it once more: so that the next one finds the decoder as
 * it would have been.
 */
export const insertionAt = async (source: ByteSource, { frames }: Mp3Stream, index: number, encoded: Uint8Array): Promise<Insertion> => {
  const at = frames.offsets[index] ?? frames.end;
  const neighbour = frames.offsets[Math.min(index, frames.offsets.length - 1)] as number;
  const like = await source.read(neighbour, MPEG_AUDIO_HEADER_BYTES);
  const notice = await walkMpegAudio(bytesSource(encoded), 0, encoded.length);
  assertFits(encoded, notice, like);
  const own = withHeaderBitsOf(encoded.subarray(0, notice.end), notice.offsets, like);
  const from = index < frames.offsets.length ? Math.max(0, index - prerollFrames(like)) : index;
  const before = from < index ? await frameAt(source, frames, from) : undefined;
  const copied = frames.offsets[from] ?? at;
  const copy = await source.read(copied, at - copied);
  const reservoir = before === undefined ? new Uint8Array() : await mainDataBefore(source, frames, from, before.mainDataBegin);
  const silence = silentMpegFrames(like, reservoir);
  const bytes = concat(own, silence, copy);
  const silentFrames = await walkMpegAudio(bytesSource(silence), 0, silence.length);
  return { index, at, bytes, frames: notice.offsets.length + silentFrames.offsets.length + index - from };
};

const assertFits = (encoded: Uint8Array, { offsets }: WalkedFrames, like: Uint8Array): void => {
  const expected = parseMpegAudioFrame(like, 0);
  for (const at of offsets) {
    const frame = parseMpegAudioFrame(encoded, at);
    if (
      frame === undefined ||
      expected === undefined ||
      !isSameStream(frame, expected) ||
      frame.channels !== expected.channels ||
      frame.mainDataBegin > 0
    ) {
      throw unsupported('mp3', 'the encoder gave another kind of stream', 'Encode it as MP3 at 32, 44.1 or 48 kHz.');
    }
  }
};

/** The last `length` bytes of main data in front of a frame. */
const mainDataBefore = async (source: ByteSource, frames: WalkedFrames, index: number, length: number): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let left = length;
  for (let at = index - 1; left > 0 && at >= 0; at -= 1) {
    const frame = await frameAt(source, frames, at);
    const take = Math.max(0, Math.min(left, frame.frameBytes - frame.mainDataAt));
    parts.unshift(await source.read((frames.offsets[at] as number) + frame.frameBytes - take, take));
    left -= take;
  }
  return concat(...parts);
};
