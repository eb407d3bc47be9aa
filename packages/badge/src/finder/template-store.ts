/** Templates drawn once and used for every picture. */
import type { Arrangement } from './arrangements.ts';
import { drawTemplate, type Ground, type Template } from './template.ts';

/** Templates kept: nine wordings in all places need about 1,000 small ones of 8 KB. */
const CACHED_TEMPLATES = 3_000;
let templates = new WeakMap<Arrangement, Map<number, Template>>();
let count = 0;

/** Places between whole pixels are told apart by quarters. */
const PHASES = 4;

/** The template of an arrangement; phases are rounded to quarters of a pixel, heights to thousandths. */
export const templateOf = (arrangement: Arrangement, ground: Ground, cap: number, phaseX = 0, phaseY = 0, surroundings?: number): Template => {
  const [x, y] = [Math.round(phaseX * PHASES), Math.round(phaseY * PHASES)];
  const kind = (ground === 'plate' ? 0 : 1) + (surroundings === undefined ? 0 : 2);
  const key = ((Math.round(cap * 1_000) * 8 + x) * 8 + y) * 4 + kind;
  let own = templates.get(arrangement);
  const known = own?.get(key);
  if (known !== undefined) {
    return known;
  }
  if (count >= CACHED_TEMPLATES) {
    [templates, count, own] = [new WeakMap(), 0, undefined];
  }
  const drawn = drawTemplate(arrangement.layout, ground, cap, x / PHASES, y / PHASES, surroundings);
  own ??= new Map();
  own.set(key, drawn);
  templates.set(arrangement, own);
  count += 1;
  return drawn;
};
