// GB 45438-2025 §5.3 c: 短长 短短.
import { RHYTHM_HERTZ, UNIT_SECONDS } from '../rhythm.ts';
import { hertzOf, type Spectra, TONE_BINS, TONES_PER_SECOND } from './spectra.ts';

/** A tone holds at least this share of all power. Two tones at once, as telephones dial, hold half each. */
const PURE = 0.6;
/** Neighbouring bins in which one tone may seem to lie. */
const SAME_BINS = 1;
/** A tone begins and ends at half its amplitude; what is on both sides of it is this much below it, in decibels. */
const EDGE_DECIBELS = 6;
/** Tones that are looked at: 20 to 200 words a minute would be shorter or longer. In seconds. */
const UNIT = { least: 0.05, most: 0.35 } as const;
/** Silence on both sides, in units: between letters of a longer message there are three. */
const APART_UNITS = 4;
/** The shorts of one rhythm differ by so much from their mean, its gaps by so much from theirs. */
const SHORT_TOLERANCE = 0.3;
const GAP_TOLERANCE = 0.45;
/** Between the letters, in units. */
const LETTER_GAP = { least: 1.9, most: 5 } as const;
/** Long to short: less or more is another sign. */
const RATIO = { least: 1.6, most: 6 } as const;
/** Codecs leave echoes of a tone on both sides of it: what is 12 dB softer is none of the rhythm. In power. */
const ECHO_RATIO = 16;
/** As softly as this, in power of a full tone, none is a sign to anybody. */
const AUDIBLE_POWER = 1e-3;

/** Where the rhythm was found. */
export interface RhythmMatch {
  /** The length of the long tone to the mean of the short ones. */
  readonly longToShort: number;
  /** In seconds, in the stretch of sound that was listened to. */
  readonly start: number;
  readonly seconds: number;
  readonly hertz: number;
}

interface Tone {
  readonly bin: number;
  /** Power in its middle. */
  readonly level: number;
  readonly start: number;
  readonly end: number;
}

/** Every place at which one tone sounds short, long, short, short, and is silent around; and, in the very tone and unit that we write, with a long one that is too short to tell. */
export const rhythmMatches = (spectra: Spectra): readonly RhythmMatch[] => {
  const tones = tonesOf(spectra);
  const matches: RhythmMatch[] = [];
  for (const first of tones) {
    const same = tones.filter(({ bin, level }) => Math.abs(bin - first.bin) <= SAME_BINS && level * ECHO_RATIO >= first.level);
    const at = same.indexOf(first);
    const [before, rest] = [same[at - 1], same.slice(at, at + 5)];
    const match = matchOf(rest, before);
    if (match !== undefined) {
      matches.push(match);
    }
  }
  return matches;
};

const matchOf = ([a, b, c, d, after]: readonly Tone[], before: Tone | undefined): RhythmMatch | undefined => {
  if (a === undefined || b === undefined || c === undefined || d === undefined) {
    return undefined;
  }
  const shorts = [a, c, d].map(({ start, end }) => end - start);
  const unit = shorts.reduce((sum, one) => sum + one, 0) / 3;
  const longToShort = (b.end - b.start) / unit;
  const [inner, letters, last] = [b.start - a.end, c.start - b.end, d.start - c.end];
  const isOurs = Math.abs(hertzOf(a.bin) - RHYTHM_HERTZ) < 20 && Math.abs(unit / UNIT_SECONDS - 1) < 0.1;
  const isRhythm =
    unit >= UNIT.least &&
    unit <= UNIT.most &&
    shorts.every((one) => Math.abs(one / unit - 1) <= SHORT_TOLERANCE) &&
    [inner, last].every((gap) => Math.abs(gap / unit - 1) <= GAP_TOLERANCE) &&
    letters >= LETTER_GAP.least * unit &&
    letters <= LETTER_GAP.most * unit &&
    longToShort <= RATIO.most &&
    (longToShort >= RATIO.least || isOurs) &&
    (before === undefined || a.start - before.end >= APART_UNITS * unit) &&
    (after === undefined || after.start - d.end >= APART_UNITS * unit);
  return isRhythm ? { longToShort, start: a.start, seconds: d.end - a.start, hertz: hertzOf(a.bin) } : undefined;
};

/** Pure tones in their order, with their edges to a fraction of a frame. */
const tonesOf = ({ tones, strongest, purity }: Spectra): readonly Tone[] => {
  const found: Tone[] = [];
  const frames = purity.length;
  const powerAt = (frame: number, bin: number): number => {
    let sum = 0;
    for (let near = Math.max(0, bin - SAME_BINS); near <= Math.min(TONE_BINS - 1, bin + SAME_BINS); near += 1) {
      sum += tones[frame * TONE_BINS + near] ?? 0;
    }
    return sum;
  };
  const isTone = (frame: number, bin: number): boolean =>
    (purity[frame] as number) >= PURE && Math.abs((strongest[frame] as number) - bin) <= SAME_BINS && powerAt(frame, bin) >= AUDIBLE_POWER;
  for (let frame = 0; frame < frames; ) {
    const onset = strongest[frame] as number;
    let end = frame;
    while (end < frames && isTone(end, onset)) {
      end += 1;
    }
    if (end - frame < 2) {
      frame += 1;
      continue;
    }
    // Its beginning may sound a little beside it.
    const bin = strongest[(frame + end) >> 1] as number;
    const level = median(Array.from({ length: end - frame }, (_, index) => powerAt(frame + index, bin)));
    const edge = level / 10 ** (EDGE_DECIBELS / 10);
    // An echo in front of a tone is none of it.
    const isSameTone = (power: number): boolean => power >= edge && power < 4 * level;
    let [first, last] = [frame, end - 1];
    while (first < end - 1 && powerAt(first, bin) < edge) {
      first += 1;
    }
    while (first > 0 && isSameTone(powerAt(first - 1, bin))) {
      first -= 1;
    }
    while (last > first && powerAt(last, bin) < edge) {
      last -= 1;
    }
    while (last + 1 < frames && isSameTone(powerAt(last + 1, bin))) {
      last += 1;
    }
    const start = first === 0 ? 0 : first - crossing(powerAt(first, bin), powerAt(first - 1, bin), edge);
    const stop = last === frames - 1 ? last : last + crossing(powerAt(last, bin), powerAt(last + 1, bin), edge);
    found.push({ bin, level, start: start / TONES_PER_SECOND, end: stop / TONES_PER_SECOND });
    frame = end;
  }
  return found;
};

/** How far from a frame within a tone to one outside its amplitude falls to the edge. */
const crossing = (inside: number, outside: number, edge: number): number => {
  const [a, b, wanted] = [Math.sqrt(inside), Math.sqrt(outside), Math.sqrt(edge)];
  return a <= b ? 0.5 : Math.max(0, Math.min(1, (a - wanted) / (a - b)));
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
