/** Where a badge may stand: every wording, height, corner, edge and margin is tried on pictures so small that a capital letter has seven pixels. */
import type { BadgePosition } from '../badge-options.ts';
import { type Arrangement, arrangedFreely, arrangementsOf } from './arrangements.ts';
import { type SampledPicture, sampleGrid } from './sampled.ts';
import type { Ground, Template } from './template.ts';
import { templateOf } from './template-store.ts';

/** A place to be looked at closely; coordinates and heights are pixels of the sampled picture. */
export interface Candidate {
  readonly arrangement: Arrangement;
  readonly ground: Ground;
  readonly position: BadgePosition;
  readonly likeness: number;
  readonly cap: number;
  /** Where the plate's corner stands. */
  readonly left: number;
  readonly top: number;
}

/** Height of a capital letter in pixels while searching. */
const SEARCH_CAP = 7;
/** Heights looked for, as shares of the shortest side; each is a step larger than the one before. */
const LEAST_RATIO = 0.018;
const MOST_RATIO = 0.52;
const RATIO_STEP = 1.04;
/** Text of fewer pixels cannot be read again. */
const LEAST_CAP_PIXELS = 5.5;
/** Largest margin that `resolveBadge` allows, as a share of the shortest side. */
const MOST_MARGIN = 0.2;
/** Correlation from which a place is looked at closely. */
const LEAST_LIKENESS = 0.4;
/** The standard deviation of brightness that text of a visible contrast gives at least. */
const LEAST_DEVIATION = 12;
/** Places looked at closely. */
const MOST_CANDIDATES = 40;

const POSITIONS: readonly BadgePosition[] = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'top', 'bottom', 'left', 'right'];
const GROUNDS: readonly Ground[] = ['plate', 'outline'];

/** The likeliest places, best first. */
export const candidatesIn = (picture: SampledPicture, texts: readonly string[]): readonly Candidate[] => {
  const side = Math.min(picture.width, picture.height);
  const free = [...new Set(texts)].flatMap((text) => arrangedFreely(text) ?? []);
  const found: Candidate[] = [];
  for (let ratio = Math.max(LEAST_RATIO, LEAST_CAP_PIXELS / side); ratio < MOST_RATIO; ratio *= RATIO_STEP) {
    const level = levelOf(picture, SEARCH_CAP / (ratio * side));
    for (const text of free) {
      for (const arrangement of arrangementsOf(text, ratio, picture.width / side, picture.height / side)) {
        for (const ground of GROUNDS) {
          for (const position of POSITIONS) {
            const best = bestMargin(level, arrangement, ground, position);
            if (best !== undefined) {
              found.push({
                arrangement,
                ground,
                position,
                likeness: best.likeness,
                cap: ratio * side,
                left: best.left * level.stepX,
                top: best.top * level.stepY,
              });
            }
          }
        }
      }
    }
  }
  return found.sort((a, b) => b.likeness - a.likeness).slice(0, MOST_CANDIDATES);
};

/** The picture at one size, with sums that tell at once where nothing varies. */
interface Level {
  readonly width: number;
  readonly height: number;
  /** Pixels of the sampled picture in one of these. */
  readonly stepX: number;
  readonly stepY: number;
  readonly samples: Float32Array;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

const levelOf = (picture: SampledPicture, scale: number): Level => {
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const [stepX, stepY] = [picture.width / width, picture.height / height];
  const { samples } = sampleGrid(picture, 0, 0, stepX, stepY, width, height);
  const sums = new Float64Array((width + 1) * (height + 1));
  const squares = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y += 1) {
    let [sum, square] = [0, 0];
    const above = y * (width + 1) + 1;
    for (let x = 0; x < width; x += 1) {
      const value = samples[y * width + x] ?? 0;
      sum += value;
      square += value * value;
      sums[above + width + 1 + x] = (sums[above + x] ?? 0) + sum;
      squares[above + width + 1 + x] = (squares[above + x] ?? 0) + square;
    }
  }
  return { width, height, stepX, stepY, samples, sums, squares };
};

interface Best {
  readonly likeness: number;
  readonly left: number;
  readonly top: number;
}

const bestMargin = (level: Level, arrangement: Arrangement, ground: Ground, position: BadgePosition): Best | undefined => {
  const scale = SEARCH_CAP / arrangement.layout.capPixels;
  const [across, down] = [arrangement.layout.width * scale, arrangement.layout.height * scale];
  const isLeft = position.includes('left');
  const isTop = position.includes('top');
  const isMiddleX = !isLeft && !position.includes('right');
  const isMiddleY = !isTop && !position.includes('bottom');
  const freeX = level.width - across;
  const freeY = level.height - down;
  // Where the plate's corner stands with a margin of 0.
  const startX = isMiddleX ? freeX / 2 : isLeft ? 0 : freeX;
  const startY = isMiddleY ? freeY / 2 : isTop ? 0 : freeY;
  const [phaseX, phaseY] = [startX - Math.floor(startX), startY - Math.floor(startY)];
  const template = templateOf(arrangement, ground, SEARCH_CAP, phaseX, phaseY);
  const most = Math.min(MOST_MARGIN * Math.min(level.width, level.height), Math.max(0, Math.min(freeX, freeY) / 2)) + 1;
  let best: Best | undefined;
  for (let margin = 0; margin <= most; margin += 1) {
    const x = Math.floor(startX) - Math.round(template.plateLeft - phaseX) + (isMiddleX ? 0 : isLeft ? margin : -margin);
    const y = Math.floor(startY) - Math.round(template.plateTop - phaseY) + (isMiddleY ? 0 : isTop ? margin : -margin);
    if (x < 0 || y < 0 || x + template.width > level.width || y + template.height > level.height) {
      continue;
    }
    const likeness = likenessAt(level, template, ground, x, y);
    if (likeness > (best?.likeness ?? LEAST_LIKENESS)) {
      best = { likeness, left: x + template.plateLeft, top: y + template.plateTop };
    }
  }
  return best;
};

/** Correlation without regard to sign on a plate, since dark and light are the same drawing turned over. */
const likenessAt = (level: Level, template: Template, ground: Ground, left: number, top: number): number => {
  const { width, height } = template;
  const stride = level.width + 1;
  const [from, to] = [top * stride + left, (top + height) * stride + left];
  const pixels = width * height;
  const sum = (level.sums[to + width] ?? 0) - (level.sums[to] ?? 0) - (level.sums[from + width] ?? 0) + (level.sums[from] ?? 0);
  const square = (level.squares[to + width] ?? 0) - (level.squares[to] ?? 0) - (level.squares[from + width] ?? 0) + (level.squares[from] ?? 0);
  const variance = square / pixels - (sum / pixels) ** 2;
  if (!(variance > LEAST_DEVIATION * LEAST_DEVIATION)) {
    return 0;
  }
  const { known, centred, weight, spread } = template;
  if (ground === 'plate') {
    let together = 0;
    for (let y = 0; y < height; y += 1) {
      let at = (top + y) * level.width + left;
      for (let pixel = y * width; pixel < (y + 1) * width; pixel += 1, at += 1) {
        together += (centred[pixel] ?? 0) * (level.samples[at] ?? 0);
      }
    }
    return Math.abs(together) / Math.sqrt(spread * variance * pixels);
  }
  let [together, seen, seen2] = [0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    let at = (top + y) * level.width + left;
    for (let pixel = y * width; pixel < (y + 1) * width; pixel += 1, at += 1) {
      const value = level.samples[at] ?? 0;
      const weighted = (weight[pixel] ?? 0) * value;
      together += (centred[pixel] ?? 0) * value;
      seen += weighted;
      seen2 += weighted * value;
    }
  }
  const seenSpread = seen2 - (seen * seen) / known;
  return seenSpread > LEAST_DEVIATION * LEAST_DEVIATION * known ? together / Math.sqrt(spread * seenSpread) : 0;
};
