/** The fingerprint `image-dct-1` of what a picture shows (spec/content/fingerprint.md). */
import type { Fingerprint } from '@aigc-label/core';
import { BADGE_FORMATS } from '../badge/badge-formats.ts';
import { averaged } from './averaged.ts';
import { firstFrame } from './first-frame.ts';
import { FREQUENCIES, frequenciesOf, GRID_SIDE } from './frequencies.ts';

/**
 * Two fingerprints that differ in at most so many of 256 bits are of one picture. Renditions of one stay within, different pictures stay beyond; how often either fails is
 * measured by `packages/image/scripts/fingerprint-rates.mjs` and written down in spec/content/fingerprint.md §5.
 */
export const IMAGE_FINGERPRINT_DISTANCE = 22;

/** How strong all frequencies but the weakest tenth must be, in levels of brightness: what is weaker, compression turns over. */
const LEAST_STRENGTH = 1.5;
const WEAK_FREQUENCIES = Math.floor(FREQUENCIES.length / 10);

/** In how many places of the grid there must be an edge, and from what difference in brightness on it is one: a single word on a page sways every frequency. */
const LEAST_EDGES = 256;
const LEAST_EDGE = 4;

/** Looks at PNG, JPEG, WebP and GIF without native code. Crops, rotations and mirrored pictures are other pictures to it. */
export const imageFingerprint: Fingerprint = {
  method: 'image-dct-1',
  formats: BADGE_FORMATS,
  /** @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `FORMAT_UNSUPPORTED_FEATURE` (JPEG of four inks, of 12 bits, arithmetic or lossless; Apple's PNG). */
  async of(source, formatId) {
    const grid = averaged(await firstFrame(source, formatId), GRID_SIDE);
    const frequencies = frequenciesOf(grid);
    const strengths = frequencies.map(Math.abs).sort();
    const isTelling = (strengths[WEAK_FREQUENCIES] ?? 0) >= LEAST_STRENGTH && edgesIn(grid) >= LEAST_EDGES;
    return isTelling ? signsOf(frequencies) : undefined;
  },
  isMatch: (a, b) => a.length === FREQUENCIES.length / 8 && b.length === a.length && differingBits(a, b) <= IMAGE_FINGERPRINT_DISTANCE,
};

/** Places that differ from the one to the right or from the one below. */
const edgesIn = (grid: Float64Array): number => {
  let count = 0;
  for (const [at, value] of grid.entries()) {
    const right = (at + 1) % GRID_SIDE === 0 ? value : (grid[at + 1] ?? value);
    const below = grid[at + GRID_SIDE] ?? value;
    count += Math.max(Math.abs(right - value), Math.abs(below - value)) >= LEAST_EDGE ? 1 : 0;
  }
  return count;
};

/** One bit a frequency, 1 where it is positive; the first is the highest bit of the first byte. */
const signsOf = (frequencies: Float64Array): Uint8Array => {
  const bytes = new Uint8Array(frequencies.length / 8);
  for (const [index, value] of frequencies.entries()) {
    if (value > 0) {
      bytes[index >> 3] = (bytes[index >> 3] ?? 0) | (0x80 >> (index & 7));
    }
  }
  return bytes;
};

const differingBits = (a: Uint8Array, b: Uint8Array): number => {
  let count = 0;
  for (const [index, byte] of a.entries()) {
    for (let difference = byte ^ (b[index] ?? 0); difference !== 0; difference &= difference - 1) {
      count += 1;
    }
  }
  return count;
};
