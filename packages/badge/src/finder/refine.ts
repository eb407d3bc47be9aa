/** Looks closely at a place: the height and corner for which the picture is most like the badge, and whether every glyph is there. */
import type { Arrangement } from './arrangements.ts';
import type { Candidate } from './candidates.ts';
import { type Comparison, compare } from './compare.ts';
import { type Grid, type SampledPicture, sampleGrid } from './sampled.ts';
import type { Ground, Template } from './template.ts';
import { templateOf } from './template-store.ts';

/** A badge as it stands, in pixels of the sampled picture. */
export interface Sighting extends Comparison {
  readonly arrangement: Arrangement;
  readonly ground: Ground;
  readonly cap: number;
  readonly left: number;
  readonly top: number;
  /** Likeness of the glyph that is least like what it should be. */
  readonly leastGlyph: number;
}

/** Heights of a capital letter, in pixels, at which the place is compared: first to find it, then to measure it. */
const COMPARE_CAPS: readonly number[] = [9, 14, 24];
/** Likeness below which a place is given up after the first of them. */
const GIVEN_UP = 0.55;
/** … and that the first look around the place must give. */
const HOPELESS = 0.45;

interface Place {
  readonly cap: number;
  readonly left: number;
  readonly top: number;
}

/** The best place near the candidate; `undefined` where it is soon clear that there is none. */
export const refine = (picture: SampledPicture, candidate: Candidate): Sighting | undefined => {
  const { arrangement, ground } = candidate;
  let place: Place = candidate;
  let best = 0;
  let scaleStep = 0.02;
  let drift = candidate.cap / 7 / 2;
  for (const [round, wanted] of COMPARE_CAPS.entries()) {
    const cap = Math.min(wanted, Math.max(8, Math.floor(place.cap)));
    const template = templateOf(arrangement, ground, cap);
    const signed = (one: Place): number => {
      const { likeness } = compare(template, gridAt(picture, template, one));
      return ground === 'plate' ? Math.abs(likeness) : likeness;
    };
    best = signed(place);
    for (let halving = 0; halving < 2; halving += 1) {
      for (let moves = 0; moves < 4; moves += 1) {
        const next = neighbours(place, arrangement, scaleStep, drift)
          .map((one) => ({ one, likeness: signed(one) }))
          .reduce((a, b) => (b.likeness > a.likeness ? b : a));
        if (next.likeness <= best + 1e-6) {
          break;
        }
        [best, place] = [next.likeness, next.one];
      }
      if (best < HOPELESS) {
        return undefined;
      }
      scaleStep /= 2;
      drift /= 2;
    }
    if (best < GIVEN_UP) {
      return undefined;
    }
    // Finer pictures show more: begin again a little wider than where the last one ended.
    scaleStep = round === 0 ? 0.01 : 0.004;
    drift = place.cap / wanted / 2;
  }
  return sightingAt(picture, candidate, place);
};

/** The places around one, at the same height and at others, whose plates keep their middle. */
const neighbours = (place: Place, { layout }: Arrangement, scaleStep: number, drift: number): readonly Place[] => {
  const places: Place[] = [];
  for (const growth of [1 - scaleStep, 1, 1 + scaleStep]) {
    const cap = place.cap * growth;
    const more = (cap - place.cap) / layout.capPixels / 2;
    for (const [dx, dy] of GROWN_MOVES) {
      places.push({ cap, left: place.left - layout.width * more + dx * drift, top: place.top - layout.height * more + dy * drift });
    }
  }
  return places;
};

const GROWN_MOVES: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
];

const gridAt = (picture: SampledPicture, template: Template, { cap, left, top }: Place): Grid => {
  const step = cap / template.cap;
  return sampleGrid(picture, left - template.plateLeft * step, top - template.plateTop * step, step, step, template.width, template.height);
};

const sightingAt = (picture: SampledPicture, { arrangement, ground }: Candidate, place: Place): Sighting => {
  const cap = Math.min(COMPARE_CAPS.at(-1) ?? 0, Math.max(8, Math.floor(place.cap)));
  const template = templateOf(arrangement, ground, cap);
  const grid = gridAt(picture, template, place);
  const whole = compare(template, grid);
  const sign = whole.likeness < 0 ? -1 : 1;
  const glyphs = template.glyphs.map(({ left, top, right, bottom }) => {
    const one = compare(
      template,
      grid,
      Math.max(0, left - 1),
      Math.max(0, top - 1),
      Math.min(template.width, right + 1),
      Math.min(template.height, bottom + 1),
    );
    return sign * one.likeness;
  });
  return { ...whole, ...place, arrangement, ground, leastGlyph: Math.min(...glyphs) };
};
