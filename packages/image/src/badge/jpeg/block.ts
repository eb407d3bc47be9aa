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
export const samplesOf = (coefficients: Int16Array, at: number, quantisation: Uint16Array): Float64Array => {
  const block = new Float64Array(64);
  for (let k = 0; k < 64; k += 1) {
    block[ZIGZAG[k] ?? 0] = (coefficients[at + k] ?? 0) * (quantisation[k] ?? 0);
  }
  return transform(block, true).map((sample) => sample + 128);
};

/** Writes samples back as quantised coefficients, clamped to what 8-bit baseline can carry. */
export const putSamples = (samples: Float64Array, coefficients: Int16Array, at: number, quantisation: Uint16Array): void => {
  const block = transform(
    samples.map((sample) => sample - 128),
    false,
  );
  for (let k = 0; k < 64; k += 1) {
    // A step of 0 is damage, and then every coefficient means 0.
    const step = quantisation[k] ?? 0;
    const level = step === 0 ? 0 : Math.round((block[ZIGZAG[k] ?? 0] ?? 0) / step);
    coefficients[at + k] = Math.max(k === 0 ? -1024 : -1023, Math.min(1023, level));
  }
};

/** Rows, then columns; `inverse` from frequencies to places. */
const transform = (block: Float64Array, inverse: boolean): Float64Array => {
  const rows = new Float64Array(64);
  const out = new Float64Array(64);
  for (let y = 0; y < 8; y += 1) {
    for (let to = 0; to < 8; to += 1) {
      let sum = 0;
      for (let from = 0; from < 8; from += 1) {
        sum += (block[y * 8 + from] ?? 0) * (COSINES[inverse ? from * 8 + to : to * 8 + from] ?? 0);
      }
      rows[y * 8 + to] = sum;
    }
  }
  for (let x = 0; x < 8; x += 1) {
    for (let to = 0; to < 8; to += 1) {
      let sum = 0;
      for (let from = 0; from < 8; from += 1) {
        sum += (rows[from * 8 + x] ?? 0) * (COSINES[inverse ? from * 8 + to : to * 8 + from] ?? 0);
      }
      out[to * 8 + x] = sum;
    }
  }
  return out;
};
