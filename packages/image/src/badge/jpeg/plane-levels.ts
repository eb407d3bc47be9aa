/** What the planes of a JPEG store for black and for white, and which of them is brightness. */
import type { JpegFrame } from './jpeg-frame.ts';

/** What a plane stores for black and for white. Mixing is linear, and so is every colour transform of JPEG, so each plane can be mixed on its own. */
export interface PlaneLevels {
  readonly black: number;
  readonly white: number;
}

/**
 * CMYK is stored upside down (255 is no ink), as Adobe does, and libvips reads it so with or without the APP14 segment; YCCK is the YCbCr of the complement of
 * upside-down CMY, so that no ink is a luma of 0. Black is all of K over 60 % of the others: dark in every press profile even through a plate at its
 * thinnest, and below 300 % of ink.
 */
export const planeLevels = (frame: JpegFrame, index: number): PlaneLevels => {
  const rich = 153;
  if (frame.components.length === 4) {
    if (frame.adobeTransform === 2 && index > 0 && index < 3) {
      return { black: 128, white: 128 };
    }
    const ink = index === 3 ? 255 : rich;
    const storesInk = frame.adobeTransform === 2 && index === 0;
    return storesInk ? { black: ink, white: 0 } : { black: 255 - ink, white: 255 };
  }
  return index === 0 || !hasLuma(frame) ? { black: 0, white: 255 } : { black: 128, white: 128 };
};

/** Whether the first plane is the picture's brightness: grey and YCbCr. */
export const hasLuma = ({ components, adobeTransform, isJfif }: JpegFrame): boolean => {
  const spellsRgb = components.map(({ id }) => String.fromCharCode(id)).join('') === 'RGB';
  const isRgb = adobeTransform === undefined ? !isJfif && spellsRgb : adobeTransform === 0;
  return components.length === 1 || (components.length === 3 && !isRgb);
};
