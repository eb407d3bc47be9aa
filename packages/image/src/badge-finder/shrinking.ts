/** A picture's brightness gathered at a working size while it is decoded, so that a large picture is never held whole. */
import type { Luma } from '@aigc-label/badge/find';
import { LabelError } from '@aigc-label/core';

/** Pictures of more pixels are not decoded. */
export const MAXIMUM_PIXELS = 100_000_000;

/** Least length of the shortest side that is kept: 5 % of it are 35 pixels. `findBadge` works at this size as well. */
const WORKING_SIDE = 700;

/** Most pixels that are kept: those of a narrow strip are kept smaller. */
const WORKING_PIXELS = 4_000_000;

/** Longest side, in pixels: beyond it one row of a PNG alone would be a burden. */
const MAXIMUM_SIDE = 1 << 17;

/** By what whole number a picture is divided. */
export const shrinkOf = (width: number, height: number): number =>
  Math.max(1, Math.floor(Math.min(width, height) / WORKING_SIDE), Math.ceil(Math.sqrt((width * height) / WORKING_PIXELS)));

/** @throws LabelError `LIMIT_EXCEEDED` above `MAXIMUM_PIXELS`, or above what a decoder sets itself. */
export const assertSize = (width: number, height: number, limitPixels: number = MAXIMUM_PIXELS): void => {
  if (!(width * height <= limitPixels && Math.max(width, height) <= MAXIMUM_SIDE)) {
    throw new LabelError(
      'LIMIT_EXCEEDED',
      `The picture has ${width} × ${height} pixels; pictures of at most ${limitPixels} are looked at. Make it smaller first.`,
      { data: { width, height, limitPixels, limitSide: MAXIMUM_SIDE } },
    );
  }
};

/** Averages samples into a smaller picture; samples may come in any order, each once. */
export class Shrinking {
  readonly width: number;
  readonly height: number;
  readonly #columns: Int32Array;
  readonly #rows: Int32Array;
  readonly #sums: Uint32Array;

  /**
   * @param width,height of the samples that will come.
   * @param shrink by what they are divided.
   */
  constructor(width: number, height: number, shrink: number) {
    this.width = Math.max(1, Math.floor(width / shrink));
    this.height = Math.max(1, Math.floor(height / shrink));
    this.#columns = placesOf(width, this.width);
    this.#rows = placesOf(height, this.height);
    this.#sums = new Uint32Array(this.width * this.height);
  }

  /** Adds `count` samples of one row, `step` pixels apart. */
  addRow(y: number, samples: Uint8Array | Uint8ClampedArray, count: number, x = 0, step = 1, from = 0): void {
    const row = (this.#rows[y] ?? 0) * this.width;
    for (let index = 0, at = x; index < count; index += 1, at += step) {
      const to = row + (this.#columns[at] ?? 0);
      this.#sums[to] = (this.#sums[to] ?? 0) + (samples[from + index] ?? 0);
    }
  }

  /** The small picture. */
  luma(): Luma {
    const across = countsOf(this.#columns, this.width);
    const down = countsOf(this.#rows, this.height);
    const samples = new Uint8Array(this.width * this.height);
    for (let y = 0; y < this.height; y += 1) {
      for (let x = 0; x < this.width; x += 1) {
        const at = y * this.width + x;
        samples[at] = Math.round((this.#sums[at] ?? 0) / ((across[x] ?? 1) * (down[y] ?? 1)));
      }
    }
    return { width: this.width, height: this.height, samples };
  }
}

const placesOf = (from: number, to: number): Int32Array => Int32Array.from({ length: from }, (_, place) => Math.floor((place * to) / from));

const countsOf = (places: Int32Array, length: number): Int32Array => {
  const counts = new Int32Array(length);
  for (const place of places) {
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
};

/** Brightness of a colour (ITU-R BT.601), which is white where it is transparent, as on a page. All values 0 to 255. */
export const brightnessOf = (red: number, green: number, blue: number, alpha = 255): number =>
  Math.round((((299 * red + 587 * green + 114 * blue) / 1000) * alpha) / 255 + 255 - alpha);
