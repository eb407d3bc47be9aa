/** Means of brightness over rectangles of a picture, of whatever size and place. */
import { prefixSums } from './glyph-mask.ts';

/** Brightness, one byte a pixel. */
interface Brightness {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
}

/** A picture that is asked for means, in its own pixels. */
export interface SampledPicture {
  readonly width: number;
  readonly height: number;
  readonly sums: Float64Array;
}

/** A grid of means. */
export interface Grid {
  readonly width: number;
  readonly height: number;
  readonly samples: Float32Array;
}

/** The least length of the shortest side that is worked on: 5 % of it are 35 pixels, so that a height is known to about a hundredth. */
export const WORKING_SIDE = 700;

/** Most pixels that are worked on: a narrow strip is worked on smaller. */
const WORKING_PIXELS = 4_000_000;

/** Makes a picture ready, averaged to half, a third … where that leaves `WORKING_SIDE`. */
export const sampledPicture = (picture: Brightness): SampledPicture => {
  const byArea = Math.ceil(Math.sqrt((picture.width * picture.height) / WORKING_PIXELS));
  const factor = Math.max(1, Math.floor(Math.min(picture.width, picture.height) / WORKING_SIDE), byArea);
  const { width, height, samples } = factor === 1 ? picture : averaged(picture, factor);
  return { width, height, sums: prefixSums(samples, width, height) };
};

/** What is left over at the right and bottom is stretched in, so that edges stay edges. */
const averaged = (
  { width, height, samples }: Brightness,
  factor: number,
): { readonly width: number; readonly height: number; readonly samples: Float32Array } => {
  const across = Math.max(1, Math.floor(width / factor));
  const down = Math.max(1, Math.floor(height / factor));
  const out = new Float32Array(across * down);
  const starts = Int32Array.from({ length: across + 1 }, (_, x) => Math.round((x * width) / across));
  const lines = new Uint32Array(width);
  for (let y = 0; y < down; y += 1) {
    const first = Math.round((y * height) / down);
    const last = Math.round(((y + 1) * height) / down);
    lines.fill(0);
    for (let line = first; line < last; line += 1) {
      const from = line * width;
      for (let x = 0; x < width; x += 1) {
        lines[x] = (lines[x] ?? 0) + (samples[from + x] ?? 0);
      }
    }
    for (let x = 0, at = 0; x < across; x += 1) {
      const end = starts[x + 1] ?? 0;
      const pixels = (end - at) * (last - first);
      let sum = 0;
      for (; at < end; at += 1) {
        sum += lines[at] ?? 0;
      }
      out[y * across + x] = sum / pixels;
    }
  }
  return { width: across, height: down, samples: out };
};

/** Means over squares of `stepX × stepY` from a place on; what lies outside the picture is mid grey. */
export const sampleGrid = (
  { width, height, sums }: SampledPicture,
  left: number,
  top: number,
  stepX: number,
  stepY: number,
  across: number,
  down: number,
): Grid => {
  const samples = new Float32Array(across * down);
  const columns = new Int32Array(across + 1);
  const shares = new Float64Array(across + 1);
  for (let x = 0; x <= across; x += 1) {
    const place = Math.min(width, Math.max(0, left + x * stepX));
    const whole = Math.min(width - 1, Math.floor(place));
    columns[x] = whole;
    shares[x] = place - whole;
  }
  const stride = width + 1;
  let above = new Float64Array(across + 1);
  let below = new Float64Array(across + 1);
  sumsAlong(sums, stride, height, Math.min(height, Math.max(0, top)), columns, shares, above);
  for (let y = 0; y < down; y += 1) {
    const from = Math.min(height, Math.max(0, top + y * stepY));
    const to = Math.min(height, Math.max(0, top + (y + 1) * stepY));
    sumsAlong(sums, stride, height, to, columns, shares, below);
    for (let x = 0; x < across; x += 1) {
      const span = ((columns[x + 1] ?? 0) + (shares[x + 1] ?? 0) - (columns[x] ?? 0) - (shares[x] ?? 0)) * (to - from);
      const sum = (below[x + 1] ?? 0) - (below[x] ?? 0) - (above[x + 1] ?? 0) + (above[x] ?? 0);
      // Outside the picture there is nothing to average: mid grey, which counts neither as ink nor as ground.
      samples[y * across + x] = span > 1e-6 ? sum / span : 128;
    }
    [above, below] = [below, above];
  }
  return { width: across, height: down, samples };
};

/** The prefix sums on a line across the picture, which may lie between its rows. */
const sumsAlong = (
  sums: Float64Array,
  stride: number,
  height: number,
  y: number,
  columns: Int32Array,
  shares: Float64Array,
  into: Float64Array,
): void => {
  const row = Math.min(height - 1, Math.floor(y));
  const share = y - row;
  for (let x = 0; x < into.length; x += 1) {
    const at = row * stride + (columns[x] ?? 0);
    const along = shares[x] ?? 0;
    const a = sums[at] ?? 0;
    const c = sums[at + stride] ?? 0;
    const upper = a + ((sums[at + 1] ?? 0) - a) * along;
    const lower = c + ((sums[at + stride + 1] ?? 0) - c) * along;
    into[x] = upper + (lower - upper) * share;
  }
};
