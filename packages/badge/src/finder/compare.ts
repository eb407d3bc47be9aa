/** How alike a template and a part of a picture are: Pearson's correlation, each pixel counted by how well it is known. */
import type { Grid } from './sampled.ts';
import type { Template } from './template.ts';

/** What a comparison gives; brightness is that of the straight line that fits best. */
export interface Comparison {
  /** -1 to 1, negative for dark text on light; 0 where nothing varies. */
  readonly likeness: number;
  /** Brightness of the text less that of its ground, -255 to 255. */
  readonly difference: number;
  /** Brightness of the ground, 0 to 255. */
  readonly groundLevel: number;
}

const NOTHING: Comparison = { likeness: 0, difference: 0, groundLevel: 0 };

/** Compares a rectangle of the template with the grid, whose first sample belongs to the template's first pixel. */
export const compare = (
  template: Pick<Template, 'width' | 'height' | 'ink' | 'weight'>,
  grid: Pick<Grid, 'width' | 'samples'>,
  left = 0,
  top = 0,
  right: number = template.width,
  bottom: number = template.height,
): Comparison => {
  const { width, ink, weight } = template;
  const { samples } = grid;
  let [known, sumInk, sumSeen, sumInk2, sumSeen2, sumBoth] = [0, 0, 0, 0, 0, 0];
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const w = weight[y * width + x] ?? 0;
      const i = ink[y * width + x] ?? 0;
      const s = samples[y * grid.width + x] ?? 0;
      known += w;
      sumInk += w * i;
      sumSeen += w * s;
      sumInk2 += w * i * i;
      sumSeen2 += w * s * s;
      sumBoth += w * i * s;
    }
  }
  const inkSpread = known * sumInk2 - sumInk * sumInk;
  const seenSpread = known * sumSeen2 - sumSeen * sumSeen;
  const together = known * sumBoth - sumInk * sumSeen;
  if (!(inkSpread > 1e-6 && seenSpread > 1e-3)) {
    return NOTHING;
  }
  const difference = together / inkSpread;
  return { likeness: together / Math.sqrt(inkSpread * seenSpread), difference, groundLevel: (sumSeen - difference * sumInk) / known };
};
