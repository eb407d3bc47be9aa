import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LabelError } from '@aigc-label/core';
import { runFfmpegToFile } from '../../ffmpeg/run-ffmpeg.ts';
import type { WorkFolder } from '../../ffmpeg/work-folder.ts';
import { type Pcm, pcmLength } from '../pcm.ts';
import type { SoundNoticePosition } from '../sound-notice-options.ts';
import { waveOf } from './encode-notice.ts';
import type { Programme } from './programme.ts';

/** A recording that is encoded anew with the notice in it. */
export interface Reencoding {
  readonly notice: Pcm;
  /** Of one channel, in the recording. */
  readonly samples: number;
  /** Where in it the middle is. */
  readonly cut: number;
  readonly positions: readonly SoundNoticePosition[];
  /** ffmpeg's name of the encoder, and what it is asked for. */
  readonly encoder: string;
  readonly options: readonly string[];
  /** ffmpeg's name of the format of samples in which both are joined: `fltp`, `s16`. */
  readonly sampleFormat: string;
  /** In the folder. */
  readonly output: string;
}

/**
 * Decodes a recording, joins the notice to it and encodes all of it; only what is decoded at the moment is held in memory.
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` where ffmpeg cannot encode it, and as `runFfmpegToFile` does.
 */
export const encodeWithNotice = async ({ path, program, call }: Programme, folder: WorkFolder, wanted: Reencoding): Promise<void> => {
  const wave = join(folder.path, 'notice.wav');
  await writeFile(wave, waveOf(wanted.notice), { mode: 0o600 });
  const seconds = (wanted.samples + pcmLength(wanted.notice) * wanted.positions.length) / wanted.notice.sampleRate;
  try {
    await runFfmpegToFile({
      program,
      inputs: [
        { path: wave, options: [] },
        { path, options: [] },
      ],
      outputOptions: [
        ...['-filter_complex', filterOf(wanted), '-map', '[all]', '-map_metadata', '-1', '-c:a', wanted.encoder, ...wanted.options],
        ...['-flags', '+bitexact', '-fflags', '+bitexact'],
      ],
      output: join(folder.path, wanted.output),
      signal: call.signal,
      onProgress: (_, done) => call.onProgress?.(0.5 + 0.5 * Math.min(1, done / seconds)),
    });
  } catch (error) {
    if (error instanceof LabelError && error.code === 'NOTICE_UNSUPPORTED') {
      throw new LabelError('NOTICE_UNSUPPORTED', 'ffmpeg cannot encode this recording anew. Convert it to FLAC, MP3 or AAC first.', {
        data: error.data,
        cause: error,
      });
    }
    throw error;
  }
};

/** Stretches of the recording and the notice between them, one behind the other. */
const filterOf = ({ cut, positions, notice: { sampleRate }, sampleFormat }: Reencoding): string => {
  const form = `aformat=sample_fmts=${sampleFormat}:sample_rates=${sampleRate}`;
  const has = (position: SoundNoticePosition): boolean => positions.includes(position);
  const stretches = has('middle') ? [`atrim=end_sample=${cut}`, `atrim=start_sample=${cut},asetpts=PTS-STARTPTS`] : ['anull'];
  const notices = positions.map((_, index) => `[n${index}]`);
  const parts = stretches.map((_, index) => `[p${index}]`);
  const [first = '', second] = parts;
  const left = [...notices];
  const order = [
    ...(has('start') ? left.splice(0, 1) : []),
    first,
    ...(second === undefined ? [] : [...left.splice(0, 1), second]),
    ...(has('end') ? left.splice(0, 1) : []),
  ];
  return [
    `[0:a]${form},asplit=${notices.length}${notices.join('')}`,
    `[1:a:0]${form},asplit=${parts.length}${parts.map((_, index) => `[s${index}]`).join('')}`,
    ...stretches.map((stretch, index) => `[s${index}]${stretch}[p${index}]`),
    `${order.join('')}concat=n=${order.length}:v=0:a=1[all]`,
  ].join(';');
};
