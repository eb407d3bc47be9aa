import { describe, expect, it } from 'vitest';
import { AAC_CHANNELS, adtsFrameLike, parseAdtsFrame, silentAacBlock } from './index.ts';

describe('ADTS', () => {
  it('a frame like another says what the other says, and its own length', () => {
    const like = Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0x1f, 0xff, 0xfc);
    for (const length of [1, 100, 8000]) {
      const frame = adtsFrameLike(like, new Uint8Array(length));
      expect(parseAdtsFrame(frame, 0)).toEqual({
        objectType: 2,
        rateIndex: 4,
        sampleRate: 44_100,
        channelConfiguration: 2,
        headerBytes: 7,
        frameBytes: length + 7,
        samples: 1024,
      });
    }
  });

  it('reads only headers that stand', () => {
    expect(parseAdtsFrame(Uint8Array.of(0xff, 0xf1, 0x7c, 0x80, 0x1f, 0xff, 0xfc), 0)).toBeUndefined();
    expect(parseAdtsFrame(Uint8Array.of(0xff, 0xf1, 0x50, 0x80, 0, 0x1f, 0xfc), 0)).toBeUndefined();
    expect(parseAdtsFrame(Uint8Array.of(0xff, 0xfb, 0x90, 0, 0, 0, 0), 0)).toBeUndefined();
    expect(parseAdtsFrame(Uint8Array.of(0xff, 0xf1), 0)).toBeUndefined();
  });

  it('a block of silence for every configuration of the table', () => {
    expect(AAC_CHANNELS.map((_, configuration) => silentAacBlock(configuration)?.length)).toEqual([undefined, 4, 6, 10, 13, 15, 19, 24]);
    // A pair with a common window, as ISO/IEC 14496-3 table 4.5 has it: id 1, tag 0, common window, then zeros to the end element.
    expect(silentAacBlock(2)).toEqual(Uint8Array.of(0x21, 0, 0, 0, 0, 0x1c));
    expect(silentAacBlock(8)).toBeUndefined();
  });
});
