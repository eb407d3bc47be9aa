import { join } from 'node:path';
import { type ByteSource, LabelError, type MarkCall, type Remark } from '@aigc-label/core';
import type { ProbedMedia, ProbedPictures, ProbedStream } from '../ffmpeg/probe-media.ts';
import { runFfmpegToFile } from '../ffmpeg/run-ffmpeg.ts';
import type { WorkFolder } from '../ffmpeg/work-folder.ts';
import { assertComplete } from './assert-complete.ts';
import { withFirstEncoder } from './first-encoder.ts';
import { firstPicture } from './first-picture.ts';
import { keepTurn } from './keep-turn.ts';
import { contrastRemark } from './notice-contrast.ts';
import { noticeOverlay } from './notice-overlay.ts';
import { noticePlate } from './notice-plate.ts';
import { encodersOf } from './picture-encoder.ts';
import { pixelFormatOf } from './pixel-format.ts';
import type { ResolvedVideoNotice } from './video-notice-options.ts';
import { clockFilter, containerOptions, readingOptions, timeOptions } from './whole-container.ts';

/** A video of which every picture is to be encoded anew. */
export interface WholeVideo {
  readonly program: string;
  readonly path: string;
  readonly source: ByteSource;
  readonly formatId: string;
  readonly media: ProbedMedia;
  readonly video: ProbedStream & { readonly pictures: ProbedPictures };
  /** Why its pictures are not exchanged one by one. */
  readonly reason: string;
}

/** A file with its notice, and what is to be told of how. */
export interface NoticedVideo {
  readonly source: ByteSource;
  readonly remarks: readonly Remark[];
}

/**
 * Encodes every picture of the first video stream anew, with the notice on those that are to have it, and lets ffmpeg write the container; all other streams are copied, which is proven
 * afterwards. Metadata that ffmpeg does not know is lost by this, which the remark says (`metadata`).
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` where the result would lack a stream or a copied one differs, and as `runFfmpegToFile` does.
 */
export const encodeWhole = async (whole: WholeVideo, notice: ResolvedVideoNotice, folder: WorkFolder, call: MarkCall): Promise<NoticedVideo> => {
  const { program, path, media, video, formatId } = whole;
  const { pictures } = video;
  const format = pixelFormatOf(pictures.pixelFormat);
  if (format === undefined) {
    throw new LabelError(
      'NOTICE_UNSUPPORTED',
      `No notice can be drawn on pixels of the kind ${pictures.pixelFormat}. Convert the video to yuv420p first.`,
      {
        data: { reason: 'pixels', pixelFormat: pictures.pixelFormat },
      },
    );
  }
  const plate = await noticePlate(notice.badge, pictures);
  const overlay = await noticeOverlay(folder.path, plate, pictures, format, { range: pictures.range ?? 'tv', transfer: pictures.transfer });
  const first = await firstPicture(program, path, video.index, { inputOptions: readingOptions(formatId), signal: call.signal });
  const when = whenOf(notice, formatId === 'avi' ? 0 : first.shownAt, media.duration);
  const name = `noticed.${formatId}`;
  const container = await containerOptions(whole.source, formatId);
  await withFirstEncoder(encodersOf(video, pictures, { mastering: first.mastering }), (encoder) =>
    runFfmpegToFile({
      program,
      inputs: [{ path, options: ['-noautorotate', ...readingOptions(formatId)] }, ...overlay.inputs],
      outputOptions: [
        ...['-filter_complex', `[0:${video.index}]${clockFilter(formatId)}[pictures];${overlay.graph(1, when)}`],
        ...mapped(media, video),
        ...['-c', 'copy', ...encoder.map((option) => (option === '-c:v' ? `-c:${video.index}` : option))],
        ...timeOptions(formatId, media, video.codec),
        ...['-copy_unknown', '-map_chapters', '0', '-max_muxing_queue_size', '9999', ...container],
      ],
      output: join(folder.path, name),
      signal: call.signal,
      onProgress: (_, seconds) => {
        if (media.duration !== undefined && media.duration > 0) {
          call.onProgress?.(Math.min(0.99, seconds / media.duration));
        }
      },
    }),
  );
  const source = await folder.open(name);
  await keepTurn(whole.source, source, formatId, pictures);
  await assertComplete(whole, join(folder.path, name), folder.path, call.signal);
  call.onProgress?.(1);
  return {
    source,
    remarks: [{ code: 'encoded_all', data: { reason: whole.reason, metadata: 'rewritten' } }, contrastRemark(plate)],
  };
};

/** An expression of ffmpeg's: in which seconds the plate is shown. */
const whenOf = ({ when, also, seconds }: ResolvedVideoNotice, first: number, duration: number | undefined): string => {
  if (when === 'throughout') {
    return '1';
  }
  const spans = [`lt(t,${(first + seconds).toFixed(6)})`];
  if (duration !== undefined && duration > 2 * seconds) {
    if (also.includes('middle')) {
      const from = first + (duration - seconds) / 2;
      spans.push(`between(t,${from.toFixed(6)},${(from + seconds).toFixed(6)})`);
    }
    if (also.includes('end')) {
      spans.push(`gte(t,${(first + duration - seconds).toFixed(6)})`);
    }
  }
  return spans.join('+');
};

/** Every stream in its order, the pictures of one in exchange for those with the notice, and what is said of it. */
const mapped = ({ streams }: ProbedMedia, video: ProbedStream): readonly string[] => [
  ...streams.flatMap(({ index }) => ['-map', index === video.index ? '[noticed]' : `0:${index}`]),
  ...['-map_metadata', '0', `-map_metadata:s:${video.index}`, `0:s:${video.index}`],
];
