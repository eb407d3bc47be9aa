import { BANDS, SPEECH_PER_SECOND, type Spectra } from './spectra.ts';

/** Speeds at which a clip is looked for, as the length of what is heard to that of the clip. */
const STRETCH = { from: 0.6, to: 1.7, step: 1.045 } as const;
/** First, frames and bands are compared by twos. */
const COARSE = 2;
const COARSE_BANDS: number = BANDS / COARSE;
/** How alike the coarse look must find them to be looked at closely, below the threshold of the close look. */
const COARSE_SLACK = 0.12;

/** Speech that is to be found. */
export interface SpokenReference {
  readonly text: string;
  /** Chinese characters, for the speed; 0 where the standard says nothing of it. */
  readonly characters: number;
  /** `Spectra.speech` of the clip, nothing but the speech. */
  readonly speech: Float32Array;
}

/** Where it was found. */
export interface SpokenMatch {
  readonly reference: SpokenReference;
  /** Correlation of band levels, each band about its own mean, 0 to 1. */
  readonly likeness: number;
  /** In seconds, in the stretch of sound that was listened to. */
  readonly start: number;
  readonly seconds: number;
}

/** Every place at which the reference is heard, at any of the speeds, with a likeness of `threshold` at least; the likest first. */
export const spokenMatches = ({ speech }: Spectra, reference: SpokenReference, threshold: number): readonly SpokenMatch[] => {
  const coarse = thinned(speech);
  const template = thinned(reference.speech);
  const found: { readonly likeness: number; readonly start: number; readonly stretch: number }[] = [];
  for (let stretch = STRETCH.from; stretch <= STRETCH.to; stretch *= STRETCH.step) {
    const likenesses = slide(coarse, stretched(template, stretch, COARSE_BANDS), COARSE_BANDS, 0, Number.POSITIVE_INFINITY);
    likenesses.forEach((likeness, start) => {
      if (likeness >= threshold - COARSE_SLACK && likeness >= (likenesses[start - 1] ?? 0) && likeness > (likenesses[start + 1] ?? 0)) {
        found.push({ likeness, start, stretch });
      }
    });
  }
  const matches: SpokenMatch[] = [];
  const looked: { readonly start: number; readonly stretch: number }[] = [];
  for (const { start, stretch } of found.sort((a, b) => b.likeness - a.likeness)) {
    const at = (COARSE * start) / SPEECH_PER_SECOND;
    const seconds = (stretch * reference.speech.length) / BANDS / SPEECH_PER_SECOND;
    const isTaken = matches.some((match) => at < match.start + match.seconds * 0.8 && at + seconds * 0.8 > match.start);
    const isLooked = looked.some((one) => Math.abs(one.start - start) <= COARSE && Math.abs(one.stretch / stretch - 1) < STRETCH.step - 1);
    if (!isTaken && !isLooked) {
      looked.push({ start, stretch });
      const match = closely(speech, reference, COARSE * start, stretch);
      if (match.likeness >= threshold) {
        matches.push(match);
      }
    }
    if (matches.length >= MAXIMUM_MATCHES || looked.length >= MAXIMUM_LOOKS) {
      break;
    }
  }
  return matches;
};

/** Nobody says it more often in two minutes; and what is made to look like it all the time is not looked at for ever. */
const MAXIMUM_MATCHES = 16;
const MAXIMUM_LOOKS = 100;

/** Every frame, and speeds a hundredth apart, around a place. */
const closely = (speech: Float32Array, reference: SpokenReference, start: number, around: number): SpokenMatch => {
  let best = { likeness: -1, start: 0, length: 0 };
  for (let stretch = around * 0.95; stretch <= around * 1.05; stretch *= 1.01) {
    const template = stretched(reference.speech, stretch, BANDS);
    const from = Math.max(0, start - 2 * COARSE);
    slide(speech, template, BANDS, from, start + 2 * COARSE + 1).forEach((likeness, offset) => {
      best = likeness > best.likeness ? { likeness, start: from + offset, length: template.length / BANDS } : best;
    });
  }
  return { reference, likeness: best.likeness, start: best.start / SPEECH_PER_SECOND, seconds: best.length / SPEECH_PER_SECOND };
};

/** The mean of every two frames and bands. */
const thinned = (speech: Float32Array): Float32Array => {
  const frames = Math.floor(speech.length / BANDS / COARSE);
  const out = new Float32Array(frames * COARSE_BANDS);
  for (let at = 0; at < out.length; at += 1) {
    const first = Math.floor(at / COARSE_BANDS) * COARSE * BANDS + (at % COARSE_BANDS) * COARSE;
    out[at] =
      ((speech[first] as number) + (speech[first + 1] as number) + (speech[first + BANDS] as number) + (speech[first + BANDS + 1] as number)) / 4;
  }
  return out;
};

/** The same in more or fewer frames. */
const stretched = (template: Float32Array, stretch: number, bands: number): Float32Array => {
  const frames = template.length / bands;
  const wanted = Math.max(2, Math.round(frames * stretch));
  return Float32Array.from({ length: wanted * bands }, (_, at) => {
    const place = Math.min(frames - 1, (Math.floor(at / bands) * (frames - 1)) / (wanted - 1));
    const [before, band] = [Math.floor(place), at % bands];
    const after = Math.min(frames - 1, before + 1);
    return (template[before * bands + band] as number) * (1 - (place - before)) + (template[after * bands + band] as number) * (place - before);
  });
};

/** The correlation with the template at each place from `from` to before `to`; each band is taken about its own mean, in both. */
const slide = (speech: Float32Array, template: Float32Array, bands: number, from: number, to: number): Float64Array => {
  const length = template.length / bands;
  const end = Math.min(to, speech.length / bands - length + 1);
  if (end <= from) {
    return new Float64Array();
  }
  const centred = Float64Array.from(template);
  let energy = 0;
  const [sums, squares] = [new Float64Array(bands), new Float64Array(bands)];
  for (let band = 0; band < bands; band += 1) {
    let mean = 0;
    for (let at = band; at < template.length; at += bands) {
      mean += (template[at] as number) / length;
    }
    for (let at = band; at < template.length; at += bands) {
      centred[at] = (centred[at] as number) - mean;
      energy += (centred[at] as number) ** 2;
      const level = speech[from * bands + at] as number;
      sums[band] = (sums[band] as number) + level;
      squares[band] = (squares[band] as number) + level ** 2;
    }
  }
  const out = new Float64Array(end - from);
  for (let start = from; start < end; start += 1) {
    const first = start * bands;
    let variance = 0;
    for (let band = 0; band < bands; band += 1) {
      variance += (squares[band] as number) - (sums[band] as number) ** 2 / length;
      const [gone, come] = [speech[first + band] as number, speech[first + centred.length + band] ?? 0];
      sums[band] = (sums[band] as number) + come - gone;
      squares[band] = (squares[band] as number) + come ** 2 - gone ** 2;
    }
    // A decibel of wavering in every band is a steady hum, whose shape is chance.
    if (variance >= centred.length) {
      let covariance = 0;
      for (let at = 0; at < centred.length; at += 1) {
        covariance += (centred[at] as number) * (speech[first + at] as number);
      }
      out[start - from] = covariance / Math.sqrt(variance * energy);
    }
  }
  return out;
};
