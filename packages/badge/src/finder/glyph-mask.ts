/** A glyph as coverage of ink and of ink with its outline, drawn from the bundled font's curves without any library. */
import { outlineOf } from '../badge-font.ts';

/** Height in mask pixels of a capital letter's ink. */
export const MASK_CAP = 40;

/** Prefix sums of two masks; a mean over any rectangle, fractions of pixels included, costs eight reads. */
export interface GlyphMask {
  readonly width: number;
  readonly height: number;
  /** Where the glyph's origin stands, in mask pixels from the top left. */
  readonly originX: number;
  readonly originY: number;
  /** `(width + 1) × (height + 1)` sums of coverage 0 to 1. */
  readonly ink: Float64Array;
  /** The same of the ink widened by the outline of a badge without a plate. */
  readonly ground: Float64Array;
}

/** Half the stroke that `plateOf` draws around glyphs, as a share of the capital's height. */
const OUTLINE = 0.1;
/** Straight pieces of one curve; at this size none is longer than two pixels. */
const PIECES = 8;
/** Glyphs kept: those of about twenty wordings, 100 KB each. */
const CACHED_GLYPHS = 128;
const cache = new Map<string, GlyphMask>();

/** The masks of one character. @throws LabelError `NOTICE_NOT_DRAWABLE`. */
export const glyphMask = (character: string): GlyphMask => {
  const known = cache.get(character);
  if (known !== undefined) {
    return known;
  }
  const mask = drawGlyph(character);
  if (cache.size >= CACHED_GLYPHS) {
    cache.clear();
  }
  cache.set(character, mask);
  return mask;
};

const drawGlyph = (character: string): GlyphMask => {
  const outline = outlineOf(character);
  const scale = MASK_CAP / outlineOf('I').top;
  const radius = OUTLINE * MASK_CAP;
  const border = Math.ceil(radius) + 2;
  const originX = border - Math.floor(outline.left * scale);
  const originY = border + Math.ceil(outline.top * scale);
  const width = originX + Math.ceil(outline.right * scale) + border;
  const height = originY - Math.floor(outline.bottom * scale) + border;
  const areas = new Float64Array((width + 1) * (height + 1));
  for (const [x0, y0, x1, y1] of segmentsOf(outline.path)) {
    addEdge(areas, width + 1, originX + x0 * scale, originY - y0 * scale, originX + x1 * scale, originY - y1 * scale);
  }
  const ink = new Float64Array(width * height);
  for (let y = 0; y < height; y += 1) {
    let covered = 0;
    for (let x = 0; x < width; x += 1) {
      covered += areas[y * (width + 1) + x] ?? 0;
      ink[y * width + x] = Math.min(1, Math.abs(covered));
    }
  }
  return {
    width,
    height,
    originX,
    originY,
    ink: prefixSums(ink, width, height),
    ground: prefixSums(widened(ink, width, height, radius), width, height),
  };
};

type Segment = readonly [number, number, number, number];

/** The path's curves as straight pieces: M, L, Q, C, Z with absolute numbers are what fontkit writes. */
function* segmentsOf(path: string): Generator<Segment> {
  let [x, y, startX, startY] = [0, 0, 0, 0];
  for (const [, command = '', numbers = ''] of path.matchAll(/([MLQCZ])([^MLQCZ]*)/g)) {
    const values = Array.from(numbers.matchAll(/-?\d+(?:\.\d+)?/g), ([text]) => Number(text));
    if (command === 'M') {
      [x = 0, y = 0] = values;
      [startX, startY] = [x, y];
      continue;
    }
    const points = command === 'Z' ? [startX, startY] : values;
    const degree = points.length / 2;
    const controls = [x, y, ...points];
    const pieces = degree === 1 ? 1 : PIECES;
    for (let piece = 1; piece <= pieces; piece += 1) {
      const [toX, toY] = [bezier(controls, 0, piece / pieces), bezier(controls, 1, piece / pieces)];
      yield [x, y, toX, toY];
      [x, y] = [toX, toY];
    }
  }
}

/** De Casteljau's point of one coordinate. */
const bezier = (controls: readonly number[], coordinate: 0 | 1, at: number): number => {
  let values = controls.filter((_, index) => index % 2 === coordinate);
  while (values.length > 1) {
    values = values.slice(1).map((value, index) => (values[index] ?? 0) * (1 - at) + value * at);
  }
  return values[0] ?? 0;
};

/** Adds what one edge covers to its right, row by row, as differences along the row: exact areas, whatever the winding. */
const addEdge = (areas: Float64Array, stride: number, x0: number, y0: number, x1: number, y1: number): void => {
  if (y0 === y1) {
    return;
  }
  const sign = y0 < y1 ? 1 : -1;
  const [topX, topY, bottomX, bottomY] = y0 < y1 ? [x0, y0, x1, y1] : [x1, y1, x0, y0];
  const slope = (bottomX - topX) / (bottomY - topY);
  for (let row = Math.floor(topY); row < bottomY; row += 1) {
    const from = Math.max(topY, row);
    const to = Math.min(bottomY, row + 1);
    const [a, b] = [topX + (from - topY) * slope, topX + (to - topY) * slope];
    const [left, right] = a < b ? [a, b] : [b, a];
    const first = Math.floor(left);
    const last = Math.max(first, Math.ceil(right) - 1);
    let before = 0;
    for (let column = first; column <= last; column += 1) {
      // The share of this row's height that is crossed up to the column's right side, and how much of the column lies right of the crossing.
      const share = (edge: number): number => (right === left ? (edge >= right ? 1 : 0) : Math.min(1, Math.max(0, (edge - left) / (right - left))));
      const [enter, leave] = [share(column), share(column + 1)];
      const middle = (Math.max(left, column) + Math.min(right, column + 1)) / 2;
      const covered = enter + (right === left ? 1 - enter : leave - enter) * (column + 1 - middle);
      areas[row * stride + column] = (areas[row * stride + column] ?? 0) + sign * (to - from) * (covered - before);
      before = covered;
    }
    areas[row * stride + last + 1] = (areas[row * stride + last + 1] ?? 0) + sign * (to - from) * (1 - before);
  }
};

const widened = (ink: Float64Array, width: number, height: number, radius: number): Float64Array => {
  const out = Float64Array.from(ink);
  const reach = Math.ceil(radius);
  for (let dy = -reach; dy <= reach; dy += 1) {
    for (let dx = -reach; dx <= reach; dx += 1) {
      if (Math.hypot(dx, dy) > radius) {
        continue;
      }
      for (let y = Math.max(0, -dy); y < Math.min(height, height - dy); y += 1) {
        for (let x = Math.max(0, -dx); x < Math.min(width, width - dx); x += 1) {
          const value = ink[y * width + x] ?? 0;
          const at = (y + dy) * width + x + dx;
          if (value > (out[at] ?? 0)) {
            out[at] = value;
          }
        }
      }
    }
  }
  return out;
};

/** Sums of everything above and left of each corner. */
export const prefixSums = (samples: ArrayLike<number>, width: number, height: number): Float64Array => {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let row = 0;
    const above = y * (width + 1);
    const here = above + width + 1;
    for (let x = 0; x < width; x += 1) {
      row += samples[y * width + x] ?? 0;
      sums[here + x + 1] = (sums[above + x + 1] ?? 0) + row;
    }
  }
  return sums;
};
