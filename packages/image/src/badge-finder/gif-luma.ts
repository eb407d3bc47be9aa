/** Brightness of a GIF's first frame and of its last, as viewers compose them. */
import type { Luma } from '@aigc-label/badge/find';
import { type ByteSource, LabelError, readBounded, viewOf } from '@aigc-label/core';
import { type GifFile, parseGif } from '../badge/gif-file.ts';
import { composedFrames } from '../badge/gif-frames.ts';
import { assertSize, brightnessOf, Shrinking, shrinkOf } from './shrinking.ts';

/** The largest GIF that is read into memory. */
const MAXIMUM_FILE_BYTES = 128 << 20;
/** A canvas of four bytes a pixel is held, and a frame of as many. */
const MAXIMUM_CANVAS_PIXELS = 16_000_000;
/** Pixels of all frames together up to which the last frame is composed; of more only the first is looked at. */
const MAXIMUM_COMPOSED_PIXELS = 40_000_000;

/**
 * One picture, or the first and the last.
 * @param isFirstOnly whether the last frame is left away.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `ABORTED`.
 */
export const gifLumas = async (source: ByteSource, signal?: AbortSignal, isFirstOnly = false): Promise<readonly Luma[]> => {
  const bytes = await readBounded(source, 0, source.size, MAXIMUM_FILE_BYTES, 'gif');
  const file = parseGif(bytes);
  assertSize(file.width, file.height, MAXIMUM_CANVAS_PIXELS);
  const images = file.blocks.filter(({ kind }) => kind === 'image');
  const view = viewOf(bytes);
  const sizes = images.map(({ start }) => [view.getUint16(start + 5, true), view.getUint16(start + 7, true)] as const);
  for (const [width, height] of sizes.slice(0, 1)) {
    assertSize(width, height, MAXIMUM_CANVAS_PIXELS);
  }
  const pixels = sizes.map(([width, height]) => width * height);
  if (file.width * file.height === 0) {
    return [];
  }
  // Each frame costs its own pixels and, where it is cleared or put back, as much as the canvas.
  const total = pixels.reduce((sum, one) => sum + one, 0) + images.length * Math.min(file.width * file.height, 1 << 16);
  const wanted = total <= MAXIMUM_COMPOSED_PIXELS && !isFirstOnly ? images.length : Math.min(1, images.length);
  const lumas: Luma[] = [];
  let index = 0;
  for (const canvas of composedFrames(bytes, file)) {
    if (signal?.aborted) {
      throw new LabelError('ABORTED', 'Looking for a badge was aborted.');
    }
    index += 1;
    if (index === 1 || index === wanted) {
      lumas.push(rgbaLuma(canvas, file));
    }
    if (index >= wanted) {
      break;
    }
  }
  return lumas;
};

/** Brightness of RGBA, what is transparent on white. */
export const rgbaLuma = (rgba: Uint8Array | Uint8ClampedArray, { width, height }: Pick<GifFile, 'width' | 'height'>): Luma => {
  const shrinking = new Shrinking(width, height, shrinkOf(width, height));
  const row = new Uint8Array(width);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += 4) {
      row[x] = brightnessOf(rgba[at] ?? 0, rgba[at + 1] ?? 0, rgba[at + 2] ?? 0, rgba[at + 3]);
    }
    shrinking.addRow(y, row, width);
  }
  return shrinking.luma();
};
