/** How ffmpeg is to read a container and to write one like it. */
import { boxBudget, readBoxFile, readMovie } from '@aigc-label/containers';
import type { ByteSource } from '@aigc-label/core';
import { demuxerOptions } from '../ffmpeg/demuxers.ts';
import type { ProbedMedia } from '../ffmpeg/probe-media.ts';

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

/** An AVI tells no times; ffmpeg guesses later ones where pictures are decoded in another order. */
export const clockFilter = (formatId: string): string => (formatId === 'avi' ? 'setpts=PTS-STARTPTS' : 'null');

/** How the file is read: in containers of `TIMES` times are kept as they are; the others count from 0, and ffmpeg moves all streams alike. */
export const readingOptions = (formatId: string): readonly string[] => [
  ...demuxerOptions(formatId),
  ...(TIMES[formatId] === undefined ? [] : ['-copyts']),
];

/** Options that make ffmpeg write the container, in the variant that the source is. */
export const containerOptions = async (source: ByteSource, formatId: string): Promise<readonly string[]> => [
  ...(CONTAINERS[formatId] ?? []),
  ...(await likeTheSource(source, formatId)),
];

/** Options with which each picture keeps its time. */
export const timeOptions = (formatId: string, { hasFpsMode }: ProbedMedia, codec: string): readonly string[] => {
  const base = TIMES[formatId];
  if (base === undefined) {
    return [];
  }
  // Elder codecs count time in steps of their picture rate. Before ffmpeg 5.1 the last picture of an MP4 has no duration but in such steps, and players leave it out.
  const isFine = FINE_CODECS.has(codec) && (hasFpsMode || (formatId !== 'mp4' && formatId !== 'mov'));
  const fine = isFine ? ['-enc_time_base', base] : [];
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
