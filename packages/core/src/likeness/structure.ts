import { type Compared, worstShare } from './worst-share.ts';

/** Pixels along each side of the picture that is compared: enough for composition, too few for what a transcode changes. */
export const LIKENESS_SIDE = 64;
/** Red, green, blue. */
export const LIKENESS_CHANNELS = 3;
/** Pixels along each side of a window, and from one window to the next. */
const WINDOW = 8;
const STEP = 4;
/** A window whose values vary less than this (standard deviation, of 255) is noise of compression and says nothing. */
const MINIMUM_DEVIATION = 4;

/**
 * How alike two small pictures are in structure: the correlation of their windows (the structure term of SSIM, Wang et al. 2004), each weighted by how much it shows, in the quarter
 * where they are least alike.
 * Brightness and contrast do not matter; 0 where neither picture shows anything.
 *
 * @param a interleaved samples, `LIKENESS_SIDE * LIKENESS_SIDE * LIKENESS_CHANNELS`, 0 to 255.
 */
export const structuralLikeness = (a: Uint8Array, b: Uint8Array): number => {
  const windows: Compared[] = [];
  for (let top = 0; top + WINDOW <= LIKENESS_SIDE; top += STEP) {
    for (let left = 0; left + WINDOW <= LIKENESS_SIDE; left += STEP) {
      windows.push(windowOf(a, b, top, left));
    }
  }
  return Math.max(0, worstShare(windows, 0.25));
};

/** Correlation over all channels, each about its own mean, so that colours that are exchanged tell the pictures apart. */
const windowOf = (a: Uint8Array, b: Uint8Array, top: number, left: number): Compared => {
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  const count = WINDOW * WINDOW;
  for (let channel = 0; channel < LIKENESS_CHANNELS; channel += 1) {
    let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
    for (let row = top; row < top + WINDOW; row += 1) {
      for (
        let index = (row * LIKENESS_SIDE + left) * LIKENESS_CHANNELS + channel, end = index + WINDOW * LIKENESS_CHANNELS;
        index < end;
        index += LIKENESS_CHANNELS
      ) {
        const [x, y] = [a[index] as number, b[index] as number];
        sumA += x;
        sumB += y;
        squareA += x * x;
        squareB += y * y;
        product += x * y;
      }
    }
    covariance += product - (sumA * sumB) / count;
    varianceA += squareA - sumA ** 2 / count;
    varianceB += squareB - sumB ** 2 / count;
  }
  const least = MINIMUM_DEVIATION ** 2 * count * LIKENESS_CHANNELS;
  const weight = Math.sqrt(Math.max(varianceA, varianceB));
  return Math.max(varianceA, varianceB) < least
    ? { correlation: 0, weight: 0 }
    : { correlation: varianceA === 0 || varianceB === 0 ? 0 : covariance / Math.sqrt(varianceA * varianceB), weight };
};
