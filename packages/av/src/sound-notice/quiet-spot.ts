import type { PcmShape } from './pcm.ts';

/** How far from the middle the place may be: a tenth of the programme, and half a minute at most. */
const REACH_RATIO = 0.1;
const REACH_SECONDS = 30;
/** Energies are kept for stretches this long; a pause is what is quiet for several of them, in seconds. */
const STEP_SECONDS = 0.02;
const PAUSE_STEPS = 10;
/** What is softer than this is silence, among which the place nearest to the middle is taken; mean square. */
const SILENCE = 1e-7;

/** Finds where a programme can be interrupted: not in a word. */
export interface QuietSpot {
  /** The next piece: one array a channel. */
  add(channels: readonly Float32Array[]): void;
  /** The frame in the middle of the quietest fifth of a second near the middle of the programme. */
  frame(): number;
}

/** Listens for the quietest place within a tenth of the programme (30 s at most) around its middle. */
export const quietSpot = ({ sampleRate }: PcmShape, totalFrames: number): QuietSpot => {
  const middle = Math.floor(totalFrames / 2);
  const reach = Math.floor(Math.min(REACH_RATIO * totalFrames, REACH_SECONDS * sampleRate));
  const step = Math.max(1, Math.round(STEP_SECONDS * sampleRate));
  const [from, to] = [middle - reach, middle + reach];
  const energies = new Float64Array(Math.max(0, Math.floor((to - from) / step)));
  let position = 0;
  return {
    add(channels) {
      const length = channels[0]?.length ?? 0;
      const [start, end] = [Math.max(0, from - position), Math.min(length, from + energies.length * step - position)];
      for (const channel of channels) {
        for (let index = start; index < end; index += 1) {
          const at = Math.floor((position + index - from) / step);
          energies[at] = (energies[at] as number) + (channel[index] as number) ** 2;
        }
      }
      position += length;
    },
    frame() {
      // A short programme has short pauses.
      const width = Math.min(PAUSE_STEPS, Math.ceil(energies.length / 8));
      let [best, least] = [middle, Number.POSITIVE_INFINITY];
      for (let first = 0; width > 0 && first + width <= energies.length; first += 1) {
        const energy = Math.max(SILENCE, energies.subarray(first, first + width).reduce((sum, one) => sum + one, 0) / (width * step));
        const frame = from + first * step + Math.floor((width * step) / 2);
        if (energy < least * 0.999 || (energy <= least && Math.abs(frame - middle) < Math.abs(best - middle))) {
          [best, least] = [frame, energy];
        }
      }
      return best;
    },
  };
};
