/** Templates drawn once and used for every picture. */
import type { Arrangement } from './arrangements.ts';
import { drawTemplate, type Ground, type Template } from './template.ts';

/** Templates kept: nine wordings in all places need about 200 small ones of 10 KB. */
const CACHED_TEMPLATES = 1_000;
const cache = new Map<string, Template>();

/** Places between whole pixels are told apart by quarters. */
const PHASES = 4;

/** The template of an arrangement; phases are rounded to quarters of a pixel. */
export const templateOf = ({ text, key, layout }: Arrangement, ground: Ground, cap: number, phaseX = 0, phaseY = 0): Template => {
  const [x, y] = [Math.round(phaseX * PHASES), Math.round(phaseY * PHASES)];
  const name = JSON.stringify([text, key, ground, cap, x, y]);
  const known = cache.get(name);
  if (known !== undefined) {
    return known;
  }
  const drawn = drawTemplate(layout, ground, cap, x / PHASES, y / PHASES);
  if (cache.size >= CACHED_TEMPLATES) {
    cache.clear();
  }
  cache.set(name, drawn);
  return drawn;
};
