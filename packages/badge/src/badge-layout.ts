/** Where each glyph of the badge stands: lines, wrapping, the plate's size and its place in the picture as a viewer sees it. */
import { LabelError } from '@aigc-label/core';
import { type Outline, outlineOf, UNITS_PER_EM } from './badge-font.ts';
import type { BadgePosition, ResolvedBadge } from './badge-options.ts';

/** Below this the strokes of a hanzi run together, whatever 5 % of the picture may be (生 has five strokes in its height). */
export const MINIMUM_CAP_PIXELS = 9;

/** A glyph in the plate's own pixels; `x` is its origin, `baseline` its line's, both whole or fractional pixels from the plate's top left. */
export interface PlacedGlyph {
  readonly outline: Outline;
  readonly x: number;
  readonly baseline: number;
}

/** A plate of whole pixels, and everything that stands on it. */
export interface BadgeLayout {
  readonly width: number;
  readonly height: number;
  /** Height in pixels of a capital letter's ink: the yardstick for the 5 %. */
  readonly capPixels: number;
  /** Pixels per font unit. */
  readonly scale: number;
  readonly glyphs: readonly PlacedGlyph[];
  /** Where the plate stands in the upright picture. */
  readonly left: number;
  readonly top: number;
}

// A plate is measured by what a full hanzi needs (about -0.09 to 0.85 em); taller glyphs widen it.
const HANZI_TOP = 855;
const HANZI_BOTTOM = -95;
const LINE_GAP = 0.16;

/**
 * Lays the text out for an upright picture: on one line, else on several, else closer to the edge. It is never made smaller than §5.2 asks.
 * @throws LabelError `NOTICE_NOT_DRAWABLE` where the text cannot stand in the picture at a lawful and legible size.
 */
export const layoutBadge = (badge: ResolvedBadge, pictureWidth: number, pictureHeight: number): BadgeLayout => {
  const side = Math.min(pictureWidth, pictureHeight);
  // Rounded up: a share of a pixel too little would be below the law. The nudge undoes binary fractions such as 0.055 * 1000.
  const capPixels = Math.max(Math.ceil(badge.heightRatio * side - 1e-9), MINIMUM_CAP_PIXELS);
  const scale = capPixels / outlineOf('I').top;
  const em = scale * UNITS_PER_EM;
  const margin = Math.round(badge.marginRatio * side);
  const roomy = { margin, padding: Math.ceil(em * 0.28) };
  const tight = { margin: Math.min(margin, 1), padding: Math.ceil(em * 0.08) };
  for (const [attempt, units] of [roomy, tight].flatMap((spacing) => UNITS.map((unit) => [spacing, unit] as const))) {
    const lines = breakLines(badge.text, units, (pictureWidth - 2 * (attempt.margin + attempt.padding)) / scale);
    const placed = lines && placeLines(lines, scale, attempt.padding);
    if (placed && placed.width + 2 * attempt.margin <= pictureWidth && placed.height + 2 * attempt.margin <= pictureHeight) {
      return { ...placed, capPixels, scale, ...cornerOf(badge.position, pictureWidth, pictureHeight, placed, attempt.margin) };
    }
  }
  throw new LabelError(
    'NOTICE_NOT_DRAWABLE',
    `${JSON.stringify(badge.text)} does not fit a picture of ${pictureWidth} × ${pictureHeight} pixels with letters of ${capPixels} pixels, the least that is lawful and legible. Use shorter wording or a larger picture.`,
    { data: { reason: 'no_room', text: badge.text, width: pictureWidth, height: pictureHeight, capPixels } },
  );
};

type Line = readonly Outline[];

/** What stays on one line where it can: the words that §5.2 asks for, then Latin words; every other character may begin a line. */
const UNITS: readonly RegExp[] = [/人工智能|生成|合成|[!-~]+|[^!-~]/gu, /[!-~]+|[^!-~]/gu];

/** Greedy breaking; `undefined` where one unit alone is too wide. */
const breakLines = (text: string, units: RegExp, availableUnits: number): readonly Line[] | undefined => {
  const lines: Line[] = [];
  for (const paragraph of text.split('\n')) {
    let line: Outline[] = [];
    for (const word of paragraph.match(units) ?? []) {
      const outlines = Array.from(word, outlineOf);
      if (line.length > 0 && inkWidth([...line, ...outlines]) > availableUnits) {
        lines.push(line);
        line = [];
      }
      if (inkWidth(outlines) > availableUnits) {
        return undefined;
      }
      if (line.length > 0 || word.trim() !== '') {
        line.push(...outlines);
      }
    }
    lines.push(line);
  }
  return lines.filter((line) => line.some(({ path }) => path !== ''));
};

const inkWidth = (line: Line): number => {
  let end = line.length;
  while (end > 0 && line[end - 1]?.path === '') {
    end -= 1;
  }
  return line.slice(0, end).reduce((total, { advance }) => total + advance, 0);
};

const placeLines = (lines: readonly Line[], scale: number, padding: number): Pick<BadgeLayout, 'width' | 'height' | 'glyphs'> => {
  const all = lines.flat();
  const above = Math.ceil(Math.max(HANZI_TOP, ...all.map(({ top }) => top)) * scale);
  const below = Math.ceil(-Math.min(HANZI_BOTTOM, ...all.map(({ bottom }) => bottom)) * scale);
  const pitch = above + below + Math.round(scale * UNITS_PER_EM * LINE_GAP);
  const widest = Math.max(...lines.map(inkWidth));
  const glyphs = lines.flatMap((line, row) => {
    let x = padding + ((widest - inkWidth(line)) * scale) / 2;
    return line.map((outline): PlacedGlyph => {
      // Whole pixels across, so that one glyph looks the same wherever it stands.
      const placed = { outline, x: Math.round(x), baseline: padding + above + row * pitch };
      x += outline.advance * scale;
      return placed;
    });
  });
  return {
    width: Math.ceil(widest * scale) + 2 * padding,
    height: (lines.length - 1) * pitch + above + below + 2 * padding,
    glyphs,
  };
};

const cornerOf = (
  position: BadgePosition,
  pictureWidth: number,
  pictureHeight: number,
  plate: { readonly width: number; readonly height: number },
  margin: number,
): { readonly left: number; readonly top: number } => {
  const right = pictureWidth - plate.width - margin;
  const bottom = pictureHeight - plate.height - margin;
  const left = position.includes('left') ? margin : position.includes('right') ? right : Math.floor((pictureWidth - plate.width) / 2);
  const top = position.includes('top') ? margin : position.includes('bottom') ? bottom : Math.floor((pictureHeight - plate.height) / 2);
  return { left, top };
};
