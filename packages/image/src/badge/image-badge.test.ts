import type { BadgePosition } from '@aigc-label/badge';
import { bytesSource } from '@aigc-label/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { boxOf, inkHeights, picture, seen } from '../../test/badge-pictures.ts';
import { drawBadge, imageBadge } from './image-badge.ts';

describe('ink height, measured on the decoded picture', () => {
  it.each([
    [96, 64],
    [200, 100],
    [333, 777],
    [640, 480],
    [1000, 1000],
    [1023, 1999],
    [1600, 1067],
    [2048, 2048],
    [3000, 400],
    [4000, 3001],
  ])('every glyph of the badge has a twentieth of the shortest side of %i × %i', async (width, height) => {
    const black = picture('black', width, height);
    const least = 0.05 * Math.min(width, height);
    for (const heightRatio of [0.05, 0.052, 0.08]) {
      const png = await drawBadge(await black.clone().png().toBuffer(), { heightRatio });
      const glyphs = inkHeights(await seen(png));
      // A, I, 生, 成; a thin stroke between may split a hanzi of a small picture into columns, never join them all.
      expect(glyphs.length).toBeGreaterThanOrEqual(width > 300 ? 4 : 2);
      expect(Math.min(...glyphs)).toBeGreaterThanOrEqual(Math.max(heightRatio * Math.min(width, height), 9));
      expect(Math.max(...glyphs)).toBeLessThan(1.4 * Math.max(heightRatio * Math.min(width, height) + 1, 10));
    }
    const jpeg = await drawBadge(await black.clone().jpeg({ quality: 75 }).toBuffer());
    expect(Math.min(...inkHeights(await seen(jpeg)))).toBeGreaterThanOrEqual(least);
  });
});

describe('position', () => {
  const places: readonly [BadgePosition, (x: number, y: number) => boolean][] = [
    ['bottom-right', (x, y) => x > 0.6 && y > 0.7],
    ['bottom-left', (x, y) => x < 0.4 && y > 0.7],
    ['top-right', (x, y) => x > 0.6 && y < 0.3],
    ['top-left', (x, y) => x < 0.4 && y < 0.3],
    ['top', (x, y) => Math.abs(x - 0.5) < 0.01 && y < 0.3],
    ['bottom', (x, y) => Math.abs(x - 0.5) < 0.01 && y > 0.7],
    ['left', (x, y) => x < 0.4 && Math.abs(y - 0.5) < 0.01],
    ['right', (x, y) => x > 0.6 && Math.abs(y - 0.5) < 0.01],
  ];

  it.each(places)('%s', async (position, isThere) => {
    const { width, height, data } = await seen(await drawBadge(await picture('white', 600, 400).png().toBuffer(), { position }));
    const box = boxOf(width, height, (x, y) => data[y * width + x]! < 200)!;
    expect(isThere((box.left + box.right) / 2 / width, (box.top + box.bottom) / 2 / height)).toBe(true);
    // 2 % of 400, and the corners are round but the sides are not.
    const gaps = [box.left, box.top, width - box.right, height - box.bottom];
    expect(Math.min(...gaps)).toBe(8);
  });
});

describe.each(['jpeg', 'png', 'webp'] as const)('Exif orientation in %s', (format) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    '%i: upright and in the bottom right corner for who honours the tag, the tag and stored size unchanged',
    async (orientation) => {
      const stored = await picture('black', 420, 300).withMetadata({ orientation })[format]({ quality: 92 }).toBuffer();
      const badged = await drawBadge(stored);
      const after = await sharp(badged).metadata();
      expect([after.width, after.height, after.orientation]).toEqual([420, 300, orientation]);
      const upright = await seen(badged);
      expect([upright.width, upright.height]).toEqual(orientation >= 5 ? [300, 420] : [420, 300]);
      // The same badge on a picture that was upright from the start, pixel by pixel.
      const reference = await seen(await drawBadge(await picture('black', upright.width, upright.height)[format]({ quality: 92 }).toBuffer()));
      const box = boxOf(upright.width, upright.height, (x, y) => upright.data[y * upright.width + x]! > 128)!;
      expect(box.left).toBeGreaterThan(upright.width / 2);
      expect(box.top).toBeGreaterThan(upright.height * 0.75);
      const worst = upright.data.reduce((most, value, at) => Math.max(most, Math.abs(value - reference.data[at]!)), 0);
      expect(worst).toBeLessThan(format === 'png' ? 1 : 60);
    },
  );
});

describe('legibility', () => {
  it.each(['white', 'black', 'noise', 'waves'] as const)('on %s, text and plate keep a contrast of 4.5 : 1', async (texture) => {
    for (const plate of ['dark', 'light', 'none'] as const) {
      const badged = await drawBadge(await picture(texture, 800, 600).png().toBuffer(), { plate });
      const { width, data } = await seen(badged);
      const blackOnly = await seen(await drawBadge(await picture('black', 800, 600).png().toBuffer(), { plate: 'dark', plateOpacity: 1 }));
      const luminance = (value: number): number => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      const ink: number[] = [];
      blackOnly.data.forEach((value, at) => {
        if (value >= 250) {
          ink.push(at);
        }
      });
      const inkLuminance = ink.reduce((sum, at) => sum + luminance(data[at]!), 0) / ink.length;
      // The ground two pixels left of each stroke's edge.
      const ground = ink
        .filter((at) => blackOnly.data[at - 1]! < 250)
        .map((at) => at - 3)
        .filter((at) => blackOnly.data[at] === 0);
      const worst = plate === 'light' ? Math.min(...ground.map((at) => data[at]!)) : Math.max(...ground.map((at) => data[at]!));
      const [lighter, darker] = [inkLuminance, luminance(worst)].sort((a, b) => b - a) as [number, number];
      expect((lighter + 0.05) / (darker + 0.05), `${plate} on ${texture} ${width}`).toBeGreaterThanOrEqual(4.5);
    }
  });
});

describe('imageBadge', () => {
  it('is an explicit mark of four formats', async () => {
    expect(imageBadge).toMatchObject({ id: 'image-badge', modality: 'image', formats: ['png', 'jpeg', 'webp', 'gif'] });
    const png = await picture('waves', 300, 200).png().toBuffer();
    const marked = await imageBadge.apply(bytesSource(png), 'png', {});
    expect(marked.kind === 'bytes' && Buffer.from(marked.bytes).equals(await drawBadge(png))).toBe(true);
  });

  it('draws the same whether it was asked before or not, once for each asking, and tells the contrast', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'gif'] as const) {
      for (const style of ['standard', 'subtle', 'light'] as const) {
        const bytes = await picture('waves', 300, 200)[format]().toBuffer();
        const source = bytesSource(bytes);
        expect(await imageBadge.isPresent(source, format, { style })).toBe(false);
        for (let round = 0; round < 2; round += 1) {
          const marked = await imageBadge.apply(source, format, { style });
          expect(marked.kind === 'bytes' && Buffer.from(marked.bytes).equals(await drawBadge(bytes, { style }))).toBe(true);
          const contrast = marked.remarks?.find(({ code }) => code === 'contrast');
          expect(contrast?.data['ratio']).toBeGreaterThanOrEqual(4.5);
          expect(marked.remarks?.some(({ code }) => code === 'content_kept')).toBe(format !== 'webp');
          expect(await imageBadge.isPresent(bytesSource(marked.kind === 'bytes' ? marked.bytes : bytes), format, { style })).toBe(true);
        }
      }
    }
  });

  it('draws the same twice', async () => {
    for (const format of ['png', 'jpeg', 'webp', 'gif'] as const) {
      const bytes = await picture('waves', 300, 200)[format]().toBuffer();
      expect(Buffer.compare(await drawBadge(bytes), await drawBadge(bytes))).toBe(0);
    }
  });

  it('names what it cannot do', async () => {
    const png = await picture('waves', 300, 200).png().toBuffer();
    await expect(drawBadge(png, { text: 'AI生成😀' })).rejects.toMatchObject({ code: 'NOTICE_NOT_DRAWABLE', data: { reason: 'missing_glyph' } });
    await expect(drawBadge(new Uint8Array(64))).rejects.toMatchObject({ code: 'FORMAT_UNKNOWN' });
    await expect(imageBadge.apply(bytesSource(png), 'heic', {})).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
    await expect(imageBadge.apply(bytesSource(png), 'constructor', {})).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
    await expect(drawBadge(await picture('white', 12, 12).png().toBuffer())).rejects.toMatchObject({ code: 'NOTICE_NOT_DRAWABLE' });
    await expect(drawBadge(png, { text: '生成' })).rejects.toThrow(TypeError);
  });

  it.each(['png', 'jpeg', 'webp', 'gif'] as const)('calls a truncated %s damaged and draws no grey', async (format) => {
    const bytes = await picture('waves', 300, 200)[format]().toBuffer();
    for (const share of [0.1, 0.5, 0.9, 0.99]) {
      await expect(drawBadge(bytes.subarray(0, Math.floor(bytes.length * share)))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    }
  });

  it('refuses more pixels than fit in memory', async () => {
    const png = await picture('white', 64, 64).png().toBuffer();
    new DataView(png.buffer, png.byteOffset).setUint32(16, 40_000);
    new DataView(png.buffer, png.byteOffset).setUint32(20, 40_000);
    await expect(drawBadge(png)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const jpeg = await picture('white', 64, 64).jpeg().toBuffer();
    const frame = jpeg.indexOf(Buffer.of(0xff, 0xc0));
    jpeg.writeUInt16BE(60_000, frame + 5);
    jpeg.writeUInt16BE(60_000, frame + 7);
    await expect(drawBadge(jpeg)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    jpeg.writeUInt16BE(8_000, frame + 5);
    jpeg.writeUInt16BE(8_000, frame + 7);
    await expect(drawBadge(jpeg)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });
});
