/** Zero crossings of the sinc on each side; with the window below, what is aliased lies 90 dB down. */
const CROSSINGS = 32;
/** As many do where it is only listened to. */
export const ROUGH_CROSSINGS = 8;
/** Kaiser's parameter for 90 dB. */
const BETA = 9;
/** Of the lower of both Nyquist frequencies, what is kept flat; the rest is the slope. */
const PASSBAND = 0.94;

/** Sound at another rate: by a windowed sinc, its delay taken out, so that sample `n` stands for the same time in both. */
export const resample = (samples: Float32Array, from: number, to: number, crossings: number = CROSSINGS): Float32Array => {
  if (from === to) {
    return samples;
  }
  const divisor = greatestCommonDivisor(from, to);
  const [up, down] = [to / divisor, from / divisor];
  const cutoff = PASSBAND * Math.min(1, to / from);
  const reach = Math.ceil(crossings / cutoff);
  const taps = new Map<number, Float32Array>();
  const out = new Float32Array(Math.round((samples.length * to) / from));
  for (let index = 0; index < out.length; index += 1) {
    const position = index * down;
    const phase = position % up;
    const centre = (position - phase) / up;
    let weights = taps.get(phase);
    if (weights === undefined) {
      weights = weightsOf(phase / up, reach, cutoff);
      taps.set(phase, weights);
    }
    const first = centre - reach + 1;
    let sum = 0;
    for (let tap = Math.max(0, -first), end = Math.min(weights.length, samples.length - first); tap < end; tap += 1) {
      sum += (samples[first + tap] as number) * (weights[tap] as number);
    }
    out[index] = sum;
  }
  return out;
};

/** Weights of the samples around a place between two of them; they add up to 1. */
const weightsOf = (fraction: number, reach: number, cutoff: number): Float32Array => {
  const weights = new Float64Array(2 * reach);
  let total = 0;
  for (let tap = 0; tap < weights.length; tap += 1) {
    const distance = tap - reach + 1 - fraction;
    const weight = cutoff * sinc(cutoff * distance) * kaiser(distance / reach);
    weights[tap] = weight;
    total += weight;
  }
  return Float32Array.from(weights, (weight) => weight / total);
};

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

/** Kaiser's window at −1 … 1; 0 beyond. */
export const kaiser = (x: number): number => (Math.abs(x) >= 1 ? 0 : besselZero(BETA * Math.sqrt(1 - x * x)) / besselZero(BETA));

/** The modified Bessel function of the first kind, order zero. */
const besselZero = (x: number): number => {
  let [sum, term] = [1, 1];
  for (let order = 1; term > sum * 1e-12; order += 1) {
    term *= (x / (2 * order)) ** 2;
    sum += term;
  }
  return sum;
};

const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
