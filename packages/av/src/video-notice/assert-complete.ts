import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabelError } from '@aigc-label/core';
import { type ProbedMedia, type ProbedStream, probeMedia } from '../ffmpeg/probe-media.ts';
import { runFfmpegToFile } from '../ffmpeg/run-ffmpeg.ts';
import type { WholeVideo } from './encode-whole.ts';

/** Seconds from the beginning in which times of packets are compared, and by how much they may differ, in seconds. */
const COMPARED_SECONDS = 10;
const TIME_TOLERANCE = 0.015;

/** @throws LabelError `NOTICE_UNSUPPORTED` unless all streams are there, and all but the pictures say what they said, when they said it. */
export const assertComplete = async (
  { program, path, media, video }: WholeVideo,
  written: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<void> => {
  const after = await probeMedia(program, written, { signal });
  const kinds = ({ streams }: ProbedMedia): string =>
    streams.map(({ kind, codec, index }) => (index === video.index ? kind : `${kind} ${codec}`)).join();
  const copied = media.streams.filter(({ index }) => index !== video.index);
  const refuse = (what: string): never => {
    throw new LabelError('NOTICE_UNSUPPORTED', `ffmpeg cannot write this video anew as it was (${what}). Convert it to MP4 first.`, {
      data: { reason: 'streams', what, before: kinds(media), after: kinds(after) },
    });
  };
  if (kinds(after) !== kinds(media)) {
    refuse('streams are missing');
  }
  if (after.streams[video.index]?.pictures?.rotation !== video.pictures.rotation) {
    refuse('the turn of the pictures is lost');
  }
  if (copied.length > 0) {
    const [one, other] = [
      await packetsOf(program, path, copied, folder, 'before', signal),
      await packetsOf(program, written, copied, folder, 'after', signal),
    ];
    if (one.sums !== other.sums) {
      refuse('copied streams differ');
    }
    if (one.times.length !== other.times.length || !isShiftedAlike(one.times, other.times)) {
      refuse('copied streams lose their times');
    }
  }
};

/** Whether all times differ by the same. */
const isShiftedAlike = (before: readonly number[], after: readonly number[]): boolean => {
  const shifts = before.map((time, index) => (after[index] ?? 0) - time);
  return Math.max(...shifts) - Math.min(...shifts) <= TIME_TOLERANCE;
};

/** What copied streams hold. */
interface Packets {
  /** A checksum of all packets of each stream. */
  readonly sums: string;
  /** When the first packets are due, in seconds. */
  readonly times: readonly number[];
}

const packetsOf = async (
  program: string,
  path: string,
  streams: readonly ProbedStream[],
  folder: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Packets> => {
  const sumFiles = streams.map(({ index }) => join(folder, `${name}-${index}`));
  const timeFile = join(folder, `${name}-times`);
  const sums = streams.flatMap(({ index }, at) => ['-map', `0:${index}`, '-c', 'copy', '-f', 'md5', sumFiles[at] as string]);
  const times = streams.flatMap(({ index }) => ['-map', `0:${index}`]);
  await runFfmpegToFile({
    program,
    inputs: [{ path, options: ['-copyts'] }],
    outputOptions: [...sums, ...times, '-c', 'copy', '-t', String(COMPARED_SECONDS), '-f', 'framemd5'],
    output: timeFile,
    signal,
  });
  return { sums: (await Promise.all(sumFiles.map((file) => readFile(file, 'utf8')))).join(), times: timesIn(await readFile(timeFile, 'utf8')) };
};

/** The times of a list of packets: `#tb 0: 1/1000`, then `0, 23, 23, …` with stream, time of decoding and time of showing. */
const timesIn = (text: string): readonly number[] => {
  const ticks = new Map<string, number>();
  for (const [, stream = '', numerator, denominator] of text.matchAll(/^#tb (\d+): (\d+)\/(\d+)$/gm)) {
    ticks.set(stream, Number(numerator) / Number(denominator));
  }
  return [...text.matchAll(/^(\d+),\s*-?\d+,\s*(-?\d+),/gm)].map(([, stream = '', time]) => Number(time) * (ticks.get(stream) ?? 0));
};
