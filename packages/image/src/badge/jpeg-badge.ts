/** The badge in a JPEG: only blocks under the plate change, everything else keeps its coefficients, tables, subsampling and scan layout. */

import type { PlacedPlate, ResolvedBadge } from '@aigc-label/badge';
import { movedJpegOffsets, readJpegStructure } from '@aigc-label/containers';
import { applySplices, bytesSource, damaged, type Splice } from '@aigc-label/core';
import { putSamples, samplesOf } from './jpeg/block.ts';
import { type JpegComponent, type JpegFrame, parseJpeg } from './jpeg/jpeg-frame.ts';
import { codingSplices, readAllScans, readJpegUnder, regionSplices } from './jpeg/jpeg-picture.ts';
import { type BlockStore, placeIn } from './jpeg/region.ts';
import { assertPixels, pictureFacts, placeBadge } from './raster.ts';

/**
 * Draws the badge into a JPEG of any subsampling: grey, YCbCr, RGB, CMYK or YCCK, baseline or progressive.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `NOTICE_NOT_DRAWABLE`, `NOTICE_UNSUPPORTED`.
 */
export const badgeJpeg = async (bytes: Uint8Array, badge: ResolvedBadge): Promise<Uint8Array> => {
  const frame = parseJpeg(bytes, assertPixels);
  const { orientation } = await pictureFacts(bytes);
  const placed = await placeBadge(badge, frame.width, frame.height, orientation);
  const region = readJpegUnder(bytes, frame, placed);
  blendInto(frame, region.stores, placed);
  const splices = regionSplices(frame, region) ?? wholeSplices(bytes, frame, placed);
  const source = bytesSource(bytes);
  // Further pictures behind the first one (MPF: previews, depth, gain maps) stay; what points at them moves.
  const { segments } = await readJpegStructure(source);
  return applySplices(bytes, [...splices, ...(await movedJpegOffsets(source, segments, splices))]);
};

/** Every scan coded anew with tables of its own: for Huffman tables that are full and have no code for what the badge needs. */
export const wholeSplices = (bytes: Uint8Array, frame: JpegFrame, placed: PlacedPlate): readonly Splice[] => {
  blendInto(frame, readAllScans(bytes, frame), placed);
  return codingSplices(frame);
};

const blendInto = (frame: JpegFrame, stores: ReadonlyMap<JpegComponent, BlockStore>, placed: PlacedPlate): void => {
  frame.components.forEach((component, index) => {
    const quantisation = frame.quantisation[component.quantisationId];
    const store = stores.get(component);
    if (quantisation === undefined || store === undefined) {
      throw damaged('jpeg/DQT', 0, `quantisation table ${component.quantisationId} is missing`);
    }
    blendComponent(frame, component, store, quantisation, placed, planeLevels(frame, index));
  });
};

/** What a plane stores for black and for white. Mixing is linear, and so is every colour transform of JPEG, so each plane can be mixed on its own. */
interface PlaneLevels {
  readonly black: number;
  readonly white: number;
}

/**
 * CMYK is stored upside down (255 is no ink), as Adobe does, and libvips reads it so with or without the APP14 segment; YCCK is the YCbCr of the complement of
 * upside-down CMY, so that no ink is a luma of 0. Black is all of K over 60 % of the others: dark in every press profile even through a plate at its
 * thinnest, and below 300 % of ink.
 */
const planeLevels = ({ components, adobeTransform, isJfif }: JpegFrame, index: number): PlaneLevels => {
  const rich = 153;
  if (components.length === 1) {
    return { black: 0, white: 255 };
  }
  if (components.length === 4) {
    if (adobeTransform === 2 && index > 0 && index < 3) {
      return { black: 128, white: 128 };
    }
    const ink = index === 3 ? 255 : rich;
    const storesInk = adobeTransform === 2 && index === 0;
    return storesInk ? { black: ink, white: 0 } : { black: 255 - ink, white: 255 };
  }
  const spellsRgb = components.map(({ id }) => String.fromCharCode(id)).join('') === 'RGB';
  const isRgb = adobeTransform === undefined ? !isJfif && spellsRgb : adobeTransform === 0;
  return isRgb || index === 0 ? { black: 0, white: 255 } : { black: 128, white: 128 };
};

const blendComponent = (
  frame: JpegFrame,
  component: JpegComponent,
  store: BlockStore,
  quantisation: Uint16Array,
  placed: PlacedPlate,
  levels: PlaneLevels,
): void => {
  const { coefficients } = store;
  const across = frame.maximumAcross / component.across;
  const down = frame.maximumDown / component.down;
  const map = planeMap(placed, across, down, levels);
  const lastColumn = Math.min(component.stride - 1, (map.left + map.width - 1) >> 3);
  const lastRow = Math.min(frame.mcusDown * component.down - 1, (map.top + map.height - 1) >> 3);
  for (let row = map.top >> 3; row <= lastRow; row += 1) {
    for (let column = map.left >> 3; column <= lastColumn; column += 1) {
      const at = placeIn(store, row, column);
      const samples = samplesOf(coefficients, at, quantisation);
      for (let place = 0; place < 64; place += 1) {
        const x = column * 8 + (place & 7) - map.left;
        const y = row * 8 + (place >> 3) - map.top;
        if (x >= 0 && x < map.width && y >= 0 && y < map.height) {
          const sample = Math.max(0, Math.min(255, samples[place] ?? 0));
          samples[place] = sample * (map.keep[y * map.width + x] ?? 1) + (map.add[y * map.width + x] ?? 0);
        }
      }
      putSamples(samples, coefficients, at, quantisation);
    }
  }
};

/** For each sample of a plane, `new = old * keep + add`: ground and ink in one, averaged over the picture's pixels that the sample stands for. */
interface PlaneMap {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly keep: Float32Array;
  readonly add: Float32Array;
}

const planeMap = ({ plate, left, top }: PlacedPlate, across: number, down: number, { black, white }: PlaneLevels): PlaneMap => {
  const mapLeft = Math.floor(left / across);
  const mapTop = Math.floor(top / down);
  const width = Math.ceil((left + plate.width) / across) - mapLeft;
  const height = Math.ceil((top + plate.height) / down) - mapTop;
  const keep = new Float32Array(width * height).fill(1);
  const add = new Float32Array(width * height);
  const [groundLevel, inkLevel] = plate.groundLevel === 0 ? [black, white] : [white, black];
  // A pixel belongs to the sample that its centre lies in; factors of 3 to 2, which nobody writes, come out a fraction of a pixel off.
  const share = 1 / (across * down);
  for (let y = 0; y < plate.height; y += 1) {
    const row = Math.floor((top + y + 0.5) / down) - mapTop;
    for (let x = 0; x < plate.width; x += 1) {
      const ground = (plate.ground[y * plate.width + x] ?? 0) / 255;
      const ink = (plate.ink[y * plate.width + x] ?? 0) / 255;
      const at = row * width + Math.floor((left + x + 0.5) / across) - mapLeft;
      keep[at] = (keep[at] ?? 1) - share * (1 - (1 - ground) * (1 - ink));
      add[at] = (add[at] ?? 0) + share * (groundLevel * ground * (1 - ink) + inkLevel * ink);
    }
  }
  return { left: mapLeft, top: mapTop, width, height, keep, add };
};
