/** The two faces a badge is set in: outlines of the bundled font, and whole pixels for the smallest pictures. */
import { type Outline, outlineOf, UNITS_PER_EM } from './badge-font.ts';
import { PIXEL_CAP, pixelOutlineOf, UNITS_PER_PIXEL } from './pixel-font.ts';

/** What laying out needs to know of a face; all in its own units, y upwards. */
export interface Face {
  /** @throws LabelError `NOTICE_NOT_DRAWABLE` where it has no such glyph. */
  outlineOf(character: string): Outline;
  /** Height of a capital letter: the yardstick for the 5 %. */
  readonly cap: number;
  /** What a full hanzi needs above and below the base line; taller glyphs widen the plate. */
  readonly top: number;
  readonly bottom: number;
  readonly lineGap: number;
  readonly em: number;
  /** Behind the last character of a line, which needs none. */
  readonly gap: number;
}

/** The bundled font. */
export const outlineFace = (): Face => ({
  outlineOf,
  cap: outlineOf('I').top,
  top: 855,
  bottom: -95,
  lineGap: 0.16 * UNITS_PER_EM,
  em: UNITS_PER_EM,
  gap: 0,
});

/** Whole pixels; `undefined` where a character is missing. */
export const pixelFaceFor = (text: string): Face | undefined => {
  if (!Array.from(text.replaceAll('\n', '')).every((character) => pixelOutlineOf(character) !== undefined)) {
    return undefined;
  }
  return {
    outlineOf: (character) => pixelOutlineOf(character) as Outline,
    cap: PIXEL_CAP * UNITS_PER_PIXEL,
    top: PIXEL_CAP * UNITS_PER_PIXEL,
    bottom: 0,
    lineGap: UNITS_PER_PIXEL,
    em: 8 * UNITS_PER_PIXEL,
    gap: UNITS_PER_PIXEL,
  };
};
