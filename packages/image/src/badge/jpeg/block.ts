/** The cosine transform of one block, in floating point, coefficients in zigzag order (ITU-T T.81 A.3.3, A.3.6). */

/** Zigzag place to raster place. */
// biome-ignore format: eight by eight reads as the figure it is.
const ZIGZAG: Uint8Array = Uint8Array.of(
  0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
  35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
);

/** `COSINES[frequency * 8 + place]`, normalised so that the inverse is the transpose. */
const COSINES: Float64Array = Float64Array.from({ length: 64 }, (_, index) => {
  const frequency = index >> 3;
  const scale = frequency === 0 ? Math.sqrt(1 / 8) : 1 / 2;
  return scale * Math.cos(((2 * (index & 7) + 1) * frequency * Math.PI) / 16);
});

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
  for (let start = 0; start < 8 * lineStep; start += lineStep) {
    for (let place = 0; place < 4; place += 1) {
      let [even, odd] = [0, 0];
      for (let frequency = 0; frequency < 8; frequency += 2) {
        even += (from[start + frequency * step] ?? 0) * (COSINES[frequency * 8 + place] ?? 0);
        odd += (from[start + (frequency + 1) * step] ?? 0) * (COSINES[frequency * 8 + 8 + place] ?? 0);
      }
      to[start + place * step] = even + odd;
      to[start + (7 - place) * step] = even - odd;
    }
  }
};

/** The same backwards. */
const toFrequencies = (from: Float64Array, to: Float64Array, step: number, lineStep: number): void => {
  for (let start = 0; start < 8 * lineStep; start += lineStep) {
    for (let frequency = 0; frequency < 8; frequency += 2) {
      let [even, odd] = [0, 0];
      for (let place = 0; place < 4; place += 1) {
        const near = from[start + place * step] ?? 0;
        const far = from[start + (7 - place) * step] ?? 0;
        even += (near + far) * (COSINES[frequency * 8 + place] ?? 0);
        odd += (near - far) * (COSINES[frequency * 8 + 8 + place] ?? 0);
      }
      to[start + frequency * step] = even;
      to[start + (frequency + 1) * step] = odd;
    }
  }
};
