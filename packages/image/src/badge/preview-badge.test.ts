import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';
import { previewBadge } from './preview-badge.ts';

const grey = (width: number, height: number): Sharp => sharp({ create: { width, height, channels: 3, background: '#808080' } });

describe('previewBadge', () => {
  it('shows the picture upright and small, with its badge where it says', async () => {
    const picture = await grey(2400, 1600).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const { png, width, height, plate, capPixels, heightRatio } = await previewBadge(picture, { position: 'top-left', plateOpacity: 1 }, 600);
    expect([width, height, capPixels]).toEqual([1600, 2400, 84]);
    expect(heightRatio).toBeCloseTo(0.0525, 4);
    const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([400, 600]);
    const at = (x: number, y: number): number => data[Math.round(y / 4) * info.width + Math.round(x / 4)] as number;
    const middle = plate.top + plate.height / 2;
    expect(at(plate.left + 12, middle)).toBeLessThan(20);
    expect(at(plate.left + plate.width + 40, middle)).toBeGreaterThan(100);
  });

  it('leaves small pictures as large as they are', async () => {
    expect(await sharp((await previewBadge(await grey(64, 48).png().toBuffer())).png).metadata()).toMatchObject({ width: 64, height: 48 });
  });

  it('refuses what cannot be drawn', async () => {
    await expect(previewBadge(await grey(8, 8).png().toBuffer())).rejects.toMatchObject({ code: 'NOTICE_NOT_DRAWABLE' });
  });
});
