import { type Compared, worstShare } from '@aigc-label/core';
import { bestShift } from './best-shift.ts';

/** How sound is asked of ffmpeg: one channel, 32-bit floats. */
export const SOUND_RATE_HERTZ = 8_000;

/** One frame of sound, in samples: 64 ms, a new one every 32 ms. */
const FRAME = 512;
const HOP = 256;
/** Edges of the bands whose energy is compared, in hertz: what every codec keeps. */
const BAND_EDGES_HERTZ = [100, 250, 450, 700, 1_000, 1_400, 1_900, 2_500, 3_200];
const BANDS = BAND_EDGES_HERTZ.length - 1;
/** Frames of one piece that is compared: two seconds. */
const PIECE_FRAMES = 64;
/** Frames that one recording may be behind the other: one second. */
const MAXIMUM_SHIFT = 32;
/** Below this energy of a band there is silence, in decibels of full scale. */
const FLOOR_DECIBELS = -70;

/** How alike two stretches of sound are: the correlation of their band energies in the quarter where they are least alike, at the best shift; 0 where both are silent. */
export const soundLikeness = (a: Float32Array, b: Float32Array): number => {
  const [left, right] = [bandsOf(a), bandsOf(b)];
  return bestShift(MAXIMUM_SHIFT, (shift) => worstShare(piecesOf(left, right, shift), 0.25));
};

/** Energies in decibels, `BANDS` a frame, above the floor. */
const bandsOf = (samples: Float32Array): Float64Array => {
  const frames = Math.max(0, Math.floor((samples.length - FRAME) / HOP) + 1);
  const energies = new Float64Array(frames * BANDS);
  const [real, imaginary] = [new Float64Array(FRAME), new Float64Array(FRAME)];
  for (let frame = 0; frame < frames; frame += 1) {
    for (let index = 0; index < FRAME; index += 1) {
      real[index] = (samples[frame * HOP + index] as number) * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / FRAME));
    }
    imaginary.fill(0);
    transform(real, imaginary);
    for (let band = 0; band < BANDS; band += 1) {
      const [from, to] = [binOf(BAND_EDGES_HERTZ[band] as number), binOf(BAND_EDGES_HERTZ[band + 1] as number)];
      let energy = 0;
      for (let bin = from; bin < to; bin += 1) {
        energy += (real[bin] as number) ** 2 + (imaginary[bin] as number) ** 2;
      }
      energies[frame * BANDS + band] = Math.max(0, 10 * Math.log10(energy / FRAME ** 2 + 1e-12) - FLOOR_DECIBELS);
    }
  }
  return energies;
};

const binOf = (hertz: number): number => Math.round((hertz * FRAME) / SOUND_RATE_HERTZ);

/** In place, radix 2 (Cooley and Tukey 1965). */
const transform = (real: Float64Array, imaginary: Float64Array): void => {
  const size = real.length;
  for (let index = 1, reversed = 0; index < size; index += 1) {
    let bit = size >> 1;
    for (; (reversed & bit) !== 0; bit >>= 1) {
      reversed ^= bit;
    }
    reversed ^= bit;
    if (index < reversed) {
      [real[index], real[reversed]] = [real[reversed] as number, real[index] as number];
      [imaginary[index], imaginary[reversed]] = [imaginary[reversed] as number, imaginary[index] as number];
    }
  }
  for (let length = 2; length <= size; length *= 2) {
    for (let offset = 0; offset < length / 2; offset += 1) {
      const angle = (-2 * Math.PI * offset) / length;
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      for (let start = offset; start < size; start += length) {
        const other = start + length / 2;
        const x = (real[other] as number) * cosine - (imaginary[other] as number) * sine;
        const y = (real[other] as number) * sine + (imaginary[other] as number) * cosine;
        real[other] = (real[start] as number) - x;
        imaginary[other] = (imaginary[start] as number) - y;
        real[start] = (real[start] as number) + x;
        imaginary[start] = (imaginary[start] as number) + y;
      }
    }
  }
};

const piecesOf = (a: Float64Array, b: Float64Array, shift: number): readonly Compared[] => {
  const [framesA, framesB] = [a.length / BANDS, b.length / BANDS];
  const [from, to] = [Math.max(0, -shift), Math.min(framesA, framesB - shift)];
  const pieces: Compared[] = [];
  for (let start = from; start + PIECE_FRAMES <= to || (start === from && start < to); start += PIECE_FRAMES) {
    const end = Math.min(to, start + PIECE_FRAMES);
    pieces.push(compared(a.subarray(start * BANDS, end * BANDS), b.subarray((start + shift) * BANDS, (end + shift) * BANDS)));
  }
  return pieces;
};

/** Each band about its own mean, so that a constant hum or the loudness decides nothing. */
const compared = (a: Float64Array, b: Float64Array): Compared => {
  const frames = a.length / BANDS;
  let [covariance, varianceA, varianceB] = [0, 0, 0];
  for (let band = 0; band < BANDS; band += 1) {
    let [sumA, sumB, squareA, squareB, product] = [0, 0, 0, 0, 0];
    for (let index = band; index < a.length; index += BANDS) {
      const [x, y] = [a[index] as number, b[index] as number];
      sumA += x;
      sumB += y;
      squareA += x * x;
      squareB += y * y;
      product += x * y;
    }
    covariance += product - (sumA * sumB) / frames;
    varianceA += squareA - sumA ** 2 / frames;
    varianceB += squareB - sumB ** 2 / frames;
  }
  // A decibel of wavering in every band is what codecs do to silence and steady tones.
  const weight = Math.sqrt(Math.max(varianceA, varianceB));
  if (weight < Math.sqrt(a.length)) {
    return { correlation: 0, weight: 0 };
  }
  return { correlation: varianceA === 0 || varianceB === 0 ? 0 : covariance / Math.sqrt(varianceA * varianceB), weight };
};
