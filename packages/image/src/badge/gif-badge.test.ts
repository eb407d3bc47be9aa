import { layoutBadge, resolveBadge } from '@aigc-label/badge';
import { ascii, concat, u16be } from '@aigc-label/core';
import { withFile } from '@aigc-label/test-fixtures';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { boxOf, difference, ffmpegFrames, noise, type Pixels, picture, withoutHidden } from '../../test/badge-pictures.ts';
import { parseGif } from './gif-file.ts';
import { drawBadge } from './image-badge.ts';
import { encodeLzw } from './lzw.ts';

const [WIDTH, HEIGHT] = [180, 140];
const { left, top, width, height } = layoutBadge(resolveBadge(), WIDTH, HEIGHT);

interface FramePlan {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly disposal: number;
  readonly delay: number;
  readonly seed: number;
  readonly transparent?: number;
}

/** A GIF of noise in 256 colours, each frame with a table of its own. */
const buildGif = (frames: readonly FramePlan[], version = 'GIF89a'): Uint8Array =>
  concat(
    ascii(version),
    Uint8Array.of(WIDTH, 0, HEIGHT, 0, 0, 0, 0),
    concat(Uint8Array.of(0x21, 0xff, 11), ascii('NETSCAPE2.0'), Uint8Array.of(3, 1, 5, 0, 0)),
    concat(Uint8Array.of(0x21, 0xfe, 5), ascii('hello'), Uint8Array.of(0)),
    ...frames.map((frame) =>
      concat(
        Uint8Array.of(0x21, 0xf9, 4, (frame.disposal << 2) | (frame.transparent === undefined ? 0 : 1), frame.delay, 0, frame.transparent ?? 0, 0),
        Uint8Array.of(0x2c, frame.left, 0, frame.top, 0, frame.width, 0, frame.height, 0, 0x87),
        noise(768, frame.seed),
        encodeLzw(noise(frame.width * frame.height, frame.seed + 9), 8),
      ),
    ),
    concat(Uint8Array.of(0x21, 0xff, 11), ascii('XMP DataXMP'), Uint8Array.of(4), ascii('<x/>'), Uint8Array.of(0)),
    Uint8Array.of(0x3b),
    ascii('after'),
  );

const whole = { left: 0, top: 0, width: WIDTH, height: HEIGHT };
const frames: readonly FramePlan[] = [
  { ...whole, disposal: 1, delay: 10, seed: 1 },
  { left: 20, top: 10, width: 60, height: 50, disposal: 3, delay: 0, seed: 2, transparent: 7 },
  { left: 100, top: 60, width: 80, height: 80, disposal: 1, delay: 33, seed: 3, transparent: 9 },
  { left: 0, top: 0, width: 30, height: 30, disposal: 0, delay: 2, seed: 4 },
];

const framesByFfmpeg = (bytes: Uint8Array): Promise<readonly Pixels[]> =>
  withFile('a.gif', bytes, async (path) => ffmpegFrames(path, WIDTH, HEIGHT).map(withoutHidden));
const framesBySharp = async (bytes: Uint8Array): Promise<readonly Pixels[]> => {
  const { data, info } = await sharp(bytes, { pages: -1 }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const size = info.width * (info.pageHeight ?? info.height) * 4;
  return Array.from({ length: data.length / size }, (_, at) => ({ width: WIDTH, height: HEIGHT, data: data.subarray(at * size, (at + 1) * size) }));
};

/** Every pixel inside the plate is set to one value, so that what is left must be equal. */
const outside = ({ data, ...size }: Pixels): Pixels => ({
  ...size,
  data: Array.from(data, (value, at) => {
    const [x, y] = [(at >> 2) % WIDTH, Math.floor((at >> 2) / WIDTH)];
    return x >= left && x < left + width && y >= top && y < top + height ? 0 : value;
  }),
});

const expectBadge = ({ data }: Pixels, name: string): void => {
  const inside = Array.from({ length: width * height }, (_, at) => data[((top + Math.floor(at / width)) * WIDTH + left + (at % width)) * 4 + 1]!);
  expect(inside.filter((value) => value > 200).length, name).toBeGreaterThan(35);
  expect(inside.filter((value) => value < 40).length, name).toBeGreaterThan(width * height * 0.5);
};

describe('GIF', () => {
  it.each([
    ['frames of four palettes of 256 colours, three disposals', frames],
    ['frames cleared in between', [{ ...frames[0]!, disposal: 2 }, { ...frames[1]!, disposal: 2 }, frames[3]!]],
  ])('%s: the badge is on every frame, and what can be kept exactly is', async (name, plan) => {
    const bytes = buildGif(plan);
    const badged = await drawBadge(bytes);
    // libvips fills what was cleared with a background colour; ffmpeg makes it transparent, as browsers do.
    const decoders = plan.some(({ disposal }) => disposal === 2) ? [framesByFfmpeg] : [framesBySharp, framesByFfmpeg];
    for (const decode of decoders) {
      const [before, after] = [await decode(bytes), await decode(badged)];
      expect(after).toHaveLength(plan.length);
      after.forEach((frame, index) => {
        expectBadge(frame, `${name} ${index}`);
        // The first frame has 256 colours already: the badge is drawn in those of them that are nearly black and nearly white.
        // A later one may have the colours of several palettes, and then the nearest are taken for some.
        const [old, now] = [outside(before[index]!), outside(frame)];
        const steps = Array.from(now.data, (value, at) => Math.abs(value - old.data[at]!));
        expect(steps.reduce((sum, step) => sum + step, 0) / steps.length, `${name} ${index}`).toBeLessThan(index === 0 ? Number.MIN_VALUE : 4);
      });
    }
  });

  it('with room in its palette keeps every pixel outside the plate', async () => {
    const poster = await picture('waves', WIDTH, HEIGHT).png({ palette: true, colours: 200 }).toBuffer();
    const bytes = await sharp(poster).gif({ dither: 0 }).toBuffer();
    const [before] = await framesBySharp(bytes);
    const [after] = await framesBySharp(await drawBadge(bytes));
    expect(difference(outside(before!), outside(after!))).toBeUndefined();
    expectBadge(after!, 'poster');
  });

  it('interlaced is read line by line where it belongs', async () => {
    const bytes = await picture('waves', WIDTH, HEIGHT).gif({ progressive: true, dither: 0, colours: 100 }).toBuffer();
    const image = parseGif(bytes).blocks.find(({ kind }) => kind === 'image')!;
    expect(bytes[image.start + 9]! & 0x40).toBe(0x40);
    const [[before], [after]] = await Promise.all([framesBySharp(bytes), framesBySharp(await drawBadge(bytes))]);
    expect(difference(outside(before!), outside(after!))).toBeUndefined();
  });

  it('keeps transparency', async () => {
    const rgba = new Uint8Array(WIDTH * HEIGHT * 4).map((_, at) => ((at >> 2) % WIDTH < 90 ? 0 : 255));
    const bytes = await sharp(rgba, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
      .gif()
      .toBuffer();
    const [after] = await framesBySharp(await drawBadge(bytes));
    expect(boxOf(WIDTH, HEIGHT, (x, y) => after!.data[(y * WIDTH + x) * 4 + 3] === 0)).toEqual({ left: 0, top: 0, right: 90, bottom: HEIGHT });
  });

  it('keeps delays, loop, comment, XMP and what follows the end byte for byte', async () => {
    const bytes = buildGif(frames, 'GIF87a');
    const badged = await drawBadge(bytes);
    const blocks = (file: Uint8Array, kind: string): readonly string[] =>
      parseGif(file)
        .blocks.filter((block) => block.kind === kind)
        .map(({ start, end }) => Buffer.from(file.subarray(start, end)).toString('latin1'));
    expect(blocks(badged, 'other')).toEqual(blocks(bytes, 'other'));
    expect(blocks(badged, 'control').map((control) => control.slice(4, 6))).toEqual(blocks(bytes, 'control').map((control) => control.slice(4, 6)));
    expect(Buffer.from(badged.subarray(-6)).toString('latin1')).toBe(';after');
    expect(Buffer.from(badged.subarray(0, 6)).toString('latin1')).toBe('GIF89a');
  });

  it('refuses blocks that do not end', async () => {
    const bytes = buildGif(frames);
    await expect(drawBadge(bytes.subarray(0, 900))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(drawBadge(concat(bytes.subarray(0, 13), u16be(0x7777), bytes.subarray(13)))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });
});

describe('encodeLzw', () => {
  it.each([1, 2, 100, 4_093, 70_000])('codes %i pixels so that ffmpeg reads them back', async (length) => {
    const [w, h] = length < 256 ? [length, 1] : [250, Math.ceil(length / 250)];
    for (const bits of [2, 4, 8]) {
      for (const pattern of [(_: number) => 1, (at: number) => (noise(1, at)[0] ?? 0) % (1 << bits), (at: number) => (at >> 3) % (1 << bits)]) {
        const indices = Uint8Array.from({ length: w * h }, (_, at) => pattern(at));
        const table = Uint8Array.from({ length: 3 << bits }, (_, at) => Math.floor(at / 3));
        const size = [w & 255, w >> 8, h & 255, h >> 8];
        const gif = concat(
          ascii('GIF89a'),
          Uint8Array.of(...size, 0x80 | (bits - 1), 0, 0),
          table,
          Uint8Array.of(0x2c, 0, 0, 0, 0, ...size, 0),
          encodeLzw(indices, bits),
          Uint8Array.of(0x3b),
        );
        const [decoded] = await withFile('a.gif', gif, async (path) => ffmpegFrames(path, w, h));
        expect(Buffer.from(decoded!.data.filter((_, at) => at % 4 === 0)).equals(Buffer.from(indices))).toBe(true);
      }
    }
  });
});
