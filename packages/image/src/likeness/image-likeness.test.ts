import { bytesSource } from '@aigc-label/core';
import { corpusFiles, corpusMissing } from '@aigc-label/test-fixtures';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { IMAGE_LIKENESS_THRESHOLD, imageLikeness } from './index.ts';

/** Circles and stripes from a seed: pictures that are nobody's. */
const drawn = (seed: number, extra = ''): Promise<Buffer> => {
  const circles = Array.from({ length: 14 }, (_, index) => {
    const value = (seed * 7919 + index * 104_729) % 9973;
    return `<circle cx="${value % 640}" cy="${(value * 3) % 480}" r="${20 + (value % 90)}" fill="hsl(${value % 360} 70% ${25 + (value % 50)}%)"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><rect width="640" height="480" fill="hsl(${(seed * 53) % 360} 40% 80%)"/>${circles.join('')}${extra}</svg>`;
  return sharp(Buffer.from(svg)).png().toBuffer();
};
const similarity = async (a: Uint8Array, b: Uint8Array): Promise<number> =>
  (await imageLikeness.compare({ source: bytesSource(a), format: 'png' }, { source: bytesSource(b), format: 'png' })).similarity;

const TRANSCODES: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  'JPEG quality 10': (picture) => picture.jpeg({ quality: 10 }),
  'WebP quality 30': (picture) => picture.webp({ quality: 30 }),
  'AVIF quality 30': (picture) => picture.avif({ quality: 30, effort: 0 }),
  'a quarter of the size': (picture) => picture.resize(160).jpeg(),
  '40 pixels': (picture) => picture.resize(40).png(),
  'twice the size': (picture) => picture.resize(1280).jpeg(),
  '32 colours': (picture) => picture.gif({ colours: 32 }),
  'half as bright': (picture) => picture.linear(0.5, 10).jpeg(),
};

describe('likeness of pictures', () => {
  for (const [name, transcode] of Object.entries(TRANSCODES)) {
    it(`finds a picture again after: ${name}`, async () => {
      for (const seed of [1, 2, 3, 4]) {
        const original = await drawn(seed);
        expect(await similarity(original, await transcode(sharp(original)).toBuffer())).toBeGreaterThan(IMAGE_LIKENESS_THRESHOLD);
      }
    });
  }

  it.each([
    ['white', (picture: Sharp) => picture.flatten({ background: '#fff' })],
    ['black', (picture: Sharp) => picture.flatten({ background: '#000' })],
    ['the colour below the transparency', (picture: Sharp) => picture.removeAlpha()],
  ] as const)('finds a transparent picture again on %s', async (_, transcode) => {
    const hole = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><circle cx="320" cy="240" r="200"/></svg>');
    const original = await sharp(await drawn(1))
      .ensureAlpha()
      .composite([{ input: hole, blend: 'dest-in' }])
      .png()
      .toBuffer();
    const rendition = await transcode(sharp(original)).resize(320).jpeg({ quality: 60 }).toBuffer();
    expect(await similarity(original, rendition)).toBeGreaterThan(IMAGE_LIKENESS_THRESHOLD);
    expect(await similarity(rendition, original)).toBeGreaterThan(IMAGE_LIKENESS_THRESHOLD);
    expect(await similarity(original, await drawn(2))).toBeLessThan(IMAGE_LIKENESS_THRESHOLD - 0.1);
  });

  it('tells twenty pictures apart, each from each', async () => {
    const pictures = await Promise.all(Array.from({ length: 20 }, (_, seed) => drawn(seed)));
    for (const [index, picture] of pictures.entries()) {
      for (const other of pictures.slice(index + 1)) {
        expect(await similarity(picture, other)).toBeLessThan(IMAGE_LIKENESS_THRESHOLD - 0.1);
      }
    }
  });

  it.each([
    ['something drawn over it', async () => drawn(1, '<rect x="60" y="60" width="380" height="300" fill="#fff"/><circle cx="200" cy="200" r="90"/>')],
    [
      'mirrored',
      async () =>
        sharp(await drawn(1))
          .flop()
          .toBuffer(),
    ],
    [
      'upside down',
      async () =>
        sharp(await drawn(1))
          .rotate(180)
          .toBuffer(),
    ],
    [
      'cropped to a half',
      async () =>
        sharp(await drawn(1))
          .extract({ left: 0, top: 0, width: 320, height: 480 })
          .toBuffer(),
    ],
    [
      'its colours exchanged',
      async () =>
        sharp(await drawn(1))
          .recomb([
            [0, 0, 1],
            [1, 0, 0],
            [0, 1, 0],
          ])
          .toBuffer(),
    ],
    [
      'its negative',
      async () =>
        sharp(await drawn(1))
          .negate()
          .toBuffer(),
    ],
  ] as const)('is not fooled by the same picture %s', async (_, make) => {
    expect(await similarity(await drawn(1), await make())).toBeLessThan(IMAGE_LIKENESS_THRESHOLD);
  });

  it('says nothing of what shows nothing, and refuses what cannot be decoded', async () => {
    const white = await sharp({ create: { width: 100, height: 100, channels: 3, background: '#fff' } })
      .png()
      .toBuffer();
    expect(await similarity(white, white)).toBe(0);
    await expect(similarity(white, new Uint8Array(100))).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });

  it('sees what Exif turns as people see it', async () => {
    const turned = await sharp(await drawn(1))
      .rotate(270)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(turned).metadata()).orientation).toBe(6);
    expect(await similarity(await drawn(1), turned)).toBeGreaterThan(IMAGE_LIKENESS_THRESHOLD);
  });

  it.skipIf(corpusMissing !== undefined)('tells the real pictures of the corpus apart', async () => {
    const pictures = corpusFiles('.png', '.jpg', '.webp', '.avif').filter(({ name }) => /providers|sample1/.test(name));
    expect(pictures.length).toBeGreaterThan(4);
    const alike: string[] = [];
    for (const [index, picture] of pictures.entries()) {
      const bytes = picture.bytes();
      expect(await similarity(bytes, await sharp(bytes).resize(300).jpeg({ quality: 30 }).toBuffer()), picture.name).toBeGreaterThan(
        IMAGE_LIKENESS_THRESHOLD,
      );
      for (const other of pictures.slice(index + 1)) {
        if ((await similarity(bytes, other.bytes())) >= IMAGE_LIKENESS_THRESHOLD) {
          alike.push(`${picture.name} ${other.name}`);
        }
      }
    }
    expect(alike).toEqual([]);
  });
});
