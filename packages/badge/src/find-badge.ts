/** Finds a badge of ours in a picture again, whatever its height, after lossy coding and scaling. */
import type { BadgePlate, BadgePosition } from './badge-options.ts';
import { contrastBetween } from './contrast.ts';
import { type Candidate, candidatesIn } from './finder/candidates.ts';
import { longerCandidates } from './finder/longer.ts';
import { refine, type Sighting } from './finder/refine.ts';
import { type SampledPicture, sampledPicture, sampleGrid } from './finder/sampled.ts';
import { SMALLEST_SIDE, smallestBadge } from './finder/smallest.ts';

/** Brightness of an upright picture, one byte a pixel. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
}

/** A badge of ours that was found on a picture. */
export interface FoundBadge {
  readonly text: string;
  readonly position: BadgePosition;
  readonly plate: BadgePlate;
  /** Height of a capital letter's ink as a share of the picture's shortest side. */
  readonly heightRatio: number;
  /** Correlation with what we would draw, 0 to 1. */
  readonly likeness: number;
  /** Contrast ratio of text and ground as they stand (WCAG 2.2). */
  readonly contrast: number;
}

/** How alike the whole badge must be … */
const LEAST_LIKENESS = 0.75;
/** … and each glyph by itself, so that another wording of the same length is not taken for ours. */
const LEAST_GLYPH_LIKENESS = 0.6;
/** Strips that are longer than so many times their width are no pictures that people look at; searching them would cost seconds. */
const MOST_ELONGATED = 30;
/** By how much a wording must be more like than another of as many characters: where so little parts them, letters are too small to be told apart. */
const LEAST_LEAD = 0.03;
/** A badge that is so like is this one, unless a longer wording is too. */
const BEYOND_DOUBT = 0.9;
/** How far apart text and ground must be, of 255. */
const LEAST_DIFFERENCE = 60;
/** A longer wording that is nearly as like wins: each holds shorter ones. */
const LONGER_BONUS = 0.1;

/** Looks for a badge of ours at the edges and corners of a picture. @param texts wordings to look for; those of `NOTICE_PRESETS` and the service's own. */
export const findBadge = async (picture: Luma, texts: readonly string[]): Promise<FoundBadge | undefined> => {
  if (picture.width < 1 || picture.height < 1 || picture.samples.length < picture.width * picture.height) {
    throw new TypeError(`${picture.samples.length} samples are not ${picture.width} × ${picture.height}`);
  }
  if (Math.max(picture.width, picture.height) > MOST_ELONGATED * Math.min(picture.width, picture.height)) {
    return undefined;
  }
  const smallest = Math.min(picture.width, picture.height) <= SMALLEST_SIDE ? smallestBadge(picture, texts) : undefined;
  if (smallest !== undefined) {
    return smallest;
  }
  const sampled = sampledPicture(picture);
  const sightings: Sighting[] = [];
  let best: Sighting | undefined;
  const look = (candidate: Candidate): void => {
    if (best !== undefined && cannotBetter(candidate, best)) {
      return;
    }
    const seen = refine(sampled, candidate);
    if (seen !== undefined) {
      sightings.push(seen);
      best = isBadge(seen) && (best === undefined || rank(seen) > rank(best)) ? seen : best;
    }
  };
  candidatesIn(sampled, texts).forEach(look);
  longerThan(best, texts).forEach(look);
  return believed(sampled, best, sightings);
};

/** A function, since the compiler does not see that `look` changes it. */
const longerThan = (best: Sighting | undefined, texts: readonly string[]): readonly Candidate[] =>
  best === undefined ? [] : longerCandidates(best, texts);

const believed = (sampled: SampledPicture, best: Sighting | undefined, sightings: readonly Sighting[]): FoundBadge | undefined => {
  return best === undefined || sightings.some((one) => rivals(one, best)) ? undefined : described(sampled, best);
};

const isBadge = ({ likeness, leastGlyph, difference }: Sighting): boolean =>
  Math.abs(likeness) >= LEAST_LIKENESS && leastGlyph >= LEAST_GLYPH_LIKENESS && Math.abs(difference) >= LEAST_DIFFERENCE;

const rivals = (one: Sighting, best: Sighting): boolean =>
  one.arrangement.text !== best.arrangement.text &&
  one.arrangement.text.length === best.arrangement.text.length &&
  Math.abs(one.likeness) > Math.abs(best.likeness) - LEAST_LEAD;

/** Whether looking closely here too is needless: the same words were found already, or at least as many beyond doubt. */
const cannotBetter = ({ arrangement, ground }: Candidate, best: Sighting): boolean => {
  const [text, found] = [arrangement.text, best.arrangement.text];
  return Math.abs(best.likeness) >= BEYOND_DOUBT ? text.length <= found.length : text === found && ground === best.ground;
};

const rank = ({ likeness, arrangement }: Sighting): number => Math.abs(likeness) + (LONGER_BONUS * Math.min(20, arrangement.text.length)) / 4;

const described = (picture: SampledPicture, seen: Sighting): FoundBadge => {
  const side = Math.min(picture.width, picture.height);
  const { groundLevel, difference, arrangement } = seen;
  return {
    text: arrangement.text,
    position: positionOf(picture, seen),
    plate: difference < 0 ? 'light' : isDarkened(picture, seen) ? 'dark' : 'none',
    heightRatio: seen.cap / side,
    likeness: Math.abs(seen.likeness),
    contrast: contrastBetween(groundLevel / 255, (groundLevel + difference) / 255),
  };
};

/** Ground of a plate is this much darker than what is around it, at the least opacity. */
const DARKENED = 0.75;
/** Around text without a plate a picture as dark as this looks as if there were one, and nobody can tell. */
const DARK_ANYWAY = 40;

/** Whether the picture is darker within the plate's edges than beyond them. */
const isDarkened = (picture: SampledPicture, { arrangement, cap, left, top }: Sighting): boolean => {
  const scale = cap / arrangement.layout.capPixels;
  const [width, height] = [arrangement.layout.width * scale, arrangement.layout.height * scale];
  const strip = cap * 0.12;
  const rows = (from: number): number => meanAlong(picture, left + cap / 2, from, width - cap, strip);
  const columns = (from: number): number => meanAlong(picture, from, top + cap / 2, strip, height - cap);
  const inside = [rows(top + strip / 2), rows(top + height - 1.5 * strip), columns(left + strip / 2), columns(left + width - 1.5 * strip)];
  const outside = [rows(top - 1.5 * strip), rows(top + height + strip / 2), columns(left - 1.5 * strip), columns(left + width + strip / 2)];
  let [within, beyond] = [0, 0];
  for (const [index, value] of outside.entries()) {
    // A strip beyond the picture's edge tells nothing.
    if (!Number.isNaN(value)) {
      within += inside[index] ?? 0;
      beyond += value;
    }
  }
  return within < beyond * DARKENED || beyond < DARK_ANYWAY * outside.filter((value) => !Number.isNaN(value)).length;
};

const meanAlong = (picture: SampledPicture, left: number, top: number, width: number, height: number): number => {
  if (left < 0 || top < 0 || left + width > picture.width || top + height > picture.height || width <= 0 || height <= 0) {
    return Number.NaN;
  }
  return sampleGrid(picture, left, top, width, height, 1, 1).samples[0] ?? Number.NaN;
};

/** The position whose distances to the edges agree best: in a corner both are the margin, in the middle both sides are equal. */
const positionOf = (picture: SampledPicture, { arrangement, cap, left, top }: Sighting): BadgePosition => {
  const scale = cap / arrangement.layout.capPixels;
  const right = picture.width - left - arrangement.layout.width * scale;
  const bottom = picture.height - top - arrangement.layout.height * scale;
  const middleX = Math.abs(left - right) / 2;
  const middleY = Math.abs(top - bottom) / 2;
  const misfits: readonly (readonly [BadgePosition, number])[] = [
    ['bottom-right', right <= left && bottom <= top ? Math.abs(right - bottom) : Number.POSITIVE_INFINITY],
    ['bottom-left', left <= right && bottom <= top ? Math.abs(left - bottom) : Number.POSITIVE_INFINITY],
    ['top-right', right <= left && top <= bottom ? Math.abs(right - top) : Number.POSITIVE_INFINITY],
    ['top-left', left <= right && top <= bottom ? Math.abs(left - top) : Number.POSITIVE_INFINITY],
    ['bottom', bottom <= top ? middleX : Number.POSITIVE_INFINITY],
    ['top', top <= bottom ? middleX : Number.POSITIVE_INFINITY],
    ['right', right <= left ? middleY : Number.POSITIVE_INFINITY],
    ['left', left <= right ? middleY : Number.POSITIVE_INFINITY],
  ];
  return misfits.reduce((best, one) => (one[1] < best[1] - 1 ? one : best))[0];
};
