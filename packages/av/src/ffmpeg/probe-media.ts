import { LabelError } from '@aigc-label/core';
import { runFfmpeg } from './run-ffmpeg.ts';

/** What ffmpeg tells of a file and of itself. */
export interface ProbedMedia {
  readonly streams: readonly ProbedStream[];
  /** In seconds, as the container says. */
  readonly duration: number | undefined;
  /** Whether `-fps_mode` has taken the place of `-vsync` (ffmpeg 5.1). */
  readonly hasFpsMode: boolean;
}

/** One stream of a file. */
export interface ProbedStream {
  readonly index: number;
  readonly kind: 'Video' | 'Audio' | 'Subtitle' | 'Data' | 'Attachment' | 'Unknown';
  /** ffmpeg's name of the codec: `h264`. */
  readonly codec: string;
  /** The profile in ffmpeg's words: `Constrained Baseline`. */
  readonly profile: string | undefined;
  readonly isCover: boolean;
  /** For moving pictures. */
  readonly pictures: ProbedPictures | undefined;
}

/** How moving pictures are stored. */
export interface ProbedPictures {
  readonly width: number;
  readonly height: number;
  /** ffmpeg's name: `yuv420p10le`. */
  readonly pixelFormat: string;
  readonly range: 'tv' | 'pc' | undefined;
  readonly matrix: string | undefined;
  readonly primaries: string | undefined;
  readonly transfer: string | undefined;
  readonly fieldOrder: 'top' | 'bottom' | undefined;
  readonly pixelAspect: number;
  /** Clockwise turn, in degrees, that a player makes before showing it. */
  readonly rotation: 0 | 90 | 180 | 270;
}

/** Lines of text are small; a file with thousands of streams is none of ours. */
const MAXIMUM_BYTES = 1 << 20;

/**
 * Asks ffmpeg what is in a file, without decoding more than it does to find out.
 *
 * @throws LabelError `FILE_DAMAGED` where it finds nothing, `TOOL_MISSING`, `LIMIT_EXCEEDED`, `ABORTED`.
 */
export const probeMedia = async (
  program: string,
  input: string,
  { signal, inputOptions = [] }: { readonly signal?: AbortSignal | undefined; readonly inputOptions?: readonly string[] } = {},
): Promise<ProbedMedia> => {
  const { log, duration } = await runFfmpeg({
    program,
    input,
    inputOptions,
    outputOptions: ['-map', '0', '-c', 'copy', '-copy_unknown', '-t', '0', '-f', 'null'],
    maximumBytes: MAXIMUM_BYTES,
    timeoutSeconds: 20,
    signal,
    mayFail: true,
  });
  if (log.some((line) => UNREADABLE.test(line)) && streamsOf(log).length === 0) {
    throw new LabelError('FILE_DAMAGED', 'ffmpeg finds no streams in this file. Export it again from its source.', { data: { tool: 'ffmpeg' } });
  }
  return { streams: streamsOf(log), duration, hasFpsMode: hasFpsMode(log) };
};

const UNREADABLE = /Invalid data found|moov atom not found|End of file|could not find codec parameters/i;

/** `-fps_mode` came with libavformat 59.27. */
const hasFpsMode = (log: readonly string[]): boolean => {
  const match = /libavformat\s+(\d+)\.\s*(\d+)\./.exec(log.join('\n'));
  return match !== null && Number(match[1]) * 1000 + Number(match[2]) >= 59_027;
};

const STREAM = /^\s*Stream #0:(\d+)\S*?(?:\(\S*\))?: (Video|Audio|Subtitle|Data|Attachment|Unknown): (\w+)(?: \(([^)]*)\))?(.*)$/;

/** The streams of the first input, by their index: those of a programme are told in its order, and again with the next one. */
export const streamsOf = (log: readonly string[]): readonly ProbedStream[] => {
  const end = log.findIndex((line) => /^Output #0|^Stream mapping:/.test(line));
  const streams: ProbedStream[] = [];
  for (const line of log.slice(0, end === -1 ? log.length : end)) {
    const match = STREAM.exec(line);
    if (match !== null) {
      const [, index = '', kind = '', codec = '', bracket, rest = ''] = match;
      streams.push({
        index: Number(index),
        kind: kind as ProbedStream['kind'],
        codec,
        // The first bracket is the profile, unless it is the tag of the container: `(avc1 / 0x31637661)`.
        profile: bracket === undefined || bracket.includes(' / 0x') ? undefined : bracket,
        isCover: /\(attached pic\)/.test(rest),
        pictures: kind === 'Video' ? picturesOf(`${bracket ?? ''})${rest}`) : undefined,
      });
    }
    const turn = /displaymatrix: rotation of (-?[\d.]+) degrees/.exec(line);
    const last = streams.at(-1);
    if (turn !== null && last?.pictures !== undefined) {
      streams[streams.length - 1] = { ...last, pictures: { ...last.pictures, rotation: rotationOf(Number(turn[1])) } };
    }
  }
  return streams.filter(({ index }, at) => streams.findIndex((other) => other.index === index) === at).toSorted((a, b) => a.index - b.index);
};

/** ffmpeg tells how far the picture is turned against the clock. */
const rotationOf = (degrees: number): ProbedPictures['rotation'] =>
  ((((Math.round(-degrees / 90) * 90) % 360) + 360) % 360) as ProbedPictures['rotation'];

const picturesOf = (text: string): ProbedPictures | undefined => {
  const size = /, (\d+)x(\d+)/.exec(text);
  const format = /, ((?:yuv|gbr|gray|rgb|bgr|nv|pal|ya|argb|p0|y2)\w*)(?:\(([^)]*)\))?/.exec(text);
  if (size === null || format === null) {
    return undefined;
  }
  const aspect = /SAR (\d+):(\d+)/.exec(text);
  const words = (format[2] ?? '').split(/,\s*/);
  const colours =
    words.find((word) => word.includes('/')) ?? words.find((word) => !/^(tv|pc|top|bottom|progressive|\d+ bpc)\b/.test(word) && word !== '');
  const [matrix, primaries, transfer] = colours === undefined ? [] : colours.includes('/') ? colours.split('/') : [colours, colours, colours];
  return {
    width: Number(size[1]),
    height: Number(size[2]),
    pixelFormat: format[1] ?? '',
    range: words.includes('pc') || format[1]?.startsWith('yuvj') === true ? 'pc' : words.includes('tv') ? 'tv' : undefined,
    matrix: known(matrix),
    primaries: known(primaries),
    transfer: known(transfer),
    fieldOrder: words.some((word) => word.startsWith('top')) ? 'top' : words.some((word) => word.startsWith('bottom')) ? 'bottom' : undefined,
    pixelAspect: aspect === null || Number(aspect[1]) === 0 || Number(aspect[2]) === 0 ? 1 : Number(aspect[1]) / Number(aspect[2]),
    rotation: 0,
  };
};

const known = (name: string | undefined): string | undefined =>
  name === undefined || name === 'unknown' || name === 'reserved' || !/^[\w-]+$/.test(name) ? undefined : name;
