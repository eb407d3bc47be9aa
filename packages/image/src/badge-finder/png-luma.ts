/** A PNG's brightness, decoded row by row: every colour type and depth, interlaced or not (PNG 3rd ed. §7 to §10). */
import { Readable } from 'node:stream';
import { createInflate } from 'node:zlib';
import type { Luma, Orientation } from '@aigc-label/badge/find';
import { PNG_SIGNATURE } from '@aigc-label/containers';
import { type ByteSource, damaged, LabelError, startsWith, u32At } from '@aigc-label/core';
import { type PngHeader, passesOf, rowReader } from './png-rows.ts';
import { assertSize, Shrinking, shrinkOf } from './shrinking.ts';
import { exifOrientation, uprightLuma } from './upright.ts';

/** Chunks that are followed, in all. */
const MAXIMUM_CHUNKS = 1_000_000;
/** Bytes read at once. */
const PIECE_BYTES = 1 << 20;
/** The largest Exif chunk in which the orientation is looked for; IFD0 stands at its beginning. */
const MAXIMUM_EXIF_BYTES = 64 << 10;

/**
 * The upright brightness of the picture, of an animation its IDAT.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`, `ABORTED`.
 */
export const pngLuma = async (source: ByteSource, signal?: AbortSignal): Promise<Luma | undefined> => {
  const layout = await chunksOf(source);
  if (layout === undefined) {
    return undefined;
  }
  const { header, palette, transparency, data, orientation } = layout;
  const shrinking = new Shrinking(header.width, header.height, shrinkOf(header.width, header.height));
  const reader = rowReader(header, palette, transparency);
  const passes = passesOf(header).filter(({ width, height }) => width > 0 && height > 0);
  const inflate = createInflate({ chunkSize: 256 << 10 });
  const input = Readable.from(pieces(source, data, signal), { objectMode: false });
  input.on('error', (error) => inflate.destroy(error));
  input.pipe(inflate);
  let [pass, y, filled] = [0, 0, 0];
  let line = new Uint8Array(1 + (passes[0]?.rowBytes ?? 0));
  let above = new Uint8Array(line.length);
  try {
    for await (const block of inflate as AsyncIterable<Uint8Array>) {
      for (let at = 0; at < block.length && pass < passes.length; ) {
        const taken = Math.min(line.length - filled, block.length - at);
        line.set(block.subarray(at, at + taken), filled);
        filled += taken;
        at += taken;
        const one = passes[pass];
        if (filled < line.length || one === undefined) {
          continue;
        }
        const seen = reader(line, above, one.width);
        shrinking.addRow(one.top + y * one.stepY, seen, one.width, one.left, one.stepX);
        [line, above, filled, y] = [above, line, 0, y + 1];
        if (y === one.height) {
          [pass, y] = [pass + 1, 0];
          line = new Uint8Array(1 + (passes[pass]?.rowBytes ?? 0));
          above = new Uint8Array(line.length);
        }
      }
      if (pass >= passes.length) {
        return uprightLuma(shrinking.luma(), orientation);
      }
    }
  } catch (error) {
    throw error instanceof Error && 'code' in error && String(error.code).startsWith('Z_') ? damaged('png/IDAT', 0, error.message) : error;
  } finally {
    inflate.destroy();
    input.destroy();
  }
  throw damaged('png/IDAT', 0, 'the compressed picture ends too early');
};

async function* pieces(source: ByteSource, data: readonly Stretch[], signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (const { start, length } of data) {
    for (let at = 0; at < length; at += PIECE_BYTES) {
      if (signal?.aborted) {
        throw new LabelError('ABORTED', 'Looking for a badge was aborted.');
      }
      yield await source.read(start + at, Math.min(PIECE_BYTES, length - at));
    }
  }
}

interface Stretch {
  readonly start: number;
  readonly length: number;
}

interface PngLayout {
  readonly header: PngHeader;
  readonly palette: Uint8Array;
  readonly transparency: Uint8Array;
  readonly data: readonly Stretch[];
  readonly orientation: Orientation;
}

/** Headers of all chunks; `undefined` for Apple's CgBI, which no standard describes. */
const chunksOf = async (source: ByteSource): Promise<PngLayout | undefined> => {
  if (!startsWith(await source.read(0, Math.min(8, source.size)), PNG_SIGNATURE)) {
    throw damaged('png', 0, 'the PNG signature is missing');
  }
  const data: Stretch[] = [];
  let header: PngHeader | undefined;
  let [palette, transparency] = [new Uint8Array(0), new Uint8Array(0)];
  let orientation: Orientation = 1;
  let position = 8;
  for (let count = 0; count < MAXIMUM_CHUNKS; count += 1) {
    if (position + 12 > source.size) {
      throw damaged('png', position, 'the file ends before its IEND chunk');
    }
    const head = await source.read(position, 8);
    const length = u32At(head, 0);
    const type = String.fromCharCode(...head.subarray(4, 8));
    const start = position + 8;
    if (start + length + 4 > source.size) {
      throw damaged('png', position, 'the file ends inside a chunk');
    }
    if (type === 'CgBI') {
      return undefined;
    }
    if (header === undefined) {
      if (type !== 'IHDR' || length !== 13) {
        throw damaged('png/IHDR', position, 'the header is missing');
      }
      header = headerOf(await source.read(start, 13));
    } else if (type === 'IDAT') {
      data.push({ start, length });
    } else if (type === 'PLTE' && length <= 768) {
      palette = Uint8Array.from(await source.read(start, length));
    } else if (type === 'tRNS' && length <= 256) {
      transparency = Uint8Array.from(await source.read(start, length));
    } else if (type === 'eXIf') {
      orientation = exifOrientation(await source.read(start, Math.min(length, MAXIMUM_EXIF_BYTES)));
    } else if (type === 'IEND') {
      return { header, palette, transparency, data, orientation };
    }
    position = start + length + 4;
  }
  throw new LabelError('LIMIT_EXCEEDED', `The PNG has more than ${MAXIMUM_CHUNKS} chunks.`, { data: { limitChunks: MAXIMUM_CHUNKS } });
};

/** Depths of each colour type (§11.2.1, table 11.1). */
const DEPTHS: ReadonlyMap<number, readonly number[]> = new Map([
  [0, [1, 2, 4, 8, 16]],
  [2, [8, 16]],
  [3, [1, 2, 4, 8]],
  [4, [8, 16]],
  [6, [8, 16]],
]);

const headerOf = (data: Uint8Array): PngHeader => {
  const [width, height] = [u32At(data, 0), u32At(data, 4)];
  const [depth = 0, colourType = 0, compression, filter, interlace] = data.subarray(8);
  const isSound = width > 0 && height > 0 && width < 2 ** 31 && height < 2 ** 31 && compression === 0 && filter === 0;
  if (!isSound || (interlace !== 0 && interlace !== 1) || DEPTHS.get(colourType)?.includes(depth) !== true) {
    throw damaged('png/IHDR', 8, `${width} × ${height} pixels, colour type ${colourType}, ${depth} bits`);
  }
  assertSize(width, height);
  return { width, height, depth, colourType, isInterlaced: interlace === 1 };
};
