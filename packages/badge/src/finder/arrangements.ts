/** How wordings can be laid out at a given height: on one line wherever they fit, else as `layoutBadge` breaks them. */
import { LabelError } from '@aigc-label/core';
import { type BadgeLayout, layoutBadge } from '../badge-layout.ts';
import { MAXIMUM_TEXT_LENGTH, type ResolvedBadge } from '../badge-options.ts';

/** One way in which a text may stand. */
export interface Arrangement {
  readonly text: string;
  /** The same for layouts that differ in nothing but size. */
  readonly key: string;
  readonly layout: BadgeLayout;
}

/** Shortest side in pixels of the imagined picture; large, so that rounding to its pixels does not matter. */
const IMAGINED_SIDE = 2400;

/** Margins for which lines are broken; between them the lines rarely differ. */
const MARGINS: readonly number[] = [0, 0.02, 0.05, 0.1, 0.2];

const badgeOf = (text: string, heightRatio: number, marginRatio: number): ResolvedBadge => ({
  text,
  heightRatio,
  marginRatio,
  position: 'bottom-right',
  plate: 'dark',
  plateOpacity: 0.72,
});

/** Texts of which the free arrangement is kept. */
const CACHED_TEXTS = 64;
const freeTexts = new Map<string, Arrangement | undefined>();

/** The text as it stands where there is room. `undefined` where the bundled font cannot draw it, so that it cannot be a badge of ours. */
export const arrangedFreely = (text: string): Arrangement | undefined => {
  if (text.length > MAXIMUM_TEXT_LENGTH || text.trim() === '') {
    return undefined;
  }
  if (freeTexts.has(text)) {
    return freeTexts.get(text);
  }
  if (freeTexts.size >= CACHED_TEXTS) {
    freeTexts.clear();
  }
  const free = orNone(() => arranged(text, layoutBadge(badgeOf(text, 0.05, 0), IMAGINED_SIDE * 100, IMAGINED_SIDE * 10)));
  freeTexts.set(text, free);
  return free;
};

/** Broken layouts that are kept: those of a few pictures' sizes. */
const CACHED_BREAKS = 1_000;
const brokenTexts = new Map<string, readonly Arrangement[]>();
/** One object for each way, whatever the height, so that its templates are drawn once. */
const arrangements = new Map<string, Arrangement>();

/** Every way in which the text may stand in a picture whose sides are given as multiples of the shortest. */
export const arrangementsOf = (free: Arrangement, heightRatio: number, across: number, down: number): readonly Arrangement[] => {
  const widest = MARGINS.at(-1) ?? 0;
  const unit = heightRatio / free.layout.capPixels;
  if (free.layout.width * unit + 2 * widest <= across && free.layout.height * unit + 2 * widest <= down) {
    return [free];
  }
  const [width, height] = [Math.round(across * IMAGINED_SIDE), Math.round(down * IMAGINED_SIDE)];
  const name = JSON.stringify([free.text, heightRatio, width, height]);
  const known = brokenTexts.get(name);
  if (known !== undefined) {
    return known;
  }
  if (brokenTexts.size >= CACHED_BREAKS) {
    brokenTexts.clear();
    arrangements.clear();
  }
  const found = new Map<string, Arrangement>();
  for (const margin of MARGINS) {
    const one = orNone(() => arranged(free.text, layoutBadge(badgeOf(free.text, heightRatio, margin), width, height)));
    if (one !== undefined && !found.has(one.key)) {
      found.set(one.key, one);
    }
  }
  const all = [...found.values()];
  brokenTexts.set(name, all);
  return all;
};

const arranged = (text: string, layout: BadgeLayout): Arrangement => {
  const lines = new Map<number, string>();
  for (const { outline, baseline } of layout.glyphs) {
    lines.set(baseline, (lines.get(baseline) ?? '') + outline.character);
  }
  // The widest line begins where the padding ends: 0.28 em, or 0.08 where there is no room.
  const isTight = Math.min(...layout.glyphs.map(({ x }) => x)) < layout.scale * 180;
  const key = `${[...lines.values()].join('\n')}\n${isTight ? 'tight' : 'roomy'}`;
  const name = JSON.stringify([text, key]);
  const known = arrangements.get(name) ?? { text, key, layout };
  arrangements.set(name, known);
  return known;
};

const orNone = (arrange: () => Arrangement): Arrangement | undefined => {
  try {
    return arrange();
  } catch (error) {
    if (error instanceof LabelError && error.code === 'NOTICE_NOT_DRAWABLE') {
      return undefined;
    }
    throw error;
  }
};
