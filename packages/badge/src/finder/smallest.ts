/** Finds the badge on the smallest pictures, whose letters are too small to be searched for at every height: it is looked for just as it would be drawn there. */
import { LabelError } from '@aigc-label/core';
import { outlineOf } from '../badge-font.ts';
import { type BadgeLayout, layoutBadge, type PlacedGlyph } from '../badge-layout.ts';
import { type BadgePosition, type ResolvedBadge, resolveBadge } from '../badge-options.ts';
import { contrastBetween } from '../contrast.ts';
import type { FoundBadge, Luma } from '../find-badge.ts';
import { pixelDotsOf } from '../pixel-font.ts';
import { arrangedFreely } from './arrangements.ts';
import { compare } from './compare.ts';
import { type GlyphMask, glyphMask, MASK_CAP } from './glyph-mask.ts';

/** Shortest side in pixels up to which this is tried. */
export const SMALLEST_SIDE = 64;

const POSITIONS: readonly BadgePosition[] = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'top', 'bottom', 'left', 'right'];
/** How alike the whole must be; each of its few hundred pixels is where it was drawn. */
const LEAST_LIKENESS = 0.85;
/** How far apart text and ground must be, of 255. */
const LEAST_DIFFERENCE = 60;

/** The badge as `layoutBadge` sets it by default, or `undefined`. */
export const smallestBadge = (picture: Luma, texts: readonly string[]): FoundBadge | undefined => {
  let best: FoundBadge | undefined;
  for (const text of texts.filter((candidate) => arrangedFreely(candidate) !== undefined)) {
    for (const position of POSITIONS) {
      const layout = layoutOf(text, position, picture);
      const found = layout && seenAt(picture, layout, text, position);
      best = found !== undefined && found.likeness > (best?.likeness ?? 0) ? found : best;
    }
  }
  return best;
};

const layoutOf = (text: string, position: BadgePosition, { width, height }: Luma): BadgeLayout | undefined => {
  try {
    // The wording was checked by whoever drew it; here it may be any.
    const badge: ResolvedBadge = { ...resolveBadge(), text, position };
    return layoutBadge(badge, width, height);
  } catch (error) {
    if (error instanceof LabelError && error.code === 'NOTICE_NOT_DRAWABLE') {
      return undefined;
    }
    throw error;
  }
};

const seenAt = (picture: Luma, layout: BadgeLayout, text: string, position: BadgePosition): FoundBadge | undefined => {
  const { width, height, left, top } = layout;
  const weight = Float32Array.from({ length: width * height }, (_, at) => (isCorner(layout, at % width, Math.floor(at / width)) ? 0 : 1));
  const samples = Float32Array.from(weight, (_, at) => picture.samples[(top + Math.floor(at / width)) * picture.width + left + (at % width)] ?? 0);
  const { likeness, difference, groundLevel } = compare({ width, height, ink: coverageOf(layout), weight }, { width, samples });
  if (!(Math.abs(likeness) >= LEAST_LIKENESS && Math.abs(difference) >= LEAST_DIFFERENCE)) {
    return undefined;
  }
  return {
    text,
    position,
    plate: difference < 0 ? 'light' : 'dark',
    heightRatio: layout.capPixels / Math.min(picture.width, picture.height),
    likeness: Math.abs(likeness),
    contrast: contrastBetween(groundLevel / 255, (groundLevel + difference) / 255),
  };
};

/** Rounded corners show the picture. */
const isCorner = ({ width, height, capPixels }: BadgeLayout, x: number, y: number): boolean => {
  const radius = Math.min(Math.round(capPixels / 3), width >> 1, height >> 1);
  return Math.min(x, width - 1 - x) + Math.min(y, height - 1 - y) < radius;
};

/** Coverage of the text, 0 to 1 a pixel of the plate. */
const coverageOf = (layout: BadgeLayout): Float32Array => {
  const coverage = new Float32Array(layout.width * layout.height);
  for (const glyph of layout.glyphs) {
    const dots = isInPixels(glyph) ? pixelDotsOf(glyph.outline.character) : undefined;
    if (dots !== undefined) {
      drawDots(coverage, layout, glyph, dots);
    } else if (glyph.outline.path !== '') {
      drawMask(coverage, layout, glyph, glyphMask(glyph.outline.character));
    }
  }
  return coverage;
};

const isInPixels = ({ outline }: PlacedGlyph): boolean => outline.top !== outlineOf(outline.character).top;

const drawDots = (coverage: Float32Array, { width }: BadgeLayout, { x, baseline }: PlacedGlyph, rows: readonly string[]): void => {
  for (const [down, row] of rows.entries()) {
    for (const [along, dot] of Array.from(row).entries()) {
      if (dot === '#') {
        coverage[(baseline - rows.length + down) * width + x + along] = 1;
      }
    }
  }
};

const drawMask = (coverage: Float32Array, layout: BadgeLayout, { x, baseline }: PlacedGlyph, mask: GlyphMask): void => {
  const ratio = MASK_CAP / layout.capPixels;
  for (let row = 0; row < layout.height; row += 1) {
    for (let column = 0; column < layout.width; column += 1) {
      const left = mask.originX + (column - x) * ratio;
      const top = mask.originY + (row - baseline) * ratio;
      const at = row * layout.width + column;
      coverage[at] = Math.min(1, (coverage[at] ?? 0) + meanOver(mask, left, top, ratio));
    }
  }
};

/** Mean of the ink over a square of the mask, by its corners; what lies outside is empty. */
const meanOver = ({ ink, width, height }: GlyphMask, left: number, top: number, side: number): number => {
  const sum = (x: number, y: number): number => {
    const [column, row] = [Math.max(0, Math.min(width, x)), Math.max(0, Math.min(height, y))];
    const [x0, y0] = [Math.floor(column), Math.floor(row)];
    const [fx, fy] = [column - x0, row - y0];
    const corner = (dx: number, dy: number): number => ink[Math.min(height, y0 + dy) * (width + 1) + Math.min(width, x0 + dx)] ?? 0;
    return (corner(0, 0) * (1 - fx) + corner(1, 0) * fx) * (1 - fy) + (corner(0, 1) * (1 - fx) + corner(1, 1) * fx) * fy;
  };
  return (sum(left + side, top + side) - sum(left, top + side) - sum(left + side, top) + sum(left, top)) / (side * side);
};
