/** A face of whole pixels for pictures of 16 to some 30 pixels, in which no outline is legible: only the characters of the shortest wordings. */
import type { Outline } from './badge-font.ts';

/** Height of every character, in pixels. */
export const PIXEL_CAP = 7;

/** Font units in a pixel. */
export const UNITS_PER_PIXEL = 100;

const GLYPHS: Readonly<Record<string, readonly string[]>> = {
  A: ['.###.', '#...#', '#...#', '#####', '#...#', '#...#', '#...#'],
  I: ['###', '.#.', '.#.', '.#.', '.#.', '.#.', '###'],
  生: ['.#.#...', '.######', '#..#...', '.#####.', '...#...', '...#...', '#######'],
  成: ['...#.#.', '#######', '#..#...', '####.#.', '#.#.#..', '#.#.#.#', '#.##.##'],
  合: ['...#...', '..#.#..', '##...##', '..###..', '#######', '#.....#', '#######'],
};

const outlines = new Map<string, Outline>();

/** The character's rows from the top, `#` for ink; `undefined` where the face has none. */
export const pixelDotsOf = (character: string): readonly string[] | undefined => (Object.hasOwn(GLYPHS, character) ? GLYPHS[character] : undefined);

/** The character as an outline of squares, with a pixel of room behind it; `undefined` where the face has none. */
export const pixelOutlineOf = (character: string): Outline | undefined => {
  const rows = pixelDotsOf(character);
  if (rows === undefined) {
    return undefined;
  }
  const known = outlines.get(character);
  if (known !== undefined) {
    return known;
  }
  const width = (rows[0] as string).length;
  const squares = rows.flatMap((row, down) => Array.from(row, (dot, along) => (dot === '#' ? square(along, PIXEL_CAP - 1 - down) : '')));
  const outline: Outline = {
    character,
    path: squares.join(''),
    advance: (width + 1) * UNITS_PER_PIXEL,
    left: 0,
    right: width * UNITS_PER_PIXEL,
    top: PIXEL_CAP * UNITS_PER_PIXEL,
    bottom: 0,
  };
  outlines.set(character, outline);
  return outline;
};

/** y grows upwards, as in every outline. */
const square = (x: number, y: number): string => {
  const unit = UNITS_PER_PIXEL;
  return `M${x * unit} ${y * unit}h${unit}v${unit}h${-unit}z`;
};
