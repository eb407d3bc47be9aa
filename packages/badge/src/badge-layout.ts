/** Where each glyph of the badge stands: lines, wrapping, the plate's size and its place in the picture as a viewer sees it. */
import { LabelError } from '@aigc-label/core';
import { type Face, outlineFace, pixelFaceFor } from './badge-face.ts';
import type { Outline } from './badge-font.ts';
import type { BadgePosition, ResolvedBadge } from './badge-options.ts';
import { PIXEL_CAP, UNITS_PER_PIXEL } from './pixel-font.ts';

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

/**
 * Lays the text out for an upright picture: on one line, else on several, else closer to the edge, else (pictures of 16 pixels and up, the shortest wordings) in whole pixels.
 * It is never made smaller than §5.2 asks.
 * @throws LabelError `NOTICE_NOT_DRAWABLE` where the text cannot stand in the picture at a lawful and legible size.
 */
export const layoutBadge = (badge: ResolvedBadge, pictureWidth: number, pictureHeight: number): BadgeLayout => {
  const side = Math.min(pictureWidth, pictureHeight);
  // Rounded up: a share of a pixel too little would be below the law. The nudge undoes binary fractions such as 0.055 * 1000.
  const lawful = Math.ceil(badge.heightRatio * side - 1e-9);
  const capPixels = Math.max(lawful, MINIMUM_CAP_PIXELS);
  const face = outlineFace();
  const scale = capPixels / face.cap;
  const margin = Math.round(badge.marginRatio * side);
  const roomy = { margin, padding: Math.ceil(face.em * scale * 0.28) };
  const tight = { margin: Math.min(margin, 1), padding: Math.ceil(face.em * scale * 0.08) };
  const set = (type: Type, spacing: Spacing, units: RegExp): BadgeLayout | undefined =>
    setIn(badge, pictureWidth, pictureHeight, type, spacing, units);
  const attempts = [roomy, tight].flatMap((spacing) => UNITS.map((units) => ({ type: { face, scale, capPixels }, spacing, units })));
  const pixels = lawful <= PIXEL_CAP ? pixelFaceFor(badge.text) : undefined;
  if (pixels !== undefined) {
    const type = { face: pixels, scale: 1 / UNITS_PER_PIXEL, capPixels: PIXEL_CAP };
    attempts.push(...[1, 0].flatMap((padding) => UNITS.map((units) => ({ type, spacing: { margin: 0, padding }, units }))));
  }
  for (const { type, spacing, units } of attempts) {
    const layout = set(type, spacing, units);
    if (layout !== undefined) {
      return layout;
    }
  }
  throw new LabelError(
    'NOTICE_NOT_DRAWABLE',
    `${JSON.stringify(badge.text)} does not fit a picture of ${pictureWidth} × ${pictureHeight} pixels with letters of ${capPixels} pixels, the least that is lawful and legible. Use shorter wording or a larger picture.`,
    { data: { reason: 'no_room', text: badge.text, width: pictureWidth, height: pictureHeight, capPixels } },
  );
};

interface Type {
  readonly face: Face;
  /** Pixels per font unit. */
  readonly scale: number;
  readonly capPixels: number;
}

/** In pixels. */
interface Spacing {
  readonly margin: number;
  readonly padding: number;
}

const setIn = (
  badge: ResolvedBadge,
  pictureWidth: number,
  pictureHeight: number,
  type: Type,
  { margin, padding }: Spacing,
  units: RegExp,
): BadgeLayout | undefined => {
  const lines = breakLines(badge.text, units, type.face, (pictureWidth - 2 * (margin + padding)) / type.scale);
  const placed = lines && placeLines(lines, type, padding);
  if (placed === undefined || placed.width + 2 * margin > pictureWidth || placed.height + 2 * margin > pictureHeight) {
    return undefined;
  }
  return { ...placed, capPixels: type.capPixels, scale: type.scale, ...cornerOf(badge.position, pictureWidth, pictureHeight, placed, margin) };
};

type Line = readonly Outline[];

/** What stays on one line where it can: the words that §5.2 asks for, then Latin words; every other character may begin a line. */
const UNITS: readonly RegExp[] = [/人工智能|生成|合成|[!-~]+|[^!-~]/gu, /[!-~]+|[^!-~]/gu];

/** Greedy breaking; `undefined` where one unit alone is too wide. */
const breakLines = (text: string, units: RegExp, face: Face, availableUnits: number): readonly Line[] | undefined => {
  const lines: Line[] = [];
  for (const paragraph of text.split('\n')) {
    let line: Outline[] = [];
    for (const word of paragraph.match(units) ?? []) {
      const outlines = Array.from(word, (character) => face.outlineOf(character));
      if (line.length > 0 && inkWidth([...line, ...outlines], face) > availableUnits) {
        lines.push(line);
        line = [];
      }
      if (inkWidth(outlines, face) > availableUnits) {
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

const inkWidth = (line: Line, { gap }: Face): number => {
  let end = line.length;
  while (end > 0 && line[end - 1]?.path === '') {
    end -= 1;
  }
  return line.slice(0, end).reduce((total, { advance }) => total + advance, end === 0 ? 0 : -gap);
};

const placeLines = (lines: readonly Line[], { face, scale }: Type, padding: number): Pick<BadgeLayout, 'width' | 'height' | 'glyphs'> => {
  const all = lines.flat();
  const above = Math.ceil(Math.max(face.top, ...all.map(({ top }) => top)) * scale);
  const below = Math.ceil(-Math.min(face.bottom, ...all.map(({ bottom }) => bottom)) * scale);
  const pitch = above + below + Math.round(scale * face.lineGap);
  const widest = Math.max(...lines.map((line) => inkWidth(line, face)));
  const glyphs = lines.flatMap((line, row) => {
    let x = padding + ((widest - inkWidth(line, face)) * scale) / 2;
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
