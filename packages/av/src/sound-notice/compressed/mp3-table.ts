import {
  crc16,
  crc16Shift,
  type GrownStream,
  grownVbriFrame,
  grownXingFrame,
  laterId3Times,
  parseVbriFrame,
  parseXingFrame,
  type WalkedFrames,
} from '@aigc-label/containers';
import type { ByteSource, Splice } from '@aigc-label/core';
import { readFrameTags } from '../../frame-tags.ts';
import type { Insertion } from './mp3-insertion.ts';
import type { Mp3Stream } from './mp3-stream.ts';

/** The splices of the table in front of the sound. */
export const tableSplices = async (
  source: ByteSource,
  { frames }: Mp3Stream,
  { at, bytes }: { readonly at: number; readonly bytes: Uint8Array },
  insertions: readonly Insertion[],
): Promise<readonly Splice[]> => {
  const xing = parseXingFrame(bytes);
  const vbri = xing === undefined ? parseVbriFrame(bytes) : undefined;
  const addedBytes = insertions.reduce((total, one) => total + one.bytes.length, 0);
  const addedFrames = insertions.reduce((total, one) => total + one.frames, 0);
  const musicChecksum = xing?.lame === undefined ? undefined : await grownChecksum(source, frames, bytes, xing.lame.musicChecksumAt, insertions);
  const grown: GrownStream = {
    addedBytes,
    addedFrames,
    sizeBytes: frames.end - at + addedBytes,
    offsetAt: (share) => offsetOf(frames, insertions, Math.floor(share * (frames.offsets.length + addedFrames))) - at,
    musicChecksum,
  };
  const insert = xing !== undefined ? grownXingFrame(bytes, xing, grown) : vbri !== undefined ? grownVbriFrame(bytes, vbri, grown) : bytes;
  return [{ at, remove: bytes.length, insert }];
};

/** Where a frame of the grown stream begins; those of a notice as if they were of one length. */
const offsetOf = (frames: WalkedFrames, insertions: readonly Insertion[], index: number): number => {
  let [addedFrames, addedBytes] = [0, 0];
  for (const one of insertions) {
    const start = one.index + addedFrames;
    if (index < start) {
      break;
    }
    if (index < start + one.frames) {
      return one.at + addedBytes + Math.round(((index - start) * one.bytes.length) / one.frames);
    }
    addedFrames += one.frames;
    addedBytes += one.bytes.length;
  }
  return (frames.offsets[index - addedFrames] ?? frames.end) + addedBytes;
};

/** Chapters and words in the tags in front of the sound point at what they pointed at. */
export const laterTimes = async (source: ByteSource, { first }: Mp3Stream, insertions: readonly Insertion[]): Promise<readonly Splice[]> => {
  const milliseconds = (count: number): number => (count * first.samples * 1000) / first.sampleRate;
  const added = insertions.map(({ index, at, bytes, frames: count }) => ({
    at: milliseconds(index),
    length: milliseconds(count),
    atByte: at,
    bytes: bytes.length,
  }));
  const { leading } = await readFrameTags(source);
  return (await Promise.all(leading.map(({ start }) => laterId3Times(source, start, added)))).flat();
};

/** Read at once for a checksum, in bytes. */
const CHECKSUM_WINDOW_BYTES = 1 << 20;

/** The checksum of all sound with the insertions, where the one that stands there is right. */
const grownChecksum = async (
  source: ByteSource,
  frames: WalkedFrames,
  table: Uint8Array,
  checksumAt: number,
  insertions: readonly Insertion[],
): Promise<number | undefined> => {
  const start = frames.offsets[0] as number;
  let [whole, grown, position] = [0, 0, start];
  const take = async (to: number): Promise<void> => {
    let value = 0;
    const from = position;
    for (; position < to; position += CHECKSUM_WINDOW_BYTES) {
      value = crc16(await source.read(position, Math.min(CHECKSUM_WINDOW_BYTES, to - position)), value);
    }
    position = to;
    whole = crc16Shift(whole, to - from) ^ value;
    grown = crc16Shift(grown, to - from) ^ value;
  };
  for (const { at, bytes } of insertions) {
    await take(at);
    grown = crc16(bytes, grown);
  }
  await take(frames.end);
  const stored = ((table[checksumAt] ?? 0) << 8) | (table[checksumAt + 1] ?? 0);
  return whole === stored ? grown : undefined;
};
