/** A JPEG's brightness, decoded at the size it is needed: sequential block by block, progressive from its coefficients (ITU-T T.81). */
import type { Luma } from '@aigc-label/badge/find';
import { type ByteSource, damaged, LabelError, readBounded } from '@aigc-label/core';
import { blockWriter } from './jpeg-blocks.ts';
import { type JpegLayout, type LumaPlane, layoutOfJpeg } from './jpeg-layout.ts';
import { readProgressive, readSequential } from './jpeg-scans.ts';
import { Shrinking, shrinkOf } from './shrinking.ts';
import { uprightLuma } from './upright.ts';

/** The largest JPEG that is read into memory: 100 megapixels of the best quality. */
const MAXIMUM_FILE_BYTES = 128 << 20;
/** Blocks that all scans of a progressive picture may go over: twenty scans of 100 megapixels. */
const MAXIMUM_VISITS = 32_000_000;

/**
 * The upright brightness. `undefined` for JPEG that hardly anything shows: arithmetic, lossless, 12 bits, four inks.
 * @throws LabelError `FILE_DAMAGED` (a truncated picture too), `LIMIT_EXCEEDED`, `ABORTED`.
 */
export const jpegLuma = async (source: ByteSource, signal?: AbortSignal): Promise<Luma | undefined> => {
  const bytes = await readBounded(source, 0, source.size, MAXIMUM_FILE_BYTES, 'jpeg');
  const layout = layoutOfJpeg(bytes);
  if (layout === undefined) {
    return undefined;
  }
  const { width, height, plane, isProgressive, quantisation, orientation } = layout;
  if (quantisation === undefined) {
    throw damaged('jpeg/DQT', 0, 'the quantisation table is missing');
  }
  // A block is drawn as 8 × 8, 4 × 4, 2 × 2 or one sample; what is left is averaged.
  const shrink = shrinkOf(width, height);
  const side = shrink >= 8 ? 1 : shrink >= 4 ? 2 : shrink >= 2 ? 4 : 8;
  const [across, down] = [Math.ceil((plane.width * side) / 8), Math.ceil((plane.height * side) / 8)];
  const shrinking = new Shrinking(across, down, Math.max(1, (shrink * side) / 8));
  const write = blockWriter(shrinking, across, down, side, quantisation);
  decodeInto(bytes, layout, plane, isProgressive, write, signal);
  return uprightLuma(shrinking.luma(), orientation);
};

type Write = (column: number, row: number, coefficients: Int16Array, at: number) => void;

const decodeInto = (
  bytes: Uint8Array,
  { scans, luma }: JpegLayout,
  plane: LumaPlane,
  isProgressive: boolean,
  write: Write,
  signal?: AbortSignal,
): void => {
  const own = scans.filter(({ components }) => components.some(({ index }) => index === luma));
  if (own.length === 0) {
    throw damaged('jpeg', 0, 'there is no scan of brightness');
  }
  if (!isProgressive) {
    for (const scan of own.slice(0, 1)) {
      readSequential(bytes, scan, luma, plane, write);
    }
    return;
  }
  if (own.length * plane.stride * plane.rows > MAXIMUM_VISITS) {
    throw new LabelError('LIMIT_EXCEEDED', `The JPEG has ${own.length} scans, too many for its size. Export it again from its source.`, {
      data: { scans: own.length },
    });
  }
  const coefficients = new Int16Array(plane.stride * plane.rows * 64);
  for (const scan of own) {
    if (signal?.aborted) {
      throw new LabelError('ABORTED', 'Looking for a badge was aborted.');
    }
    readProgressive(bytes, scan, luma, plane, coefficients);
  }
  for (let row = 0; row < plane.blocksDown; row += 1) {
    for (let column = 0; column < plane.blocksAcross; column += 1) {
      write(column, row, coefficients, (row * plane.stride + column) * 64);
    }
  }
};
