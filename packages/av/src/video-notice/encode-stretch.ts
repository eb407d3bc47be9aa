import { join } from 'node:path';
import type { ByteSource, MarkCall } from '@aigc-label/core';
import { demuxerOptions } from '../ffmpeg/demuxers.ts';
import type { ProbedMedia, ProbedPictures, ProbedStream } from '../ffmpeg/probe-media.ts';
import { runFfmpegToFile } from '../ffmpeg/run-ffmpeg.ts';
import type { WorkFolder } from '../ffmpeg/work-folder.ts';
import type { NewStretch, VideoTrack } from '../samples/sample-container.ts';
import { unfit } from '../samples/unfit.ts';
import { withFirstEncoder } from './first-encoder.ts';
import { firstPicture } from './first-picture.ts';
import type { NoticeOverlay } from './notice-overlay.ts';
import type { NoticeStretch } from './notice-stretches.ts';
import { type EncodingWish, encodersOf } from './picture-encoder.ts';

/** A video of which stretches are encoded anew. */
export interface PartVideo {
  readonly program: string;
  readonly path: string;
  readonly formatId: string;
  readonly media: ProbedMedia;
  readonly video: ProbedStream & { readonly pictures: ProbedPictures };
  readonly track: VideoTrack;
  /** The time of ffmpeg's clock that `shownAt` counts from. */
  readonly clockStart: number;
}

/** ffmpeg's clock is told to a millionth of a second or in ticks of a millisecond. */
const CLOCK_ERROR = 0.002;

/** Options with which the demuxer shows every picture that is in the file, whatever an edit list says. */
export const everyPicture = (formatId: string): readonly string[] => [
  ...demuxerOptions(formatId),
  ...(formatId === 'mp4' || formatId === 'mov' ? ['-ignore_editlist', '1'] : []),
];

/**
 * Encodes a stretch, with the notice, as a file of its own: as many pictures as it has, each decoded when it is shown. Times do not matter, since the container keeps its own.
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` with `data.reason` where decoding cannot begin at the cut, and as `runFfmpegToFile` does.
 */
export const encodeStretch = async (
  part: PartVideo,
  { from, to, noticed }: NoticeStretch,
  overlay: NoticeOverlay,
  wish: EncodingWish,
  folder: WorkFolder,
  { signal, onPictures }: { readonly signal: MarkCall['signal'] | undefined; readonly onPictures: (pictures: number) => void },
): Promise<NewStretch> => {
  const { program, path, media, video } = part;
  const name = `stretch-${from}.mp4`;
  const { options, filter } = beginningAt(part, from);
  const inputOptions = [...everyPicture(part.formatId), ...options];
  if (from > 0) {
    const first = await firstPicture(program, path, video.index, { inputOptions, filter, signal });
    if (!(Math.abs(first.shownAt - part.clockStart - (part.track.shownAt[from] ?? 0)) < CLOCK_ERROR)) {
      throw unfit('stream', `decoding at picture ${from} begins with another one`);
    }
  }
  const when = noticed.map(([first, last]) => `between(n,${first},${last})`).join('+');
  await withFirstEncoder(encodersOf(video, video.pictures, wish), (encoder) =>
    runFfmpegToFile({
      program,
      inputs: [{ path, options: ['-noautorotate', ...inputOptions] }, ...overlay.inputs],
      outputOptions: [
        ...['-filter_complex', `[0:${video.index}]${filter}setpts=N/(FRAME_RATE*TB)[pictures];${overlay.graph(1, when)}`],
        ...['-map', '[noticed]', '-frames:v', String(to - from), ...encoder],
        ...[media.hasFpsMode ? '-fps_mode' : '-vsync', 'passthrough', '-map_metadata', '-1', '-f', 'mp4'],
      ],
      output: join(folder.path, name),
      signal,
      onProgress: onPictures,
    }),
  );
  const encoded: ByteSource = await folder.open(name);
  return { from, to, encoded };
};

/** What makes ffmpeg give the pictures from a cut on, and none before it. */
const beginningAt = ({ track, clockStart }: PartVideo, from: number): { readonly options: readonly string[]; readonly filter: string } => {
  if (from === 0) {
    return { options: [], filter: '' };
  }
  const cut = track.shownAt[from] ?? 0;
  const before = track.shownAt.reduce((latest, time) => (time < cut && time > latest ? time : latest), Number.NEGATIVE_INFINITY);
  // ffmpeg begins to decode at a key picture before that time, often an earlier one than it need; all times are those of the file, and what is shown before the cut is passed over.
  return {
    options: ['-noaccurate_seek', '-seek_timestamp', '1', '-copyts', '-ss', (clockStart + cut).toFixed(6)],
    filter: `select='gte(t,${(clockStart + (cut + Math.max(before, cut - 1)) / 2).toFixed(6)})',`,
  };
};
