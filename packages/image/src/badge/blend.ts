/** Mixes a plate into samples; nothing outside the plate's rectangle is touched. */
import type { PlacedPlate } from '@aigc-label/badge';
import type { Raster } from './raster.ts';

/** Blends the plate into every frame, in place. Colours are mixed as stored: black and white are the same in every RGB and grey profile, near enough. */
export const blendBadge = (raster: Raster, placed: PlacedPlate): void => {
  for (let frame = 0; frame < raster.frames; frame += 1) {
    blendFrame(raster, placed, frame * raster.height);
  }
};

const blendFrame = ({ width, channels, hasAlpha, samples }: Raster, { plate, left, top }: PlacedPlate, firstRow: number): void => {
  const full = samples instanceof Uint16Array ? 65535 : 255;
  const colours = hasAlpha ? channels - 1 : channels;
  const levels = [plate.groundLevel * full, (1 - plate.groundLevel) * full];
  for (let y = 0; y < plate.height; y += 1) {
    let at = ((firstRow + top + y) * width + left) * channels;
    for (let x = 0; x < plate.width; x += 1, at += channels) {
      const pixel = y * plate.width + x;
      for (let layer = 0; layer < 2; layer += 1) {
        const coverage = ((layer === 0 ? plate.ground : plate.ink)[pixel] ?? 0) / 255;
        if (coverage === 0) {
          continue;
        }
        // Porter and Duff's "over", with colours that are not premultiplied.
        const under = hasAlpha ? (samples[at + colours] ?? 0) / full : 1;
        const alpha = coverage + under * (1 - coverage);
        for (let colour = 0; colour < colours; colour += 1) {
          samples[at + colour] = Math.round(((levels[layer] ?? 0) * coverage + (samples[at + colour] ?? 0) * under * (1 - coverage)) / alpha);
        }
        if (hasAlpha) {
          samples[at + colours] = Math.round(alpha * full);
        }
      }
    }
  }
};
