/** The canvas of an animation: RGBA samples on which frames are composed, and what changed between two of its states. */
import type { Raster } from './raster.ts';

/** A rectangle in whole pixels. */
export interface Region {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** RGBA samples, 8 or 16 bits. */
export type Samples = Uint8Array | Uint16Array;

/** The smallest rectangle that holds every pixel in which two canvases differ; one pixel where they are equal. Corners are multiples of `grid`. */
export const changedRegion = (before: Samples, after: Samples, width: number, height: number, grid = 1): Region => {
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      if (before[at] !== after[at] || before[at + 1] !== after[at + 1] || before[at + 2] !== after[at + 2] || before[at + 3] !== after[at + 3]) {
        left = Math.min(left, x);
        right = Math.max(right, x + 1);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y + 1);
      }
    }
  }
  if (right === 0) {
    return { left: 0, top: 0, width: 1, height: 1 };
  }
  left -= left % grid;
  top -= top % grid;
  return { left, top, width: right - left, height: bottom - top };
};

/** A part of the canvas as a raster: RGBA, or fewer channels where the picture has no need of them. */
export const cut = (canvas: Samples, canvasWidth: number, region: Region, isGrey: boolean, hasAlpha: boolean): Raster => {
  const channels = isGrey ? (hasAlpha ? 2 : 1) : hasAlpha ? 4 : 3;
  const sources = isGrey ? [0, 3] : [0, 1, 2, 3];
  const samples =
    canvas instanceof Uint16Array
      ? new Uint16Array(region.width * region.height * channels)
      : new Uint8Array(region.width * region.height * channels);
  if (channels === 4) {
    for (let y = 0; y < region.height; y += 1) {
      const from = ((region.top + y) * canvasWidth + region.left) * 4;
      samples.set(canvas.subarray(from, from + region.width * 4), y * region.width * 4);
    }
    return { width: region.width, height: region.height, frames: 1, channels, hasAlpha, samples };
  }
  let to = 0;
  for (let y = 0; y < region.height; y += 1) {
    for (let x = 0; x < region.width; x += 1) {
      const from = ((region.top + y) * canvasWidth + region.left + x) * 4;
      for (let channel = 0; channel < channels; channel += 1, to += 1) {
        samples[to] = canvas[from + (sources[channel] ?? 0)] ?? 0;
      }
    }
  }
  return { width: region.width, height: region.height, frames: 1, channels, hasAlpha, samples };
};

/** Puts a frame onto the canvas: `over` mixes by alpha (Porter and Duff), else it replaces. */
export const compose = (canvas: Samples, canvasWidth: number, frame: Samples, region: Region, over: boolean): void => {
  const full = canvas instanceof Uint16Array ? 65535 : 255;
  for (let y = 0; y < region.height; y += 1) {
    for (let x = 0; x < region.width; x += 1) {
      const from = (y * region.width + x) * 4;
      const to = ((region.top + y) * canvasWidth + region.left + x) * 4;
      const alpha = frame[from + 3] ?? 0;
      const under = canvas[to + 3] ?? 0;
      if (!over || alpha === full || under === 0) {
        canvas[to] = frame[from] ?? 0;
        canvas[to + 1] = frame[from + 1] ?? 0;
        canvas[to + 2] = frame[from + 2] ?? 0;
        canvas[to + 3] = alpha;
      } else if (alpha > 0) {
        const rest = (under * (full - alpha)) / full;
        for (let colour = 0; colour < 3; colour += 1) {
          canvas[to + colour] = Math.round(((frame[from + colour] ?? 0) * alpha + (canvas[to + colour] ?? 0) * rest) / (alpha + rest));
        }
        canvas[to + 3] = Math.round(alpha + rest);
      }
    }
  }
};

/** Makes a rectangle of the canvas transparent black. */
export const clear = (canvas: Samples, canvasWidth: number, { left, top, width, height }: Region): void => {
  for (let y = top; y < top + height; y += 1) {
    canvas.fill(0, (y * canvasWidth + left) * 4, (y * canvasWidth + left + width) * 4);
  }
};

/** One frame of an 8-bit colour raster as RGBA; a view where it is so already. */
export const withAlpha = ({ width, height, channels, samples }: Raster, frame: number): Uint8Array => {
  const pixels = width * height;
  if (channels === 4 && samples instanceof Uint8Array) {
    return samples.subarray(frame * pixels * 4, (frame + 1) * pixels * 4);
  }
  const canvas = new Uint8Array(pixels * 4).fill(255);
  const from = frame * pixels * channels;
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    for (let channel = 0; channel < channels; channel += 1) {
      canvas[pixel * 4 + channel] = samples[from + pixel * channels + channel] ?? 0;
    }
  }
  return canvas;
};
