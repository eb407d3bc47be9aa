import { layoutBadge, plateOf, type ResolvedBadge } from '@aigc-label/badge';
import { bytesSource } from '@aigc-label/core';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { picture, pixels } from '../../test/badge-pictures.ts';
import { drawBadge } from '../badge/index.ts';
import { badgeFinder } from './index.ts';

const encoded = async (one: Sharp): Promise<Uint8Array> => new Uint8Array(await one.toBuffer());

describe('badgeFinder', () => {
  it.each<[string, () => Promise<Uint8Array>]>([
    ['png', () => encoded(picture('waves', 640, 480).png())],
    ['png', () => encoded(picture('noise', 500, 500).png({ progressive: true }))],
    ['png', () => encoded(picture('waves', 480, 640).png().withMetadata({ orientation: 8 }))],
    ['jpeg', () => encoded(picture('noise', 640, 480).jpeg({ quality: 70 }))],
    ['jpeg', () => encoded(picture('waves', 640, 480).jpeg({ progressive: true }))],
    ['jpeg', () => encoded(picture('waves', 640, 480).jpeg().withMetadata({ orientation: 6 }))],
    ['webp', () => encoded(picture('waves', 500, 400).webp({ effort: 0 }))],
    ['webp', () => encoded(picture('waves', 500, 400).webp({ effort: 0, lossless: true }).withMetadata({ orientation: 3 }))],
    ['gif', () => encoded(picture('waves', 500, 400).gif({ effort: 1 }))],
  ])('finds our badge on %s (%#)', async (formatId, make) => {
    const plain = await make();
    expect(await badgeFinder.find(bytesSource(plain), formatId)).toEqual([]);
    const [notice, ...more] = await badgeFinder.find(bytesSource(await drawBadge(plain, { text: '内容由AI生成', position: 'top-left' })), formatId);
    expect(more).toEqual([]);
    expect(notice).toMatchObject({ form: 'badge', position: 'top-left', text: '内容由AI生成', shortfalls: [] });
    expect(notice?.measures?.heightRatio).toBeGreaterThan(0.0505);
    expect(notice?.measures?.heightRatio).toBeLessThan(0.055);
    expect(notice?.measures?.likeness).toBeGreaterThan(0.85);
    expect(notice?.measures?.contrast).toBeGreaterThan(4.5);
  });

  it('says which clause a badge below 5 % breaks', async () => {
    const [width, height] = [900, 700];
    const data = Buffer.from(pixels('waves', width, height));
    const badge: ResolvedBadge = { text: 'AI生成', position: 'bottom', heightRatio: 0.04, marginRatio: 0.02, plate: 'light', plateOpacity: 0.72 };
    const layout = layoutBadge(badge, width, height);
    const plate = await plateOf(layout, badge);
    const ink = await sharp(Buffer.from(plate.ink), { raw: { width: plate.width, height: plate.height, channels: 1 } })
      .negate()
      .png()
      .toBuffer();
    const jpeg = await encoded(
      sharp(data, { raw: { width, height, channels: 4 } })
        .removeAlpha()
        .composite([{ input: ink, left: layout.left, top: layout.top }])
        .jpeg({ quality: 60 }),
    );
    expect(await badgeFinder.find(bytesSource(jpeg), 'jpeg')).toMatchObject([
      {
        position: 'bottom',
        text: 'AI生成',
        shortfalls: [{ measure: 'heightRatio', found: expect.closeTo(0.04, 3) as number, required: 0.05, clause: 'GB 45438-2025 §5.2' }],
      },
    ]);
  });

  it('looks for the service’s own words only where it is told of them', async () => {
    const text = '人工智能合成示例';
    const png = await drawBadge(await encoded(picture('waves', 700, 500).png()), { text });
    expect(await badgeFinder.find(bytesSource(png), 'png')).toEqual([]);
    expect(await badgeFinder.find(bytesSource(png), 'png', { texts: [text, 'AI\0生成', ''] })).toMatchObject([{ text }]);
  });

  it('wants the badge on the first and on the last frame of a GIF', async () => {
    const [width, height] = [320, 240];
    const frame = (seed: number): Uint8Array => pixels('waves', width, height, seed);
    const plain = await encoded(
      sharp(Buffer.concat([frame(1), frame(2)]), { raw: { width, height: 2 * height, channels: 4, pageHeight: height } }).gif({
        effort: 1,
        delay: [100, 100],
      }),
    );
    const badged = await drawBadge(plain, {});
    expect(await badgeFinder.find(bytesSource(badged), 'gif')).toMatchObject([{ text: 'AI生成', position: 'bottom-right' }]);
    const first = await sharp(await drawBadge(await encoded(sharp(frame(1), { raw: { width, height, channels: 4 } }).png()), {}))
      .ensureAlpha()
      .raw()
      .toBuffer();
    const half = await encoded(
      sharp(Buffer.concat([first, frame(2)]), { raw: { width, height: 2 * height, channels: 4, pageHeight: height } }).gif({
        effort: 1,
        delay: [100, 100],
      }),
    );
    expect(await badgeFinder.find(bytesSource(half), 'gif')).toEqual([]);
  });

  it('gives up when told to', async () => {
    const png = await encoded(picture('waves', 300, 300).png());
    await expect(badgeFinder.find(bytesSource(png), 'png', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
