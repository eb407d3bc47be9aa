import type { MpegAudioFrame, WalkedFrames } from '@aigc-label/containers';
import type { ByteSource, Marked, Splice } from '@aigc-label/core';
import type { NoticeInserter } from '../notice-inserter.ts';
import type { ResolvedSoundNotice } from '../sound-notice-options.ts';
import { framesCut } from './cut-frames.ts';
import { encodeNotice } from './encode-notice.ts';
import { matchedNotice } from './matched-notice.ts';
import { type Insertion, insertionAt } from './mp3-insertion.ts';
import { frameAt, type Mp3Stream, readMp3Stream } from './mp3-stream.ts';
import { laterTimes, tableSplices } from './mp3-table.ts';
import { type Programme, withProgramme } from './programme.ts';

/** Puts a notice between the frames of MPEG audio (ISO/IEC 11172-3, 13818-3), layers II and III; no frame of the recording is changed. */
export const mp3Notice: NoticeInserter = {
  formats: ['mp3'],
  insert: (source, _, options, call) => withProgramme(source, call, (programme) => insertIntoMp3(programme, options)),
};

const insertIntoMp3 = async (programme: Programme, options: ResolvedSoundNotice): Promise<Marked> => {
  const { source } = programme;
  const stream = await readMp3Stream(programme);
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
