/** Rows of a PNG: filters undone, samples turned into brightness (PNG 3rd ed. §8, §9). */

import { damaged } from '@aigc-label/core';
import { ADAM7 } from '../adam7.ts';
import { brightnessOf } from './shrinking.ts';

/** IHDR. */
export interface PngHeader {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGBA. */
  readonly colourType: number;
  readonly isInterlaced: boolean;
}

/** One pass over the picture: all of it, or an eighth to a half of its pixels. */
export interface Pass {
  readonly left: number;
  readonly top: number;
  readonly stepX: number;
  readonly stepY: number;
  readonly width: number;
  readonly height: number;
  /** Without the byte that names the filter. */
  readonly rowBytes: number;
}

const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

/** The passes in their order; one may be empty. */
export const passesOf = ({ width, height, depth, colourType, isInterlaced }: PngHeader): readonly Pass[] =>
  (isInterlaced ? ADAM7 : [[0, 0, 1, 1] as const]).map(([left, top, stepX, stepY]) => {
    const across = Math.max(0, Math.ceil((width - left) / stepX));
    const down = Math.max(0, Math.ceil((height - top) / stepY));
    return { left, top, stepX, stepY, width: across, height: down, rowBytes: Math.ceil((across * depth * (CHANNELS[colourType] ?? 1)) / 8) };
  });

/** Undoes the filter of a line in place (its first byte names it) and gives brightness; the result is valid until the next call. */
export type RowReader = (line: Uint8Array, above: Uint8Array, width: number) => Uint8Array;

/** A reader for pictures of this kind. `transparency` is tRNS, empty where there is none. */
export const rowReader = (header: PngHeader, palette: Uint8Array, transparency: Uint8Array): RowReader => {
  const { width, depth, colourType } = header;
  const channels = CHANNELS[colourType] ?? 1;
  const pixelBytes = Math.max(1, (channels * depth) >> 3);
  const seen = new Uint8Array(width);
  const levels = depth < 8 || colourType === 3 ? levelsOf(header, palette, transparency) : undefined;
  const hidden = transparency.length >= 2 * channels && (colourType === 0 || colourType === 2) ? transparency : undefined;
  // The high byte of 16 bits is brightness enough.
  const sampleBytes = depth === 16 ? 2 : 1;
  const isHidden = (line: Uint8Array, at: number): boolean => {
    for (let channel = 0; channel < channels; channel += 1) {
      const wanted = transparency[2 * channel + 1];
      const high = line[at + channel * sampleBytes];
      if (sampleBytes === 2 ? high !== transparency[2 * channel] || line[at + channel * 2 + 1] !== wanted : high !== wanted) {
        return false;
      }
    }
    return true;
  };
  return (line, above, count) => {
    unfilter(line, above, pixelBytes);
    if (levels !== undefined) {
      const perByte = 8 / depth;
      const mask = (1 << depth) - 1;
      for (let x = 0; x < count; x += 1) {
        const byte = line[1 + Math.floor(x / perByte)] ?? 0;
        seen[x] = levels[(byte >> (8 - depth - (x % perByte) * depth)) & mask] ?? 0;
      }
      return seen;
    }
    for (let x = 0, at = 1; x < count; x += 1, at += pixelBytes) {
      const first = line[at] ?? 0;
      const isColour = colourType === 2 || colourType === 6;
      const alpha = colourType === 4 ? line[at + sampleBytes] : colourType === 6 ? line[at + 3 * sampleBytes] : 255;
      const value = isColour
        ? brightnessOf(first, line[at + sampleBytes] ?? 0, line[at + 2 * sampleBytes] ?? 0, alpha)
        : brightnessOf(first, first, first, alpha);
      seen[x] = hidden !== undefined && isHidden(line, at) ? 255 : value;
    }
    return seen;
  };
};

/** Brightness by palette index, or by a grey of fewer than 8 bits. */
const levelsOf = ({ depth, colourType }: PngHeader, palette: Uint8Array, transparency: Uint8Array): Uint8Array => {
  const most = (1 << depth) - 1;
  const hidden = transparency.length >= 2 ? transparency[1] : undefined;
  return Uint8Array.from({ length: most + 1 }, (_, index) => {
    if (colourType === 3) {
      return brightnessOf(palette[3 * index] ?? 0, palette[3 * index + 1] ?? 0, palette[3 * index + 2] ?? 0, transparency[index] ?? 255);
    }
    return index === hidden ? 255 : Math.round((index * 255) / most);
  });
};

/** §9.2; `line` and `above` begin with the filter's byte. */
const unfilter = (line: Uint8Array, above: Uint8Array, pixelBytes: number): void => {
  const filter = line[0];
  const length = line.length;
  const first = 1 + pixelBytes;
  if (filter === 1) {
    for (let at = first; at < length; at += 1) {
      line[at] = (line[at] ?? 0) + (line[at - pixelBytes] ?? 0);
    }
  } else if (filter === 2) {
    for (let at = 1; at < length; at += 1) {
      line[at] = (line[at] ?? 0) + (above[at] ?? 0);
    }
  } else if (filter === 3) {
    for (let at = 1; at < length; at += 1) {
      const left = at < first ? 0 : (line[at - pixelBytes] ?? 0);
      line[at] = (line[at] ?? 0) + ((left + (above[at] ?? 0)) >> 1);
    }
  } else if (filter === 4) {
    for (let at = 1; at < length; at += 1) {
      const left = at < first ? 0 : (line[at - pixelBytes] ?? 0);
      const up = above[at] ?? 0;
      const corner = at < first ? 0 : (above[at - pixelBytes] ?? 0);
      const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
      line[at] = (line[at] ?? 0) + (toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner);
    }
  } else if (filter !== 0) {
    throw damaged('png/IDAT', 0, `filter ${filter}`);
  }
};
