// ITU-R BS.1770-5 Annex 1 and EBU Tech 3341: integrated loudness with an absolute and a relative gate.
import type { Pcm, PcmShape } from '../pcm.ts';
import { channelWeights } from './channel-weights.ts';
import { weightedEnergy } from './k-weighting.ts';

/** A block is 400 ms, a new one every 100 ms. */
const STEP_SECONDS = 0.1;
const STEPS_PER_BLOCK = 4;
const ABSOLUTE_GATE = -70;
const RELATIVE_GATE = -10;

/** Blocks are kept as counts and energies a hundredth of a unit wide, from the absolute gate up, so that a programme of any length takes the same memory. */
const BINS_PER_UNIT = 100;
const HIGHEST = 30;
const BINS = (HIGHEST - ABSOLUTE_GATE) * BINS_PER_UNIT;

/** Measures the loudness of a programme that comes piece by piece. */
export interface LoudnessMeter {
  /** The next piece: one array a channel, all of one length. */
  add(channels: readonly Float32Array[]): void;
  /** Of all that came so far, in LUFS; −∞ where nothing is above the absolute gate. What is shorter than one block is measured as it is. */
  integrated(): number;
}

/** The shape of a programme, and which loudspeakers its channels are for. */
export interface LoudnessShape extends PcmShape {
  /** The speakers of WAVE_FORMAT_EXTENSIBLE; 0 or none where they are not told, then what ffmpeg takes for this number of channels. */
  readonly channelMask?: number;
}

/** A meter for one programme. */
export const loudnessMeter = ({ sampleRate, channels, channelMask = 0 }: LoudnessShape): LoudnessMeter => {
  const weights = channelWeights(channels, channelMask);
  const filters = weights.map(() => weightedEnergy(sampleRate));
  const step = Math.max(1, Math.round(STEP_SECONDS * sampleRate));
  const recent = new Float64Array(STEPS_PER_BLOCK);
  const [counts, energies] = [new Float64Array(BINS), new Float64Array(BINS)];
  let [steps, filled, current, total] = [0, 0, 0, 0];
  const endStep = (): void => {
    recent[steps % STEPS_PER_BLOCK] = current;
    steps += 1;
    total += current;
    [filled, current] = [0, 0];
    if (steps >= STEPS_PER_BLOCK) {
      const energy = recent.reduce((sum, one) => sum + one, 0) / (STEPS_PER_BLOCK * step);
      const bin = Math.floor((loudnessOf(energy) - ABSOLUTE_GATE) * BINS_PER_UNIT);
      if (bin >= 0) {
        const at = Math.min(BINS - 1, bin);
        counts[at] = (counts[at] as number) + 1;
        energies[at] = (energies[at] as number) + energy;
      }
    }
  };
  return {
    add(planes) {
      const length = planes[0]?.length ?? 0;
      for (let from = 0; from < length; ) {
        const to = Math.min(length, from + step - filled);
        for (let channel = 0; channel < channels; channel += 1) {
          const weight = weights[channel] as number;
          const plane = planes[channel];
          if (weight > 0 && plane !== undefined) {
            current += weight * (filters[channel]?.add(plane, from, to) ?? 0);
          }
        }
        filled += to - from;
        from = to;
        if (filled === step) {
          endStep();
        }
      }
    },
    integrated() {
      if (steps < STEPS_PER_BLOCK) {
        const samples = steps * step + filled;
        const loudness = samples === 0 ? Number.NEGATIVE_INFINITY : loudnessOf((total + current) / samples);
        return loudness < ABSOLUTE_GATE ? Number.NEGATIVE_INFINITY : loudness;
      }
      const gate = gated(counts, energies, 0) + RELATIVE_GATE;
      return gated(counts, energies, Math.max(0, Math.floor((gate - ABSOLUTE_GATE) * BINS_PER_UNIT)));
    },
  };
};

/** The loudness of all that is at hand, in LUFS. */
export const loudnessOfPcm = (pcm: Pcm, channelMask = 0): number => {
  const meter = loudnessMeter({ sampleRate: pcm.sampleRate, channels: pcm.channels.length, channelMask });
  meter.add(pcm.channels);
  return meter.integrated();
};

const loudnessOf = (energy: number): number => -0.691 + 10 * Math.log10(energy);

const gated = (counts: Float64Array, energies: Float64Array, from: number): number => {
  let [count, energy] = [0, 0];
  for (let bin = from; Number.isFinite(bin) && bin < BINS; bin += 1) {
    count += counts[bin] as number;
    energy += energies[bin] as number;
  }
  return count === 0 ? Number.NEGATIVE_INFINITY : loudnessOf(energy / count);
};
