import { describe, expect, it } from 'vitest';
import { webpCanvas, webpExtendedHeader } from './webp-canvas.ts';

const lossless = (width: number, height: number, alpha: 0 | 1, version = 0): Uint8Array => {
  const bytes = new Uint8Array(5);
  bytes[0] = 0x2f;
  new DataView(bytes.buffer).setUint32(1, ((width - 1) | ((height - 1) << 14) | (alpha << 28) | (version << 29)) >>> 0, true);
  return bytes;
};

const lossy = (width: number, height: number): Uint8Array =>
  Uint8Array.of(0x10, 0, 0, 0x9d, 0x01, 0x2a, width & 255, width >> 8, height & 255, height >> 8);

describe('WebP canvas', () => {
  it('reads both bitstreams up to their largest pictures', () => {
    for (const [width, height] of [
      [1, 1],
      [257, 3],
      [16_383, 16_383],
    ] as const) {
      expect(webpCanvas('VP8 ', lossy(width, height))).toEqual({ width, height, hasAlpha: false });
      expect(webpCanvas('VP8L', lossless(width, height, 1))).toEqual({ width, height, hasAlpha: true });
      expect(webpCanvas('VP8L', lossless(width, height, 0))).toEqual({ width, height, hasAlpha: false });
    }
    // The upper two bits are a scale for the screen, not size.
    expect(webpCanvas('VP8 ', lossy(0x4000 | 20, 0x8000 | 30))).toEqual({ width: 20, height: 30, hasAlpha: false });
    expect(webpCanvas('VP8L', lossless(16_384, 16_384, 0))).toEqual({ width: 16_384, height: 16_384, hasAlpha: false });
  });

  it('takes nothing else for a bitstream', () => {
    const interFrame = lossy(10, 10);
    interFrame[0] = 0x11;
    const noStart = lossy(10, 10);
    noStart[4] = 0;
    expect([interFrame, noStart, lossy(0, 10), lossy(10, 10).subarray(0, 9)].map((bytes) => webpCanvas('VP8 ', bytes))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([lossless(10, 10, 0, 1), lossy(10, 10), new Uint8Array(4)].map((bytes) => webpCanvas('VP8L', bytes))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(webpCanvas('ALPH', lossless(10, 10, 0))).toBeUndefined();
  });

  it('writes size minus one in three bytes each', () => {
    expect([...webpExtendedHeader({ width: 16_384, height: 258, hasAlpha: true }, 4)]).toEqual([0x14, 0, 0, 0, 0xff, 0x3f, 0, 1, 1, 0]);
  });
});
