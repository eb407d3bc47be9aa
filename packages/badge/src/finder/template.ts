/** What a badge looks like at a small size: the text's coverage, and where its ground is known. */
import type { BadgeLayout } from '../badge-layout.ts';
import { glyphMask, MASK_CAP } from './glyph-mask.ts';

/** On a plate the ground is known everywhere; without one only where the outline is. */
export type Ground = 'plate' | 'outline';

/** A rectangle of a template, in its pixels. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A badge drawn at `cap` pixels for a capital letter. */
export interface Template {
  readonly cap: number;
  readonly width: number;
  readonly height: number;
  /** Where the plate's top left corner stands in the template, in its pixels: negative, since only the text with some of its ground is compared. */
  readonly plateLeft: number;
  readonly plateTop: number;
  readonly plateWidth: number;
  readonly plateHeight: number;
  /** Coverage by text, 0 to 1. */
  readonly ink: Float32Array;
  /** How well the pixel is known, 0 to 1. */
  readonly weight: Float32Array;
  /** Sum of the weights. */
  readonly known: number;
  /** Coverage less its row's mean, times weight: its sum of products with brightness is the numerator of a correlation. */
  readonly centred: Float32Array;
  /** What that sum is for the badge itself, squared and divided by its spread: with it the badge's correlation is 1. */
  readonly spread: number;
  readonly glyphs: readonly Box[];
}

/** Ground around the text that is compared too, in ems: about half the padding, so that other words may not touch it. */
const SURROUNDINGS = 0.16;

/**
 * Draws a layout at another size.
 * @param phaseX,phaseY where the plate's corner stands between whole pixels, 0 to 1.
 * @param surroundings ground around the text that is compared too, in ems.
 */
export const drawTemplate = (
  layout: BadgeLayout,
  ground: Ground,
  cap: number,
  phaseX = 0,
  phaseY = 0,
  surroundings: number = SURROUNDINGS,
): Template => {
  const scale = cap / layout.capPixels;
  const boxes = layout.glyphs
    .filter(({ outline }) => outline.path !== '')
    .map(({ outline, x, baseline }) => ({
      left: (x + outline.left * layout.scale) * scale,
      right: (x + outline.right * layout.scale) * scale,
      top: (baseline - outline.top * layout.scale) * scale,
      bottom: (baseline - outline.bottom * layout.scale) * scale,
    }));
  const around = ground === 'plate' ? surroundings * layout.scale * 1000 * scale : surroundings === 0 ? 0 : cap * 0.1 + 0.5;
  // No further than the plate: on a narrow picture it has little padding.
  const [across, down] = [layout.width * scale, layout.height * scale];
  const left = Math.floor(Math.max(0, Math.min(...boxes.map((box) => box.left)) - around) + phaseX);
  const top = Math.floor(Math.max(0, Math.min(...boxes.map((box) => box.top)) - around) + phaseY);
  const width = Math.ceil(Math.min(across, Math.max(...boxes.map((box) => box.right)) + around) + phaseX) - left;
  const height = Math.ceil(Math.min(down, Math.max(...boxes.map((box) => box.bottom)) + around) + phaseY) - top;
  const ink = new Float32Array(width * height);
  const weight = new Float32Array(width * height);
  const step = MASK_CAP / cap;
  for (const { outline, x, baseline } of layout.glyphs) {
    if (outline.path === '') {
      continue;
    }
    const mask = glyphMask(outline.character);
    const originX = x * scale + phaseX - left;
    const originY = baseline * scale + phaseY - top;
    const firstX = Math.max(0, Math.floor(originX - mask.originX / step));
    const firstY = Math.max(0, Math.floor(originY - mask.originY / step));
    const lastX = Math.min(width, Math.ceil(originX + (mask.width - mask.originX) / step));
    const lastY = Math.min(height, Math.ceil(originY + (mask.height - mask.originY) / step));
    for (let row = firstY; row < lastY; row += 1) {
      const y = (row - originY) * step + mask.originY;
      for (let column = firstX; column < lastX; column += 1) {
        const at = row * width + column;
        const from = (column - originX) * step + mask.originX;
        ink[at] = Math.min(1, (ink[at] ?? 0) + meanOf(mask.ink, mask.width, mask.height, from, y, step));
        if (ground === 'outline') {
          weight[at] = Math.max(weight[at] ?? 0, meanOf(mask.ground, mask.width, mask.height, from, y, step));
        }
      }
    }
  }
  if (ground === 'plate') {
    weight.fill(1);
  }
  const glyphs = boxes.map((box) => ({
    left: Math.max(0, Math.floor(box.left + phaseX - left)),
    top: Math.max(0, Math.floor(box.top + phaseY - top)),
    right: Math.min(width, Math.ceil(box.right + phaseX - left)),
    bottom: Math.min(height, Math.ceil(box.bottom + phaseY - top)),
  }));
  return {
    cap,
    width,
    height,
    plateLeft: phaseX - left,
    plateTop: phaseY - top,
    plateWidth: layout.width * scale,
    plateHeight: layout.height * scale,
    ink,
    weight,
    ...centre(ink, weight, ground === 'plate' ? width : ink.length),
    glyphs,
  };
};

/** Coverage less the mean of its row: bars across the picture, such as frames, are then no text. Without a plate the mean of all, since outlines have no such rows. */
const centre = (ink: Float32Array, weight: Float32Array, width: number): Pick<Template, 'known' | 'centred' | 'spread'> => {
  const known = weight.reduce((sum, value) => sum + value, 0);
  const mean = ink.reduce((sum, value, at) => sum + value * (weight[at] ?? 0), 0) / known;
  const centred = new Float32Array(ink.length);
  let [within, whole] = [0, 0];
  for (let row = 0; row < ink.length; row += width) {
    let [sum, count] = [0, 0];
    for (let at = row; at < row + width; at += 1) {
      sum += (ink[at] ?? 0) * (weight[at] ?? 0);
      count += weight[at] ?? 0;
    }
    const rowMean = count > 0 ? sum / count : 0;
    for (let at = row; at < row + width; at += 1) {
      const value = ink[at] ?? 0;
      const share = weight[at] ?? 0;
      centred[at] = (value - rowMean) * share;
      within += share * (value - rowMean) ** 2;
      whole += share * (value - mean) ** 2;
    }
  }
  return { known, centred, spread: within ** 2 / whole };
};

const meanOf = (sums: Float64Array, width: number, height: number, x: number, y: number, step: number): number =>
  (sumTo(sums, width, height, x + step, y + step) -
    sumTo(sums, width, height, x, y + step) -
    sumTo(sums, width, height, x + step, y) +
    sumTo(sums, width, height, x, y)) /
  (step * step);

const sumTo = (sums: Float64Array, width: number, height: number, x: number, y: number): number => {
  const [atX, atY] = [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
  const [column, row] = [Math.min(width - 1, Math.floor(atX)), Math.min(height - 1, Math.floor(atY))];
  const [along, down] = [atX - column, atY - row];
  const at = row * (width + 1) + column;
  const upper = (sums[at] ?? 0) * (1 - along) + (sums[at + 1] ?? 0) * along;
  const lower = (sums[at + width + 1] ?? 0) * (1 - along) + (sums[at + width + 2] ?? 0) * along;
  return upper * (1 - down) + lower * down;
};
