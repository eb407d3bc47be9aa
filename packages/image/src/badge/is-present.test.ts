import type { BadgeOptions } from '@aigc-label/badge';
import { bytesSource } from '@aigc-label/core';
import { corpusFiles, corpusMissing } from '@aigc-label/test-fixtures';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { picture, type Texture } from '../../test/badge-pictures.ts';
import { drawBadge, imageBadge } from './image-badge.ts';

type FormatId = 'png' | 'jpeg' | 'webp' | 'gif';
const stands = (bytes: Uint8Array, formatId: FormatId, options: BadgeOptions = {}): Promise<boolean> =>
  imageBadge.isPresent(bytesSource(bytes), formatId, options);

const textures: readonly Texture[] = ['white', 'black', 'noise', 'waves'];
const sizes = [
  [64, 64],
  [640, 480],
  [1024, 1536],
] as const;
const styles: readonly BadgeOptions[] = [{}, { plate: 'light' }, { plate: 'none' }, { text: '人工智能生成合成内容', position: 'top-left' }];

describe('isPresent', () => {
  // 4 × 3 pictures in three styles: 36 that have no badge.
  it.each(textures.flatMap((texture) => sizes.map(([width, height]) => ({ texture, width, height }))))(
    'says no to plain $texture of $width × $height and yes once it is badged, after JPEG quality 60 too',
    async ({ texture, width, height }) => {
      const plain = await picture(texture, width, height).png().toBuffer();
      for (const style of styles) {
        if (style.text !== undefined && width === 64) {
          continue;
        }
        expect(await stands(plain, 'png', style), JSON.stringify(style)).toBe(false);
        const badged = await drawBadge(plain, style);
        expect(await stands(badged, 'png', style), JSON.stringify(style)).toBe(true);
        expect(await stands(await sharp(badged).jpeg({ quality: 60 }).toBuffer(), 'jpeg', style), `${JSON.stringify(style)} q60`).toBe(true);
        expect(await stands(await sharp(badged).webp({ quality: 75 }).toBuffer(), 'webp', style), `${JSON.stringify(style)} webp`).toBe(true);
      }
    },
  );

  it('says no to other wording, place or style', async () => {
    for (const texture of textures) {
      const plain = await picture(texture, 800, 600).jpeg({ quality: 85 }).toBuffer();
      const badged = await drawBadge(plain);
      for (const other of [
        { text: 'AI合成' },
        { text: 'AI生成。' },
        { text: 'AI 生成' },
        { position: 'bottom' },
        { plate: 'light' },
        { heightRatio: 0.07 },
        { marginRatio: 0.05 },
      ] as const) {
        expect(await stands(badged, 'jpeg', other), `${texture} ${JSON.stringify(other)}`).toBe(false);
        expect(await stands(await drawBadge(plain, other), 'jpeg'), `${texture} ${JSON.stringify(other)} drawn`).toBe(false);
      }
    }
  });

  it('sees it upright in every orientation, in CMYK, grey, alpha and animations', async () => {
    for (let orientation = 1; orientation <= 8; orientation += 1) {
      const plain = await picture('waves', 420, 300).withMetadata({ orientation }).jpeg().toBuffer();
      expect(await stands(plain, 'jpeg')).toBe(false);
      expect(await stands(await drawBadge(plain), 'jpeg')).toBe(true);
    }
    const others: readonly (readonly [Buffer, FormatId])[] = [
      [await picture('waves', 420, 300).toColourspace('cmyk').jpeg().toBuffer(), 'jpeg'],
      [await picture('waves', 420, 300).toColourspace('grey16').png().toBuffer(), 'png'],
      [
        await sharp({ create: { width: 300, height: 200, channels: 4, background: '#0000' } })
          .png()
          .toBuffer(),
        'png',
      ],
      [await picture('waves', 420, 300).gif().toBuffer(), 'gif'],
      [
        await sharp(new Uint8Array(200 * 450 * 3).fill(90), { raw: { width: 200, height: 450, channels: 3, pageHeight: 150 } })
          .webp({ delay: [50, 50, 50] })
          .toBuffer(),
        'webp',
      ],
    ];
    for (const [plain, formatId] of others) {
      expect(await stands(plain, formatId), formatId).toBe(false);
      expect(await stands(await drawBadge(plain), formatId), formatId).toBe(true);
    }
  });
});

const corpus = corpusFiles('.png', '.jpg', '.jpeg', '.webp', '.gif');

describe.skipIf(corpusMissing !== undefined)('the corpus', () => {
  it.each(corpus)('$name: badged and seen, or refused with a reason', async ({ name, bytes }) => {
    const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
    const formatId = (extension === 'jpg' ? 'jpeg' : extension) as FormatId;
    try {
      const badged = await drawBadge(bytes());
      expect(await stands(bytes(), formatId)).toBe(false);
      expect(await stands(badged, formatId)).toBe(true);
    } catch (error) {
      // The samples of exiftool are thumbnails of 8 × 8 pixels.
      expect(error).toMatchObject({ code: 'NOTICE_NOT_DRAWABLE', data: { reason: 'no_room' } });
      const { width, height } = await sharp(bytes()).metadata();
      expect(Math.min(width, height)).toBeLessThan(32);
    }
  });
});
