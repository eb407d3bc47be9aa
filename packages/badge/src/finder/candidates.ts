/** Where a badge may stand: every wording, height, corner, edge and margin is tried on pictures so small that a capital letter has seven pixels. */
import type { BadgePosition } from '../badge-options.ts';
import { type Arrangement, arrangedFreely, arrangementsOf } from './arrangements.ts';
import { type Level, type LevelMemory, levelOf, likenessAt } from './level.ts';
import type { SampledPicture } from './sampled.ts';
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
const LEAST_RATIO = 0.0195;
const MOST_RATIO = 0.52;
const RATIO_STEP = 1.05;
/** Heights between the steps at which the whole text is compared too, by how many capitals wide the plate is: else its far end would not meet. */
const BETWEEN: readonly { readonly below: number; readonly caps: readonly number[] }[] = [
  { below: 7, caps: [1] },
  { below: 11, caps: [1 / 1.0166, 1, 1.0166] },
  { below: Number.POSITIVE_INFINITY, caps: [1 / 1.02, 1 / 1.01, 1, 1.01, 1.02] },
];
/** A margin ends between whole pixels as often as not. */
const HALVES: readonly number[] = [0, 0.5];
/** Text of fewer pixels cannot be read again. */
const LEAST_CAP_PIXELS = 5.5;
/** Largest margin that `resolveBadge` allows, as a share of the shortest side. */
const MOST_MARGIN = 0.2;
/** Correlation of the first or last two characters from which the whole text is compared … */
const LEAST_END_LIKENESS = 0.3;
/** … and of the whole from which the place is looked at closely. */
const LEAST_LIKENESS = 0.4;
/** Places looked at closely, and how many of them for one wording in one position. */
const MOST_CANDIDATES = 40;
const MOST_ALIKE = 2;

const POSITIONS: readonly BadgePosition[] = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'top', 'bottom', 'left', 'right'];
const GROUNDS: readonly Ground[] = ['plate', 'outline'];

/** The likeliest places, best first. */
export const candidatesIn = (picture: SampledPicture, texts: readonly string[]): readonly Candidate[] => {
  const side = Math.min(picture.width, picture.height);
  const free = [...new Set(texts)].flatMap((text) => arrangedFreely(text) ?? []);
  const found: Candidate[] = [];
  const memory: LevelMemory = { sums: new Float64Array(0), squares: new Float64Array(0) };
  for (let ratio = Math.max(LEAST_RATIO, LEAST_CAP_PIXELS / side); ratio < MOST_RATIO; ratio *= RATIO_STEP) {
    const level = levelOf(picture, SEARCH_CAP / (ratio * side), memory);
    const ends: Ends = new Map();
    const arrangements = free.flatMap((text) => arrangementsOf(text, ratio, picture.width / side, picture.height / side));
    for (const arrangement of arrangements) {
      for (const ground of GROUNDS) {
        for (const position of POSITIONS) {
          const best = bestMargin(level, arrangement, ground, position, ends);
          if (best !== undefined) {
            const { likeness, cap, left, top } = best;
            found.push({
              arrangement,
              ground,
              position,
              likeness,
              cap: (ratio * side * cap) / SEARCH_CAP,
              left: left * level.stepX,
              top: top * level.stepY,
            });
          }
        }
      }
    }
  }
  return likeliest(found);
};

const likeliest = (found: Candidate[]): readonly Candidate[] => {
  const counts = new Map<string, number>();
  return found
    .sort((a, b) => b.likeness - a.likeness)
    .filter(({ arrangement, ground, position }) => {
      const name = JSON.stringify([arrangement.text, arrangement.key, ground, position]);
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      return count <= MOST_ALIKE;
    })
    .slice(0, MOST_CANDIDATES);
};

/** Margins in pixels at which the end of a text may stand, by what the end is and where: wordings that end alike share them. */
type Ends = Map<string, readonly number[]>;

interface Best {
  readonly likeness: number;
  readonly cap: number;
  readonly left: number;
  readonly top: number;
}

/** Where the plate's corner stands with a margin of 0, and which way it goes with more. */
interface Anchor {
  readonly startX: number;
  readonly startY: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly margins: number;
}

const anchorOf = (level: Level, { layout }: Arrangement, position: BadgePosition, cap: number): Anchor => {
  const scale = cap / layout.capPixels;
  const freeX = level.width - layout.width * scale;
  const freeY = level.height - layout.height * scale;
  const [isLeft, isRight, isTop, isBottom] = ['left', 'right', 'top', 'bottom'].map((edge) => position.includes(edge));
  return {
    startX: isLeft ? 0 : isRight ? freeX : freeX / 2,
    startY: isTop ? 0 : isBottom ? freeY : freeY / 2,
    stepX: isLeft ? 1 : isRight ? -1 : 0,
    stepY: isTop ? 1 : isBottom ? -1 : 0,
    margins: Math.min(MOST_MARGIN * Math.min(level.width, level.height), Math.max(0, Math.min(freeX, freeY) / 2)) + 1,
  };
};

const bestMargin = (level: Level, arrangement: Arrangement, ground: Ground, position: BadgePosition, ends: Ends): Best | undefined => {
  const end = endOf(arrangement, position);
  const name = `${ground} ${position} ${end.name}`;
  const margins = ends.get(name) ?? marginsOf(level, end.arrangement, ground, anchorOf(level, arrangement, position, SEARCH_CAP));
  ends.set(name, margins);
  if (margins.length === 0) {
    return undefined;
  }
  let best: Best | undefined;
  const { width, capPixels } = arrangement.layout;
  for (const between of BETWEEN.find(({ below }) => width < below * capPixels)?.caps ?? []) {
    const cap = SEARCH_CAP * between;
    const anchor = anchorOf(level, arrangement, position, cap);
    for (const half of HALVES) {
      const shifted = { ...anchor, startX: anchor.startX + half * anchor.stepX, startY: anchor.startY + half * anchor.stepY };
      const placed = placedTemplate(arrangement, ground, shifted, cap);
      for (const margin of margins) {
        const [x, y] = [placed.x + margin * anchor.stepX, placed.y + margin * anchor.stepY];
        const likeness = likenessAt(level, placed.template, ground, x, y);
        if (likeness > (best?.likeness ?? LEAST_LIKENESS)) {
          best = { likeness, cap, left: x + placed.template.plateLeft, top: y + placed.template.plateTop };
        }
      }
    }
  }
  return best;
};

const marginsOf = (level: Level, end: Arrangement, ground: Ground, anchor: Anchor): readonly number[] => {
  const { template, x, y } = placedTemplate(end, ground, anchor, SEARCH_CAP, 0);
  const margins: number[] = [];
  for (let margin = 0; margin <= anchor.margins; margin += 1) {
    if (likenessAt(level, template, ground, x + margin * anchor.stepX, y + margin * anchor.stepY) >= LEAST_END_LIKENESS) {
      margins.push(margin);
    }
  }
  return margins;
};

/** A template, and the whole pixel of the level at which it begins. */
interface Placed {
  readonly template: Template;
  readonly x: number;
  readonly y: number;
}

/** The template whose plate begins at the anchor. */
const placedTemplate = (arrangement: Arrangement, ground: Ground, { startX, startY }: Anchor, cap: number, surroundings?: number): Placed => {
  const template = templateOf(arrangement, ground, cap, startX - Math.floor(startX), startY - Math.floor(startY), surroundings);
  return { template, x: Math.round(startX - template.plateLeft), y: Math.round(startY - template.plateTop) };
};

interface End {
  readonly name: string;
  readonly arrangement: Arrangement;
}

/** Ems that an end has at least. */
const END_WIDTH = 1.9;
type Side = 'left' | 'middle' | 'right';
const knownEnds = new WeakMap<Arrangement, Map<Side, End>>();

/** The characters whose place a wrong height changes least: those nearest to the edge that the badge keeps its distance from, or in the middle. */
const endOf = (arrangement: Arrangement, position: BadgePosition): End => {
  const side: Side = position.includes('left') ? 'left' : position.includes('right') ? 'right' : 'middle';
  const known = knownEnds.get(arrangement) ?? new Map<Side, End>();
  knownEnds.set(arrangement, known);
  const end = known.get(side) ?? cutEnd(arrangement, side);
  known.set(side, end);
  return end;
};

const cutEnd = ({ text, key, layout }: Arrangement, side: Side): End => {
  const baseline = layout.glyphs[0]?.baseline;
  const isOneLine = layout.glyphs.every((glyph) => glyph.baseline === baseline);
  const wanted = END_WIDTH * layout.scale * 1000;
  const line = layout.glyphs
    .filter((glyph) => glyph.baseline === baseline && glyph.outline.path !== '')
    .map((glyph) => ({ glyph, middle: glyph.x + ((glyph.outline.left + glyph.outline.right) / 2) * layout.scale }));
  const place = side === 'left' ? 0 : side === 'right' ? layout.width : layout.width / 2;
  const chosen: typeof line = [];
  for (const one of line.toSorted((a, b) => Math.abs(a.middle - place) - Math.abs(b.middle - place))) {
    const width = Math.max(...chosen.map(({ middle }) => middle)) - Math.min(...chosen.map(({ middle }) => middle));
    if (chosen.length > 1 && width + layout.scale * 700 >= wanted) {
      break;
    }
    chosen.push(one);
  }
  const glyphs = chosen.map(({ glyph }) => glyph).sort((a, b) => a.x - b.x);
  const words = glyphs.map(({ outline }) => outline.character).join('');
  // In the middle of an edge texts of different lengths begin at different places.
  const isShared = isOneLine && side !== 'middle';
  const name = isShared ? `${words} ${key.endsWith('tight')} ${layout.height / layout.capPixels}` : JSON.stringify([text, key]);
  return { name, arrangement: { text: `${text}…${words}`, key, layout: { ...layout, glyphs } } };
};
