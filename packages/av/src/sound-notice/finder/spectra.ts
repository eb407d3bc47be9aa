import { powerSpectrum } from './fourier.ts';

/** The rate at which recordings are listened to, in hertz, one channel. */
export const LISTENING_HERTZ = 16_000;

/** 32 ms a spectrum, one every 10 ms for tones and every 20 ms for speech. */
const SIZE = 512;
const TONE_HOP = 160;
const SPEECH_EVERY = 2;
const BIN_HERTZ: number = LISTENING_HERTZ / SIZE;

/** Spectra of tones and of speech a second. */
export const TONES_PER_SECOND: number = LISTENING_HERTZ / TONE_HOP;
export const SPEECH_PER_SECOND: number = TONES_PER_SECOND / SPEECH_EVERY;

/** Bands of speech, about as wide as the ear's, within what a telephone keeps. */
export const BANDS = 20;
const BAND_HERTZ = { from: 150, to: 3_700 } as const;

/** Where the tone of a rhythm is looked for. */
const TONE_HERTZ = { from: 300, to: 3_000 } as const;
const FIRST_BIN: number = Math.floor(TONE_HERTZ.from / BIN_HERTZ);
/** Bins that are kept of a spectrum. */
export const TONE_BINS: number = Math.ceil(TONE_HERTZ.to / BIN_HERTZ) - FIRST_BIN + 1;
/** Below and above it there is noise and not much else. */
const WHOLE_HERTZ = { from: 100, to: 7_000 } as const;

/** What is softer than this below the loudest of the half second on each side is not heard beside it, in decibels: so far, that a pause has speech in reach, and no loud programme. */
const FLOOR_DECIBELS = 40;
const FLOOR_REACH: number = SPEECH_PER_SECOND / 2;
/** Where nothing is louder than this, there is silence: 60 dB below a full tone. */
const SILENT_DECIBELS = -20;

/** A stretch of sound as its spectra. */
export interface Spectra {
  /** Levels of the bands in decibels above the floor, `BANDS` a frame. */
  readonly speech: Float32Array;
  /** Power of each bin in which a tone may lie, `TONE_BINS` a frame. */
  readonly tones: Float32Array;
  /** The strongest of these bins, and its share of the whole power with its neighbours, a frame each. */
  readonly strongest: Uint16Array;
  readonly purity: Float32Array;
}

/** The middle of a bin of `tones`, in hertz. */
export const hertzOf = (bin: number): number => (FIRST_BIN + bin) * BIN_HERTZ;

/** Listens to one channel at 16 kHz. */
export const spectraOf = (samples: Float32Array): Spectra => {
  const frames = Math.max(0, Math.ceil(samples.length / TONE_HOP));
  const speechFrames = Math.ceil(frames / SPEECH_EVERY);
  const spectra = {
    speech: new Float32Array(speechFrames * BANDS),
    tones: new Float32Array(frames * TONE_BINS),
    strongest: new Uint16Array(frames),
    purity: new Float32Array(frames),
  };
  const transform = powerSpectrum(SIZE);
  const power = new Float64Array(SIZE / 2);
  const [low, high] = [Math.round(WHOLE_HERTZ.from / BIN_HERTZ), Math.round(WHOLE_HERTZ.to / BIN_HERTZ)];
  for (let frame = 0; frame < frames; frame += 1) {
    transform(samples, frame * TONE_HOP - SIZE / 2, power);
    let [whole, best] = [0, 0];
    for (let bin = low; bin < high; bin += 1) {
      whole += power[bin] as number;
    }
    for (let bin = 0; bin < TONE_BINS; bin += 1) {
      const one = power[FIRST_BIN + bin] as number;
      spectra.tones[frame * TONE_BINS + bin] = one;
      best = one > (spectra.tones[frame * TONE_BINS + best] as number) ? bin : best;
    }
    spectra.strongest[frame] = best;
    spectra.purity[frame] = whole <= 0 ? 0 : sumOf(power, FIRST_BIN + best - 2, FIRST_BIN + best + 3) / whole;
    if (frame % SPEECH_EVERY === 0) {
      for (let band = 0; band < BANDS; band += 1) {
        const [from, to] = [BAND_EDGES[band] as number, BAND_EDGES[band + 1] as number];
        spectra.speech[(frame / SPEECH_EVERY) * BANDS + band] = 10 * Math.log10(sumOf(power, from, to) / (to - from) + 1e-10);
      }
    }
  }
  aboveFloor(spectra.speech, speechFrames);
  return spectra;
};

const sumOf = (power: Float64Array, from: number, to: number): number => {
  let sum = 0;
  for (let bin = Math.max(0, from); bin < to; bin += 1) {
    sum += power[bin] as number;
  }
  return sum;
};

/** Bins at which bands begin, evenly along Stevens and Volkmann's scale of pitch. */
const BAND_EDGES: readonly number[] = Array.from({ length: BANDS + 1 }, (_, edge) => {
  const [from, to] = [melOf(BAND_HERTZ.from), melOf(BAND_HERTZ.to)];
  return Math.round((700 * (10 ** ((from + ((to - from) * edge) / BANDS) / 2_595) - 1)) / BIN_HERTZ);
});

/** In mel. */
function melOf(hertz: number): number {
  return 2_595 * Math.log10(1 + hertz / 700);
}

/** What is said is told from its loudest sounds: levels above a floor that follows them, so that neither gain nor hiss counts. */
const aboveFloor = (speech: Float32Array, frames: number): void => {
  const loudest = Float32Array.from({ length: frames }, (_, frame) =>
    speech.subarray(frame * BANDS, frame * BANDS + BANDS).reduce((a, b) => Math.max(a, b), -100),
  );
  for (let frame = 0; frame < frames; frame += 1) {
    let peak = SILENT_DECIBELS;
    for (let near = Math.max(0, frame - FLOOR_REACH); near <= Math.min(frames - 1, frame + FLOOR_REACH); near += 1) {
      peak = Math.max(peak, loudest[near] as number);
    }
    for (let at = frame * BANDS; at < frame * BANDS + BANDS; at += 1) {
      speech[at] = Math.max(0, (speech[at] as number) - peak + FLOOR_DECIBELS);
    }
  }
};
