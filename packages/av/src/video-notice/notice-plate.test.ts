import { resolveBadge } from '@aigc-label/badge';
import { describe, expect, it } from 'vitest';
import { type NoticePlate, noticePlate, type ShownAs } from './notice-plate.ts';
import { pixelFormatOf } from './pixel-format.ts';

/** Height of the ink of `AI`, in stored pixels of that direction. */
const inkSpan = ({ width, height, cover, bright }: NoticePlate, direction: 'across' | 'down'): number => {
  const lines = Array.from({ length: direction === 'down' ? height : width }, (_, line) =>
    Array.from({ length: direction === 'down' ? width : height }, (_, at) => (direction === 'down' ? line * width + at : at * width + line)),
  );
  const inked = lines.map((cells) => cells.some((cell) => (bright[cell] ?? 0) > 180 && (cover[cell] ?? 0) > 180));
  return inked.lastIndexOf(true) - inked.indexOf(true) + 1;
};

const shown = (more: Partial<ShownAs>): ShownAs => ({ width: 640, height: 360, rotation: 0, pixelAspect: 1, ...more });

describe('noticePlate', () => {
  it.each([
    ['as it is stored', shown({}), 'down', 360],
    ['turned by 90°', shown({ rotation: 90 }), 'across', 360],
    ['turned by 270°', shown({ rotation: 270 }), 'across', 360],
    ['with wide pixels', shown({ width: 720, height: 576, pixelAspect: 64 / 45 }), 'down', 576],
    // Seen as 720 by 648: the lesser side is 648 high pixels, 576 stored ones.
    ['with high pixels', shown({ width: 720, height: 576, pixelAspect: 8 / 9 }), 'down', 576],
    ['turned, with wide pixels', shown({ width: 720, height: 576, pixelAspect: 64 / 45, rotation: 90 }), 'down', 576],
  ] as const)('%s: letters have 5 %% of the shorter side as it is shown', async (_, picture, direction, storedSide) => {
    // Hanzi are taller than capitals, so that the whole ink is more than 5 %.
    const plate = await noticePlate(resolveBadge({ text: 'AI生成' }), picture);
    const isAcross = direction === 'across' || picture.rotation % 180 !== 0;
    expect(inkSpan(plate, isAcross ? 'across' : 'down')).toBeGreaterThanOrEqual(
      Math.floor(0.05 * storedSide * (isAcross && picture.pixelAspect > 1 ? 1 / picture.pixelAspect : 1)),
    );
    expect([plate.left % 2, plate.top % 2]).toEqual([0, 0]);
    expect(plate.left + plate.width).toBeLessThanOrEqual(picture.width);
    expect(plate.top + plate.height).toBeLessThanOrEqual(picture.height);
    expect(plate.contrast).toBeGreaterThanOrEqual(4.5);
  });

  it('is squeezed as the pixels will be stretched', async () => {
    const badge = resolveBadge({ text: '人工智能生成' });
    const square = await noticePlate(badge, shown({ width: 1024, height: 576 }));
    const wide = await noticePlate(badge, shown({ width: 720, height: 576, pixelAspect: 64 / 45 }));
    expect(wide.height).toBe(square.height);
    expect(wide.width / square.width).toBeCloseTo(45 / 64, 1);
  });

  it('stands at the viewer’s corner whatever the turn', async () => {
    const badge = resolveBadge({});
    const at = async (rotation: ShownAs['rotation']): Promise<readonly boolean[]> => {
      const { left, top } = await noticePlate(badge, shown({ rotation }));
      return [left > 320, top > 180];
    };
    expect(await at(0)).toEqual([true, true]);
    // Bottom right of what is shown turned clockwise by 90° is top right of what is stored.
    expect(await at(90)).toEqual([true, false]);
    expect(await at(180)).toEqual([false, false]);
    expect(await at(270)).toEqual([false, true]);
  });
});

describe('pixelFormatOf', () => {
  it('knows planes of luma and chroma, of colours and of grey, and refuses others', () => {
    expect(pixelFormatOf('yuv420p')).toEqual({ name: 'yuv420p', kind: 'yuv', bits: 8, chromaAcross: 1, chromaDown: 1 });
    expect(pixelFormatOf('yuv422p10le')).toMatchObject({ bits: 10, chromaAcross: 1, chromaDown: 0 });
    expect(pixelFormatOf('gbrp')).toMatchObject({ kind: 'rgb', bits: 8 });
    expect(pixelFormatOf('gray12le')).toMatchObject({ kind: 'grey', bits: 12 });
    for (const name of ['pal8', 'yuva420p', 'rgb24', 'yuv420p10be', '', 'nv12']) {
      expect(pixelFormatOf(name)).toBeUndefined();
    }
  });
});
