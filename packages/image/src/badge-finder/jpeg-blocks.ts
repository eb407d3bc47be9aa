/** Blocks drawn at 8 × 8 samples or at fewer, from their lowest frequencies alone (ITU-T T.81 A.3.3, A.3.6). */
import type { Shrinking } from './shrinking.ts';

/** Zigzag place to raster place. */
// biome-ignore format: eight by eight reads as the figure it is.
const ZIGZAG: Uint8Array = Uint8Array.of(
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
);

/** Places in zigzag order up to which a block of so many samples a side has frequencies. */
const LAST_NEEDED: Readonly<Record<number, number>> = { 1: 0, 2: 4, 4: 24, 8: 63 };

/** Adds blocks to a picture of `across × down` samples, `side` of them a block. */
export const blockWriter = (
  shrinking: Shrinking,
  across: number,
  down: number,
  side: 1 | 2 | 4 | 8,
  quantisation: Uint16Array,
): ((column: number, row: number, coefficients: Int16Array, at: number) => void) => {
  // Orthonormal cosines for `side` points; the lower mean of a smaller block is made up by side / 8.
  const cosines = Float64Array.from({ length: side * side }, (_, index) => {
    const frequency = Math.floor(index / side);
    const scale = frequency === 0 ? Math.sqrt(1 / side) : Math.sqrt(2 / side);
    return scale * Math.cos(((2 * (index % side) + 1) * frequency * Math.PI) / (2 * side));
  });
  const last = LAST_NEEDED[side] ?? 63;
  const block = new Float64Array(side * side);
  const rows = new Float64Array(side * side);
  const samples = new Uint8Array(side);
  return (column, row, coefficients, at) => {
    block.fill(0);
    let rowsUsed = 0;
    for (let k = 0; k <= last; k += 1) {
      const value = coefficients[at + k] ?? 0;
      const place = ZIGZAG[k] ?? 0;
      const [u, v] = [place & 7, place >> 3];
      if (value !== 0 && u < side && v < side) {
        block[v * side + u] = (value * (quantisation[k] ?? 0) * side) / 8;
        rowsUsed = Math.max(rowsUsed, v + 1);
      }
    }
    for (let v = 0; v < rowsUsed; v += 1) {
      for (let x = 0; x < side; x += 1) {
        let sum = 0;
        for (let u = 0; u < side; u += 1) {
          sum += (block[v * side + u] ?? 0) * (cosines[u * side + x] ?? 0);
        }
        rows[v * side + x] = sum;
      }
    }
    const width = Math.min(side, across - column * side);
    const height = Math.min(side, down - row * side);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        let sum = 128;
        for (let v = 0; v < rowsUsed; v += 1) {
          sum += (rows[v * side + x] ?? 0) * (cosines[v * side + y] ?? 0);
        }
        samples[x] = sum <= 0 ? 0 : sum >= 255 ? 255 : sum + 0.5;
      }
      shrinking.addRow(row * side + y, samples, width, column * side);
    }
  };
};
