// Signals of EBU Tech 3341 (minimum requirements for loudness meters) and of ITU-R BS.1770-5; scripts/measure-loudness.mjs compares with ffmpeg's meter.
import { describe, expect, it } from 'vitest';
import { channelWeights } from './channel-weights.ts';
import { loudnessMeter, loudnessOfPcm } from './loudness-meter.ts';
import { truePeak } from './true-peak.ts';

const RATE = 8_000;
const decibels = (level: number): number => 10 ** (level / 20);

/** Levels of a tone one behind the other, each for some seconds. */
const tones = (hertz: number, rate: number, steps: readonly (readonly [level: number, seconds: number])[]): Float32Array =>
  Float32Array.from(
    steps.flatMap(([level, seconds]) =>
      Array.from({ length: seconds * rate }, (_, index) => decibels(level) * Math.sin((2 * Math.PI * hertz * index) / rate)),
    ),
  );

const stereo = (samples: Float32Array, sampleRate: number): number => loudnessOfPcm({ sampleRate, channels: [samples, samples] });

describe('loudness', () => {
  it('is that of the test signals of EBU Tech 3341, at any rate', () => {
    for (const rate of [8_000, 22_050, 44_100, 48_000, 96_000]) {
      expect(stereo(tones(1_000, rate, [[-23, 2]]), rate), String(rate)).toBeCloseTo(-23, 1);
    }
    expect(stereo(tones(1_000, RATE, [[-33, 2]]), RATE)).toBeCloseTo(-33, 1);
  });

  it('leaves out what the gates leave out', () => {
    const [quiet, usual, silent] = [[-36, 10] as const, [-23, 60] as const, [-72, 10] as const];
    expect(stereo(tones(1_000, RATE, [quiet, usual, quiet]), RATE)).toBeCloseTo(-23, 1);
    expect(stereo(tones(1_000, RATE, [silent, quiet, usual, quiet, silent]), RATE)).toBeCloseTo(-23, 1);
    const mixed = tones(1_000, RATE, [
      [-26, 20],
      [-20, 20.1],
      [-26, 20],
    ]);
    expect(stereo(mixed, RATE)).toBeCloseTo(-23, 1);
    expect(stereo(new Float32Array(RATE), RATE)).toBe(Number.NEGATIVE_INFINITY);
  });

  it('weighs channels by where they come from', () => {
    expect(channelWeights(1)).toEqual([1]);
    expect(channelWeights(6)).toEqual([1, 1, 1, 0, 1.41, 1.41]);
    expect(channelWeights(6, 0x60f)).toEqual([1, 1, 1, 0, 1.41, 1.41]);
    expect(channelWeights(2, 0x600)).toEqual([1.41, 1.41]);
    // EBU Tech 3341 case 6.
    const at = (level: number): Float32Array => tones(1_000, RATE, [[level, 5]]);
    const channels = [at(-28), at(-28), at(-24), at(0), at(-30), at(-30)];
    expect(loudnessOfPcm({ sampleRate: RATE, channels })).toBeCloseTo(-23, 1);
  });

  it('is the same however the samples come, and measures what is shorter than a block', () => {
    const samples = tones(440, RATE, [
      [-20, 1],
      [-30, 1.23],
    ]);
    const meter = loudnessMeter({ sampleRate: RATE, channels: 1 });
    for (let at = 0; at < samples.length; at += 997) {
      meter.add([samples.subarray(at, at + 997)]);
    }
    expect(meter.integrated()).toBeCloseTo(loudnessOfPcm({ sampleRate: RATE, channels: [samples] }), 9);
    expect(loudnessOfPcm({ sampleRate: RATE, channels: [tones(1_000, RATE, [[-20, 0.2]])] })).toBeCloseTo(-23, 0);
  });

  it('sees peaks between the samples', () => {
    // EBU Tech 3341 case 16: a quarter of the rate, 45° off: the samples are 3 dB below the peak.
    const samples = Float32Array.from(
      { length: 4_800 },
      (_, index) => 0.5 * Math.sin((Math.PI * index) / 2 + Math.PI / 4) * Math.min(1, index / 500, (4_800 - index) / 500),
    );
    expect(truePeak({ sampleRate: 48_000, channels: [samples] })).toBeCloseTo(-6, 1);
    expect(truePeak({ sampleRate: 48_000, channels: [new Float32Array(100)] })).toBe(Number.NEGATIVE_INFINITY);
  });
});
