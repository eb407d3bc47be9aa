/** The badge on every frame of an APNG (PNG 3rd ed. §11.3.6): frames are composed, badged, and written as what changed since the frame before. */

import { inflateSync } from 'node:zlib';
import type { PlacedPlate, ResolvedBadge } from '@aigc-label/badge';
import { encodePngChunk, PNG_SIGNATURE } from '@aigc-label/containers';
import { ascii, concat, damaged, u16be, u32be, viewOf } from '@aigc-label/core';
import { PNG } from 'pngjs';
import { ADAM7 } from '../adam7.ts';
import { badgePlace } from './badge-place.ts';
import { blendBadge } from './blend.ts';
import { changedRegion, clear, compose, cut, type Region, type Samples } from './canvas.ts';
import { badgeStands } from './is-present.ts';
import type { OpenedPicture } from './opened-picture.ts';
import { encodePng, type PngFile, type PngHeader, type PngPart, withPixels } from './png-file.ts';
import { assertPixels } from './raster.ts';

/** One fcTL with its pixels. */
interface ApngFrame extends Region {
  readonly delay: Uint8Array;
  /** 0 stays · 1 is cleared · 2 what was before comes back. */
  readonly dispose: number;
  readonly isOver: boolean;
  readonly data: readonly Uint8Array[];
  readonly isDefaultImage: boolean;
}

/** @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_NOT_DRAWABLE`. */
export const openApng = async (bytes: Uint8Array, file: PngFile, badge: ResolvedBadge, orientation: number | undefined): Promise<OpenedPicture> => {
  const { placed } = await badgePlace(badge, file.header.width, file.header.height, orientation);
  return {
    stands: () => badgeStands(bytes, badge),
    draw: async () => ({ bytes: await badgeFrames(file, placed), contrast: placed.plate.contrast, isRestKept: true }),
  };
};

const badgeFrames = async (file: PngFile, placed: PlacedPlate): Promise<Uint8Array> => {
  const { width, height, depth, colourType } = file.header;
  const frames = framesOf(file);
  // Two canvases are alive at a time, but every frame costs a decoding and an encoding of up to the whole canvas.
  assertPixels(width * height * (frames.length + 1));
  const isGrey = colourType === 0 || colourType === 4;
  const isDeep = depth === 16;
  // Frames may leave parts of an opaque canvas transparent, so alpha is always written; it compresses to almost nothing.
  const written: Uint8Array[] = [];
  let header: PngPart | undefined;
  let sequence = 0;
  const write = async (canvas: Samples, region: Region, frame: ApngFrame | undefined): Promise<void> => {
    const { parts } = await encodePng(cut(canvas, width, region, isGrey, true));
    header ??= parts[0];
    if (frame !== undefined) {
      written.push(frameControl(sequence, region, frame.delay));
      sequence += 1;
    }
    for (const { type, whole, data } of parts) {
      if (type === 'IDAT' && (frame === undefined || frame.isDefaultImage)) {
        written.push(whole);
      } else if (type === 'IDAT') {
        written.push(encodePngChunk('fdAT', concat(u32be(sequence), data)));
        sequence += 1;
      }
    }
  };
  const everything: Region = { left: 0, top: 0, width, height };
  if (!frames.some(({ isDefaultImage }) => isDefaultImage)) {
    const still = decodeFrame(file, everything, dataOf(file, 'IDAT'), isDeep);
    draw(still, width, height, placed);
    await write(still, everything, undefined);
  }
  const blank = (): Samples => (isDeep ? new Uint16Array(width * height * 4) : new Uint8Array(width * height * 4));
  const canvas = blank();
  let shown: Samples | undefined;
  for (const frame of frames) {
    const before = frame.dispose === 2 ? canvas.slice() : undefined;
    compose(canvas, width, decodeFrame(file, frame, frame.data, isDeep), frame, frame.isOver);
    const next = canvas.slice();
    draw(next, width, height, placed);
    await write(next, shown === undefined ? everything : changedRegion(shown, next, width, height), frame);
    shown = next;
    if (before !== undefined) {
      canvas.set(before);
    } else if (frame.dispose === 1) {
      clear(canvas, width, frame);
    }
  }
  if (header === undefined) {
    throw damaged('png/IHDR', 8, 'there is no frame');
  }
  const control = file.parts.filter(({ type }) => type === 'acTL').map(({ whole }) => whole);
  return withPixels(file, header, written, control);
};

const draw = (samples: Samples, width: number, height: number, placed: PlacedPlate): void =>
  blendBadge({ width, height, frames: 1, channels: 4, hasAlpha: true, samples }, placed);

const dataOf = ({ parts }: PngFile, wanted: string): readonly Uint8Array[] => parts.filter(({ type }) => type === wanted).map(({ data }) => data);

const framesOf = ({ parts, header }: PngFile): readonly ApngFrame[] => {
  const frames: (Omit<ApngFrame, 'data' | 'isDefaultImage'> & { data: Uint8Array[]; isDefaultImage: boolean })[] = [];
  let announced: number | undefined;
  for (const { type, data } of parts) {
    const last = frames.at(-1);
    if (type === 'acTL' && data.length === 8) {
      announced = viewOf(data).getUint32(0);
    } else if (type === 'fcTL') {
      frames.push({ ...readFrameControl(data, header.width, header.height), data: [], isDefaultImage: false });
    } else if (type === 'IDAT' && last !== undefined) {
      last.data.push(data);
      last.isDefaultImage = frames.length === 1;
    } else if (type === 'fdAT' && last !== undefined && data.length >= 4) {
      last.data.push(data.subarray(4));
    }
  }
  if (announced !== frames.length || frames.length === 0 || frames.some(({ data }) => data.length === 0)) {
    throw damaged('png/acTL', 33, `${announced} frames are announced and ${frames.length} stand in the file`);
  }
  return frames;
};

const readFrameControl = (data: Uint8Array, canvasWidth: number, canvasHeight: number): Omit<ApngFrame, 'data' | 'isDefaultImage'> => {
  const view = viewOf(data);
  if (data.length !== 26) {
    throw damaged('png/fcTL', 33, `a frame control has ${data.length} bytes instead of 26`);
  }
  const [width, height, left, top] = [view.getUint32(4), view.getUint32(8), view.getUint32(12), view.getUint32(16)];
  if (width === 0 || height === 0 || left + width > canvasWidth || top + height > canvasHeight) {
    throw damaged('png/fcTL', 33, 'a frame leaves the picture');
  }
  return { left, top, width, height, delay: data.slice(20, 24), dispose: view.getUint8(24), isOver: view.getUint8(25) === 1 };
};

/** Every frame we write replaces its rectangle and stays: dispose 0, blend 0. */
const frameControl = (sequence: number, { left, top, width, height }: Region, delay: Uint8Array): Uint8Array =>
  encodePngChunk('fcTL', concat(u32be(sequence), u32be(width), u32be(height), u32be(left), u32be(top), delay, u16be(0)));

/** A frame as a picture of its own, decoded by pngjs: sharp knows no APNG. */
const decodeFrame = ({ parts, header }: PngFile, { width, height }: Region, data: readonly Uint8Array[], isDeep: boolean): Samples => {
  const shared = parts.filter(({ type }) => type === 'PLTE' || type === 'tRNS').map(({ whole }) => whole);
  const kind = (parts[0]?.data ?? new Uint8Array(13)).subarray(8);
  const compressed = concat(...data);
  try {
    // pngjs takes whatever its memory held before for lines that are missing, so their number is checked first.
    const expected = scanlineBytes(width, height, header, kind[4] === 1);
    if (inflateSync(compressed, { maxOutputLength: expected + MAXIMUM_SURPLUS_BYTES }).length < expected) {
      throw damaged('png/fdAT', 33, 'a frame has too few pixels');
    }
    const head = encodePngChunk('IHDR', concat(u32be(width), u32be(height), kind));
    const picture = concat(PNG_SIGNATURE, head, ...shared, encodePngChunk('IDAT', compressed), encodePngChunk('IEND', ascii('')));
    const decoded = PNG.sync.read(Buffer.from(picture.buffer, picture.byteOffset, picture.length), { skipRescale: isDeep }).data;
    return isDeep ? Uint16Array.from(decoded) : new Uint8Array(decoded);
  } catch (cause) {
    throw damaged('png/fdAT', 33, cause instanceof Error ? cause.message : 'a frame cannot be decoded');
  }
};

/** Zeros after the last line that some encoders write; more is a bomb. */
const MAXIMUM_SURPLUS_BYTES = 1 << 16;

/** Bytes of all scanlines with their filter bytes (§7.2, §8.1). */
const scanlineBytes = (width: number, height: number, { depth, colourType }: PngHeader, isInterlaced: boolean): number => {
  const bits = depth * (colourType === 2 ? 3 : colourType === 4 ? 2 : colourType === 6 ? 4 : 1);
  return (isInterlaced ? ADAM7 : ([[0, 0, 1, 1]] as const)).reduce((total, [x, y, across, down]) => {
    const [columns, rows] = [Math.ceil((width - x) / across), Math.ceil((height - y) / down)];
    return total + (columns > 0 && rows > 0 ? rows * (1 + Math.ceil((columns * bits) / 8)) : 0);
  }, 0);
};
