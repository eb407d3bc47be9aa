import { LabelError } from '@aigc-label/core';
import { type Box, contentOf, listBoxes } from './box.ts';
import { type Covered, noBox } from './content-records.ts';
import { type ContentWalk, coverBox } from './content-walk.ts';

/** Parts of one movie: more tracks with more boxes than this are no film's. */
const MAXIMUM_PARTS = 4_096;

/** What is covered of a movie under a name. */
export interface MoviePart {
  readonly name: string;
  readonly covered: readonly Covered[];
}

/** A part for every box of the movie, and for every box of a track. */
export const movieParts = async (walk: ContentWalk, movie: Box, number: number): Promise<readonly MoviePart[]> => {
  const path = number === 0 ? 'moov' : `moov[${number + 1}]`;
  const parts: MoviePart[] = [{ name: path, covered: [] }];
  const { boxes, rest } = await listBoxes(walk.source, contentOf(movie), movie.end, walk.budget);
  const count = new Map<string, number>();
  const add = (name: string, covered: readonly Covered[]): void => {
    const index = (count.get(name) ?? 0) + 1;
    count.set(name, index);
    if (covered.length > 0) {
      parts.push({ name: index === 1 ? name : `${name}[${index}]`, covered });
    }
    if (parts.length > MAXIMUM_PARTS) {
      throw new LabelError('LIMIT_EXCEEDED', `The movie has more than ${MAXIMUM_PARTS} boxes; remux it.`, {
        data: { site: 'moov', limit: MAXIMUM_PARTS },
      });
    }
  };
  let tracks = 0;
  for (const box of boxes) {
    if (box.type === 'trak') {
      tracks += 1;
      const track = `${path}/trak[${tracks}]`;
      const inside = await listBoxes(walk.source, contentOf(box), box.end, walk.budget);
      add(track, [Uint8Array.of(0)]);
      for (const child of inside.boxes) {
        add(`${track}/${child.type}`, await coverBox(walk, child, ['moov', 'trak']));
      }
      add(`${track}/(rest)`, inside.rest === undefined ? [] : noBox({ start: inside.rest.offset, end: box.end }));
    } else {
      add(`${path}/${box.type}`, await coverBox(walk, box, ['moov']));
    }
  }
  add(`${path}/(rest)`, rest === undefined ? [] : noBox({ start: rest.offset, end: movie.end }));
  return parts;
};
