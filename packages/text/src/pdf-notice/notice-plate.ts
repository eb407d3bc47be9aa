// Where a notice stands on a page, and what draws it. Lengths are in points as a reader sees them: 1/72 inch, whatever the unit and rotation of the page.
import { ascii, hasNoticeElements, LabelError, NOTICE_PRESETS } from '@aigc-label/core';
import type { NoticeForm, NoticePosition } from '../notice.ts';
import type { GlyphDrawing } from './glyph-drawing.ts';

/** The part of a page that is seen (ISO 32000-1 §14.11.2), in its own units. */
export interface PageView {
  readonly left: number;
  readonly bottom: number;
  readonly width: number;
  readonly height: number;
  /** Clockwise, in degrees: 0, 90, 180 or 270. */
  readonly rotation: number;
  /** Points in a unit. */
  readonly unit: number;
}

/**
 * GB 45438-2025 §5.1 asks of texts that the words be legible and names no size. 10 points are what books set notes in; on a page that is larger than a sheet the words grow
 * with it, to 2.2 % of its shortest side.
 */
const SMALLEST_POINTS = 10;
const SHARE_OF_SHORTEST = 0.022;
/** Of the size of the words: around them on the plate, and around the plate. */
const [PADDING, MARGIN] = [0.4, 0.8];
/** Height of the invisible words, of the size: a strip in the padding. */
const STRIP = 0.25;
/** Of the size: what characters of this font reach above and below their line. */
const [ASCENT, DESCENT] = [0.88, 0.14];

/** A notice, laid out. */
export interface PlacedNotice {
  readonly text: string;
  readonly position: NoticePosition;
  readonly form: NoticeForm;
  readonly lang: string;
  /** The glyphs as the font counts them, one byte each. */
  readonly codes: readonly number[];
  readonly glyphs: readonly GlyphDrawing[];
  /** Among the resources of the page, of the font and of the drawn words. */
  readonly name: string;
  /** What it is on a tagged page: the number of a content of the structure, or an artifact, which is of none; `undefined` where nothing is tagged. */
  readonly tag: number | 'artifact' | undefined;
}

/** Operators that draw it, between their own `q` and `Q`. @throws LabelError `NOTICE_NOT_DRAWABLE` where the page is too small for it. */
export const plateContent = (notice: PlacedNotice, view: PageView): Uint8Array => {
  const { text, position, form, lang, codes, glyphs, name, tag } = notice;
  const isTurned = view.rotation % 180 !== 0;
  const [width, height] = (isTurned ? [view.height, view.width] : [view.width, view.height]).map((length) => length * view.unit) as [number, number];
  const ems = glyphs.reduce((sum, { advance }) => sum + advance, 0) / 1000;
  const fitting = width / (ems + 2 * PADDING + 2 * MARGIN);
  const size = Math.min(Math.max(SMALLEST_POINTS, SHARE_OF_SHORTEST * Math.min(width, height)), fitting);
  const plate = { width: (ems + 2 * PADDING) * size, height: (ASCENT + DESCENT + 2 * PADDING) * size };
  if (size < SMALLEST_POINTS || plate.height + MARGIN * size > height) {
    throw new LabelError(
      'NOTICE_NOT_DRAWABLE',
      `The notice ${JSON.stringify(text)} has no room at ${SMALLEST_POINTS} points on a page of ${Math.round(width)} × ${Math.round(height)} points; use shorter wording.`,
      { data: { reason: 'no_room', text, width, height, points: SMALLEST_POINTS } },
    );
  }
  const isRight = form === 'corner-mark' || position === 'end';
  const isTop = form === 'corner-mark' || position === 'start' || position === 'throughout';
  const left = isRight ? width - plate.width - MARGIN * size : MARGIN * size;
  const bottom = isTop ? height - plate.height - MARGIN * size : MARGIN * size;
  const [x, y] = [left + PADDING * size, bottom + (PADDING + DESCENT) * size];
  // §14.9.5: what a mark stands for, for who listens.
  const spelledOut = hasNoticeElements(text) ? '' : `/E<FEFF${utf16(NOTICE_PRESETS.full)}>`;
  // Dark grey on white is 17 : 1, whatever the page shows below; WCAG 2.2 §1.4.3 asks for 4.5 : 1.
  return ascii(
    [
      'q',
      `${numbers(...matrixOf(view))} cm`,
      `${tag === undefined ? '' : tag === 'artifact' ? '/Artifact<</Type/Pagination>>BDC ' : `/P<</MCID ${tag}>>BDC `}/Span<</Lang(${lang})/ActualText<FEFF${utf16(text)}>${spelledOut}/AIGCNotice/${position}.${form}>>BDC`,
      // The words for who searches, copies or listens: invisible (§9.3.6), as wide as what is seen, and below it, since some programs show them all the same.
      `1 g BT /${name} ${numbers(size * STRIP)} Tf 3 Tr 0 Ts ${numbers(100 / STRIP)} Tz 0 Tc 0 Tw 1 0 0 1 ${numbers(x, bottom + 0.1 * size)} Tm`,
      `<${codes.map((code) => hexadecimal(code, 2)).join('')}> Tj ET`,
      `0.4 G ${numbers(size * 0.04)} w ${numbers(left, bottom, plate.width, plate.height)} re B`,
      `0.1 g ${numbers(size / 1000, 0, 0, size / 1000, x, y)} cm /${name} Do`,
      `EMC${tag === undefined ? '' : ' EMC'}`,
      'Q\n',
    ].join('\n'),
  );
};

/** From points as they are seen, from the bottom left, to the units of the page (§8.3.2.3, §7.7.3.3 Rotate). */
const matrixOf = ({ left, bottom, width, height, rotation, unit }: PageView): readonly number[] => {
  const one = 1 / unit;
  switch (rotation) {
    case 90:
      return [0, one, -one, 0, left + width, bottom];
    case 180:
      return [-one, 0, 0, -one, left + width, bottom + height];
    case 270:
      return [0, -one, one, 0, left, bottom + height];
    default:
      return [one, 0, 0, one, left, bottom];
  }
};

const numbers = (...values: readonly number[]): string => values.map((value) => String(Math.round(value * 1e4) / 1e4)).join(' ');

const hexadecimal = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

const utf16 = (text: string): string => Array.from({ length: text.length }, (_, index) => hexadecimal(text.charCodeAt(index), 4)).join('');
