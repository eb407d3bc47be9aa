import { bytesSource, LabelError } from '@aigc-label/core';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { noise } from '../../test/badge-pictures.ts';
import { bytesOf } from '../../test/pictures.ts';
import { IMAGE_FINGERPRINT_DISTANCE, imageFingerprint } from './index.ts';

const [WIDTH, HEIGHT] = [640, 480];

/** Shapes from a seed, a picture that is nobody's: `count` ellipses on a ground with a slope. */
const drawn = (seed: number, { count = 30, extra = '' } = {}): Sharp => {
  const values = noise(count * 6, seed * 977 + 5);
  const shapes = Array.from({ length: count }, (_, index) => {
    const [x = 0, y = 0, across = 0, down = 0, hue = 0, light = 0] = values.subarray(6 * index);
    const radii = `rx="${12 + across / 2}" ry="${12 + down / 2}"`;
    return `<ellipse cx="${(x * WIDTH) / 256}" cy="${(y * HEIGHT) / 256}" ${radii} fill="hsl(${hue} 60% ${10 + light / 3}%)"/>`;
  });
  return svg(`<rect width="${WIDTH}" height="${HEIGHT}" fill="#ddd"/>${shapes.join('')}${extra}`);
};

const svg = (body: string): Sharp => sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">${body}</svg>`));

/** A page: the same head and margins, lines of words whose lengths come from the seed. */
const page = (seed: number): Sharp => {
  const words = noise(400, seed * 31 + 7);
  let body = `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/><rect x="40" y="20" width="300" height="26"/>`;
  for (let line = 0, word = 0; line < 22; line += 1) {
    for (let x = 40; x < 560; word += 1) {
      const length = 10 + (words[word % words.length] ?? 0) / 3;
      body += `<rect x="${x}" y="${66 + line * 18}" width="${Math.min(length, 600 - x)}" height="9"/>`;
      x += length + 8;
    }
  }
  return svg(body);
};

const of = async (picture: Sharp | Uint8Array, format = 'png'): Promise<Uint8Array | undefined> =>
  imageFingerprint.of(bytesSource(picture instanceof Uint8Array ? picture : await bytesOf(picture)), format);
const sure = async (picture: Sharp | Uint8Array, format = 'png'): Promise<Uint8Array> => {
  const fingerprint = await of(picture, format);
  expect(fingerprint).toHaveLength(32);
  return fingerprint as Uint8Array;
};
/** Encoded and read again, so that sharp does its steps in the order they are written. */
const again = async (picture: Sharp): Promise<Sharp> => sharp(await picture.png().toBuffer());

const RENDITIONS: Readonly<Record<string, readonly [format: string, make: (picture: Sharp) => Sharp]>> = {
  'JPEG quality 30': ['jpeg', (picture) => picture.jpeg({ quality: 30 })],
  'progressive JPEG': ['jpeg', (picture) => picture.jpeg({ progressive: true })],
  'a quarter': ['jpeg', (picture) => picture.resize(WIDTH / 4).jpeg()],
  'a quarter, a pixel wider': ['png', (picture) => picture.resize(WIDTH / 4 + 1, HEIGHT / 4, { fit: 'fill' }).png()],
  twice: ['webp', (picture) => picture.resize(2 * WIDTH).webp({ quality: 50, effort: 0 })],
  'WebP quality 30': ['webp', (picture) => picture.webp({ quality: 30, effort: 0 })],
  'GIF of 32 colours': ['gif', (picture) => picture.gif({ colours: 32, effort: 1 })],
  'a little brighter': ['png', (picture) => picture.linear(1, 20).png()],
  'a little darker': ['jpeg', (picture) => picture.linear(1, -20).jpeg()],
  'more contrast': ['jpeg', (picture) => picture.linear(1.15, -20).jpeg()],
  grey: [
    'png',
    (picture) =>
      picture
        .recomb([
          [0.299, 0.587, 0.114],
          [0.299, 0.587, 0.114],
          [0.299, 0.587, 0.114],
        ])
        .png(),
  ],
  'turned, and back by Exif': ['jpeg', (picture) => picture.rotate(90).jpeg().withMetadata({ orientation: 8 })],
};

const OTHERS: Readonly<Record<string, (picture: Sharp) => Sharp>> = {
  mirrored: (picture) => picture.flop(),
  'upside down': (picture) => picture.rotate(180),
  'a half of it': (picture) => picture.extract({ left: 0, top: 0, width: WIDTH / 2, height: HEIGHT }),
  'its negative': (picture) => picture.negate(),
};

describe('fingerprint of pictures', () => {
  it.each(Object.entries(RENDITIONS))('is alike after: %s', async (_, [format, make]) => {
    for (const seed of [1, 2, 3]) {
      const original = await again(drawn(seed).removeAlpha());
      expect(imageFingerprint.isMatch(await sure(original.clone()), await sure(make(original.clone()), format))).toBe(true);
    }
  });

  it.each(Object.entries(OTHERS))('is unlike: %s', async (_, make) => {
    const original = await again(drawn(1).removeAlpha());
    expect(imageFingerprint.isMatch(await sure(original.clone()), await sure(make(original.clone()).png()))).toBe(false);
  });

  it.each([
    ['drawings', drawn],
    ['pages of one template', page],
  ] as const)('tells %s apart, each from each', async (_, make) => {
    const all = await Promise.all(Array.from({ length: 16 }, (__, seed) => sure(make(seed).png())));
    for (const [index, one] of all.entries()) {
      expect(all.filter((other) => imageFingerprint.isMatch(one, other))).toEqual([all[index]]);
    }
  });

  it.each([
    ['white', ''],
    ['one word on white', '<rect x="40" y="40" width="60" height="9"/>'],
    ['a disc in the middle', `<circle cx="${WIDTH / 2}" cy="${HEIGHT / 2}" r="150"/>`],
    [
      'a slope',
      '<defs><linearGradient id="s"><stop stop-color="#333"/><stop offset="1" stop-color="#ccc"/></linearGradient></defs><rect width="640" height="480" fill="url(#s)"/>',
    ],
  ])('says nothing of %s', async (_, body) => {
    expect(await of(svg(`<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>${body}`).png())).toBeUndefined();
    expect(await of(svg(`<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>${body}`).jpeg({ quality: 30 }), 'jpeg')).toBeUndefined();
  });

  it('shows what is transparent on white', async () => {
    const hole = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><circle cx="300" cy="200" r="180"/></svg>`);
    const cut = await bytesOf(
      (await again(drawn(4)))
        .ensureAlpha()
        .composite([{ input: hole, blend: 'dest-in' }])
        .png(),
    );
    expect(await of(cut)).toEqual(await of(sharp(cut).flatten({ background: '#fff' }).png()));
  });

  it.each([
    ['gif', (frames: Sharp) => frames.gif({ effort: 1, delay: [100, 100] })],
    ['webp', (frames: Sharp) => frames.webp({ quality: 80, effort: 0, delay: [100, 100] })],
  ] as const)('looks at the first frame of an animated %s', async (format, encode) => {
    const raw = await Promise.all([5, 6].map((seed) => drawn(seed).removeAlpha().raw().toBuffer()));
    const frames = sharp(Buffer.concat(raw), { raw: { width: WIDTH, height: 2 * HEIGHT, channels: 3, pageHeight: HEIGHT } });
    const animated = await sure(encode(frames), format);
    expect(imageFingerprint.isMatch(animated, await sure(drawn(5).png()))).toBe(true);
    expect(imageFingerprint.isMatch(animated, await sure(drawn(6).png()))).toBe(false);
  });

  it('is the one of spec/content/fingerprint.md §6', async () => {
    const samples = noise(64 * 64, 1);
    const fingerprint = await sure(
      sharp(samples, { raw: { width: 64, height: 64, channels: 1 } })
        .toColourspace('b-w')
        .png(),
    );
    expect(Buffer.from(fingerprint).toString('hex')).toBe('626394b612a95f9c39676eae6879348a8811a71baf37799746418d73d09bb386');
  });

  it('matches up to its distance, and nothing of another length', () => {
    const zero = new Uint8Array(32);
    const off = (bits: number): Uint8Array => zero.map((_, index) => (1 << Math.min(8, Math.max(0, bits - 8 * index))) - 1);
    expect(imageFingerprint.isMatch(zero, off(IMAGE_FINGERPRINT_DISTANCE))).toBe(true);
    expect(imageFingerprint.isMatch(zero, off(IMAGE_FINGERPRINT_DISTANCE + 1))).toBe(false);
    expect(imageFingerprint.isMatch(zero, zero.subarray(1))).toBe(false);
    expect(imageFingerprint.isMatch(new Uint8Array(0), new Uint8Array(0))).toBe(false);
  });
});

describe('hostile pictures', () => {
  const codeOf = async (bytes: Uint8Array, format: string): Promise<string> => {
    try {
      await of(bytes, format);
      return 'none';
    } catch (error) {
      if (error instanceof LabelError) {
        return error.code;
      }
      throw error;
    }
  };

  it.each(['png', 'jpeg', 'webp', 'gif'])('%s cut short or changed is a LabelError or a picture', async (format) => {
    const bytes = await bytesOf(
      drawn(7)
        .resize(160)
        .removeAlpha()
        .toFormat(format as 'png'),
    );
    for (const share of [0, 0.01, 0.3, 0.6, 0.95]) {
      expect(await codeOf(bytes.subarray(0, Math.floor(share * bytes.length)), format)).toBe('FILE_DAMAGED');
    }
    const places = noise(100, 9);
    for (let round = 0; round < 25; round += 1) {
      const changed = bytes.slice();
      for (let count = 0; count < 4; count += 1) {
        changed[((places[4 * round + count] ?? 0) * (round < 10 ? 1 : 97)) % bytes.length] = places[(7 * round + count) % 100] ?? 0;
      }
      expect(['none', 'FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE']).toContain(await codeOf(changed, format));
    }
  });

  it('too large, of kinds that are not decoded, and without any picture', async () => {
    const png = await bytesOf(drawn(8).png());
    new DataView(png.buffer, png.byteOffset).setUint32(16, 200_000);
    expect(await codeOf(png, 'png')).toBe('LIMIT_EXCEEDED');
    expect(await codeOf(await bytesOf(drawn(8).removeAlpha().toColourspace('cmyk').jpeg()), 'jpeg')).toBe('FORMAT_UNSUPPORTED_FEATURE');
    expect(await codeOf(png, 'tiff')).toBe('FORMAT_UNSUPPORTED_FEATURE');
    expect(await codeOf(png, 'constructor')).toBe('FORMAT_UNSUPPORTED_FEATURE');
    const empty = Uint8Array.from([...'GIF89a'].map((one) => one.charCodeAt(0)).concat([1, 0, 1, 0, 0, 0, 0, 0x3b]));
    expect(await codeOf(empty, 'gif')).toBe('FILE_DAMAGED');
  });
});
