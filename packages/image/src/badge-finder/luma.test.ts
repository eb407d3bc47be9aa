import type { Luma } from '@aigc-label/badge';
import { type ByteSource, bytesSource, concat, LabelError } from '@aigc-label/core';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { noise, picture } from '../../test/badge-pictures.ts';
import { chunk, chunksOf, deflated } from '../../test/pictures.ts';
import { gifLumas } from './gif-luma.ts';
import { jpegLuma } from './jpeg-luma.ts';
import { pngLuma } from './png-luma.ts';
import { webpLuma } from './webp-luma.ts';

type Decoder = (source: ByteSource) => Promise<Luma | undefined>;

const DECODERS: Readonly<Record<string, Decoder>> = {
  png: pngLuma,
  jpeg: jpegLuma,
  webp: webpLuma,
  gif: async (source) => (await gifLumas(source))[0],
};

const grey = (width: number, height: number): Sharp => picture('waves', width, height).toColourspace('b-w');

const made: readonly (readonly [string, string, (width: number, height: number) => Sharp])[] = [
  ['png', 'grey', (w, h) => grey(w, h).png()],
  ['png', 'RGB with every filter', (w, h) => picture('waves', w, h).png({ adaptiveFiltering: true })],
  ['png', 'interlaced', (w, h) => picture('waves', w, h).png({ progressive: true })],
  ['png', '16 bits', (w, h) => picture('waves', w, h).toColourspace('rgb16').png()],
  ['png', '16 bits of grey', (w, h) => picture('waves', w, h).toColourspace('grey16').png()],
  ['png', 'palette', (w, h) => picture('waves', w, h).png({ palette: true })],
  ['png', 'palette of 2 bits', (w, h) => picture('waves', w, h).png({ palette: true, colours: 4 })],
  ['png', 'half transparent', (w, h) => picture('waves', w, h).ensureAlpha(0.5).png()],
  ['png', 'turned', (w, h) => picture('waves', w, h).png().withMetadata({ orientation: 8 })],
  ['jpeg', 'grey', (w, h) => grey(w, h).jpeg()],
  ['jpeg', '4:2:0', (w, h) => picture('waves', w, h).jpeg({ quality: 85 })],
  ['jpeg', '4:4:4', (w, h) => picture('waves', w, h).jpeg({ chromaSubsampling: '4:4:4' })],
  ['jpeg', 'progressive', (w, h) => picture('waves', w, h).jpeg({ progressive: true })],
  ['jpeg', 'turned and mirrored', (w, h) => picture('waves', w, h).jpeg().withMetadata({ orientation: 7 })],
  ['webp', 'lossy', (w, h) => picture('waves', w, h).webp({ effort: 0 })],
  ['webp', 'lossless, turned', (w, h) => picture('waves', w, h).webp({ effort: 0, lossless: true }).withMetadata({ orientation: 6 })],
  ['gif', 'plain', (w, h) => picture('waves', w, h).gif({ effort: 1 })],
];

/** Sizes at which pictures are kept, halved, and quartered. */
const SMALL = [203, 157] as const;
const sizesOf = (kind: string): readonly (readonly [number, number])[] =>
  kind === '4:2:0' ? [SMALL, [1450, 1409], [2901, 2810]] : kind === 'progressive' || kind === 'interlaced' ? [SMALL, [1450, 1409]] : [SMALL];

describe('brightness', () => {
  it.each(made)('of %s, %s, is what sharp decodes, at any size', async (formatId, kind, make) => {
    for (const [width, height] of sizesOf(kind)) {
      const bytes = new Uint8Array(await make(width, height).toBuffer());
      const luma = await DECODERS[formatId]?.(bytesSource(bytes));
      const reference = await sharp(bytes)
        .autoOrient()
        .flatten({ background: '#fff' })
        .toColourspace('srgb')
        .resize(luma?.width, luma?.height, { fit: 'fill', kernel: 'linear' })
        .removeAlpha()
        .raw()
        .toBuffer();
      expect(Math.min(luma?.width ?? 0, luma?.height ?? 0)).toBeGreaterThan(Math.min(699, height - 1));
      expect((luma?.samples.length ?? 0) * 3).toBe(reference.length);
      const off = Array.from(luma?.samples ?? [], (seen, at) => {
        const [red = 0, green = 0, blue = 0] = reference.subarray(3 * at);
        return Math.abs(seen - (299 * red + 587 * green + 114 * blue) / 1000);
      });
      expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(2.5);
    }
  });

  it('of grey is exact', async () => {
    const bytes = new Uint8Array(await grey(61, 47).png().toBuffer());
    const luma = await pngLuma(bytesSource(bytes));
    expect(Buffer.from(luma?.samples ?? [])).toEqual(await sharp(bytes).toColourspace('b-w').raw().toBuffer());
  });
});

/** What a decoder makes of hostile bytes: a picture, nothing, or one of the two errors. */
const outcome = async (decode: Decoder | undefined, bytes: Uint8Array): Promise<string> => {
  try {
    return (await decode?.(bytesSource(bytes))) === undefined ? 'nothing' : 'picture';
  } catch (error) {
    if (error instanceof LabelError) {
      return error.code;
    }
    throw error;
  }
};

const sof = (width: number, height: number): Uint8Array =>
  Uint8Array.of(
    0xff,
    0xd8,
    0xff,
    0xc0,
    0,
    11,
    8,
    height >> 8,
    height & 255,
    width >> 8,
    width & 255,
    1,
    1,
    0x11,
    0,
    ...new Uint8Array(2000),
    0xff,
    0xd9,
  );

const pngOf = (width: number, height: number, ...data: readonly Uint8Array[]): Uint8Array => {
  const header = new Uint8Array(13);
  new DataView(header.buffer).setUint32(0, width);
  new DataView(header.buffer).setUint32(4, height);
  header.set([8, 6, 0, 0, 0], 8);
  return concat(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10),
    chunk('IHDR', header),
    ...data.map((one) => chunk('IDAT', one)),
    chunk('IEND', ''),
  );
};

describe('hostile pictures', () => {
  it.each(['png', 'jpeg', 'webp', 'gif'])('%s cut short anywhere is damaged, and never a grey rest', async (formatId) => {
    const bytes = new Uint8Array(
      await picture('waves', 120, 90)
        .toFormat(formatId as 'png')
        .toBuffer(),
    );
    for (let share = 0; share < 1; share += 0.07) {
      expect(await outcome(DECODERS[formatId], bytes.subarray(0, Math.floor(bytes.length * share)))).toBe('FILE_DAMAGED');
    }
  });

  it.each(['png', 'jpeg', 'webp', 'gif'])('%s with bytes changed throws nothing that is not documented', async (formatId) => {
    const bytes = new Uint8Array(
      await picture('noise', 64, 48)
        .toFormat(formatId as 'png', formatId === 'jpeg' ? { progressive: true } : {})
        .toBuffer(),
    );
    const places = noise(120, 5);
    for (let round = 0; round < 60; round += 1) {
      const changed = bytes.slice();
      for (let count = 0; count <= round % 4; count += 1) {
        const at = Math.floor(
          (((places[2 * round] ?? 0) * 256 + (places[2 * round + 1] ?? 0)) / 65_536) * (round % 2 === 0 ? bytes.length : Math.min(400, bytes.length)),
        );
        changed[(at + count * 7) % bytes.length] = places[(round + count) % places.length] ?? 0;
      }
      expect(['picture', 'nothing', 'FILE_DAMAGED', 'LIMIT_EXCEEDED']).toContain(await outcome(DECODERS[formatId], changed));
    }
  });

  it('announced at absurd sizes cost nothing', async () => {
    const began = process.memoryUsage().arrayBuffers;
    expect(await outcome(pngLuma, pngOf(100_000, 100_000, deflated(new Uint8Array(100))))).toBe('LIMIT_EXCEEDED');
    expect(await outcome(pngLuma, pngOf(90_000_000, 1, deflated(new Uint8Array(100))))).toBe('LIMIT_EXCEEDED');
    expect(await outcome(pngLuma, pngOf(9_000, 9_000, deflated(new Uint8Array(100))))).toBe('FILE_DAMAGED');
    expect(await outcome(jpegLuma, sof(65_535, 65_535))).toBe('LIMIT_EXCEEDED');
    expect(await outcome(jpegLuma, sof(9_000, 9_000))).toBe('FILE_DAMAGED');
    const gif = new Uint8Array(await picture('waves', 40, 30).gif().toBuffer());
    gif.set([0xff, 0xff, 0xff, 0xff], 6);
    expect(await outcome(DECODERS['gif'], gif)).toBe('LIMIT_EXCEEDED');
    const webp = new Uint8Array(await picture('waves', 40, 30).webp().toBuffer());
    const at = 20 + 6;
    webp.set([0xff, 0x3f, 0xff, 0x3f], at);
    expect(await outcome(webpLuma, webp)).toBe('LIMIT_EXCEEDED');
    expect(process.memoryUsage().arrayBuffers - began).toBeLessThan(400 << 20);
  });

  it('that unpack to far more than they announce are read only as far as they announce', async () => {
    const bomb = pngOf(10, 10, deflated(new Uint8Array(64 << 20)));
    expect(await outcome(pngLuma, bomb)).toBe('picture');
  });

  it('with a filter or palette that does not exist', async () => {
    expect(await outcome(pngLuma, pngOf(1, 1, deflated(Uint8Array.of(9, 1, 2, 3, 4))))).toBe('FILE_DAMAGED');
    const palette = new Uint8Array(await picture('waves', 40, 30).png({ palette: true }).toBuffer());
    const without = chunksOf(palette).filter(({ type }) => type !== 'PLTE');
    expect(await outcome(pngLuma, concat(palette.subarray(0, 8), ...without.map(({ start, end }) => palette.subarray(start, end))))).toBe('picture');
  });
});
