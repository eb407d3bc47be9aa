import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NoticePlate } from './notice-plate.ts';
import type { PixelFormat } from './pixel-format.ts';

/** How a video's brightness is coded. */
export interface Brightness {
  /** `pc` where black is 0 and white the largest value. */
  readonly range: 'tv' | 'pc';
  /** ffmpeg's name of the transfer function. */
  readonly transfer: string | undefined;
}

/** What lays a plate on pictures: further inputs of ffmpeg, and the filters that take them. */
export interface NoticeOverlay {
  readonly inputs: readonly { readonly path: string; readonly options: readonly string[] }[];
  /** A graph from the label `[pictures]` to `[noticed]`; the first input of `inputs` is ffmpeg's number `firstInput`. @param when an expression of ffmpeg that is not 0 where the plate is shown. */
  graph(firstInput: number, when: string): string;
}

/**
 * Code values of white, 0 to 1. In HDR it is the white of graphics, about 203 cd/m² (ITU-R BT.2408 §2.1): 58 % of PQ's signal and 75 % of HLG's; all that the code can say would blind.
 */
const WHITE: Readonly<Record<string, number>> = { smpte2084: 0.58, 'arib-std-b67': 0.75 };

/** Formats on which ffmpeg's `overlay` draws without changing them, in every version, and the name that its option `format` has for them. */
const OVERLAID: Readonly<Record<string, string>> = {
  yuv420p: 'yuv420',
  yuvj420p: 'yuv420',
  yuv422p: 'yuv422',
  yuv444p: 'yuv444',
};

/**
 * Writes the plate as raw pixels in the video's own code values, so that nothing is converted: a small one for `overlay`; for deeper or rarer pixels, on which `overlay` of older versions
 * would lose depth, a picture and a mask of full size for `maskedmerge`, which knows every depth.
 */
export const noticeOverlay = async (
  folder: string,
  plate: NoticePlate,
  picture: { readonly width: number; readonly height: number },
  format: PixelFormat,
  brightness: Brightness,
): Promise<NoticeOverlay> => {
  const levels = levelsOf(format, brightness);
  const overlaid = OVERLAID[format.name];
  const raw = async (name: string, pixels: string, size: { readonly width: number; readonly height: number }, bytes: Uint8Array) => {
    const path = join(folder, name);
    await writeFile(path, bytes, { mode: 0o600 });
    const options = [
      '-f',
      'rawvideo',
      '-pix_fmt',
      pixels,
      '-s',
      `${size.width}x${size.height}`,
      '-framerate',
      '25',
      '-color_range',
      brightness.range,
    ];
    return { path, options };
  };
  // A second before everything, so that it is there for the first picture whatever its time is.
  const early = (input: number, label: string): string => `[${input}:v]setpts=PTS-60/TB[${label}]`;
  if (overlaid !== undefined) {
    const { chromaAcross, chromaDown } = format;
    const luma = plate.bright.map((value) => levels.value(value / 255));
    const chroma = new Uint8Array(2 * ceilShift(plate.width, chromaAcross) * ceilShift(plate.height, chromaDown)).fill(128);
    const inputs = [await raw('plate', format.name.replace('yuvj', 'yuv').replace('yuv', 'yuva'), plate, joined([luma, chroma, plate.cover]))];
    return {
      inputs,
      graph: (first, when) =>
        `${early(first, 'plate')};[pictures][plate]overlay=x=${plate.left}:y=${plate.top}:format=${overlaid}:enable='${when}',format=${format.name}[noticed]`,
    };
  }
  const inputs = [
    await raw('plate', format.name, picture, planesOf(plate, picture, format, levels, false)),
    await raw('mask', format.name, picture, planesOf(plate, picture, format, levels, true)),
  ];
  return {
    inputs,
    graph: (first, when) =>
      `${early(first, 'plate')};${early(first + 1, 'mask')};[pictures][plate][mask]maskedmerge=enable='${when}',format=${format.name}[noticed]`,
  };
};

/** From brightness, 0 to 1, to a code value. */
interface Levels {
  readonly largest: number;
  readonly middle: number;
  value(brightness: number): number;
}

const levelsOf = ({ bits, kind }: PixelFormat, { range, transfer }: Brightness): Levels => {
  const step = 2 ** (bits - 8);
  const largest = 2 ** bits - 1;
  const isFull = range === 'pc' || kind === 'rgb';
  const white = WHITE[transfer ?? ''] ?? 1;
  return {
    largest,
    middle: 128 * step,
    value: (brightness) => Math.round(isFull ? brightness * white * largest : 16 * step + brightness * white * 219 * step),
  };
};

/** All planes of a picture of full size: the plate's brightness, or how far it covers. */
const planesOf = (
  plate: NoticePlate,
  picture: { readonly width: number; readonly height: number },
  format: PixelFormat,
  levels: Levels,
  isMask: boolean,
): Uint8Array => {
  const { chromaAcross, chromaDown, kind } = format;
  const plane = (across: number, down: number, isLuma: boolean): Uint8Array | Uint16Array => {
    const width = ceilShift(picture.width, across);
    const cells = width * ceilShift(picture.height, down);
    const samples = format.bits === 8 ? new Uint8Array(cells) : new Uint16Array(cells);
    if (!isMask && !isLuma) {
      return samples.fill(levels.middle);
    }
    const [left, top] = [plate.left >> across, plate.top >> down];
    for (let y = 0; y < ceilShift(plate.height, down); y += 1) {
      for (let x = 0; x < ceilShift(plate.width, across); x += 1) {
        samples[(top + y) * width + left + x] = isMask
          ? Math.round((meanOf(plate, x << across, y << down, 1 << across, 1 << down) * levels.largest) / 255)
          : levels.value((plate.bright[y * plate.width + x] as number) / 255);
      }
    }
    return samples;
  };
  const planes =
    kind === 'grey'
      ? [plane(0, 0, true)]
      : kind === 'rgb'
        ? [0, 1, 2].map(() => plane(0, 0, true))
        : [plane(0, 0, true), plane(chromaAcross, chromaDown, false), plane(chromaAcross, chromaDown, false)];
  return joined(planes.map((samples) => (samples instanceof Uint8Array ? samples : littleEndian(samples))));
};

const meanOf = ({ cover, width, height }: NoticePlate, left: number, top: number, across: number, down: number): number => {
  let [sum, count] = [0, 0];
  for (let y = top; y < Math.min(height, top + down); y += 1) {
    for (let x = left; x < Math.min(width, left + across); x += 1) {
      sum += cover[y * width + x] as number;
      count += 1;
    }
  }
  return count === 0 ? 0 : sum / count;
};

const littleEndian = (samples: Uint16Array): Uint8Array => {
  const bytes = new Uint8Array(samples.length * 2);
  for (const [index, value] of samples.entries()) {
    bytes[2 * index] = value & 255;
    bytes[2 * index + 1] = value >> 8;
  }
  return bytes;
};

const ceilShift = (length: number, shift: number): number => (length + (1 << shift) - 1) >> shift;

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const bytes = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
