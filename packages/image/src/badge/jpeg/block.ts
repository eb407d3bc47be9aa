/** The cosine transform of one block, in floating point, coefficients in zigzag order (ITU-T T.81 A.3.3, A.3.6). */

/** Zigzag place to raster place. */
// biome-ignore format: eight by eight reads as the figure it is.
const ZIGZAG: Uint8Array = Uint8Array.of(
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
);

/** Normalised so that the inverse is the transpose: the factor of frequency 0 and 4, and half the cosines of 1 to 7 sixteenths of half a turn. */
const [C4, C1, C2, C3, C5, C6, C7] = [
  Math.sqrt(1 / 8),
  Math.cos(Math.PI / 16) / 2,
  Math.cos((2 * Math.PI) / 16) / 2,
  Math.cos((3 * Math.PI) / 16) / 2,
  Math.cos((5 * Math.PI) / 16) / 2,
  Math.cos((6 * Math.PI) / 16) / 2,
  Math.cos((7 * Math.PI) / 16) / 2,
] as const;

/** Samples 0 to 255, not rounded and not clamped, of the block at `at`. */
export const samplesOf = (coefficients: Int16Array, at: number, quantisation: Uint16Array, samples: Float64Array): void => {
  for (let k = 0; k < 64; k += 1) {
    samples[ZIGZAG[k] ?? 0] = (coefficients[at + k] ?? 0) * (quantisation[k] ?? 0);
  }
  toPlaces(samples, between, 1, 8);
  toPlaces(between, samples, 8, 1);
  for (let place = 0; place < 64; place += 1) {
    samples[place] = (samples[place] ?? 0) + 128;
  }
};

/** Writes samples back as quantised coefficients, clamped to what 8-bit baseline can carry; `samples` are used up. */
export const putSamples = (samples: Float64Array, coefficients: Int16Array, at: number, quantisation: Uint16Array): void => {
  for (let place = 0; place < 64; place += 1) {
    samples[place] = (samples[place] ?? 0) - 128;
  }
  toFrequencies(samples, between, 1, 8);
  toFrequencies(between, samples, 8, 1);
  for (let k = 0; k < 64; k += 1) {
    // A step of 0 is damage, and then every coefficient means 0.
    const step = quantisation[k] ?? 0;
    const level = step === 0 ? 0 : Math.round((samples[ZIGZAG[k] ?? 0] ?? 0) / step);
    coefficients[at + k] = Math.max(k === 0 ? -1024 : -1023, Math.min(1023, level));
  }
};

/** Rows on their way to columns. */
const between = new Float64Array(64);

/** Eight lines from frequencies to places; even frequencies are the same on both sides of the middle, odd ones turn round there. */
const toPlaces = (from: Float64Array, to: Float64Array, step: number, lineStep: number): void => {
  for (let at = 0; at < 8 * lineStep; at += lineStep) {
    const f0 = from[at] ?? 0;
    const f1 = from[at + step] ?? 0;
    const f2 = from[at + 2 * step] ?? 0;
    const f3 = from[at + 3 * step] ?? 0;
    const f4 = from[at + 4 * step] ?? 0;
    const f5 = from[at + 5 * step] ?? 0;
    const f6 = from[at + 6 * step] ?? 0;
    const f7 = from[at + 7 * step] ?? 0;
    const sum = C4 * (f0 + f4);
    const difference = C4 * (f0 - f4);
    const outer = C2 * f2 + C6 * f6;
    const inner = C6 * f2 - C2 * f6;
    const odd0 = C1 * f1 + C3 * f3 + C5 * f5 + C7 * f7;
    const odd1 = C3 * f1 - C7 * f3 - C1 * f5 - C5 * f7;
    const odd2 = C5 * f1 - C1 * f3 + C7 * f5 + C3 * f7;
    const odd3 = C7 * f1 - C5 * f3 + C3 * f5 - C1 * f7;
    to[at] = sum + outer + odd0;
    to[at + step] = difference + inner + odd1;
    to[at + 2 * step] = difference - inner + odd2;
    to[at + 3 * step] = sum - outer + odd3;
    to[at + 4 * step] = sum - outer - odd3;
    to[at + 5 * step] = difference - inner - odd2;
    to[at + 6 * step] = difference + inner - odd1;
    to[at + 7 * step] = sum + outer - odd0;
  }
};

/** The same backwards. */
const toFrequencies = (from: Float64Array, to: Float64Array, step: number, lineStep: number): void => {
  for (let at = 0; at < 8 * lineStep; at += lineStep) {
    const p0 = from[at] ?? 0;
    const p1 = from[at + step] ?? 0;
    const p2 = from[at + 2 * step] ?? 0;
    const p3 = from[at + 3 * step] ?? 0;
    const p4 = from[at + 4 * step] ?? 0;
    const p5 = from[at + 5 * step] ?? 0;
    const p6 = from[at + 6 * step] ?? 0;
    const p7 = from[at + 7 * step] ?? 0;
    const [even0, even1, even2, even3] = [p0 + p7, p1 + p6, p2 + p5, p3 + p4];
    const [odd0, odd1, odd2, odd3] = [p0 - p7, p1 - p6, p2 - p5, p3 - p4];
    to[at] = C4 * (even0 + even1 + even2 + even3);
    to[at + step] = C1 * odd0 + C3 * odd1 + C5 * odd2 + C7 * odd3;
    to[at + 2 * step] = C2 * (even0 - even3) + C6 * (even1 - even2);
    to[at + 3 * step] = C3 * odd0 - C7 * odd1 - C1 * odd2 - C5 * odd3;
    to[at + 4 * step] = C4 * (even0 - even1 - even2 + even3);
    to[at + 5 * step] = C5 * odd0 - C1 * odd1 + C7 * odd2 + C3 * odd3;
    to[at + 6 * step] = C6 * (even0 - even3) - C2 * (even1 - even2);
    to[at + 7 * step] = C7 * odd0 - C5 * odd1 + C3 * odd2 - C1 * odd3;
  }
};
