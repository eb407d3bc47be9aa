/** The bundled font: outlines only, so that a machine without fonts draws the same badge. */
import { readFileSync } from 'node:fs';
import { LabelError } from '@aigc-label/core';
import { create, type Font } from 'fontkit';

const FILE = new URL('../assets/NotoSansSC-Medium-subset.ttf', import.meta.url);

/** One character's outline in font units, y upwards. */
export interface Outline {
  readonly character: string;
  /** SVG path data; empty for a space. */
  readonly path: string;
  readonly advance: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Font units in an em. */
export const UNITS_PER_EM = 1000;

let font: Font | undefined;
const outlines = new Map<string, Outline>();

/**
 * The outline of one character.
 * @throws LabelError `NOTICE_NOT_DRAWABLE` where the bundled font has no such glyph: GB/T 2312 level 1, ASCII and common punctuation are what it holds.
 */
export const outlineOf = (character: string): Outline => {
  const known = outlines.get(character);
  if (known !== undefined) {
    return known;
  }
  font ??= openFont();
  const codePoint = character.codePointAt(0) ?? 0;
  if (!font.hasGlyphForCodePoint(codePoint)) {
    const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
    throw new LabelError(
      'NOTICE_NOT_DRAWABLE',
      `The badge cannot show ${JSON.stringify(character)} (${name}): the bundled font has no such glyph. Use other wording.`,
      {
        data: { reason: 'missing_glyph', character, codePoint: name },
      },
    );
  }
  const glyph = font.glyphForCodePoint(codePoint);
  const path = glyph.path.toSVG();
  const box = path === '' ? { minX: 0, maxX: 0, minY: 0, maxY: 0 } : glyph.bbox;
  const outline = { character, path, advance: glyph.advanceWidth, left: box.minX, right: box.maxX, top: box.maxY, bottom: box.minY };
  outlines.set(character, outline);
  return outline;
};

const openFont = (): Font => {
  const opened = create(readFileSync(FILE));
  if (!('unitsPerEm' in opened) || opened.unitsPerEm !== UNITS_PER_EM) {
    throw new TypeError('the bundled font is not the one that scripts/subset-font.mjs makes');
  }
  return opened;
};
