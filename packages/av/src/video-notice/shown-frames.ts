import type { Luma } from '@aigc-label/badge';
import { demuxerOptions } from '../ffmpeg/demuxers.ts';
import type { ProbedPictures } from '../ffmpeg/probe-media.ts';
import { runFfmpeg } from '../ffmpeg/run-ffmpeg.ts';

/** Frames a second that are looked at: how long a notice stays is measured to a tenth of a second. */
export const FRAMES_PER_SECOND = 10;

/** Pixels of the shorter side to which frames are made smaller: text of 5 % has 27 then. */
const SHORTER_SIDE = 540;

/** Pixels of a frame that is looked at; more only where a picture is a strip. */
const MAXIMUM_PIXELS = 2_000_000;

/** Pixels that a frame may have in the file: 8K and a little. A decoder needs a few times as many bytes. */
export const MAXIMUM_STORED_PIXELS = 40_000_000;

/** Where frames are taken from. */
export interface Watched {
  readonly program: string;
  readonly path: string;
  readonly formatId: string;
  /** Of ffmpeg's streams. */
  readonly index: number;
  readonly pictures: ProbedPictures;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Frames as a player shows them, upright and with square pixels, in grey, `FRAMES_PER_SECOND` of them: from `from` on for `seconds`.
 *
 * @throws LabelError `FORMAT_UNSUPPORTED_FEATURE`, `LIMIT_EXCEEDED` after `timeoutSeconds`, `TOOL_MISSING`, `ABORTED`.
 */
export const shownFrames = async (
  { program, path, formatId, index, pictures, signal }: Watched,
  { from, seconds, timeoutSeconds }: { readonly from: number; readonly seconds: number; readonly timeoutSeconds: number },
): Promise<readonly Luma[]> => {
  const { width, height } = watchedSize(pictures);
  const most = Math.ceil(seconds * FRAMES_PER_SECOND) + 1;
  const { bytes } = await runFfmpeg({
    program,
    input: path,
    inputOptions: [...demuxerOptions(formatId), '-threads', '2', '-max_alloc', String(1 << 30), ...(from > 0 ? ['-ss', from.toFixed(3)] : [])],
    outputOptions: [
      ...['-map', `0:${index}`, '-t', seconds.toFixed(3), '-an', '-sn', '-dn'],
      ...['-vf', `fps=${FRAMES_PER_SECOND},scale=${width}:${height}:flags=area,format=gray`, '-frames:v', String(most)],
      ...['-threads', '1', '-f', 'rawvideo'],
    ],
    maximumBytes: width * height * most,
    timeoutSeconds,
    signal,
  });
  const size = width * height;
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, frame) => ({
    width,
    height,
    samples: displayed(bytes.subarray(frame * size, (frame + 1) * size), pictures.transfer),
  }));
};

/** Code values as brightness on an ordinary display, where white is the white of graphics in HDR (203 cd/m², ITU-R BT.2408 §2.1) and what is brighter is as white. */
const displayed = (samples: Uint8Array, transfer: string | undefined): Uint8Array => {
  const light = HDR_LIGHT[transfer ?? ''];
  if (light === undefined) {
    return samples;
  }
  const table = Uint8Array.from({ length: 256 }, (_, code) => Math.round(255 * Math.min(1, light(code / 255)) ** (1 / 2.2)));
  return samples.map((code) => table[code] as number);
};

/** Light against the white of graphics, by ffmpeg's name of the transfer function: PQ (SMPTE ST 2084) and HLG (ARIB STD-B67). */
const HDR_LIGHT: Readonly<Record<string, (signal: number) => number>> = {
  smpte2084: (signal) => {
    const root = signal ** (1 / 78.84375);
    return (10_000 / 203) * (Math.max(0, root - 0.8359375) / (18.8515625 - 18.6875 * root)) ** (1 / 0.1593017578125);
  },
  'arib-std-b67': (signal) => (signal <= 0.5 ? (signal * signal) / 3 : (Math.exp((signal - 0.55991073) / 0.17883277) + 0.28466892) / 12) / 0.265,
};

const watchedSize = ({ width, height, rotation, pixelAspect }: ProbedPictures): { readonly width: number; readonly height: number } => {
  const aspect = Math.min(8, Math.max(1 / 8, pixelAspect));
  const [wide, high] = [width * Math.max(1, aspect), height * Math.max(1, 1 / aspect)];
  const [across, down] = rotation === 90 || rotation === 270 ? [high, wide] : [wide, high];
  const scale = Math.min(1, SHORTER_SIDE / Math.min(across, down), Math.sqrt(MAXIMUM_PIXELS / (across * down)));
  return { width: Math.max(1, Math.round(across * scale)), height: Math.max(1, Math.round(down * scale)) };
};
