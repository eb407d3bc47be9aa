import { describe, expect, it } from 'vitest';
import { bytesOf, le32 } from '../../test/mp3-files.ts';
import { chunk, riff } from '../../test/wav-files.ts';
import { noticePcm, PAUSE_SECONDS } from './notice-pcm.ts';
import { resolveSoundNotice } from './sound-notice-options.ts';
import { encodeFrames, frameBytes, type SampleCoding } from './uncompressed/sample-coding.ts';
import { parseWaveClip } from './wave-clip.ts';

const RATE = 8_000;
const le16 = (value: number): readonly number[] => [value & 255, value >> 8];

const clip = (
  kind: SampleCoding['kind'],
  bytes: SampleCoding['bytes'],
  planes: readonly Float32Array[],
  { tag = kind === 'float' ? 3 : 1, rate = RATE } = {},
): Uint8Array => {
  const coding = { kind, bytes, bits: 8 * bytes, isBigEndian: false, channels: planes.length, sampleRate: rate, channelMask: 0 };
  const block = frameBytes(coding);
  const format = bytesOf(le16(tag), le16(planes.length), le32(rate), le32(rate * block), le16(block), le16(8 * bytes));
  const whole = tag === 0xfffe ? bytesOf(format, le16(22), le16(8 * bytes), le32(0), le16(kind === 'float' ? 3 : 1), new Uint8Array(14)) : format;
  return riff([chunk('LIST', bytesOf('INFO')), chunk('fmt ', whole), chunk('data', encodeFrames(planes, coding))]);
};

const [left, right] = [0.01, 0.02].map((step) => Float32Array.from({ length: RATE }, (_, index) => 0.4 * Math.sin(index * step)));
const sides = [left as Float32Array, right as Float32Array];

describe('a clip of the caller’s own', () => {
  for (const [kind, bytes, tag] of [
    ['unsigned', 1, 1],
    ['signed', 2, 1],
    ['signed', 3, 1],
    ['signed', 3, 0xfffe],
    ['signed', 4, 1],
    ['float', 4, 3],
    ['float', 4, 0xfffe],
  ] as const) {
    it(`may have ${kind} samples of ${bytes} bytes${tag === 0xfffe ? ' in an extensible WAV' : ''}`, () => {
      const { sampleRate, channels } = parseWaveClip(clip(kind, bytes, sides, { tag }));
      expect([sampleRate, channels.length]).toEqual([RATE, 2]);
      for (const [index, side] of sides.entries()) {
        expect(Math.max(...(channels[index] as Float32Array).map((sample, at) => Math.abs(sample - (side[at] as number))))).toBeLessThan(
          2 ** (1 - 8 * Math.min(3, bytes)),
        );
      }
    });
  }

  it('keeps its sides in stereo, and is mixed for one channel', async () => {
    const notice = resolveSoundNotice({ clip: clip('float', 4, sides), text: '内容由AI生成' });
    const pause = PAUSE_SECONDS.speech * RATE;
    const heard = async (channels: number): Promise<readonly Float32Array[]> =>
      (await noticePcm(notice, { sampleRate: RATE, channels })).channels.map((channel) => channel.subarray(pause, -pause));
    expect(await heard(2)).toEqual(sides);
    expect((await heard(1))[0]).toEqual((left as Float32Array).map((sample, index) => (sample + (right?.[index] as number)) / 2));
    expect((await heard(6)).slice(0, 2)).toEqual(sides);
  });

  it('is refused where it is none', () => {
    const wrong: Readonly<Record<string, Uint8Array>> = {
      empty: new Uint8Array(),
      'no WAV': new Uint8Array(100).fill(65),
      'cut off': clip('signed', 2, sides).subarray(0, 40),
      'no format': riff([chunk('data', new Uint8Array(100))]),
      silent: clip('signed', 2, [new Float32Array(RATE)]),
      'three channels': clip('signed', 2, [...sides, ...sides]),
      ADPCM: clip('signed', 2, sides, { tag: 2 }),
      'a slow rate': clip('signed', 2, sides, { rate: 4_000 }),
      'too long': clip('unsigned', 1, [new Float32Array(31 * RATE).fill(0.5)]),
      'no samples': clip('signed', 2, [new Float32Array()]),
    };
    for (const [name, bytes] of Object.entries(wrong)) {
      expect(() => parseWaveClip(bytes), name).toThrow(TypeError);
    }
  });
});
