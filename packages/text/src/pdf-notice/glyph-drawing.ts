import { LabelError } from '@aigc-label/core';
import { GLYPH_OUTLINES } from './glyph-outlines.ts';

/** One character as a PDF draws it, in thousandths of an em. */
export interface GlyphDrawing {
  readonly character: string;
  readonly advance: number;
  /** Operators that make and fill a path (ISO 32000-1 §8.5); empty for a space. */
  readonly operators: string;
}

/**
 * The drawing of each character of a text, in its order.
 * @throws LabelError `NOTICE_NOT_DRAWABLE` for a character whose outline does not come along: presets, ASCII and the words of common notices are what there is.
 */
export const glyphDrawings = (text: string): readonly GlyphDrawing[] =>
  [...text].map((character) => {
    const glyph = Object.hasOwn(GLYPH_OUTLINES, character) ? GLYPH_OUTLINES[character] : undefined;
    if (glyph === undefined) {
      const codePoint = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
      throw new LabelError(
        'NOTICE_NOT_DRAWABLE',
        `A notice in a PDF cannot show ${JSON.stringify(character)} (${codePoint}): its outline does not come along. Use other wording, a preset at best.`,
        { data: { reason: 'missing_glyph', character, codePoint } },
      );
    }
    const [advance, outline] = glyph;
    return { character, advance, operators: outline === '' ? '' : `${pathOf(outline)} f` };
  });

/** A content stream has no curves of one control point, and counts from the origin. */
const pathOf = (outline: string): string => {
  const made: string[] = [];
  let [x, y] = [0, 0];
  for (const [, letter = '', numbers = ''] of outline.matchAll(/([mlqch])([^mlqch]*)/g)) {
    const points: (readonly [number, number])[] = [];
    const steps = (numbers.match(/-?\d+/g) ?? []).map(Number);
    const [fromX, fromY] = [x, y];
    for (let index = 0; index < steps.length; index += 2) {
      x += steps[index] as number;
      y += steps[index + 1] as number;
      points.push([x, y]);
    }
    const [control, to] = points;
    if (letter === 'q' && control !== undefined && to !== undefined) {
      const third = (from: number, towards: number): number => Math.round(from + (2 / 3) * (towards - from));
      made.push(
        `${third(fromX, control[0])} ${third(fromY, control[1])} ${third(to[0], control[0])} ${third(to[1], control[1])} ${to[0]} ${to[1]} c`,
      );
    } else {
      made.push([...points.flat(), letter].join(' '));
    }
  }
  return made.join(' ');
};
