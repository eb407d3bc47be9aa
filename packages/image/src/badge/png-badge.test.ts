import { layoutBadge, resolveBadge } from '@aigc-label/badge';
import { encodePngChunk } from '@aigc-label/containers';
import { ascii, concat, equalBytes, u32be } from '@aigc-label/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { difference, noise, type Pixels, picture, pngPixels, withoutHidden } from '../../test/badge-pictures.ts';
import { buildPng, lineBytes } from '../../test/png-builder.ts';
import { drawBadge } from './image-badge.ts';
import { parsePng } from './png-file.ts';

const [WIDTH, HEIGHT] = [331, 250];
const { left, top, width, height } = layoutBadge(resolveBadge(), WIDTH, HEIGHT);
const plate = { left, top, right: left + width, bottom: top + height };

const sample = (depth: number, colourType: number, before: readonly Uint8Array[] = [], after: readonly Uint8Array[] = []): Uint8Array =>
  buildPng({
    ...{ width: WIDTH, height: HEIGHT, depth, colourType, before, after },
    scanlines: noise(lineBytes(WIDTH, depth, colourType) * HEIGHT, depth + colourType),
  });

const palette = (size: number): Uint8Array => encodePngChunk('PLTE', noise(size * 3, 7));
const typesOf = (bytes: Uint8Array): readonly string[] => [...new Set(parsePng(bytes).parts.map(({ type }) => type))];

describe('pixels outside the plate', () => {
  it.each<[string, Uint8Array, number, number]>([
    ['grey 1 bit', sample(1, 0), 8, 0],
    ['grey 2 bits', sample(2, 0), 8, 0],
    ['grey 4 bits', sample(4, 0), 8, 0],
    ['grey 8 bits', sample(8, 0), 8, 0],
    ['grey 16 bits', sample(16, 0), 16, 0],
    ['grey 8 bits with a transparent value', sample(8, 0, [encodePngChunk('tRNS', Uint8Array.of(0, 77))]), 8, 4],
    ['grey 16 bits with a transparent value', sample(16, 0, [encodePngChunk('tRNS', Uint8Array.of(7, 77))]), 16, 4],
    ['RGB 8 bits', sample(8, 2), 8, 2],
    ['RGB 16 bits', sample(16, 2), 16, 2],
    ['RGB 8 bits with a transparent colour', sample(8, 2, [encodePngChunk('tRNS', Uint8Array.of(0, 1, 0, 2, 0, 3))]), 8, 6],
    ['palette 1 bit', sample(1, 3, [palette(2)]), 8, 2],
    ['palette 2 bits', sample(2, 3, [palette(4)]), 8, 2],
    ['palette 4 bits', sample(4, 3, [palette(16)]), 8, 2],
    ['palette 8 bits', sample(8, 3, [palette(256)]), 8, 2],
    ['palette with alpha', sample(8, 3, [palette(256), encodePngChunk('tRNS', noise(200, 3))]), 8, 6],
    ['grey and alpha 8 bits', sample(8, 4), 8, 4],
    ['grey and alpha 16 bits', sample(16, 4), 16, 4],
    ['RGBA 8 bits', sample(8, 6), 8, 6],
    ['RGBA 16 bits', sample(16, 6), 16, 6],
  ])('of %s keep every bit; inside, something changed', async (_, bytes, depth, colourType) => {
    const badged = await drawBadge(bytes);
    expect(parsePng(badged).header).toEqual({ width: WIDTH, height: HEIGHT, depth, colourType, interlace: 0 });
    const hides = parsePng(bytes).parts.some(({ type }) => type === 'tRNS') ? withoutHidden : (pixels: Pixels) => pixels;
    expect(difference(hides(pngPixels(bytes)), hides(pngPixels(badged)))).toEqual(plate);
  });

  it('of an interlaced picture too', async () => {
    const interlaced = await picture('waves', WIDTH, HEIGHT).png({ progressive: true }).toBuffer();
    expect(difference(pngPixels(interlaced), pngPixels(await drawBadge(interlaced)))).toEqual(plate);
  });

  it.each(['p3', 'srgb', 'cmyk'])('of a picture with the profile %s are not converted, and the profile stays', async (profile) => {
    // cmyk stands for a profile that does not even fit: nothing of it may be applied.
    const { data } = await picture('waves', 64, 64)
      .withIccProfile(profile === 'cmyk' ? 'p3' : profile)
      .png()
      .toBuffer({ resolveWithObject: true });
    const iccp = parsePng(data).parts.find(({ type }) => type === 'iCCP');
    expect(iccp).toBeDefined();
    const bytes = sample(profile === 'srgb' ? 16 : 8, profile === 'cmyk' ? 0 : 2, [iccp?.whole ?? ascii('')]);
    const badged = await drawBadge(bytes);
    expect(difference(pngPixels(bytes), pngPixels(badged))).toEqual(plate);
    expect(equalBytes(parsePng(badged).parts.find(({ type }) => type === 'iCCP')!.whole, iccp!.whole)).toBe(true);
  });
});

describe('chunks of a PNG', () => {
  const before = [
    encodePngChunk('gAMA', u32be(45455)),
    encodePngChunk('cHRM', noise(32)),
    encodePngChunk('sRGB', Uint8Array.of(0)),
    encodePngChunk('pHYs', concat(u32be(2835), u32be(2835), Uint8Array.of(1))),
    encodePngChunk('tIME', Uint8Array.of(7, 234, 11, 24, 1, 2, 3)),
    encodePngChunk('iTXt', ascii('XML:com.adobe.xmp\0\0\0\0\0<x/>')),
    encodePngChunk('caBX', noise(300)),
    encodePngChunk('vpAg', noise(9)),
  ];
  const after = [
    encodePngChunk('tEXt', ascii('Comment\0after the pixels')),
    encodePngChunk('zTXt', ascii('k\0\0xx')),
    encodePngChunk('eXIf', ascii('II*\0\x08\0\0\0\0\0\0\0\0\0')),
  ];

  it('stay byte for byte and in order, with what follows IEND', async () => {
    const bytes = concat(sample(8, 6, before, after), ascii('junk after the end'));
    const badged = await drawBadge(bytes);
    const foreign = (file: Uint8Array): readonly Uint8Array[] =>
      parsePng(file)
        .parts.filter(({ type }) => !['IHDR', 'IDAT'].includes(type))
        .map(({ whole }) => whole);
    expect(foreign(badged).map((whole) => Buffer.from(whole).toString('latin1'))).toEqual(
      foreign(bytes).map((whole) => Buffer.from(whole).toString('latin1')),
    );
    expect(Buffer.from(badged.subarray(-18)).toString()).toBe('junk after the end');
  });

  it('keep a wrong checksum as it was', async () => {
    const broken = encodePngChunk('tEXt', ascii('Comment\0x'));
    broken[broken.length - 1]! ^= 1;
    const badged = await drawBadge(sample(8, 2, [broken]));
    expect(Buffer.from(badged).includes(Buffer.from(broken))).toBe(true);
  });

  it('that describe the old coding go: palette, transparency, background of another depth, Apple’s index', async () => {
    const coding = [
      palette(16),
      encodePngChunk('tRNS', noise(16)),
      encodePngChunk('bKGD', Uint8Array.of(1)),
      encodePngChunk('hIST', noise(32)),
      encodePngChunk('iDOT', noise(28)),
    ];
    expect(typesOf(await drawBadge(sample(4, 3, [...coding, encodePngChunk('tEXt', ascii('a\0b'))])))).toEqual(['IHDR', 'tEXt', 'IDAT', 'IEND']);
    const kept = [encodePngChunk('sBIT', Uint8Array.of(5, 6, 5)), encodePngChunk('bKGD', noise(6))];
    expect(typesOf(await drawBadge(sample(8, 2, kept)))).toEqual(['IHDR', 'sBIT', 'bKGD', 'IDAT', 'IEND']);
  });

  it('of a transparent picture: the plate shows where there was nothing', async () => {
    const empty = buildPng({ width: 200, height: 200, depth: 8, colourType: 6, scanlines: new Uint8Array(200 * 200 * 4) });
    const badged = await drawBadge(empty);
    const onWhite = await sharp(badged).flatten({ background: '#fff' }).toColourspace('b-w').raw().toBuffer();
    expect(onWhite.filter((value) => value < 80).length).toBeGreaterThan(800);
    expect(onWhite[0]).toBe(255);
  });

  it('of Xcode are refused in words', async () => {
    const bytes = sample(8, 2);
    const cgbi = concat(bytes.subarray(0, 8), encodePngChunk('CgBI', noise(4)), bytes.subarray(8));
    await expect(drawBadge(cgbi)).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
  });
});
