import { describe, expect, it } from 'vitest';
import { streamsOf } from './probe-media.ts';

// As ffmpeg 4.1, 5.1 and 7.1 write them.
const LOG = [
  "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'film.mp4':",
  '    Stream #0:0(und): Video: h264 (Constrained Baseline) (avc1 / 0x31637661), yuvj420p(pc, bt470bg/bt709/iec61966-2-1), 720x576 [SAR 64:45 DAR 16:9], 1000 kb/s, 25 fps, 25 tbr, 12800 tbn, 50 tbc (default)',
  '    Side data:',
  '      displaymatrix: rotation of -90.00 degrees',
  '  Stream #0:1[0x2](eng): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 69 kb/s (default)',
  '  Stream #0:2[0x3](und): Video: hevc (Main 10) (hvc1 / 0x31637668), yuv420p10le(tv, bt2020nc/bt2020/smpte2084, progressive), 3840x2160, 23.98 fps',
  '  Stream #0:3[0x0]: Video: png, rgb24(pc, gbr/unknown/unknown), 96x96, 90k tbr, 90k tbn (attached pic)',
  '  Stream #0:4: Subtitle: mov_text (tx3g / 0x67337874)',
  '  Stream #0:5[0x100]: Video: mpeg2video (Main) ([2][0][0][0] / 0x0002), yuv420p(tv, bt709, top first), 1920x1080 [SAR 1:1 DAR 16:9], 25 fps',
  'Stream mapping:',
  '  Stream #0:0 -> #0:0 (copy)',
  "Output #0, null, to 'pipe:1':",
  '    Stream #0:0: Video: h264, yuv420p, 1x1, 25 fps',
];

describe('streamsOf', () => {
  it('reads what ffmpeg tells of the streams of its input', () => {
    const streams = streamsOf(LOG);
    expect(streams.map(({ index, kind, codec, profile, isCover }) => [index, kind, codec, profile, isCover])).toEqual([
      [0, 'Video', 'h264', 'Constrained Baseline', false],
      [1, 'Audio', 'aac', 'LC', false],
      [2, 'Video', 'hevc', 'Main 10', false],
      [3, 'Video', 'png', undefined, true],
      [4, 'Subtitle', 'mov_text', undefined, false],
      [5, 'Video', 'mpeg2video', 'Main', false],
    ]);
    expect(streams[0]?.pictures).toEqual({
      width: 720,
      height: 576,
      pixelFormat: 'yuvj420p',
      range: 'pc',
      matrix: 'bt470bg',
      primaries: 'bt709',
      transfer: 'iec61966-2-1',
      fieldOrder: undefined,
      pixelAspect: 64 / 45,
      rotation: 90,
    });
    expect(streams[2]?.pictures).toMatchObject({ pixelFormat: 'yuv420p10le', range: 'tv', matrix: 'bt2020nc', transfer: 'smpte2084', width: 3840 });
    expect(streams[5]?.pictures).toMatchObject({ fieldOrder: 'top', matrix: 'bt709', transfer: 'bt709' });
  });
});
