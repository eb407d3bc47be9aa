/** The badge in a PNG or APNG: pixels outside the plate keep their values to the bit. */

import type { ResolvedBadge } from '@aigc-label/badge';
import { damaged } from '@aigc-label/core';
import { openApng } from './apng-badge.ts';
import { badgePlace, plateOver } from './badge-place.ts';
import { blendBadge } from './blend.ts';
import { standsIn } from './is-present.ts';
import type { OpenedPicture } from './opened-picture.ts';
import { encodePng, parsePng, withPixels } from './png-file.ts';
import { assertPixels, decodeRaster, pictureFacts } from './raster.ts';
import { beneathRaster, brightnessUnder } from './raster-region.ts';

/**
 * Decodes a PNG for a badge; with it, a palette, a transparent colour and depths below 8 become plain channels, an interlaced picture is no longer so.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`.
 */
export const openPng = async (bytes: Uint8Array, badge: ResolvedBadge): Promise<OpenedPicture> => {
  const file = parsePng(bytes);
  assertPixels(file.header.width * file.header.height);
  const facts = await pictureFacts(bytes);
  if (file.parts.some(({ type }) => type === 'acTL')) {
    return openApng(bytes, file, badge, facts.orientation);
  }
  const place = await badgePlace(badge, facts.width, facts.height, facts.orientation);
  const raster = await decodeRaster(bytes, facts);
  return {
    stands: () => standsIn(place, (groundLevel) => brightnessUnder(raster, 0, place, groundLevel)),
    draw: async () => {
      const placed = await plateOver(place, beneathRaster(raster, place));
      blendBadge(raster, placed);
      const { parts } = await encodePng(raster);
      const header = parts.find(({ type }) => type === 'IHDR');
      if (header === undefined) {
        throw damaged('png/IHDR', 8, 'the header is missing');
      }
      const pixels = parts.filter(({ type }) => type === 'IDAT').map(({ whole }) => whole);
      return { bytes: withPixels(file, header, pixels), contrast: placed.plate.contrast, isRestKept: true };
    },
  };
};
