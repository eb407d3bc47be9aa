/** The badge as two masks of 8-bit coverage, drawn from outlines by librsvg; no text element, so no font of the machine is ever asked for. */
import sharp from 'sharp';
import type { BadgeLayout } from './badge-layout.ts';
import type { ResolvedBadge } from './badge-options.ts';
import { ANYTHING, type Beneath, contrastOver, suitedTo } from './contrast.ts';

/** What is to be mixed into a rectangle of pixels: first the ground, then the ink over it. */
export interface Plate {
  readonly width: number;
  readonly height: number;
  /** Coverage of the plate or outline, one byte a pixel, opacity already in it. */
  readonly ground: Uint8Array;
  /** Coverage of the text. */
  readonly ink: Uint8Array;
  /** Brightness of the ground, 0 or 1; the ink has the other. */
  readonly groundLevel: 0 | 1;
  /** The least contrast of the text over what lies beneath (WCAG 2.2 §1.4.3). */
  readonly contrast: number;
}

/** Plates kept for the next picture of the same size; at 12 MP one has about 200 KB. */
const CACHED_PLATES = 32;
const cache = new Map<string, Promise<Plate>>();

/**
 * Draws the plate, or takes it from the cache; it depends on text, style, pixel size and what lies beneath alone.
 * @param beneath the pixels that it will cover; anything, where they are not known.
 */
export const plateOf = (layout: BadgeLayout, wanted: ResolvedBadge, beneath: Beneath = ANYTHING): Promise<Plate> => {
  const badge = suitedTo(wanted, beneath);
  const contrast = contrastOver(badge, beneath);
  const drawn = shapeOf(layout, badge);
  return contrast === contrastOver(badge, ANYTHING) ? drawn : drawn.then((plate) => ({ ...plate, contrast }));
};

const shapeOf = (layout: BadgeLayout, badge: ReturnType<typeof suitedTo>): Promise<Plate> => {
  const places = layout.glyphs.map(({ outline, x, baseline }) => [outline.character, x, baseline]);
  const key = JSON.stringify([badge.plate, badge.plateOpacity, layout.capPixels, layout.width, layout.height, places]);
  const known = cache.get(key);
  if (known !== undefined) {
    return known;
  }
  const drawn = drawPlate(layout, badge);
  drawn.catch(() => cache.delete(key));
  cache.set(key, drawn);
  for (const oldest of cache.keys()) {
    if (cache.size <= CACHED_PLATES) {
      break;
    }
    cache.delete(oldest);
  }
  return drawn;
};

const drawPlate = async (layout: BadgeLayout, badge: ReturnType<typeof suitedTo>): Promise<Plate> => {
  const { width, height } = layout;
  const glyphs = layout.glyphs
    .filter(({ outline }) => outline.path !== '')
    .map(({ outline, x, baseline }) => `<path transform="translate(${x} ${baseline}) scale(${layout.scale} ${-layout.scale})" d="${outline.path}"/>`)
    .join('');
  const [ground, ink] = await Promise.all([
    rasterise(width, height, badge.plate === 'none' ? outlined(glyphs, layout) : roundedPlate(layout)),
    rasterise(width, height, glyphs),
  ]);
  const opacity: number = badge.plate === 'none' ? 1 : badge.plateOpacity;
  const shown = ground.map((coverage) => Math.round(coverage * opacity));
  return { width, height, ground: shown, ink, groundLevel: badge.plate === 'light' ? 1 : 0, contrast: contrastOver(badge, ANYTHING) };
};

const roundedPlate = ({ width, height, capPixels }: BadgeLayout): string =>
  `<rect width="${width}" height="${height}" rx="${Math.min(Math.round(capPixels / 3), width >> 1, height >> 1)}"/>`;

/** A stroke on both sides of the contour: half of it, a tenth of the letter's height, is seen around the glyph. */
const outlined = (glyphs: string, { capPixels, scale }: BadgeLayout): string =>
  `<g fill="#fff" stroke="#fff" stroke-linejoin="round" stroke-width="${Math.max(2, capPixels / 5) / scale}">${glyphs}</g>`;

const rasterise = async (width: number, height: number, content: string): Promise<Uint8Array> => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="#000"/><g fill="#fff">${content}</g></svg>`;
  const raw = await sharp(Buffer.from(svg)).toColourspace('b-w').extractChannel(0).raw().toBuffer();
  if (raw.length !== width * height) {
    throw new TypeError(`the plate has ${raw.length} bytes, not ${width} × ${height}`);
  }
  return new Uint8Array(raw.buffer, raw.byteOffset, raw.length);
};
