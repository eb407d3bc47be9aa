import { constants, deflateSync, inflateSync, type ZlibOptions } from 'node:zlib';
import { layoutBadge, resolveBadge } from '@aigc-label/badge';
import { encodePngChunk } from '@aigc-label/containers';
import { concat, equalBytes } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { difference, noise, picture, pixels, pngPixels } from '../../../test/badge-pictures.ts';
import { buildPng } from '../../../test/png-builder.ts';
import { drawBadge } from '../image-badge.ts';
import { type PngFile, parsePng } from '../png-file.ts';
import { deflateBlocks, ZLIB_HEADER_BITS } from './deflate-blocks.ts';

const [WIDTH, HEIGHT] = [300, 240];

const idatOf = ({ parts }: PngFile): Uint8Array => concat(...parts.filter(({ type }) => type === 'IDAT').map(({ data }) => data));
const filtersOf = (bytes: Uint8Array, lineBytes: number): readonly number[] => {
  const lines = inflateSync(idatOf(parsePng(bytes)));
  return Array.from({ length: lines.length / (lineBytes + 1) }, (_, line) => lines[line * (lineBytes + 1)]!);
};

/** The same lines packed otherwise, in chunks of `chunkBytes`. */
const packed = (bytes: Uint8Array, options: ZlibOptions, chunkBytes = 8192): Uint8Array => {
  const file = parsePng(bytes);
  const stream = deflateSync(inflateSync(idatOf(file)), options);
  const chunks = Array.from({ length: Math.ceil(stream.length / chunkBytes) }, (_, index) =>
    encodePngChunk('IDAT', stream.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
  );
  return concat(bytes.subarray(0, 33), ...chunks, encodePngChunk('IEND', new Uint8Array(0)));
};

/** Noise on the left half, so that blocks differ in kind, and waves on the right. */
const mixed = async (): Promise<Uint8Array> => {
  const left = await picture('noise', WIDTH / 2, HEIGHT)
    .png()
    .toBuffer();
  return new Uint8Array(
    await picture('waves', WIDTH, HEIGHT)
      .composite([{ input: left, left: 0, top: 0 }])
      .removeAlpha()
      .png({ adaptiveFiltering: true })
      .toBuffer(),
  );
};

describe('lines under the plate', () => {
  it.each<[string, ZlibOptions]>([
    ['level 1', { level: 1 }],
    ['level 6', { level: 6 }],
    ['level 9', { level: 9 }],
    ['stored', { level: 0 }],
    ['fixed codes', { strategy: constants.Z_FIXED }],
    ['small blocks and window', { memLevel: 1, windowBits: 9 }],
    ['run lengths', { strategy: constants.Z_RLE }],
    ['literals alone', { strategy: constants.Z_HUFFMAN_ONLY }],
  ])('%s: pixels beside the plate keep every bit, lines their filters', async (name, options) => {
    const bytes = packed(await mixed(), options);
    for (const position of ['bottom-right', 'top-left', 'right'] as const) {
      const { left, top, width, height } = layoutBadge(resolveBadge({ position }), WIDTH, HEIGHT);
      const badged = await drawBadge(bytes, { position });
      expect(difference(pngPixels(bytes), pngPixels(badged)), `${name} ${position}`).toEqual({
        left,
        top,
        right: left + width,
        bottom: top + height,
      });
      expect(filtersOf(badged, WIDTH * 3)).toEqual(filtersOf(bytes, WIDTH * 3));
    }
  });

  it.each([0, 1, 2, 3, 4])('every line of filter type %i', async (type) => {
    for (const [depth, colourType, channels] of [
      [8, 2, 3],
      [16, 6, 4],
      [8, 0, 1],
      [16, 4, 2],
    ] as const) {
      const lineBytes = (WIDTH * channels * depth) / 8;
      // Whatever stands behind the filter's type is some picture.
      const lines = noise((lineBytes + 1) * HEIGHT, 5).map((value, at) => (at % (lineBytes + 1) === 0 ? type : value & 3));
      const base = buildPng({ width: WIDTH, height: HEIGHT, depth, colourType, scanlines: new Uint8Array(lineBytes * HEIGHT) });
      const bytes = concat(base.subarray(0, 33), encodePngChunk('IDAT', deflateSync(lines)), encodePngChunk('IEND', new Uint8Array(0)));
      const { left, top, width, height } = layoutBadge(resolveBadge(), WIDTH, HEIGHT);
      const badged = await drawBadge(bytes);
      expect(difference(pngPixels(bytes), pngPixels(badged))).toEqual({ left, top, right: left + width, bottom: top + height });
      expect(filtersOf(badged, lineBytes)).toEqual(filtersOf(bytes, lineBytes));
    }
  });

  it('chunks that end before the plate stay as they were, and so do blocks behind it', async () => {
    const bytes = packed(await mixed(), { level: 6, memLevel: 5 });
    const wholes = (file: Uint8Array): readonly Uint8Array[] => parsePng(file).parts.flatMap(({ type, whole }) => (type === 'IDAT' ? [whole] : []));
    const [before, after] = [wholes(bytes), wholes(await drawBadge(bytes))];
    const same = before.findIndex((chunk, index) => !equalBytes(chunk, after[index]!));
    expect(same).toBeGreaterThan(before.length * 0.75);
    // At the top, all blocks but the first few begin where they did in what they unpack to.
    const blocksOf = (file: Uint8Array): readonly number[] =>
      deflateBlocks(concat(idatOf(parsePng(file)), new Uint8Array(8)), ZLIB_HEADER_BITS).blocks.map(({ out }) => out);
    const atTop = blocksOf(await drawBadge(bytes, { position: 'top' }));
    const old = blocksOf(bytes);
    expect(atTop.slice(-old.length * 0.7)).toEqual(old.slice(-old.length * 0.7));
  });

  it('what stands behind the checksum inside IDAT stays', async () => {
    const file = parsePng(await mixed());
    const bytes = concat(
      (await mixed()).subarray(0, 33),
      encodePngChunk('IDAT', concat(idatOf(file), Uint8Array.of(1, 2, 3))),
      encodePngChunk('IEND', new Uint8Array(0)),
    );
    expect(Array.from(idatOf(parsePng(await drawBadge(bytes))).subarray(-3))).toEqual([1, 2, 3]);
  });
});

describe('damage', () => {
  it('anywhere in the compressed lines never throws anything but what is documented', async () => {
    const bytes = packed(await mixed(), { level: 6 });
    const random = noise(120, 3);
    for (let round = 0; round < 40; round += 1) {
      const broken = bytes.slice();
      broken[41 + Math.floor(((random[round * 3]! * 256 + random[round * 3 + 1]!) / 65_536) * (bytes.length - 60))]! ^=
        1 << (random[round * 3 + 2]! & 7);
      await expect(drawBadge(broken)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    }
  });

  it('a header that promises more lines than there are is damaged', async () => {
    const base = buildPng({ width: 64, height: 64, depth: 8, colourType: 2, scanlines: pixels('black', 64, 48) });
    const cut = packed(base, { level: 6 });
    const header = cut.slice(16, 29);
    new DataView(header.buffer).setUint32(4, 9000);
    await expect(drawBadge(concat(cut.subarray(0, 8), encodePngChunk('IHDR', header), cut.subarray(33)))).rejects.toMatchObject({
      code: 'FILE_DAMAGED',
    });
  });
});
