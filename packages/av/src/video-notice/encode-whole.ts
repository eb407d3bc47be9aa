import { join } from 'node:path';
import { boxBudget, readBoxFile, readMovie } from '@aigc-label/containers';
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
import { demuxerOptions } from './shown-frames.ts';
import type { ResolvedVideoNotice } from './video-notice-options.ts';

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

/** ffmpeg's name of the container, and what keeps the file what it was. */
const CONTAINERS: Readonly<Record<string, readonly string[]>> = {
  mp4: ['-f', 'mp4'],
  mov: ['-f', 'mov'],
  mkv: ['-f', 'matroska'],
  webm: ['-f', 'webm'],
  avi: ['-f', 'avi'],
  flv: ['-f', 'flv'],
  ts: ['-f', 'mpegts'],
  ogv: ['-f', 'ogg'],
  wmv: ['-f', 'asf'],
};

/** Containers that tell the time of each picture finely, so that each keeps its own. */
const TIMES: Readonly<Record<string, string>> = {
  mp4: '1/90000',
  mov: '1/90000',
  mkv: '1/1000',
  webm: '1/1000',
  flv: '1/1000',
  wmv: '1/1000',
  ts: '1/90000',
};

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
  const first = await firstPicture(program, path, video.index, { inputOptions: clock(formatId), signal: call.signal });
  const when = whenOf(notice, formatId === 'avi' ? 0 : first.shownAt, media.duration);
  const name = `noticed.${formatId}`;
  const container = [...(CONTAINERS[formatId] ?? []), ...(await likeTheSource(whole.source, formatId))];
  await withFirstEncoder(encodersOf(video, pictures, { mastering: first.mastering }), (encoder) =>
    runFfmpegToFile({
      program,
      inputs: [{ path, options: ['-noautorotate', ...clock(formatId)] }, ...overlay.inputs],
      outputOptions: [
        ...['-filter_complex', `[0:${video.index}]${formatId === 'avi' ? FROM_ZERO : 'null'}[pictures];${overlay.graph(1, when)}`],
        ...mapped(media, video),
        ...['-c', 'copy', ...encoder.map((option) => (option === '-c:v' ? `-c:${video.index}` : option))],
        ...times(formatId, media, video.codec),
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

/** An AVI tells no times; ffmpeg guesses later ones where pictures are decoded in another order. */
const FROM_ZERO = 'setpts=PTS-STARTPTS';

/** How the file is read: in containers of `TIMES` times are kept as they are; the others count from 0, and ffmpeg moves all streams alike. */
const clock = (formatId: string): readonly string[] => [...demuxerOptions(formatId), ...(TIMES[formatId] === undefined ? [] : ['-copyts'])];

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

const times = (formatId: string, { hasFpsMode }: ProbedMedia, codec: string): readonly string[] => {
  const base = TIMES[formatId];
  if (base === undefined) {
    return [];
  }
  // Elder codecs count time in steps of their picture rate.
  const fine = FINE_CODECS.has(codec) ? ['-enc_time_base', base] : [];
  return [
    hasFpsMode ? '-fps_mode' : '-vsync',
    'passthrough',
    ...fine,
    '-avoid_negative_ts',
    'disabled',
    ...(formatId === 'ts' ? ['-mpegts_copyts', '1'] : []),
  ];
};

/** Codecs that leave time to the container, or count it finely. */
const FINE_CODECS: ReadonlySet<string> = new Set([
  'h264',
  'hevc',
  'vp8',
  'vp9',
  'av1',
  'flv1',
  'wmv1',
  'wmv2',
  'msmpeg4v2',
  'msmpeg4v3',
  'wmv3',
  'vc1',
  'mjpeg',
  'prores',
  'ffv1',
]);

/** Options that make ffmpeg write the variant of a container that the source is. */
const likeTheSource = async (source: ByteSource, formatId: string): Promise<readonly string[]> => {
  const head = await source.read(0, Math.min(12, source.size));
  if (formatId === 'ts') {
    return head[0] !== 0x47 && head[4] === 0x47 ? ['-mpegts_m2ts_mode', '1'] : [];
  }
  if (formatId !== 'mp4' && formatId !== 'mov') {
    return [];
  }
  const brand = new TextDecoder('latin1').decode(head.subarray(8, 12));
  const brands = ['major_brand', 'minor_version', 'compatible_brands'].flatMap((key) => ['-metadata', `${key}=`]);
  return [
    ...['-movflags', `+use_metadata_tags${await movieFlags(source)}`, ...brands],
    ...(/^3g[p2]/.test(brand) ? ['-f', brand.startsWith('3g2') ? '3g2' : '3gp'] : []),
  ];
};

/** Whether the samples of an MP4 stand in fragments, or its index in front. */
const movieFlags = async (source: ByteSource): Promise<string> => {
  const budget = boxBudget();
  const file = await readBoxFile(source, budget);
  const { isFragmented, box } = await readMovie(source, file, budget);
  const isInFront = file.boxes.some(({ type, offset }) => type === 'mdat' && offset > box.offset);
  return isFragmented ? '+frag_keyframe+delay_moov+default_base_moof' : isInFront ? '+faststart' : '';
};
