/** A plate mixed into the blocks of each plane of a JPEG. */
import type { PlacedPlate } from '@aigc-label/badge';
import { damaged } from '@aigc-label/core';
import { putSamples, samplesOf } from './block.ts';
import type { JpegComponent, JpegFrame } from './jpeg-frame.ts';
import { type PlaneLevels, planeLevels } from './plane-levels.ts';
import { type BlockStore, placeIn } from './region.ts';

/** Mixes the plate into all planes; blocks beside it keep their coefficients. @throws LabelError `FILE_DAMAGED` without a quantisation table. */
export const blendInto = (frame: JpegFrame, stores: ReadonlyMap<JpegComponent, BlockStore>, placed: PlacedPlate): void => {
  const shares = new Map<string, PlaneShares>();
  frame.components.forEach((component, index) => {
    const [across, down] = [frame.maximumAcross / component.across, frame.maximumDown / component.down];
    const key = `${across} ${down}`;
    const own = shares.get(key) ?? planeShares(placed, across, down);
    shares.set(key, own);
    blendComponent(frame, component, storeOf(stores, component), own, mixed(own, placed, planeLevels(frame, index)));
  });
};

/** The first plane under the plate, one byte a pixel of the picture; with `hasLuma`, its brightness. @throws LabelError `FILE_DAMAGED` without a quantisation table. */
export const firstPlaneUnder = (frame: JpegFrame, stores: ReadonlyMap<JpegComponent, BlockStore>, { plate, left, top }: PlacedPlate): Uint8Array => {
  const [component] = frame.components;
  if (component === undefined) {
    throw new TypeError('a frame has no component');
  }
  const store = storeOf(stores, component);
  const quantisation = quantisationOf(frame, component);
  const plane = new Uint8ClampedArray(store.rows * store.columns * 64);
  const samples = new Float64Array(64);
  for (let row = 0; row < store.rows; row += 1) {
    for (let column = 0; column < store.columns; column += 1) {
      samplesOf(store.coefficients, (row * store.columns + column) * 64, quantisation, samples);
      for (let place = 0; place < 64; place += 1) {
        plane[(row * 8 + (place >> 3)) * store.columns * 8 + column * 8 + (place & 7)] = samples[place] ?? 0;
      }
    }
  }
  const [across, down] = [frame.maximumAcross / component.across, frame.maximumDown / component.down];
  const seen = new Uint8Array(plate.width * plate.height);
  for (let y = 0; y < plate.height; y += 1) {
    const from = (Math.floor((top + y + 0.5) / down) - store.firstRow * 8) * store.columns * 8 - store.firstColumn * 8;
    for (let x = 0; x < plate.width; x += 1) {
      seen[y * plate.width + x] = plane[from + Math.floor((left + x + 0.5) / across)] ?? 0;
    }
  }
  return seen;
};

const storeOf = (stores: ReadonlyMap<JpegComponent, BlockStore>, component: JpegComponent): BlockStore => {
  const store = stores.get(component);
  if (store === undefined) {
    throw new TypeError('a component has no blocks');
  }
  return store;
};

const quantisationOf = (frame: JpegFrame, { quantisationId }: JpegComponent): Uint16Array => {
  const quantisation = frame.quantisation[quantisationId];
  if (quantisation === undefined) {
    throw damaged('jpeg/DQT', 0, `quantisation table ${quantisationId} is missing`);
  }
  return quantisation;
};

/** For each sample of a plane, how much of the picture, of the ground and of the ink it shows, averaged over the picture's pixels that it stands for. */
interface PlaneShares {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly keep: Float32Array;
  readonly ground: Float32Array;
  readonly ink: Float32Array;
}

const planeShares = ({ plate, left, top }: PlacedPlate, across: number, down: number): PlaneShares => {
  const planeLeft = Math.floor(left / across);
  const planeTop = Math.floor(top / down);
  const width = Math.ceil((left + plate.width) / across) - planeLeft;
  const height = Math.ceil((top + plate.height) / down) - planeTop;
  const keep = new Float32Array(width * height).fill(1);
  const ground = new Float32Array(width * height);
  const ink = new Float32Array(width * height);
  // A pixel belongs to the sample that its centre lies in; factors of 3 to 2, which nobody writes, come out a fraction of a pixel off.
  const share = 1 / (across * down);
  const columns = Int32Array.from({ length: plate.width }, (_, x) => Math.floor((left + x + 0.5) / across) - planeLeft);
  for (let y = 0; y < plate.height; y += 1) {
    const start = (Math.floor((top + y + 0.5) / down) - planeTop) * width;
    for (let x = 0; x < plate.width; x += 1) {
      const groundCoverage = (plate.ground[y * plate.width + x] ?? 0) / 255;
      const inkCoverage = (plate.ink[y * plate.width + x] ?? 0) / 255;
      const at = start + (columns[x] ?? 0);
      keep[at] = (keep[at] ?? 0) - share * (1 - (1 - groundCoverage) * (1 - inkCoverage));
      ground[at] = (ground[at] ?? 0) + share * groundCoverage * (1 - inkCoverage);
      ink[at] = (ink[at] ?? 0) + share * inkCoverage;
    }
  }
  return { left: planeLeft, top: planeTop, width, height, keep, ground, ink };
};

/** What is added to each sample after `keep` of it is left. */
const mixed = ({ ground, ink }: PlaneShares, { plate }: PlacedPlate, { black, white }: PlaneLevels): Float32Array => {
  const [groundLevel, inkLevel] = plate.groundLevel === 0 ? [black, white] : [white, black];
  const add = new Float32Array(ground.length);
  for (let at = 0; at < add.length; at += 1) {
    add[at] = groundLevel * (ground[at] ?? 0) + inkLevel * (ink[at] ?? 0);
  }
  return add;
};

const blendComponent = (frame: JpegFrame, component: JpegComponent, store: BlockStore, shares: PlaneShares, add: Float32Array): void => {
  const quantisation = quantisationOf(frame, component);
  const { left, top, width, height, keep } = shares;
  const { coefficients } = store;
  const lastColumn = Math.min(component.stride - 1, (left + width - 1) >> 3);
  const lastRow = Math.min(frame.mcusDown * component.down - 1, (top + height - 1) >> 3);
  const samples = new Float64Array(64);
  for (let row = top >> 3; row <= lastRow; row += 1) {
    const [fromY, untilY] = [Math.max(0, top - row * 8), Math.min(8, top + height - row * 8)];
    for (let column = left >> 3; column <= lastColumn; column += 1) {
      const at = placeIn(store, row, column);
      const [fromX, untilX] = [Math.max(0, left - column * 8), Math.min(8, left + width - column * 8)];
      samplesOf(coefficients, at, quantisation, samples);
      for (let y = fromY; y < untilY; y += 1) {
        const start = (row * 8 + y - top) * width + column * 8 - left;
        for (let x = fromX; x < untilX; x += 1) {
          const sample = Math.max(0, Math.min(255, samples[y * 8 + x] ?? 0));
          samples[y * 8 + x] = sample * (keep[start + x] ?? 1) + (add[start + x] ?? 0);
        }
      }
      putSamples(samples, coefficients, at, quantisation);
    }
  }
};
