// GB 45438-2025 §5.3 c: 短长 短短, in its note Morse for AI; ratios of ITU-R M.1677-1: a long is three units, the gap inside a letter one, between letters three.
import { samplesOf } from './pcm.ts';

/** A short tone, in seconds: 10 words a minute, at which one who does not know Morse still tells short from long. The standard names no length. */
export const UNIT_SECONDS = 0.12;

/** Where small loudspeakers and telephones are good and ears are keen; it survives every codec. The standard names no pitch. */
export const RHYTHM_HERTZ = 800;

/** How long a tone takes to rise, in seconds: a raised cosine of 6 ms has no click, and takes nothing of the shape. */
const RAMP_SECONDS = 0.006;

/** A is short, long; I is short, short: in units, each followed by its gap. */
export const RHYTHM: readonly (readonly { readonly on: number; readonly off: number }[])[] = [
  [
    { on: 1, off: 1 },
    { on: 3, off: 3 },
  ],
  [
    { on: 1, off: 1 },
    { on: 1, off: 0 },
  ],
];

/** The rhythm, once, as the standard shows it, in one channel at a peak of 0.5. */
export const rhythmSamples = (sampleRate: number, unitSeconds: number = UNIT_SECONDS): Float32Array => {
  const tones = RHYTHM.flat();
  const units = tones.reduce((total, { on, off }) => total + on + off, 0);
  const out = new Float32Array(samplesOf(units * unitSeconds, sampleRate));
  const ramp = samplesOf(RAMP_SECONDS, sampleRate);
  let unit = 0;
  for (const { on, off } of tones) {
    const [start, end] = [samplesOf(unit * unitSeconds, sampleRate), samplesOf((unit + on) * unitSeconds, sampleRate)];
    for (let index = start; index < end; index += 1) {
      const rise = Math.min(1, (index - start + 0.5) / ramp, (end - index - 0.5) / ramp);
      out[index] = 0.5 * (0.5 - 0.5 * Math.cos(Math.PI * rise)) * Math.sin((2 * Math.PI * RHYTHM_HERTZ * (index - start)) / sampleRate);
    }
    unit += on + off;
  }
  return out;
};
