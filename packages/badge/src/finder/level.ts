/** A picture at the small size at which badges are searched for, and how alike a part of it is to a template. */
import { type SampledPicture, sampleGrid } from './sampled.ts';
import type { Ground, Template } from './template.ts';

/** The picture at one size, with sums that tell at once where nothing varies. */
export interface Level {
  readonly width: number;
  readonly height: number;
  /** Pixels of the sampled picture in one of these. */
  readonly stepX: number;
  readonly stepY: number;
  readonly samples: Float32Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

/** The standard deviation of brightness that text of a visible contrast gives at least. */
const LEAST_DEVIATION = 18;
/** The same of white text that only a thin outline parts from what is white as well. */
const LEAST_OUTLINE_DEVIATION = 8;

/** Memory for one level after the other. */
export interface LevelMemory {
  sums: Float64Array;
  squares: Float64Array;
}

/** The picture at `scale` times its size, whole pixels across and down; valid until the next one is made in the same memory. */
export const levelOf = (picture: SampledPicture, scale: number, memory: LevelMemory): Level => {
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const [stepX, stepY] = [picture.width / width, picture.height / height];
  const { samples } = sampleGrid(picture, 0, 0, stepX, stepY, width, height);
  const size = (width + 1) * (height + 1);
  if (memory.sums.length < size) {
    [memory.sums, memory.squares] = [new Float64Array(size), new Float64Array(size)];
  }
  const { sums, squares } = memory;
  sums.fill(0, 0, width + 1);
  squares.fill(0, 0, width + 1);
  for (let y = 0; y < height; y += 1) {
    let [sum, square] = [0, 0];
    const above = y * (width + 1) + 1;
    sums[above + width] = 0;
    squares[above + width] = 0;
    for (let x = 0; x < width; x += 1) {
      const value = samples[y * width + x] ?? 0;
      sum += value;
      square += value * value;
      sums[above + width + 1 + x] = (sums[above + x] ?? 0) + sum;
      squares[above + width + 1 + x] = (squares[above + x] ?? 0) + square;
    }
  }
  return { width, height, stepX, stepY, samples, sums, squares };
};

/** Correlation, without regard to sign on a plate, since dark and light are the same drawing turned over; 0 outside the picture. */
export const likenessAt = (level: Level, template: Template, ground: Ground, left: number, top: number): number => {
  const { width, height } = template;
  if (left < 0 || top < 0 || left + width > level.width || top + height > level.height) {
    return 0;
  }
  const stride = level.width + 1;
  const [from, to] = [top * stride + left, (top + height) * stride + left];
  const pixels = width * height;
  const sum = (level.sums[to + width] ?? 0) - (level.sums[to] ?? 0) - (level.sums[from + width] ?? 0) + (level.sums[from] ?? 0);
  const square = (level.squares[to + width] ?? 0) - (level.squares[to] ?? 0) - (level.squares[from + width] ?? 0) + (level.squares[from] ?? 0);
  const variance = square / pixels - (sum / pixels) ** 2;
  const least = ground === 'plate' ? LEAST_DEVIATION : LEAST_OUTLINE_DEVIATION;
  if (!(variance > least * least)) {
    return 0;
  }
  return ground === 'plate' ? onPlate(level, template, left, top, variance * pixels) : onOutline(level, template, left, top);
};

const onPlate = (
  { width: across, samples }: Level,
  { width, height, centred, spread }: Template,
  left: number,
  top: number,
  seenSpread: number,
): number => {
  let together = 0;
  let pixel = 0;
  for (let y = 0; y < height; y += 1) {
    let at = (top + y) * across + left;
    for (const end = pixel + width; pixel < end; pixel += 1, at += 1) {
      together += (centred[pixel] ?? 0) * (samples[at] ?? 0);
    }
  }
  return Math.abs(together) / Math.sqrt(spread * seenSpread);
};

const onOutline = (
  { width: across, samples }: Level,
  { width, height, centred, spread, weight, known }: Template,
  left: number,
  top: number,
): number => {
  let [together, seen, seen2] = [0, 0, 0];
  let pixel = 0;
  for (let y = 0; y < height; y += 1) {
    let at = (top + y) * across + left;
    for (const end = pixel + width; pixel < end; pixel += 1, at += 1) {
      const value = samples[at] ?? 0;
      const weighted = (weight[pixel] ?? 0) * value;
      together += (centred[pixel] ?? 0) * value;
      seen += weighted;
      seen2 += weighted * value;
    }
  }
  const seenSpread = seen2 - (seen * seen) / known;
  return together > 0 && seenSpread > LEAST_OUTLINE_DEVIATION * LEAST_OUTLINE_DEVIATION * known ? together / Math.sqrt(spread * seenSpread) : 0;
};
