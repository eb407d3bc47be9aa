// ITU-R BS.1770-5 Annex 2: the peak between the samples, by sampling them more often.
import type { Pcm } from '../pcm.ts';
import { kaiser } from '../resample.ts';

/** Neighbours on each side of a place between samples. */
const REACH = 24;

/** The highest level that a converter or codec will make of these samples, in dBTP; −∞ for silence. */
export const truePeak = ({ sampleRate, channels }: Pcm): number => {
  const factor = sampleRate >= 176_000 ? 1 : sampleRate >= 88_000 ? 2 : sampleRate >= 32_000 ? 4 : 8;
  const phases = Array.from({ length: factor - 1 }, (_, phase) => weightsAt((phase + 1) / factor));
  let peak = 0;
  for (const samples of new Set(channels)) {
    for (let index = 0; index < samples.length; index += 1) {
      peak = Math.max(peak, Math.abs(samples[index] as number));
    }
    for (const weights of phases) {
      for (let index = -1; index < samples.length; index += 1) {
        const first = index - REACH + 1;
        let sum = 0;
        for (let tap = Math.max(0, -first), end = Math.min(weights.length, samples.length - first); tap < end; tap += 1) {
          sum += (samples[first + tap] as number) * (weights[tap] as number);
        }
        peak = Math.max(peak, Math.abs(sum));
      }
    }
  }
  return 20 * Math.log10(peak);
};

const weightsAt = (fraction: number): Float64Array =>
  Float64Array.from({ length: 2 * REACH }, (_, tap) => {
    const x = tap - REACH + 1 - fraction;
    return (Math.sin(Math.PI * x) / (Math.PI * x)) * kaiser(x / REACH);
  });
