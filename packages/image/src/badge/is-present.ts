/** Whether a badge stands in a picture already: the pixels where it would be are compared with what it would look like. */

import type { ResolvedBadge } from '@aigc-label/badge';
import { type BadgeLayout, type Plate, plateOf } from '@aigc-label/badge';
import sharp from 'sharp';
import { type BadgePlace, badgePlace } from './badge-place.ts';
import type { Region } from './canvas.ts';
import { openOptions, orDamaged, pictureFacts } from './raster.ts';

/** How alike the whole plate must be: correlation of brightness with the text's coverage … */
const MINIMUM_LIKENESS = 0.8;
/** … and each glyph by itself, so that another wording of the same length is not taken for ours. */
const MINIMUM_GLYPH_LIKENESS = 0.6;
/** How far apart text and plate must be on average, of 255: a picture that is merely correlated is no badge. */
const MINIMUM_DIFFERENCE = 90;
/** Plates are looked for as if they were at least so opaque. */
const LEAST_OPACITY = 0.5;
/** Half covered at least by plate or outline: only there is the background known well enough. */
const MINIMUM_GROUND = 96;

/**
 * Whether this badge stands in the first and the last frame, decoded for this question alone. Lossy coding down to JPEG quality 60 and scaling of brightness do not disturb it.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, or `NOTICE_NOT_DRAWABLE` where it could not stand at all.
 */
export const badgeStands = async (bytes: Uint8Array, badge: ResolvedBadge): Promise<boolean> => {
  const facts = await pictureFacts(bytes);
  const frames = facts.pages ?? 1;
  const place = await badgePlace(badge, facts.width, facts.pageHeight ?? facts.height, facts.orientation);
  for (const page of frames > 1 ? [0, frames - 1] : [0]) {
    if (!(await standsIn(place, (groundLevel) => brightness(bytes, page, place.layout, groundLevel)))) {
      return false;
    }
  }
  return true;
};

/** The plate's rectangle of the upright picture, one byte a pixel; what is transparent counts as more of a ground of this level, 0 or 1. */
export type BrightnessUnder = (groundLevel: 0 | 1) => Promise<Uint8Array> | Uint8Array;

/** Whether a badge stands in the pixels where it would. */
export const standsIn = async ({ badge, layout }: BadgePlace, seen: BrightnessUnder): Promise<boolean> => {
  // `auto` may have become either, and how opaque a plate is depends on what lay beneath it; where it is hardly seen, nothing is known of its ground.
  const plateOpacity = Math.max(badge.plateOpacity, LEAST_OPACITY);
  for (const plate of badge.plate === 'auto' ? (['dark', 'light'] as const) : [badge.plate]) {
    const drawn = await plateOf(layout, { ...badge, plate, plateOpacity });
    if (looksLike(await seen(drawn.groundLevel), layout, drawn)) {
      return true;
    }
  }
  return false;
};

const brightness = async (bytes: Uint8Array, page: number, { left, top, width, height }: BadgeLayout, groundLevel: 0 | 1): Promise<Uint8Array> => {
  const level = groundLevel * 255;
  return orDamaged(
    sharp(bytes, { ...openOptions, page })
      .autoOrient()
      .extract({ left, top, width, height })
      .flatten({ background: { r: level, g: level, b: level } })
      .toColourspace('b-w')
      .raw()
      .toBuffer(),
  );
};

const looksLike = (seen: Uint8Array, layout: BadgeLayout, plate: Plate): boolean => {
  const whole: Region = { left: 0, top: 0, width: plate.width, height: plate.height };
  const { likeness, difference } = compare(seen, plate, whole);
  if (likeness < MINIMUM_LIKENESS || difference < MINIMUM_DIFFERENCE) {
    return false;
  }
  return layout.glyphs
    .filter(({ outline }) => outline.path !== '')
    .every(({ outline, x, baseline }) => {
      const left = Math.max(0, Math.floor(x + outline.left * layout.scale) - 1);
      const top = Math.max(0, Math.floor(baseline - outline.top * layout.scale) - 1);
      const right = Math.min(plate.width, Math.ceil(x + outline.right * layout.scale) + 1);
      const bottom = Math.min(plate.height, Math.ceil(baseline - outline.bottom * layout.scale) + 1);
      return compare(seen, plate, { left, top, width: right - left, height: bottom - top }).likeness >= MINIMUM_GLYPH_LIKENESS;
    });
};

interface Comparison {
  /** Pearson's correlation, -1 to 1; 0 where nothing varies. */
  readonly likeness: number;
  /** Mean brightness of the text above that of its ground, of 255, negative where the wrong way round. */
  readonly difference: number;
}

const compare = (seen: Uint8Array, plate: Plate, { left, top, width, height }: Region): Comparison => {
  const sign = plate.groundLevel === 0 ? 1 : -1;
  let [count, sumSeen, sumInk, sumSeenSquared, sumInkSquared, sumProduct, textSum, textCount, groundSum, groundCount] = [
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  ];
  for (let y = top; y < top + height; y += 1) {
    for (let x = left; x < left + width; x += 1) {
      const at = y * plate.width + x;
      const ink = plate.ink[at] ?? 0;
      if (Math.max(plate.ground[at] ?? 0, ink) < MINIMUM_GROUND) {
        continue;
      }
      const value = sign * (seen[at] ?? 0);
      count += 1;
      sumSeen += value;
      sumInk += ink;
      sumSeenSquared += value * value;
      sumInkSquared += ink * ink;
      sumProduct += value * ink;
      if (ink >= 204) {
        textSum += value;
        textCount += 1;
      } else if (ink <= 26) {
        groundSum += value;
        groundCount += 1;
      }
    }
  }
  const spread = Math.sqrt((count * sumSeenSquared - sumSeen ** 2) * (count * sumInkSquared - sumInk ** 2));
  return {
    likeness: spread > 0 ? (count * sumProduct - sumSeen * sumInk) / spread : 0,
    difference: textSum / Math.max(1, textCount) - groundSum / Math.max(1, groundCount),
  };
};
