/** The badge in a JPEG: only blocks under the plate change, everything else keeps its coefficients, tables, subsampling and scan layout. */

import { ANYTHING, beneathOf, type PlacedPlate, type ResolvedBadge } from '@aigc-label/badge';
import { movedJpegOffsets, readJpegStructure } from '@aigc-label/containers';
import { applySplices, bytesSource, type Splice } from '@aigc-label/core';
import { badgePlace, plateOver, uprightOf } from './badge-place.ts';
import { badgeStands, standsIn } from './is-present.ts';
import { blendInto, firstPlaneUnder } from './jpeg/blend-plate.ts';
import { type JpegFrame, parseJpeg } from './jpeg/jpeg-frame.ts';
import { codingSplices, readAllScans, readJpegUnder, regionSplices } from './jpeg/jpeg-picture.ts';
import { hasLuma } from './jpeg/plane-levels.ts';
import type { OpenedPicture } from './opened-picture.ts';
import { assertPixels, pictureFacts } from './raster.ts';

/**
 * Reads a JPEG of any subsampling as far as the badge's blocks: grey, YCbCr, RGB, CMYK or YCCK, baseline or progressive.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`.
 */
export const openJpeg = async (bytes: Uint8Array, badge: ResolvedBadge): Promise<OpenedPicture> => {
  const frame = parseJpeg(bytes, assertPixels);
  const { orientation } = await pictureFacts(bytes);
  const place = await badgePlace(badge, frame.width, frame.height, orientation);
  const region = readJpegUnder(bytes, frame, place.placed);
  // Four inks are brightness only by way of a profile, which is sharp's trade.
  const seen = hasLuma(frame) ? firstPlaneUnder(frame, region.stores, place.placed) : undefined;
  return {
    stands: () => (seen === undefined ? badgeStands(bytes, badge) : standsIn(place, () => uprightOf(seen, place))),
    draw: async () => {
      const placed = await plateOver(place, seen === undefined ? ANYTHING : beneathOf(seen));
      blendInto(frame, region.stores, placed);
      const splices = regionSplices(frame, region) ?? wholeSplices(bytes, frame, placed);
      return { bytes: await spliced(bytes, splices), contrast: placed.plate.contrast, isRestKept: true };
    },
  };
};

/** Further pictures behind the first one (MPF: previews, depth, gain maps) stay; what points at them moves. */
const spliced = async (bytes: Uint8Array, splices: readonly Splice[]): Promise<Uint8Array> => {
  const source = bytesSource(bytes);
  const { segments } = await readJpegStructure(source);
  return applySplices(bytes, [...splices, ...(await movedJpegOffsets(source, segments, splices))]);
};

/** Every scan coded anew with tables of its own: for Huffman tables that are full and have no code for what the badge needs. */
export const wholeSplices = (bytes: Uint8Array, frame: JpegFrame, placed: PlacedPlate): readonly Splice[] => {
  blendInto(frame, readAllScans(bytes, frame), placed);
  return codingSplices(frame);
};
