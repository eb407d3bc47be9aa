import { ffmpeg } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import type { ProbedPictures, ProbedStream } from '../ffmpeg/probe-media.ts';
import { encodersOf } from './picture-encoder.ts';

const pictures = (more: Partial<ProbedPictures>): ProbedPictures => ({
  width: 64,
  height: 64,
  pixelFormat: 'yuv420p',
  range: undefined,
  matrix: undefined,
  primaries: undefined,
  transfer: undefined,
  fieldOrder: undefined,
  pixelAspect: 1,
  rotation: 0,
  ...more,
});
const stream = (codec: string, profile?: string): ProbedStream => ({ index: 0, kind: 'Video', codec, profile, isCover: false, pictures: undefined });

describe('encodersOf', () => {
  it('keeps codec and profile, and writes no B-pictures', () => {
    const [options = []] = encodersOf(stream('h264', 'Constrained Baseline'), pictures({}), { parameterSetId: 31 });
    expect(options.join(' ')).toMatch(/^-c:v libx264 .*-bf 0 .*sps-id=31 .*-profile:v baseline/);
    expect(encodersOf(stream('av1'), pictures({})).map(([, encoder]) => encoder)).toEqual(['libsvtav1', 'libaom-av1']);
    expect(encodersOf(stream('h264'), pictures({ pixelFormat: 'gbrp' }))[0]?.[1]).toBe('libx264rgb');
  });

  it('says of the colours what the source says, in names that ffmpeg reads', async () => {
    const names = pictures({ range: 'tv', matrix: 'gbr', primaries: 'bt470bg', transfer: 'bt470bg' });
    const options = encodersOf(stream('mpeg4'), names)[0] ?? [];
    expect(options.join(' ')).toContain('-color_range tv -colorspace rgb -color_primaries bt470bg -color_trc gamma28');
    await ffmpeg('-f', 'lavfi', '-i', 'color=size=64x64', '-frames:v', '1', ...options, '-f', 'null', '-');
    expect(encodersOf(stream('mpeg4'), pictures({ matrix: 'ictcp' }))[0]).not.toContain('-colorspace');
  });

  it('refuses what ffmpeg only decodes', () => {
    expect(() => encodersOf(stream('rv40'), pictures({}))).toThrow(expect.objectContaining({ code: 'NOTICE_UNSUPPORTED' }) as Error);
  });
});
