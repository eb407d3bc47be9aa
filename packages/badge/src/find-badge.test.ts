import { NOTICE_PRESETS } from '@aigc-label/core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { layoutBadge } from './badge-layout.ts';
import type { BadgePlate, BadgePosition, ResolvedBadge } from './badge-options.ts';
import { plateOf } from './badge-plate.ts';
import { findBadge, type Luma } from './find-badge.ts';

const TEXTS = Object.values(NOTICE_PRESETS);

type Ground = 'waves' | 'noise' | 'bars' | 'white' | 'black';

const surface = (ground: Ground, width: number, height: number): Luma => {
  let state = 7;
  const samples = Uint8Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)];
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const wave = 128 + 70 * Math.sin(x / 43) + 50 * Math.sin((y + x / 3) / 31);
    const bar = (Math.floor(x / 9) + Math.floor(y / 23)) % 2 === 0 ? 230 : 25;
    return { waves: wave, noise: state >>> 24, bars: bar, white: 255, black: 0 }[ground];
  });
  return { width, height, samples };
};

/** Draws past `resolveBadge`, so that heights and words that it forbids can be drawn too. */
const draw = async ({ width, height, samples }: Luma, options: Partial<ResolvedBadge>): Promise<{ readonly luma: Luma; readonly truth: number }> => {
  const plateOpacity = options.plate === 'none' ? 1 : 0.72;
  const badge: ResolvedBadge = {
    text: 'AI生成',
    position: 'bottom-right',
    heightRatio: 0.052,
    marginRatio: 0.02,
    plate: 'dark',
    plateOpacity,
    ...options,
  };
  const layout = layoutBadge(badge, width, height);
  const plate = await plateOf(layout, badge);
  const out = samples.slice();
  for (let at = 0; at < plate.ink.length; at += 1) {
    const to = (layout.top + Math.floor(at / plate.width)) * width + layout.left + (at % plate.width);
    const [ground, ink] = [(plate.ground[at] ?? 0) / 255, (plate.ink[at] ?? 0) / 255];
    const over = (out[to] ?? 0) * (1 - ground) + 255 * plate.groundLevel * ground;
    out[to] = Math.round(over * (1 - ink) + 255 * (1 - plate.groundLevel) * ink);
  }
  return { luma: { width, height, samples: out }, truth: layout.capPixels / Math.min(width, height) };
};

const coded = async ({ width, height, samples }: Luma, quality: number, scale = 1): Promise<Luma> => {
  const jpeg = await sharp(samples, { raw: { width, height, channels: 1 } })
    .resize(Math.round(width * scale), Math.round(height * scale))
    .jpeg({ quality })
    .toBuffer();
  const { data, info } = await sharp(jpeg).toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, samples: new Uint8Array(data) };
};

describe('findBadge', () => {
  it.each([
    [16, 16, 'AI生成', 'bottom-right'],
    [24, 24, 'AI合成', 'top-left'],
    [32, 24, 'AI生成', 'top'],
    [32, 32, 'AI生成', 'bottom-left'],
    [48, 48, 'AI生成', 'right'],
    [64, 40, 'AI合成', 'bottom'],
  ] as const)('finds the letters of the smallest pictures: %i × %i, %s', async (width, height, text, position) => {
    for (const [ground, plate] of [
      ['noise', 'dark'],
      ['white', 'dark'],
      ['black', 'light'],
      ['bars', 'light'],
    ] as const) {
      const { luma, truth } = await draw(surface(ground, width, height), { text, position, plate });
      const found = await findBadge(luma, TEXTS);
      expect(found, `${ground} ${plate}`).toMatchObject({ text, plate });
      expect(found?.heightRatio).toBeCloseTo(truth, 2);
      expect(found?.contrast).toBeGreaterThan(4.5);
    }
  });

  it('finds none on small pictures without one', async () => {
    for (const side of [16, 24, 32, 48, 64]) {
      for (const ground of ['noise', 'waves', 'bars', 'white', 'black'] as const) {
        expect(await findBadge(surface(ground, side, side), TEXTS)).toBeUndefined();
      }
      const { luma } = await draw(surface('waves', side + 100, side + 100), { text: 'AI生态' });
      expect(await findBadge(luma, TEXTS)).toBeUndefined();
    }
  });

  it.each<[BadgePosition, BadgePlate, string, Ground, number, number, number]>([
    ['bottom-right', 'dark', 'AI生成', 'noise', 0.052, 0.02, 1],
    ['bottom-left', 'light', 'AI合成', 'waves', 0.05, 0, 1],
    ['top-right', 'none', '人工智能生成', 'noise', 0.052, 0.05, 1],
    ['top-left', 'dark', '人工智能合成', 'bars', 0.06, 0.1, 0.5],
    ['top', 'none', 'AI生成合成', 'white', 0.1, 0.02, 0.5],
    ['bottom', 'light', '内容由AI生成', 'black', 0.052, 0.02, 0.5],
    ['left', 'dark', '本内容由人工智能生成', 'white', 0.05, 0.013, 1],
    ['right', 'none', 'AI生成 AI-generated', 'waves', 0.052, 0.02, 1],
    ['bottom-right', 'dark', '人工智能生成合成内容', 'waves', 0.2, 0.02, 0.5],
    ['top-right', 'dark', 'AI生成', 'noise', 0.03, 0.2, 1],
    ['bottom-left', 'light', '内容由AI生成', 'bars', 0.025, 0.02, 1],
  ])(
    '%s, %s, %s on %s, height %d, margin %d, scaled to %d, after JPEG of quality 60',
    async (position, plate, text, ground, heightRatio, marginRatio, scale) => {
      const { luma, truth } = await draw(surface(ground, 800, 600), { text, position, plate, heightRatio, marginRatio });
      const found = await findBadge(await coded(luma, 60, scale), TEXTS);
      expect(found).toMatchObject({ text, position, plate });
      expect(Math.abs((found?.heightRatio ?? 0) / truth - 1)).toBeLessThan(0.012);
      expect(found?.likeness).toBeGreaterThan(0.8);
      expect(found?.contrast).toBeGreaterThan(4.5);
    },
  );

  it.each([
    [0.05, true],
    [0.045, false],
  ])('tells a height of %d from one below 5 %%', async (heightRatio, isEnough) => {
    for (const scale of [1, 0.5]) {
      const { luma } = await draw(surface('waves', 800, 600), { heightRatio });
      const found = await findBadge(await coded(luma, 75, scale), TEXTS);
      expect((found?.heightRatio ?? 0) >= 0.05 * 0.975, `${found?.heightRatio}`).toBe(isEnough);
    }
  });

  it('tells a wording from a shorter one that it begins with, and the middle of an edge from a corner', async () => {
    const longer = await draw(surface('white', 720, 1280), {
      text: 'AI生成 AI-generated',
      position: 'top-left',
      heightRatio: 0.04,
      marginRatio: 0.013,
      plate: 'none',
    });
    expect(await findBadge(await coded(longer.luma, 60), TEXTS)).toMatchObject({ text: 'AI生成 AI-generated', position: 'top-left' });
    const middle = await draw(surface('white', 512, 768), { text: 'AI合成', position: 'right', marginRatio: 0.05, plateOpacity: 1 });
    expect(await findBadge(middle.luma, TEXTS)).toMatchObject({ text: 'AI合成', position: 'right' });
  });

  it('finds text on several lines, where the picture is too narrow for one', async () => {
    const { luma } = await draw(surface('waves', 200, 900), { text: '人工智能生成合成内容', heightRatio: 0.08, position: 'bottom' });
    expect(await findBadge(luma, TEXTS)).toMatchObject({ text: '人工智能生成合成内容', plate: 'dark' });
  });

  it.each(['AI创作', 'AI合作', '人工智能生态', '生成'])('does not take %s for one of the wordings', async (text) => {
    const { luma } = await draw(surface('waves', 480, 360), { text, heightRatio: 0.06 });
    expect(await findBadge(luma, TEXTS)).toBeUndefined();
    expect(await findBadge(luma, [...TEXTS, text])).toMatchObject({ text });
  });

  it.each<Ground>(['waves', 'noise', 'bars', 'white', 'black'])('finds nothing on %s alone', async (ground) => {
    expect(await findBadge(surface(ground, 500, 400), TEXTS)).toBeUndefined();
  });

  it.each([
    [1, 1],
    [3, 4000],
    [4000, 3],
    [40, 40],
  ])('bears a picture of %i × %i', async (width, height) => {
    expect(await findBadge(surface('noise', width, height), [...TEXTS, '', ' ', '😀', 'AI生成\n请辨别'])).toBeUndefined();
  });

  it('asks for as many samples as there are pixels', async () => {
    await expect(findBadge({ width: 10, height: 10, samples: new Uint8Array(99) }, TEXTS)).rejects.toThrow(TypeError);
  });
});
