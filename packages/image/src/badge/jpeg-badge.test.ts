import { readFileSync } from 'node:fs';
import { layoutBadge, resolveBadge } from '@aigc-label/badge';
import { applySplices, ascii, concat, equalBytes, u16be, u32be, viewOf } from '@aigc-label/core';
import { ffmpeg, withFile } from '@aigc-label/test-fixtures';
import type { JpegOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { boxOf, difference, noise, picture, rawPixels, seen } from '../../test/badge-pictures.ts';
import { drawBadge } from './image-badge.ts';
import { codingSplices, readJpeg } from './jpeg/jpeg-picture.ts';

const [WIDTH, HEIGHT] = [403, 309];
const { left, top, width, height } = layoutBadge(resolveBadge(), WIDTH, HEIGHT);

const byFfmpeg = async (pixelFormat: string, ...more: readonly string[]): Promise<Uint8Array> =>
  withFile('in.png', await picture('waves', WIDTH, HEIGHT).png().toBuffer(), async (path) => {
    await ffmpeg('-i', path, '-pix_fmt', pixelFormat, '-q:v', '3', ...more, `${path}.jpg`);
    return new Uint8Array(readFileSync(`${path}.jpg`));
  });

const bySharp = async (options: JpegOptions = {}, space = 'srgb', texture: 'waves' | 'noise' | 'white' = 'waves'): Promise<Uint8Array> =>
  new Uint8Array(await picture(texture, WIDTH, HEIGHT).toColourspace(space).jpeg(options).toBuffer());

const kinds: readonly (readonly [string, () => Promise<Uint8Array>])[] = [
  ['4:2:0', () => bySharp()],
  ['4:4:4', () => bySharp({ chromaSubsampling: '4:4:4' })],
  ['4:2:2', () => byFfmpeg('yuvj422p')],
  ['4:4:0', () => byFfmpeg('yuvj440p')],
  ['4:1:1', () => byFfmpeg('yuvj411p')],
  ['the standard Huffman tables', () => byFfmpeg('yuvj420p', '-huffman', 'default')],
  ['quality 1', () => bySharp({ quality: 1 })],
  ['quality 100 of noise', () => bySharp({ quality: 100 }, 'srgb', 'noise')],
  ['progressive', () => bySharp({ progressive: true })],
  ['progressive noise at quality 97', () => bySharp({ progressive: true, quality: 97 }, 'srgb', 'noise')],
  ['progressive 4:4:4 by mozjpeg', () => bySharp({ mozjpeg: true, chromaSubsampling: '4:4:4' })],
  ['grey', () => bySharp({}, 'b-w')],
  ['progressive grey', () => bySharp({ progressive: true }, 'b-w')],
  ['CMYK', () => bySharp({ quality: 92 }, 'cmyk')],
  ['progressive CMYK', () => bySharp({ progressive: true }, 'cmyk')],
];

/** Marker segments up to the first scan, without Huffman tables. */
const segments = (bytes: Uint8Array): readonly string[] => {
  const found: string[] = [];
  for (let at = 2; bytes[at + 1] !== 0xda; ) {
    const end = at + 2 + viewOf(bytes).getUint16(at + 2);
    if (bytes[at + 1] !== 0xc4) {
      found.push(Buffer.from(bytes.subarray(at, end)).toString('latin1'));
    }
    at = end;
  }
  return found;
};

const scanHeaders = (bytes: Uint8Array): readonly string[] =>
  readJpeg(bytes, () => {}).parts.flatMap((part) =>
    part.kind === 'scan'
      ? [
          `${part.scan.components.length} ${part.scan.spectralStart}-${part.scan.spectralEnd} ${part.scan.approximationHigh}/${part.scan.approximationLow} ${part.scan.restartInterval}`,
        ]
      : [],
  );

describe.each(kinds)('JPEG: %s', (_, make) => {
  it('coded anew without a badge decodes to the same pixels', async () => {
    const bytes = await make();
    const again = applySplices(bytes, codingSplices(readJpeg(bytes, () => {})));
    expect(difference(await rawPixels(bytes), await rawPixels(again))).toBeUndefined();
  });

  it('changes only blocks under the plate, and keeps tables, subsampling, scans and all else before the scan', async () => {
    const bytes = await make();
    const badged = await drawBadge(bytes);
    const changed = difference(await rawPixels(bytes), await rawPixels(badged))!;
    // One MCU of at most 32 × 16 around the plate, and one pixel by which decoders smooth chroma.
    expect(changed.left).toBeGreaterThanOrEqual(left - 33);
    expect(changed.top).toBeGreaterThanOrEqual(top - 17);
    expect(changed.left).toBeLessThan(left + 8);
    expect(changed.bottom).toBeGreaterThan(top + height - 8);
    expect(segments(badged)).toEqual(segments(bytes));
    expect(scanHeaders(badged)).toEqual(scanHeaders(bytes));
  });

  it('shows white on dark, whatever the colour space', async () => {
    const { width: seenWidth, data } = await seen(await drawBadge(await make()));
    const values = Array.from({ length: width * height }, (__, at) => data[(top + Math.floor(at / width)) * seenWidth + left + (at % width)]!).sort(
      (a, b) => a - b,
    );
    expect(values[Math.floor(values.length * 0.3)]!).toBeLessThan(110);
    expect(values[Math.floor(values.length * 0.98)]!).toBeGreaterThan(200);
  });
});

describe('colour spaces of four components', () => {
  const adobe = async (transform: number | undefined): Promise<Uint8Array> => {
    const bytes = await bySharp({ quality: 95 }, 'cmyk');
    const at = Buffer.from(bytes).indexOf('Adobe') - 4;
    return transform === undefined
      ? concat(bytes.subarray(0, at), bytes.subarray(at + 16))
      : bytes.map((byte, place) => (place === at + 15 ? transform : byte));
  };

  it.each([
    ['Adobe CMYK, upside down', 0],
    ['Adobe YCCK', 2],
    ['CMYK without an Adobe segment', undefined],
  ])('%s: ink is white, plate is black, in both styles', async (_, transform) => {
    const bytes = await adobe(transform);
    for (const plate of ['dark', 'light'] as const) {
      const options = { plate, plateOpacity: 1 };
      const { width: seenWidth, data } = await seen(await drawBadge(bytes, options));
      const middle = data[(top + (height >> 1)) * seenWidth + left + 3]!;
      if (plate === 'dark') {
        expect(middle).toBeLessThan(40);
      } else {
        expect(middle).toBeGreaterThan(235);
      }
    }
  });

  it('RGB without a transform', async () => {
    const plain = await bySharp({ chromaSubsampling: '4:4:4', quality: 95 });
    const segment = concat(Uint8Array.of(0xff, 0xee), u16be(14), ascii('Adobe'), Uint8Array.of(0, 100, 0, 0, 0, 0, 0));
    // The planes of a YCbCr picture read as RGB: wrong colours, but a legal file.
    const rgb = concat(plain.subarray(0, 2), segment, plain.subarray(2));
    const raw = await rawPixels(await drawBadge(rgb, { plateOpacity: 1 }));
    const at = ((top + (height >> 1)) * WIDTH + left + 3) * 3;
    expect(Array.from(raw.data.slice(at, at + 3)).every((value) => value < 30)).toBe(true);
  });
});

describe('a JPEG with much in it', () => {
  const segment = (marker: number, data: Uint8Array): Uint8Array => concat(Uint8Array.of(0xff, marker), u16be(data.length + 2), data);
  const foreign = [
    segment(0xe1, concat(ascii('http://ns.adobe.com/xap/1.0/\0'), noise(900))),
    segment(0xe2, concat(ascii('ICC_PROFILE\0'), Uint8Array.of(1, 1), noise(500))),
    segment(0xeb, concat(ascii('JP'), noise(200))),
    segment(0xed, noise(100)),
    segment(0xfe, ascii('a comment')),
  ];

  it('keeps every segment and what follows the end, byte for byte', async () => {
    const plain = await bySharp();
    const bytes = concat(plain.subarray(0, 2), ...foreign, plain.subarray(2), ascii('trailing junk'));
    const badged = await drawBadge(bytes);
    expect(segments(badged)).toEqual(segments(bytes));
    expect(segments(badged).length).toBeGreaterThan(7);
    expect(Buffer.from(badged.subarray(-13)).toString()).toBe('trailing junk');
  });

  it('keeps a second picture whole, and MPF points at it', async () => {
    const plain = await bySharp();
    const second = await bySharp({ quality: 20 });
    const entry = (size: number, offset: number): Uint8Array => concat(u32be(0), u32be(size), u32be(offset), u32be(0));
    const index = (first: number, offset: number): Uint8Array =>
      segment(
        0xe2,
        concat(
          ascii('MPF\0MM\0*'),
          u32be(8),
          u16be(1),
          concat(u16be(0xb002), u16be(7), u32be(32), u32be(26)),
          u32be(0),
          entry(first, 0),
          entry(second.length, offset),
        ),
      );
    const length = index(0, 0).length;
    const firstBytes = plain.length + length;
    const bytes = concat(plain.subarray(0, 2), index(firstBytes, firstBytes - 10), plain.subarray(2), second);
    const badged = await drawBadge(bytes);
    const table = 2 + 8 + 26;
    const offset = viewOf(badged).getUint32(table + 24) + 10;
    expect(viewOf(badged).getUint32(table + 4)).toBe(offset);
    expect(equalBytes(badged.subarray(offset), second)).toBe(true);
    expect(badged.length).not.toBe(bytes.length);
  });

  it('keeps restart markers', async () => {
    const bytes = await byFfmpeg('yuvj420p');
    const frame = readJpeg(bytes, () => {});
    // DRI of 7 put in by our own coder; libjpeg is the judge of it.
    const parts = frame.parts.map((part) => (part.kind === 'scan' ? { ...part, scan: { ...part.scan, restartInterval: 7 } } : part));
    const sos = frame.parts.findIndex((part) => part.kind === 'scan') - 1;
    const restarting = applySplices(bytes, [
      ...codingSplices({ ...frame, parts }),
      { at: frame.parts[sos]!.start, remove: 0, insert: segment(0xdd, u16be(7)) },
    ]);
    expect(difference(await rawPixels(bytes), await rawPixels(restarting))).toBeUndefined();
    const badged = await drawBadge(restarting);
    expect(scanHeaders(badged)).toEqual(['3 0-63 0/0 7']);
    expect(difference(await rawPixels(restarting), await rawPixels(badged))!.left).toBeGreaterThan(left - 33);
  });
});

describe('hostile JPEG', () => {
  it('is damaged wherever a scan is cut or a code is unknown, and never throws anything else', async () => {
    for (const bytes of [await bySharp({ quality: 40 }), await bySharp({ progressive: true, quality: 40 })]) {
      const random = noise(400, 99);
      for (let round = 0; round < 60; round += 1) {
        const broken = bytes.slice();
        for (let hit = 0; hit < 3; hit += 1) {
          broken[Math.floor(((random[round * 6 + hit * 2]! * 256 + random[round * 6 + hit * 2 + 1]!) / 65536) * bytes.length)] = random[round]!;
        }
        try {
          await drawBadge(broken);
        } catch (error) {
          expect((error as { code?: string }).code, String(error)).toMatch(
            /^(FORMAT_UNKNOWN|FILE_DAMAGED|LIMIT_EXCEEDED|NOTICE_UNSUPPORTED|NOTICE_NOT_DRAWABLE)$/,
          );
        }
      }
      await expect(drawBadge(bytes.subarray(0, bytes.length - 2))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    }
  });

  it('of a kind that is not redrawn is refused in words', async () => {
    const bytes = await bySharp();
    const at = Buffer.from(bytes).indexOf(Buffer.of(0xff, 0xc0));
    const arithmetic = bytes.map((byte, place) => (place === at + 1 ? 0xc9 : byte));
    await expect(drawBadge(arithmetic)).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
    const twelve = bytes.map((byte, place) => (place === at + 4 ? 12 : byte));
    await expect(drawBadge(twelve)).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
  });

  it('of endless scans is refused', async () => {
    const bytes = await bySharp({ progressive: true });
    const sos = Buffer.from(bytes).lastIndexOf(Buffer.of(0xff, 0xda));
    const scan = bytes.subarray(sos, bytes.length - 2);
    await expect(drawBadge(concat(bytes.subarray(0, sos), ...Array.from({ length: 120 }, () => scan), bytes.subarray(-2)))).rejects.toMatchObject({
      code: 'LIMIT_EXCEEDED',
    });
  });
});

it('finds a bright box where the measurements look for it', () => {
  expect(boxOf(10, 10, (x, y) => x === 3 && y > 4)).toEqual({ left: 3, top: 5, right: 4, bottom: 10 });
});
