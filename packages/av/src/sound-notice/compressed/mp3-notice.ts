import {
  crc16,
  crc16Shift,
  type GrownStream,
  grownVbriFrame,
  grownXingFrame,
  isSameStream,
  laterId3Times,
  MPEG_AUDIO_HEADER_BYTES,
  type MpegAudioFrame,
  parseMpegAudioFrame,
  parseVbriFrame,
  parseXingFrame,
  silentMpegFrames,
  type WalkedFrames,
  walkFrames,
  withHeaderBitsOf,
} from '@aigc-label/containers';
import { type ByteSource, bytesSource, concat, damaged, type Marked, type Splice } from '@aigc-label/core';
import { readFrameTags } from '../../frame-tags.ts';
import type { NoticeInserter } from '../notice-inserter.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { framesCut } from './cut-frames.ts';
import { encodeNotice } from './encode-notice.ts';
import { framesRange } from './frames-range.ts';
import { matchedNotice } from './matched-notice.ts';
import { type Programme, refuseAborted, unsupported, withProgramme } from './programme.ts';

/** Puts a notice between the frames of MPEG audio (ISO/IEC 11172-3, 13818-3), layers II and III; no frame of the recording is changed. */
export const mp3Notice: NoticeInserter = {
  formats: ['mp3'],
  insert: (source, _, options, call) => withProgramme(source, call, (programme) => insertIntoMp3(programme, options)),
};

const insertIntoMp3 = async (programme: Programme, options: ResolvedSoundNotice): Promise<Marked> => {
  const { source } = programme;
  const stream = await readStream(programme);
  const { frames, first } = stream;
  const seconds = frames.samples / first.sampleRate;
  const { pcm, remark, middle } = await matchedNotice(programme, options, {
    sampleRate: first.sampleRate,
    channels: first.channels,
    seconds,
    cut: framesCut(source, frames, first.sampleRate),
  });
  const kilobits = averageRate(stream);
  const encoded = await encodeNotice(programme, pcm, ...encoderOf(first, kilobits));
  const insertions: Insertion[] = [];
  for (const index of await placesOf(source, stream, options, Math.round((middle * first.sampleRate) / first.samples))) {
    insertions.push(await insertionAt(source, stream, index, encoded));
  }
  const splices = insertions.map(({ at, bytes }): Splice => ({ at, remove: 0, insert: bytes }));
  const table = stream.table === undefined ? [] : await tableSplices(source, stream, stream.table, insertions);
  const times = await laterTimes(source, stream, insertions);
  programme.call.onProgress?.(1);
  return { kind: 'splices', splices: [...times, ...table, ...splices], remarks: [{ code: 'content_kept', data: {} }, remark] };
};

const walk = (source: ByteSource, start: number, end: number, onWindow: () => void = () => {}): Promise<WalkedFrames<MpegAudioFrame>> =>
  walkFrames<MpegAudioFrame>(source, {
    start,
    end,
    onWindow,
    headerBytes: MPEG_AUDIO_HEADER_BYTES,
    parse: parseMpegAudioFrame,
    isSame: isSameStream,
  });

interface Mp3Stream {
  /** Of sound: not the table in front of them. */
  readonly frames: WalkedFrames;
  readonly first: MpegAudioFrame;
  /** The frame that holds a table instead of sound. */
  readonly table: { readonly at: number; readonly bytes: Uint8Array } | undefined;
}

const readStream = async ({ source, call }: Programme): Promise<Mp3Stream> => {
  const { start, end } = await framesRange(source);
  const walked = await walk(source, start, end, () => refuseAborted(call));
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

/** Rates of the tables, in thousand bits a second. */
const FULL_RATES = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const HALF_RATES = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

/** That of all frames where it is constant, else the next that is not lower than their average. */
const averageRate = ({ frames, first }: Mp3Stream): number => {
  const bytes = frames.end - (frames.offsets[0] ?? 0);
  const average = (bytes * 8 * first.sampleRate) / frames.samples / 1000;
  const rates = first.version === 3 ? FULL_RATES : HALF_RATES;
  return Math.abs(average - first.kilobits) < 0.02 * first.kilobits
    ? first.kilobits
    : (rates.find((rate) => rate >= average) ?? (rates.at(-1) as number));
};

const encoderOf = (frame: MpegAudioFrame, kilobits: number): readonly [string, readonly string[]] => {
  const rate = ['-b:a', `${kilobits}k`, '-ac', String(frame.channels), '-ar', String(frame.sampleRate)];
  return frame.layer === 2
    ? ['mp2', [...rate, '-f', 'mp2']]
    : [
        'libmp3lame',
        [...rate, '-reservoir', '0', '-joint_stereo', frame.isJoint ? '1' : '0', '-write_xing', '0', '-id3v2_version', '0', '-f', 'mp3'],
      ];
};

/** In front of which frames the notice goes; the number of frames stands for the end. */
const placesOf = async (
  source: ByteSource,
  { frames }: Mp3Stream,
  { positions }: ResolvedSoundNotice,
  middle: number,
): Promise<readonly number[]> => {
  const count = frames.offsets.length;
  const start = await firstWholeFrame(source, frames);
  const places = { start, middle: Math.max(start, Math.min(count, middle)), end: count };
  return [...new Set(positions.map((position) => places[position]))].sort((a, b) => a - b);
};

/** Frames at whose start a cut stream may still lack what it needs of earlier ones: 511 bytes of reservoir are more than this many frames of the lowest rate. */
const MAXIMUM_CUT_FRAMES = 64;

/** 0, unless the recording was cut so that its first frames want what is no longer there: then behind the first frame that has all. */
const firstWholeFrame = async (source: ByteSource, frames: WalkedFrames): Promise<number> => {
  let reservoirBytes = 0;
  for (let index = 0; index < Math.min(MAXIMUM_CUT_FRAMES, frames.offsets.length); index += 1) {
    const frame = await frameAt(source, frames, index);
    if (frame.mainDataBegin <= reservoirBytes) {
      return index === 0 ? 0 : index + 1;
    }
    reservoirBytes += Math.max(0, frame.frameBytes - frame.mainDataAt);
  }
  return 0;
};

const frameAt = async (source: ByteSource, { offsets }: WalkedFrames, index: number): Promise<MpegAudioFrame> => {
  const at = offsets[index] as number;
  const frame = parseMpegAudioFrame(await source.read(at, MPEG_AUDIO_HEADER_BYTES), 0);
  if (frame === undefined) {
    throw damaged('mp3', at, 'the frame is no longer there');
  }
  return frame;
};

interface Insertion {
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
const insertionAt = async (source: ByteSource, { frames }: Mp3Stream, index: number, encoded: Uint8Array): Promise<Insertion> => {
  const at = frames.offsets[index] ?? frames.end;
  const neighbour = frames.offsets[Math.min(index, frames.offsets.length - 1)] as number;
  const like = await source.read(neighbour, MPEG_AUDIO_HEADER_BYTES);
  const notice = await walk(bytesSource(encoded), 0, encoded.length);
  assertFits(encoded, notice, like);
  const own = withHeaderBitsOf(encoded.subarray(0, notice.end), notice.offsets, like);
  const from = index < frames.offsets.length ? Math.max(0, index - prerollFrames(like)) : index;
  const before = from < index ? await frameAt(source, frames, from) : undefined;
  const copied = frames.offsets[from] ?? at;
  const copy = await source.read(copied, at - copied);
  const reservoir = before === undefined ? new Uint8Array() : await mainDataBefore(source, frames, from, before.mainDataBegin);
  const silence = silentMpegFrames(like, reservoir);
  const bytes = concat(own, silence, copy);
  const silentFrames = await walk(bytesSource(silence), 0, silence.length);
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

const tableSplices = async (
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
const laterTimes = async (source: ByteSource, { first }: Mp3Stream, insertions: readonly Insertion[]): Promise<readonly Splice[]> => {
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
