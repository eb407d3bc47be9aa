import { layoutBadge, resolveBadge } from '@aigc-label/badge';
import { equalBytes, viewOf } from '@aigc-label/core';
import { withFile } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { difference, ffmpegFrames, pixels, pngPixels } from '../../test/badge-pictures.ts';
import { type ApngFramePlan, buildApng } from '../../test/png-builder.ts';
import { drawBadge } from './image-badge.ts';
import { parsePng } from './png-file.ts';

const [WIDTH, HEIGHT] = [200, 150];
const { left, top, width, height } = layoutBadge(resolveBadge(), WIDTH, HEIGHT);
const plate = { left, top, right: left + width, bottom: top + height };

const tile = (w: number, h: number, colour: readonly [number, number, number, number]): Uint8Array =>
  Uint8Array.from({ length: w * h * 4 }, (_, at) => colour[(at % 4) as 0 | 1 | 2 | 3]);
const frame = (plan: Partial<ApngFramePlan>): ApngFramePlan => {
  const whole = { left: 0, top: 0, width: WIDTH, height: HEIGHT, delay: [1, 10] as const, dispose: 0 as const, blend: 0 as const, ...plan };
  return { ...whole, rgba: plan.rgba ?? tile(whole.width, whole.height, [200, 30, 30, 255]) };
};

// Partial frames, both blend operations, all three disposals, half transparency, a frame over the badge, a frame equal to the one before.
const frames: readonly ApngFramePlan[] = [
  frame({ rgba: pixels('waves', WIDTH, HEIGHT), delay: [1, 10] }),
  frame({ left: 20, top: 30, width: 50, height: 40, delay: [3, 100], dispose: 2, blend: 1, rgba: tile(50, 40, [0, 255, 0, 128]) }),
  frame({ left: 100, top: 90, width: 100, height: 60, delay: [7, 50], dispose: 1, rgba: tile(100, 60, [0, 0, 255, 255]) }),
  frame({ left: 5, top: 5, width: 10, height: 10, delay: [1, 1], blend: 1, rgba: tile(10, 10, [1, 2, 3, 0]) }),
  frame({ left: 150, top: 0, width: 50, height: 150, delay: [2, 25], blend: 1, rgba: tile(50, 150, [255, 255, 255, 90]) }),
];

const controls = (bytes: Uint8Array): readonly string[] =>
  parsePng(bytes)
    .parts.filter(({ type }) => type === 'fcTL')
    .map(({ data }) => `${viewOf(data).getUint16(20)}/${viewOf(data).getUint16(22)}`);

describe('APNG', () => {
  it('has the badge on every frame, and nothing else changed, as ffmpeg sees it', async () => {
    const bytes = buildApng(WIDTH, HEIGHT, frames, 4);
    const badged = await drawBadge(bytes);
    const [before, after] = await Promise.all(
      [bytes, badged].map((file) => withFile('a.apng', file, async (path) => ffmpegFrames(path, WIDTH, HEIGHT))),
    );
    expect(before).toHaveLength(frames.length);
    expect(after).toHaveLength(frames.length);
    after!.forEach((seen, index) => {
      expect(difference(before![index]!, seen), `frame ${index}`).toEqual(plate);
      // The ink is there on every frame, as bright as thin strokes can be.
      const ink = Array.from({ length: seen.data.length / 4 }, (_, at) => seen.data.slice(at * 4, at * 4 + 4)).filter((pixel) =>
        pixel.every((value) => value >= 200),
      );
      expect(ink.length, `frame ${index}`).toBeGreaterThan(60);
    });
  });

  it('keeps frame count, delays, plays, foreign chunks and numbers its sequence', async () => {
    const bytes = buildApng(WIDTH, HEIGHT, frames, 4);
    const badged = await drawBadge(bytes);
    expect(controls(badged)).toEqual(controls(bytes));
    const part = (file: Uint8Array, type: string): Uint8Array | undefined => parsePng(file).parts.find((candidate) => candidate.type === type)?.whole;
    expect(equalBytes(part(badged, 'acTL')!, part(bytes, 'acTL')!)).toBe(true);
    expect(equalBytes(part(badged, 'tEXt')!, part(bytes, 'tEXt')!)).toBe(true);
    const sequence = parsePng(badged)
      .parts.filter(({ type }) => type === 'fcTL' || type === 'fdAT')
      .map(({ data }) => viewOf(data).getUint32(0));
    expect(sequence).toEqual(sequence.map((_, index) => index));
  });

  it('badges a default image that is not part of the animation', async () => {
    const bytes = buildApng(WIDTH, HEIGHT, frames, 0, pixels('noise', WIDTH, HEIGHT));
    const badged = await drawBadge(bytes);
    expect(difference(pngPixels(bytes), pngPixels(badged))).toEqual(plate);
    expect(controls(badged)).toEqual(controls(bytes));
  });

  it('refuses frames that leave the canvas, are missing, or are cut short', async () => {
    const outside = buildApng(WIDTH, HEIGHT, [frames[0]!, frame({ left: 190, top: 0, width: 50, height: 10 })], 0);
    await expect(drawBadge(outside)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    const bytes = buildApng(WIDTH, HEIGHT, frames, 0);
    const miscounted = bytes.slice();
    miscounted[8 + 25 + 8 + 3]! += 1;
    await expect(drawBadge(miscounted)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    const short = buildApng(WIDTH, HEIGHT, [frames[0]!, { ...frame({ width: 50, height: 50 }), rgba: tile(50, 20, [1, 1, 1, 255]) }], 0);
    // pngjs alone would fill the missing lines with old memory, most of the time without an error.
    await expect(drawBadge(short)).rejects.toMatchObject({ code: 'FILE_DAMAGED', message: expect.stringContaining('too few pixels') as string });
  });
});
