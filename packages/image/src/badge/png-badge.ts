/** The badge in a PNG or APNG: pixels outside the plate keep their values to the bit. */

import type { ResolvedBadge } from '@aigc-label/badge';
import { damaged } from '@aigc-label/core';
import { badgeApng } from './apng-badge.ts';
import { blendBadge } from './blend.ts';
import { encodePng, parsePng, withPixels } from './png-file.ts';
import { assertPixels, decodeRaster, pictureFacts, placeBadge } from './raster.ts';

/**
 * Draws the badge into a PNG; a palette, a transparent colour and depths below 8 become plain channels, an interlaced picture is no longer so.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`.
 */
export const badgePng = async (bytes: Uint8Array, badge: ResolvedBadge): Promise<Uint8Array> => {
  const file = parsePng(bytes);
  assertPixels(file.header.width * file.header.height);
  const facts = await pictureFacts(bytes);
  if (file.parts.some(({ type }) => type === 'acTL')) {
    return badgeApng(file, badge, facts.orientation);
  }
  const raster = await decodeRaster(bytes, facts);
  blendBadge(raster, await placeBadge(badge, raster.width, raster.height, facts.orientation));
  const { parts } = await encodePng(raster);
  const header = parts.find(({ type }) => type === 'IHDR');
  if (header === undefined) {
    throw damaged('png/IHDR', 8, 'the header is missing');
  }
  return withPixels(
    file,
    header,
    parts.filter(({ type }) => type === 'IDAT').map(({ whole }) => whole),
  );
};
