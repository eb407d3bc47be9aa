/** The badge in a PNG or APNG: pixels outside the plate keep their values to the bit. */

import type { ResolvedBadge } from '@aigc-label/badge';
import { damaged } from '@aigc-label/core';
import { openApng } from './apng-badge.ts';
import { type BadgePlace, badgePlace, plateOver } from './badge-place.ts';
import { blendBadge } from './blend.ts';
import { standsIn } from './is-present.ts';
import type { OpenedPicture } from './opened-picture.ts';
import { linesUnder } from './png/patch-pixels.ts';
import { encodePng, type PngFile, type PngPart, parsePng, withPixels } from './png-file.ts';
import { assertPixels, decodeRaster, pictureFacts, type Raster } from './raster.ts';
import { beneathRaster, brightnessUnder } from './raster-region.ts';

/**
 * Reads a PNG for a badge. Where its pixels are whole bytes, only lines under the plate change; a palette, a transparent colour and depths below 8 become plain channels,
 * and an interlaced picture is no longer so.
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
  const lines = await linesUnder(file, place);
  return lines === undefined
    ? openRaster(place, await decodeRaster(bytes, facts), (raster) => codedAnew(file, raster))
    : openRaster(fromTop(place), lines.strip, async () => withPixels(file, headerOf(file), await lines.encode()));
};

/** The place in a strip of the picture that begins where the plate does. */
const fromTop = (place: BadgePlace): BadgePlace => ({ ...place, placed: { ...place.placed, top: 0 } });

const openRaster = (place: BadgePlace, raster: Raster, encode: (raster: Raster) => Promise<Uint8Array>): OpenedPicture => ({
  stands: () => standsIn(place, (groundLevel) => brightnessUnder(raster, 0, place, groundLevel)),
  draw: async () => {
    const { plate } = await plateOver(place, beneathRaster(raster, place));
    blendBadge(raster, { ...place.placed, plate });
    return { bytes: await encode(raster), contrast: plate.contrast, isRestKept: true };
  },
});

const codedAnew = async (file: PngFile, raster: Raster): Promise<Uint8Array> => {
  const coded = await encodePng(raster);
  return withPixels(
    file,
    headerOf(coded),
    coded.parts.filter(({ type }) => type === 'IDAT').map(({ whole }) => whole),
  );
};

const headerOf = ({ parts: [header] }: PngFile): PngPart => {
  if (header === undefined) {
    throw damaged('png/IHDR', 8, 'the header is missing');
  }
  return header;
};
