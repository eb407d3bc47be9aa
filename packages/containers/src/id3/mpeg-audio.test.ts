import { describe, expect, it } from 'vitest';
import { hasTwoMpegAudioFrames, parseMpegAudioHeader } from './mpeg-audio.ts';

const header = (...bytes: readonly number[]): ReturnType<typeof parseMpegAudioHeader> => parseMpegAudioHeader(Uint8Array.from(bytes), 0);

describe('MPEG audio headers', () => {
  it('gives the length of a frame', () => {
    expect(header(0xff, 0xfb, 0x90, 0x64)).toEqual({ layer: 3, frameBytes: 417, kilobits: 128, sampleRate: 44_100, version: 3 });
    expect(header(0xff, 0xfb, 0x92, 0x64)?.frameBytes).toBe(418);
    // ISO/IEC 13818-3: half the samples, so half the factor.
    expect(header(0xff, 0xf3, 0x84, 0x64)).toEqual({ layer: 3, frameBytes: 192, kilobits: 64, sampleRate: 24_000, version: 2 });
    expect(header(0xff, 0xe3, 0x28, 0x64)).toEqual({ layer: 3, frameBytes: 144, kilobits: 16, sampleRate: 8_000, version: 0 });
    expect(header(0xff, 0xfd, 0xa4, 0x00)).toEqual({ layer: 2, frameBytes: 576, kilobits: 192, sampleRate: 48_000, version: 3 });
    expect(header(0xff, 0xff, 0xe8, 0x00)).toEqual({ layer: 1, frameBytes: 672, kilobits: 448, sampleRate: 32_000, version: 3 });
    expect(header(0xff, 0xfb, 0x00, 0x64)?.frameBytes).toBeUndefined();
  });

  it('takes nothing reserved for a header', () => {
    const reserved = [
      [0xff, 0xf1, 0x90, 0x64],
      [0xff, 0xeb, 0x90, 0x64],
      [0xff, 0xfb, 0xf0, 0x64],
      [0xff, 0xfb, 0x9c, 0x64],
      [0xff, 0xfb, 0x90, 0x66],
      [0xff, 0xdb, 0x90, 0x64],
      [0xfe, 0xfb, 0x90, 0x64],
      [0xff, 0xfb, 0x90],
    ];
    expect(reserved.map((bytes) => header(...bytes))).toEqual(reserved.map(() => undefined));
  });

  it('wants the second frame to be of the same stream', () => {
    const stream = new Uint8Array(1000);
    stream.set([0xff, 0xfb, 0x90, 0x64]);
    expect(hasTwoMpegAudioFrames(stream, 0)).toBe(false);
    stream.set([0xff, 0xfb, 0x90, 0x64], 417);
    expect(hasTwoMpegAudioFrames(stream, 0)).toBe(true);
    stream.set([0xff, 0xfb, 0x94, 0x64], 417);
    expect(hasTwoMpegAudioFrames(stream, 0)).toBe(false);
  });
});
