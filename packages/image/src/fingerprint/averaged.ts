/** A picture brought to a square grid by averaging areas, so that its size has no say (spec/content/fingerprint.md §2). */
import type { Luma } from '@aigc-label/badge/find';

/** Mean brightness of each of `side × side` equal parts of the picture, row by row; a pixel on a border counts in each part by its share. */
export const averaged = ({ width, height, samples }: Luma, side: number): Float64Array => {
  const rows = new Float64Array(side * width);
  forEachShare(height, side, (y, part, share) => {
    for (let x = 0, to = part * width, from = y * width; x < width; x += 1) {
      rows[to + x] = (rows[to + x] ?? 0) + share * (samples[from + x] ?? 0);
    }
  });
  const grid = new Float64Array(side * side);
  forEachShare(width, side, (x, part, share) => {
    for (let y = 0; y < side; y += 1) {
      const to = y * side + part;
      grid[to] = (grid[to] ?? 0) + share * (rows[y * width + x] ?? 0);
    }
  });
  return grid;
};

/** Goes over `length` pixels cut into `side` equal parts; the shares of each part add up to 1. */
const forEachShare = (length: number, side: number, onShare: (pixel: number, part: number, share: number) => void): void => {
  for (let part = 0; part < side; part += 1) {
    // In pixels times `side`, so that every border is a whole number.
    const [start, end] = [part * length, (part + 1) * length];
    for (let pixel = Math.floor(start / side); pixel * side < end; pixel += 1) {
      const covered = Math.min(end, (pixel + 1) * side) - Math.max(start, pixel * side);
      onShare(pixel, part, covered / length);
    }
  }
};
