import { describe, expect, it } from 'vitest';
import { loudnessOfPcm, matchedGain, truePeak } from './loudness/index.ts';
import { noticePcm, PAUSE_SECONDS } from './notice-pcm.ts';
import { pcmLength, scaledPcm } from './pcm.ts';
import { resample } from './resample.ts';
import { readShippedClip, SHIPPED_CLIPS } from './shipped-clips.ts';
import { resolveSoundNotice } from './sound-notice-options.ts';

describe('the notice as samples', () => {
  it('is spoken at the speed of the standard, at −23 LUFS, below −1 dBTP', async () => {
    const zh = await readShippedClip('zh');
    const perMinute = (SHIPPED_CLIPS.zh.characters * 60) / (pcmLength(zh) / zh.sampleRate);
    expect(perMinute).toBeGreaterThan(120);
    expect(perMinute).toBeLessThan(160);
    for (const clip of [zh, await readShippedClip('en')]) {
      expect(loudnessOfPcm(clip)).toBeCloseTo(-23, 1);
      expect(truePeak(clip)).toBeLessThan(-10);
    }
  });

  it('says one language, the other, or both, at any rate and for any number of channels, between digital silence', async () => {
    for (const [sampleRate, channels] of [
      [8_000, 1],
      [44_100, 2],
      [96_000, 6],
    ] as const) {
      const [zh, en, both] = await Promise.all(
        (['zh', 'en', 'zh-en'] as const).map((language) => noticePcm(resolveSoundNotice({ language }), { sampleRate, channels })),
      );
      expect(zh?.channels).toHaveLength(channels);
      const pause = Math.floor(PAUSE_SECONDS.speech * sampleRate);
      for (const pcm of [zh, en, both]) {
        const first = pcm?.channels[0] as Float32Array;
        expect(first.subarray(0, pause).every((sample) => sample === 0)).toBe(true);
        expect(first.subarray(-pause).every((sample) => sample === 0)).toBe(true);
        expect(pcm?.channels.slice(2).every((channel) => channel.every((sample) => sample === 0))).toBe(true);
      }
      const seconds = [zh, en, both].map((pcm) => (pcm?.channels[0]?.length ?? 0) / sampleRate);
      expect(seconds[2]).toBeCloseTo((seconds[0] as number) + (seconds[1] as number) - 2 * PAUSE_SECONDS.speech + 0.4, 2);
    }
  });

  it('sounds short long, short short, in the ratio of one to three', async () => {
    const { channels } = await noticePcm(resolveSoundNotice({ kind: 'rhythm' }), { sampleRate: 48_000, channels: 1 });
    const loud = Array.from({ length: Math.floor((channels[0]?.length ?? 0) / 480) }, (_, frame) =>
      (channels[0] as Float32Array).subarray(frame * 480, frame * 480 + 480).some((sample) => Math.abs(sample) > 0.2),
    );
    const runs = loud.map((one) => (one ? '#' : '.')).join('');
    expect(runs).toMatch(/^\.{60}#{12}\.{12}#{36}\.{36}#{12}\.{12}#{12}\.{60}$/);
  });

  it('keeps a tone and its time when the rate changes, and lets nothing through that the new rate cannot hold', () => {
    const tone = (hertz: number, rate: number): Float32Array =>
      Float32Array.from({ length: rate / 5 }, (_, index) => 0.5 * Math.sin((2 * Math.PI * hertz * index) / rate));
    for (const [from, to] of [
      [22_050, 48_000],
      [48_000, 16_000],
      [44_100, 8_000],
    ] as const) {
      const [made, wanted] = [resample(tone(1_000, from), from, to), tone(1_000, to)];
      const middle = made.subarray(1_000, -600).map((sample, index) => sample - (wanted[index + 1_000] as number));
      expect(Math.max(...middle.map(Math.abs))).toBeLessThan(1e-4);
    }
    expect(Math.max(...resample(tone(6_000, 44_100), 44_100, 8_000).subarray(400, -400).map(Math.abs))).toBeLessThan(1e-4);
  });

  it('is as loud as the programme, within reason, and never clips', async () => {
    const pcm = await noticePcm(resolveSoundNotice(), { sampleRate: 16_000, channels: 1 });
    for (const [programme, notice] of [
      [-23, -23],
      [-16, -16],
      [-50, -36],
      [-5, -14],
      [Number.NEGATIVE_INFINITY, -23],
    ] as const) {
      const { factor, loudness } = matchedGain(programme, pcm);
      const made = scaledPcm(pcm, factor);
      expect(loudnessOfPcm(made)).toBeCloseTo(loudness, 3);
      expect(truePeak(made)).toBeLessThanOrEqual(-0.999);
      expect(loudness).toBeCloseTo(notice, 1);
    }
  });
});

describe('options of the notice that is heard', () => {
  it('refuses what the standard forbids', () => {
    const wrong: readonly unknown[] = [
      { kind: 'song' },
      { language: 'fr' },
      { positions: [] },
      { positions: ['before'] },
      { text: 'AI生成' },
      { kind: 'rhythm', text: 'AI生成' },
      { clip: new Uint8Array(100), text: 'AI生成' },
      { clip: 'file.wav', text: 'AI生成' },
    ];
    for (const options of wrong) {
      expect(() => resolveSoundNotice(options as never), JSON.stringify(options)).toThrow(TypeError);
    }
    expect(resolveSoundNotice({ positions: ['end', 'start', 'end'] }).positions).toEqual(['start', 'end']);
  });
});
