import { type BadgeOptions, isTurned, layoutBadge, orientationOf, resolveBadge } from '@aigc-label/badge';
import sharp from 'sharp';
import { drawBadge } from './image-badge.ts';
import { openOptions, orDamaged, pictureFacts } from './raster.ts';

/** How a badge would look, without labelling anything. */
export interface BadgePreview {
  /** A PNG of the picture with its badge, upright, made smaller where it is large. */
  readonly png: Uint8Array;
  /** The upright picture, in its own pixels. */
  readonly width: number;
  readonly height: number;
  /** Where the plate would stand, in the picture's own pixels. */
  readonly plate: { readonly left: number; readonly top: number; readonly width: number; readonly height: number };
  /** Height of a capital letter's ink, in pixels, and as a share of the shortest side (GB 45438-2025 §5.2: at least 0.05). */
  readonly capPixels: number;
  readonly heightRatio: number;
}

/**
 * Draws the badge as `drawBadge` does and shows it; the picture itself stays as it is.
 *
 * @param maximumSide the longest side of the preview, in pixels.
 * @throws TypeError and LabelError as `drawBadge` does.
 */
export const previewBadge = async (bytes: Uint8Array, options: BadgeOptions = {}, maximumSide = 1024): Promise<BadgePreview> => {
  const badged = await drawBadge(bytes, options);
  const facts = await pictureFacts(bytes);
  const frameHeight = facts.pageHeight ?? facts.height;
  const [width, height] = isTurned(orientationOf(facts.orientation)) ? [frameHeight, facts.width] : [facts.width, frameHeight];
  const layout = layoutBadge(resolveBadge(options), width, height);
  const png = await orDamaged(
    sharp(badged, openOptions).autoOrient().resize(maximumSide, maximumSide, { fit: 'inside', withoutEnlargement: true }).png().toBuffer(),
  );
  return {
    png: new Uint8Array(png),
    width,
    height,
    plate: { left: layout.left, top: layout.top, width: layout.width, height: layout.height },
    capPixels: layout.capPixels,
    heightRatio: layout.capPixels / Math.min(width, height),
  };
};
