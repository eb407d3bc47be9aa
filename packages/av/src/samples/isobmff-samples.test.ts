import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { exchangeMedia, sampleTableEdits } from '@aigc-label/containers';
import { applySplices, bytesSource } from '@aigc-label/core';
import { endJudges, exiftoolDump, exiftoolMissing, ffmpeg, ffprobePath, fixturePath, sampleSlotText } from '@aigc-label/test-fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mov } from '../formats/mov.ts';
import { mp4 } from '../formats/mp4.ts';
import { isobmffSamples } from './isobmff-samples.ts';
import { openTrack } from './isobmff-track.ts';
import type { NewStretch, VideoTrack } from './sample-container.ts';

const run = promisify(execFile);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-samples-'));
  await writeFile(join(folder, 'words.srt'), '1\n00:00:00,200 --> 00:00:01,000\nfirst words\n\n2\n00:00:01,200 --> 00:00:02,000\nlater words\n');
  await writeFile(
    join(folder, 'chapters.txt'),
    [';FFMETADATA1', ...[0, 1000].map((at) => `[CHAPTER]\nTIMEBASE=1/1000\nSTART=${at}\nEND=${at + 1000}\ntitle=From ${at}`)].join('\n'),
  );
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await endJudges();
});

const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=440:d=2'];
const x264 = (more: string): readonly string[] => [
  '-c:v',
  'libx264',
  '-pix_fmt',
  'yuv420p',
  '-x264-params',
  `keyint=12:min-keyint=12:scenecut=0:threads=1:${more}`,
];
const x265 = (more: string): readonly string[] => [
  '-c:v',
  'libx265',
  '-x265-params',
  `log-level=error:keyint=12:min-keyint=12:scenecut=0:pools=1:frame-threads=1:${more}`,
];
const vp9 = ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '12', '-auto-alt-ref', '1', '-lag-in-frames', '8'];

interface Clip {
  readonly name: string;
  /** Arguments of ffmpeg, or a fixture with the one of its stretch. */
  readonly make: readonly string[] | { readonly fixture: string; readonly stretch: string };
  /** Whether a matrix turns it. */
  readonly isTurned?: true;
  /** Whether a CRA picture follows the new ones. */
  readonly isContinuing?: true;
  /** Whether exiftool is asked too, which takes its time. */
  readonly isDumped?: true;
  /** How its stretches are encoded. */
  readonly encode: readonly string[];
  readonly track: Partial<VideoTrack>;
  /** Pairs of cuts. */
  readonly stretches: readonly (readonly [number, number])[];
}

const clips = (): readonly Clip[] => [
  {
    name: 'sound-words-chapters.mp4',
    make: [
      ...[...PICTURES, ...SOUND, '-i', join(folder, 'words.srt'), '-i', join(folder, 'chapters.txt'), '-map_metadata', '3', '-map_chapters', '3'],
      ...['-map', '0', '-map', '1', '-map', '2', ...x264('bframes=3'), '-c:a', 'aac', '-c:s', 'mov_text', '-movflags', '+faststart'],
    ],
    isDumped: true,
    encode: x264('bframes=0:sps-id=3'),
    track: { codec: 'h264', width: 96, height: 64, rotation: 0, pixelAspect: 1, cuts: [0, 12, 24, 36, 48] },
    stretches: [
      [0, 12],
      [36, 50],
    ],
  },
  {
    name: 'turned-uneven.mov',
    make: [
      ...[...PICTURES, ...SOUND, '-vf', 'setpts=PTS+gt(mod(N\\,5)\\,2)*0.03/TB,setsar=4/3', '-vsync', 'vfr', '-video_track_timescale', '1000'],
      ...[...x264('bframes=2:b-pyramid=normal'), '-c:a', 'pcm_s16le'],
    ],
    isTurned: true,
    encode: x264('bframes=0:sps-id=31'),
    track: { codec: 'h264', rotation: 270, pixelAspect: 4 / 3, cuts: [0, 12, 24, 36, 48] },
    stretches: [[12, 36]],
  },
  {
    name: 'in-band.mp4',
    make: [...PICTURES, ...x264('bframes=2:repeat-headers=1'), '-tag:v', 'avc3'],
    encode: x264('bframes=0:sps-id=9'),
    track: { codec: 'h264', cuts: [0, 12, 24, 36, 48] },
    stretches: [[12, 24]],
  },
  {
    name: 'open-groups.mp4',
    make: [...PICTURES, ...x264('bframes=3:open-gop=1')],
    encode: x264('bframes=0:sps-id=1'),
    track: { codec: 'h264', cuts: [0] },
    stretches: [[0, 50]],
  },
  {
    name: 'hevc.mp4',
    make: [...PICTURES, ...SOUND, ...x265('bframes=3:b-adapt=0:open-gop=0'), '-tag:v', 'hvc1'],
    encode: x265('bframes=0'),
    track: { codec: 'hevc', cuts: [0, 12, 24, 36, 48] },
    stretches: [
      [0, 12],
      [24, 36],
    ],
  },
  {
    name: 'hevc-continuing.mov',
    make: [...PICTURES, ...x265('bframes=0:open-gop=1'), '-tag:v', 'hev1'],
    isContinuing: true,
    encode: x265('bframes=0'),
    track: { codec: 'hevc', cuts: [0, 12, 24, 36, 48] },
    stretches: [[0, 24]],
  },
  {
    name: 'hevc-open-groups.mp4',
    make: [...PICTURES, ...SOUND, ...x265('bframes=3:b-adapt=0:open-gop=1'), '-tag:v', 'hvc1'],
    encode: x265('bframes=0'),
    isContinuing: true,
    track: { codec: 'hevc', cuts: [0], ends: [12, 24, 36, 48] },
    stretches: [[0, 36]],
  },
  {
    name: 'vp9.mp4',
    make: [...PICTURES, ...SOUND, ...vp9],
    encode: vp9,
    track: { codec: 'vp9', cuts: [0, 12, 24, 36, 48] },
    stretches: [[0, 24]],
  },
  ...['empty_moov', 'frag_keyframe+empty_moov', 'frag_every_frame+empty_moov+default_base_moof', 'dash+frag_keyframe+default_base_moof'].map(
    (flags, index): Clip => ({
      name: `fragments-${index}.mp4`,
      make: [...PICTURES, ...SOUND, ...x264('bframes=3'), '-c:a', 'aac', '-movflags', flags],
      encode: x264('bframes=0:keyint=30:sps-id=3'),
      track: { codec: 'h264', cuts: [0, 12, 24, 36, 48] },
      stretches: [
        [12, 24],
        [36, 48],
      ],
    }),
  ),
  {
    name: 'hevc-open-fragments.mp4',
    make: [...PICTURES, ...SOUND, ...x265('bframes=3:b-adapt=0:open-gop=1'), '-tag:v', 'hvc1', '-movflags', 'frag_keyframe+empty_moov'],
    encode: x265('bframes=0'),
    isContinuing: true,
    track: { codec: 'hevc', cuts: [0], ends: [12, 24, 36, 48] },
    stretches: [[0, 24]],
  },
  {
    name: 'av1.mp4',
    make: { fixture: 'samples/av1.mp4', stretch: 'samples/av1-stretch.mp4' },
    encode: [],
    track: { codec: 'av1', cuts: [0, 12, 24, 36, 48] },
    stretches: [[0, 24]],
  },
];

const sourceOf = (path: string) => bytesSource(new Uint8Array(readFileSync(path)));

/** The pictures of a stretch, inverted, each where the decoder would show it. */
const encoded = async (path: string, [from, to]: readonly [number, number], encode: readonly string[]): Promise<string> => {
  const output = join(folder, `stretch-${from}.mp4`);
  const filter = `select=between(n\\,${from}\\,${to - 1}),setpts=N/25/TB,negate`;
  await ffmpeg(
    '-noautorotate',
    '-ignore_editlist',
    '1',
    '-i',
    path,
    '-map',
    '0:v:0',
    '-vf',
    filter,
    '-r',
    '25',
    '-map_metadata',
    '-1',
    '-map_chapters',
    '-1',
    ...encode,
    output,
  );
  return output;
};

const hashes = async (path: string): Promise<readonly string[]> => {
  const lines = await ffmpeg('-noautorotate', '-ignore_editlist', '1', '-i', path, '-map', '0:v:0', '-vsync', 'passthrough', '-f', 'framemd5', '-');
  return lines.split('\n').flatMap((line) => (line.startsWith('#') || line === '' ? [] : [line.split(',').at(-1)!.trim()]));
};

const packets = async (path: string) => {
  const entries =
    'packet=codec_type,stream_index,pts,dts,duration:stream=index,codec_type,duration_ts,nb_frames,time_base,width,height:chapter=start,end:format=duration';
  const { stdout, stderr } = await run(ffprobePath, [
    '-v',
    'error',
    '-show_chapters',
    '-show_entries',
    entries,
    '-show_data_hash',
    'sha256',
    '-of',
    'json',
    path,
  ]);
  expect(stderr).toBe('');
  const { packets: all, ...rest } = JSON.parse(stdout) as { packets: { codec_type: string; pts: number; dts: number; data_hash?: string }[] };
  const video = all.filter(({ codec_type }) => codec_type === 'video');
  return {
    ...rest,
    others: all.filter(({ codec_type }) => codec_type !== 'video'),
    decodedAt: video.map(({ dts }) => dts),
    shownAt: video.map(({ pts }) => pts).sort((a, b) => a - b),
  };
};

const exchanged = async (source: ReturnType<typeof bytesSource>, stretches: readonly NewStretch[]): Promise<Uint8Array> => {
  const track = (await isobmffSamples.read(source)) as VideoTrack;
  const after = await isobmffSamples.exchange(source, track, stretches);
  return after.read(0, after.size);
};

describe('pictures of MP4 and MOV', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13])('are exchanged where they lie, and nothing else changes: clip %i', async (number) => {
    const clip = clips()[number]!;
    const path = join(folder, clip.name);
    const fixture = 'fixture' in clip.make ? clip.make : undefined;
    await (fixture === undefined ? ffmpeg(...(clip.make as readonly string[]), path) : copyFile(fixturePath(fixture.fixture), path));
    if (clip.isTurned) {
      const turned = join(folder, `turned.${clip.name}`);
      await ffmpeg('-i', path, '-map', '0', '-c', 'copy', '-metadata:s:v', 'rotate=90', turned);
      await rename(turned, path);
    }
    const source = sourceOf(path);
    const track = (await isobmffSamples.read(source)) as VideoTrack;
    expect(track).toMatchObject({ videoIndex: 0, ...clip.track });

    const expected = [...(await hashes(path))];
    expect(expected.length).toBe(50);
    const stretches: NewStretch[] = [];
    for (const [from, to] of clip.stretches) {
      const file = fixture === undefined ? await encoded(path, [from, to], clip.encode) : fixturePath(fixture.stretch);
      const fresh = await hashes(file);
      expect(fresh.length).toBe(to - from);
      expected.splice(from, to - from, ...fresh);
      stretches.push({ from, to, encoded: sourceOf(file) });
    }
    const after = join(folder, `after-${clip.name}`);
    const bytes = await exchanged(source, stretches);
    await writeFile(after, bytes);

    expect(await hashes(after)).toEqual(expected);
    expect(await packets(after)).toEqual(await packets(path));
    const again = (await isobmffSamples.read(bytesSource(bytes))) as VideoTrack;
    for (const [from, to] of clip.stretches) {
      expect(again.shownAt.slice(from, to)).toEqual(track.shownAt.toSorted().slice(from, to));
    }
    const isInside = (cut: number): boolean => clip.stretches.some(([from, to]) => cut > from && cut < to);
    expect(again.cuts).toEqual(expect.arrayContaining(track.cuts.filter((cut) => !isInside(cut))));
    // ffmpeg shows all pictures without it, but the standard counts on from the new ones where no end of a sequence is said (ITU-T H.265 §8.3.1).
    expect(Buffer.from(bytes).includes(Buffer.from([0, 0, 0, 2, 36 << 1, 1]))).toBe(clip.isContinuing ?? false);
    // From the new pictures to old ones and back: decoding begins anew in each.
    const [first, last] = [clip.stretches[0]![0], 48];
    for (const index of [last, first]) {
      const seconds = String(again.shownAt[index]! + 0.001);
      const one = await ffmpeg(
        '-noautorotate',
        '-ignore_editlist',
        '1',
        '-ss',
        seconds,
        '-i',
        after,
        '-map',
        '0:v:0',
        '-frames:v',
        '1',
        '-f',
        'framemd5',
        '-',
      );
      const shown = again.shownAt.toSorted().indexOf(again.shownAt[index]!);
      const found = expected.indexOf(one.trim().split(',').at(-1)!.trim());
      // Where ffmpeg counts from differs with edit lists by the few pictures that are reordered; a picture that was decoded wrongly is none of them.
      expect(Math.abs(found - shown)).toBeLessThanOrEqual(4);
    }
    if (clip.isDumped && exiftoolMissing === undefined) {
      const changing =
        /^Composite:AvgBitrate|^QuickTime:MediaData|^Track1:(AVCConfiguration|CompositionTimeToSample|SyncSampleTable|SampleSizes|ChunkOffset|AvgBitrate)|ChunkOffset$/;
      const [dump, dumpBefore] = [await exiftoolDump(after), await exiftoolDump(path)];
      const names = Object.keys(dump).filter((name) => JSON.stringify(dump[name]) !== JSON.stringify(dumpBefore[name]));
      expect(names.filter((name) => !changing.test(name))).toEqual([]);
      expect(Object.keys(dump)).toEqual(Object.keys(dumpBefore));
    }

    // The ordinary label goes in before and after just the same.
    const format = clip.name.endsWith('.mov') ? mov : mp4;
    const slot = sampleSlotText;
    const labelled = applySplices(bytes, await format.plan(bytesSource(bytes), slot));
    expect((await format.read(bytesSource(labelled))).found.map(({ value }) => value)).toEqual([slot.value]);
    const unlabelled = readFileSync(path);
    const labelledFirst = applySplices(unlabelled, await format.plan(bytesSource(unlabelled), slot));
    const both = await exchanged(bytesSource(labelledFirst), stretches);
    expect((await format.read(bytesSource(both))).found.map(({ value }) => value)).toEqual([slot.value]);
    await writeFile(after, both);
    expect(await hashes(after)).toEqual(expected);
  });

  it('are not exchanged where new ones do not fit', async () => {
    const path = join(folder, 'plain.mp4');
    await ffmpeg(...PICTURES, ...x264('bframes=0'), path);
    const source = sourceOf(path);
    const make = async (name: string, ...more: readonly string[]): Promise<NewStretch> => {
      const output = join(folder, name);
      await ffmpeg('-i', path, ...more, output);
      return { from: 0, to: 12, encoded: sourceOf(output) };
    };
    const twelve = ['-frames:v', '12'];
    const cases: readonly (readonly [NewStretch, string])[] = [
      [await make('count.mp4', '-frames:v', '11', ...x264('bframes=0:sps-id=3')), 'stream'],
      [await make('size.mp4', ...twelve, '-s', '94x64', ...x264('bframes=0:sps-id=3')), 'parameters'],
      [await make('id.mp4', ...twelve, ...x264('bframes=0:ref=2')), 'parameters'],
      [await make('chroma.mp4', ...twelve, ...x264('bframes=0:sps-id=3'), '-pix_fmt', 'yuv422p'), 'parameters'],
      [await make('order.mp4', ...twelve, ...x264('bframes=2:sps-id=3')), 'stream'],
      [await make('codec.mp4', ...twelve, ...x265('bframes=0')), 'codec'],
    ];
    for (const [stretch, reason] of cases) {
      await expect(exchanged(source, [stretch])).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED', data: { reason } });
    }
    const good = await make('good.mp4', ...twelve, ...x264('bframes=0:sps-id=3'));
    for (const wrong of [
      { from: 1, to: 13 },
      { from: 0, to: 13 },
      { from: 12, to: 12 },
      { from: 48, to: 60 },
    ]) {
      await expect(exchanged(source, [{ ...good, ...wrong }])).rejects.toThrow(TypeError);
    }
    await expect(exchanged(source, [good, good])).rejects.toThrow(TypeError);
  });

  it('get lengths of the size that the track has', async () => {
    const [path, output, stretch] = [join(folder, 'long.mp4'), join(folder, 'short-lengths.mp4'), join(folder, 'short-stretch.mp4')];
    await ffmpeg(...PICTURES, ...x264('bframes=0'), path);
    await ffmpeg('-i', path, '-vf', 'negate', '-frames:v', '12', ...x264('bframes=0:sps-id=3'), stretch);
    const source = sourceOf(path);
    const track = (await isobmffSamples.read(source)) as VideoTrack;
    // The same movie with lengths of two bytes, made by moving every sample: its own pictures come in their own place.
    const file = Buffer.from(await source.read(0, source.size));
    const at = file.indexOf('avcC', 0, 'latin1') + 4;
    const short = await openTrack(source);
    if ('reason' in short) {
      throw new Error(short.reason);
    }
    const { table, budget } = short;
    const samples = Array.from({ length: table.count }, (_, index) =>
      shortened(file.subarray(table.offsets[index], table.offsets[index]! + table.sizes[index]!)),
    );
    const changes = samples.map((bytes, index) => ({ at: table.offsets[index]!, remove: table.sizes[index]!, pieces: [bytes] }));
    const sizes = Uint32Array.from(samples, ({ length }) => length);
    const edits = await sampleTableEdits(source, short.track, table, [{ from: 0, sizes, isSync: table.isSync! }], []);
    const shorter = await exchangeMedia(source, short.file, { edits, changes }, budget);
    const bytes = Buffer.from(await shorter.read(0, shorter.size));
    bytes[bytes.indexOf('avcC', 0, 'latin1') + 8] = 0xfd;
    expect(file[at + 4]).toBe(0xff);
    await writeFile(output, bytes);
    expect(await hashes(output)).toEqual(await hashes(path));

    await writeFile(path, await exchanged(bytesSource(new Uint8Array(bytes)), [{ from: 0, to: 12, encoded: sourceOf(stretch) }]));
    expect(await hashes(path)).toEqual([...(await hashes(stretch)), ...(await hashes(output)).slice(12)]);
    expect(track.cuts).toEqual(((await isobmffSamples.read(sourceOf(path))) as VideoTrack).cuts);
  });
});

/** A sample whose lengths take two bytes instead of four. */
const shortened = (sample: Uint8Array): Uint8Array => {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < sample.length; ) {
    const length = Buffer.from(sample).readUInt32BE(at);
    parts.push(Uint8Array.of(length >> 8, length & 255), sample.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return new Uint8Array(Buffer.concat(parts));
};
