/** The pixels of a raster beneath a plate. */
import { ANYTHING, type Beneath, beneathOf } from '@aigc-label/badge';
import { type BadgePlace, uprightOf } from './badge-place.ts';
import type { Raster } from './raster.ts';

/** Brightness of one frame under the plate as a viewer sees it, one byte a pixel; what is transparent counts as more of a ground of this level. */
export const brightnessUnder = (raster: Raster, frame: number, place: BadgePlace, groundLevel: 0 | 1): Uint8Array => {
  const { width, height, channels, hasAlpha, samples } = raster;
  const { plate, left, top } = place.placed;
  const isColour = channels >= 3;
  const shift = samples instanceof Uint16Array ? 8 : 0;
  const stored = new Uint8Array(plate.width * plate.height);
  for (let y = 0; y < plate.height; y += 1) {
    let at = ((frame * height + top + y) * width + left) * channels;
    for (let x = 0; x < plate.width; x += 1, at += channels) {
      const first = (samples[at] ?? 0) >> shift;
      const value = isColour ? 0.2126 * first + 0.7152 * ((samples[at + 1] ?? 0) >> shift) + 0.0722 * ((samples[at + 2] ?? 0) >> shift) : first;
      const alpha = hasAlpha ? ((samples[at + channels - 1] ?? 0) >> shift) / 255 : 1;
      stored[y * plate.width + x] = Math.round(value * alpha + 255 * groundLevel * (1 - alpha));
    }
  }
  return uprightOf(stored, place);
};

/** What lies beneath the plate in all frames: anything, where something shines through from behind the picture. */
export const beneathRaster = (raster: Raster, place: BadgePlace): Beneath => {
  const all: Beneath[] = [];
  for (let frame = 0; frame < raster.frames; frame += 1) {
    const onBlack = beneathOf(brightnessUnder(raster, frame, place, 0));
    const onWhite = raster.hasAlpha ? beneathOf(brightnessUnder(raster, frame, place, 1)) : onBlack;
    all.push({ darkest: onBlack.darkest, brightest: onWhite.brightest });
  }
  return all.length === 0
    ? ANYTHING
    : { darkest: Math.min(...all.map(({ darkest }) => darkest)), brightest: Math.max(...all.map(({ brightest }) => brightest)) };
};
