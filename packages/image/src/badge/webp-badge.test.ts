import { layoutBadge, resolveBadge } from '@aigc-label/badge';
import { type RiffChunk, readRiff } from '@aigc-label/containers';
import { ascii, bytesSource, concat, u32le, viewOf } from '@aigc-label/core';
import sharp, { type WebpOptions } from 'sharp';
import { describe, expect, it } from 'vitest';
import { difference, noise, type Pixels, picture, pixels, rawPixels } from '../../test/badge-pictures.ts';
import { drawBadge } from './image-badge.ts';

const [WIDTH, HEIGHT] = [301, 200];
const { left, top, width, height } = layoutBadge(resolveBadge(), WIDTH, HEIGHT);
const plate = { left, top, right: left + width, bottom: top + height };

const chunksOf = async (bytes: Uint8Array): Promise<readonly RiffChunk[]> => (await readRiff(bytesSource(bytes))).chunks;
const idsOf = async (bytes: Uint8Array): Promise<string> => (await chunksOf(bytes)).map(({ id }) => id).join(' ');

const withHoles = (): Uint8Array => pixels('waves', WIDTH, HEIGHT).map((value, at) => (at % 4 === 3 && at % 700 < 300 ? (at >> 4) & 255 : value));
const translucent = (options: WebpOptions): Promise<Buffer> =>
  sharp(withHoles(), { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
    .webp({ ...options, exact: true })
    .toBuffer();

/** Frames stacked as RGBA: a square that moves, a hole at odd coordinates (WebP places frames at even ones), and one frame equal to that before. */
const FRAMES = 4;
const stacked = (): Uint8Array => {
  const all = new Uint8Array(WIDTH * HEIGHT * 4 * FRAMES);
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const step = frame === 3 ? 2 : frame;
    const canvas = pixels('waves', WIDTH, HEIGHT);
    for (let y = 0; y < 50; y += 1) {
      for (let x = 0; x < 60; x += 1) {
        canvas.set([255, 20 * step, 0, 255], ((y + 60) * WIDTH + x + 30 * step) * 4);
        canvas.set([0, 0, 0, step === 1 ? 0 : 255], ((y + 1) * WIDTH + x + 1) * 4);
      }
    }
    all.set(canvas, frame * canvas.length);
  }
  return all;
};
const animation = (options: WebpOptions): Promise<Buffer> =>
  sharp(stacked(), { raw: { width: WIDTH, height: HEIGHT * FRAMES, channels: 4, pageHeight: HEIGHT } })
    .webp({ loop: 3, delay: [100, 250, 70, 40], ...options })
    .toBuffer();

const frameOf = async (bytes: Uint8Array, page: number): Promise<Pixels> => {
  const { data, info } = await sharp(bytes, { page }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  // What is transparent has no colour that anybody sees.
  return { width: info.width, height: info.height, data: data.map((value, at) => (data[at - (at % 4) + 3] === 0 ? 0 : value)) };
};

describe('WebP', () => {
  it.each([
    ['opaque', () => picture('waves', WIDTH, HEIGHT).webp({ lossless: true }).toBuffer()],
    ['noise', () => picture('noise', WIDTH, HEIGHT).webp({ lossless: true }).toBuffer()],
    ['translucent', () => translucent({ lossless: true })],
  ])('lossless, %s: stays lossless, and pixels outside the plate keep every bit', async (_, make) => {
    const bytes = await make();
    const badged = await drawBadge(bytes);
    expect(await idsOf(badged)).toContain('VP8L');
    expect(difference(await rawPixels(bytes), await rawPixels(badged))).toEqual(plate);
  });

  it('lossy: stays lossy with its alpha exact, and the picture is hardly different', async () => {
    for (const [bytes, ids] of [
      [await picture('waves', WIDTH, HEIGHT).webp({ quality: 80 }).toBuffer(), 'VP8 '],
      [await translucent({ quality: 80 }), 'VP8X ALPH VP8 '],
    ] as const) {
      const badged = await drawBadge(bytes);
      expect(await idsOf(badged)).toBe(ids);
      const [before, after] = await Promise.all([rawPixels(bytes), rawPixels(badged)]);
      const channels = before.data.length / WIDTH / HEIGHT;
      let [sum, count] = [0, 0];
      for (let at = 0; at < WIDTH * top * channels; at += 1) {
        const step = Math.abs(before.data[at]! - after.data[at]!);
        if (channels === 4 && at % 4 === 3) {
          expect(step).toBe(0);
        } else if (channels === 3 || before.data[at - (at % 4) + 3]! > 0) {
          sum += step;
          count += 1;
        }
      }
      expect(sum / count).toBeLessThan(3);
    }
  });

  it('keeps profile, Exif, XMP and unknown chunks byte for byte and in order, and junk after the end', async () => {
    const base = await picture('waves', WIDTH, HEIGHT)
      .webp({ lossless: true })
      .withIccProfile('p3')
      .withExif({ IFD0: { Artist: 'x' } })
      .toBuffer();
    const extra = [concat(ascii('XMP '), u32le(300), noise(300)), concat(ascii('AIGC'), u32le(7), noise(7), Uint8Array.of(0))];
    const body = concat(base.subarray(8), ...extra);
    const bytes = concat(ascii('RIFF'), u32le(body.length), body, ascii('junk!'));
    bytes[20]! |= 4;
    const badged = await drawBadge(bytes);
    const foreign = async (file: Uint8Array): Promise<readonly string[]> =>
      (await chunksOf(file)).filter(({ id }) => id !== 'VP8L').map(({ start, end }) => Buffer.from(file.subarray(start, end)).toString('latin1'));
    expect(await foreign(badged)).toEqual(await foreign(bytes));
    expect(await idsOf(badged)).toBe('VP8X ICCP VP8L EXIF XMP  AIGC');
    expect(viewOf(badged).getUint32(4, true)).toBe(badged.length - 8 - 5);
    expect(difference(await rawPixels(bytes), await rawPixels(badged))).toEqual(plate);
  });

  it.each([true, false])('animated (lossless: %s): badge on every frame, count, durations, loop and look kept', async (lossless) => {
    const bytes = await animation({ lossless, quality: 90 });
    const badged = await drawBadge(bytes);
    const [before, after] = await Promise.all([bytes, badged].map((file) => sharp(file).metadata()));
    expect([after!.pages, after!.delay, after!.loop]).toEqual([before!.pages, before!.delay, before!.loop]);
    expect(before!.pages).toBeGreaterThan(2);
    for (let page = 0; page < before!.pages!; page += 1) {
      const [old, now] = await Promise.all([frameOf(bytes, page), frameOf(badged, page)]);
      if (lossless) {
        expect(difference(old, now), `frame ${page}`).toEqual(plate);
      }
      const ink = Array.from(
        { length: width * height },
        (_, at) => now.data[((top + Math.floor(at / width)) * WIDTH + left + (at % width)) * 4 + 1]!,
      );
      expect(ink.filter((value) => value > 200).length, `frame ${page}`).toBeGreaterThan(60);
      expect(ink.filter((value) => value < 90).length, `frame ${page}`).toBeGreaterThan(300);
    }
  });

  it('animated: frames keep their number even where two are equal', async () => {
    const still = await picture('waves', WIDTH, HEIGHT).webp({ lossless: true }).toBuffer();
    const [pixelChunk] = await chunksOf(still);
    const data = still.subarray(pixelChunk!.start, pixelChunk!.end);
    const header = new Uint8Array(16);
    viewOf(header).setUint16(6, WIDTH - 1, true);
    viewOf(header).setUint16(9, HEIGHT - 1, true);
    header[12] = 50;
    const frame = concat(ascii('ANMF'), u32le(16 + data.length), header, data);
    const extended = new Uint8Array(10);
    extended[0] = 2;
    viewOf(extended).setUint16(4, WIDTH - 1, true);
    viewOf(extended).setUint16(7, HEIGHT - 1, true);
    const body = concat(ascii('WEBPVP8X'), u32le(10), extended, ascii('ANIM'), u32le(6), new Uint8Array(6), frame, frame, frame);
    const badged = await drawBadge(concat(ascii('RIFF'), u32le(body.length), body));
    expect(await sharp(badged).metadata()).toMatchObject({ pages: 3, delay: [50, 50, 50], loop: 0 });
  });
});
