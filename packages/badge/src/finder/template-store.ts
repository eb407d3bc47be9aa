/** Templates drawn once and used for every picture. */
import type { Arrangement } from './arrangements.ts';
import { drawTemplate, type Ground, type Template } from './template.ts';

/** Templates kept: nine wordings in all places need about 1,000 small ones of 8 KB. */
const CACHED_TEMPLATES = 3_000;
const cache = new Map<string, Template>();

/** Places between whole pixels are told apart by quarters. */
const PHASES = 4;

/** The template of an arrangement; phases are rounded to quarters of a pixel. */
export const templateOf = (
  { text, key, layout }: Arrangement,
  ground: Ground,
  cap: number,
  phaseX = 0,
  phaseY = 0,
  surroundings?: number,
): Template => {
  const [x, y] = [Math.round(phaseX * PHASES), Math.round(phaseY * PHASES)];
  const name = JSON.stringify([text, key, ground, cap, x, y, surroundings]);
  const known = cache.get(name);
  if (known !== undefined) {
    return known;
  }
  const drawn = drawTemplate(layout, ground, cap, x / PHASES, y / PHASES, surroundings);
  cache.set(name, drawn);
  for (const oldest of cache.keys()) {
    if (cache.size <= CACHED_TEMPLATES) {
      break;
    }
    cache.delete(oldest);
  }
  return drawn;
};
