import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { clusterChildren, type EbmlElement, planningBudget, readEbmlDocument } from '@aigc-label/containers';
import { applySplices, bytesSource, LabelError } from '@aigc-label/core';
import { endJudges, ffmpeg, ffprobePath, sampleSlotText } from '@aigc-label/test-fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mkv } from '../formats/mkv.ts';
import { webm } from '../formats/webm.ts';
import { matroskaSamples } from './matroska-samples.ts';
import type { NewStretch, VideoTrack } from './sample-container.ts';

const run = promisify(execFile);
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-blocks-'));
  await writeFile(join(folder, 'words.srt'), '1\n00:00:00,200 --> 00:00:01,000\nfirst words\n\n2\n00:00:01,200 --> 00:00:02,000\nlater words\n');
  await writeFile(join(folder, 'chapters.txt'), ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=First\n');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await endJudges();
});

const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=440:d=2'];
const x264 = (more: string): readonly string[] =>
  `-c:v libx264 -pix_fmt yuv420p -x264-params keyint=12:min-keyint=12:scenecut=0:threads=1:${more}`.split(' ');
const x265 = (more: string): readonly string[] =>
  `-c:v libx265 -x265-params log-level=error:keyint=12:min-keyint=12:scenecut=0:pools=1:frame-threads=1:${more}`.split(' ');
const vp9 = '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 12 -auto-alt-ref 1 -lag-in-frames 8'.split(' ');
/** One key picture, so that points that led to others inside a stretch lead nowhere any more. */
const vp9Once = '-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -g 999'.split(' ');

interface Clip {
  readonly name: string;
  readonly make: () => readonly string[];
  readonly encode: readonly string[];
  readonly codec: VideoTrack['codec'];
  readonly stretches: readonly (readonly [number, number])[];
}

const CLIPS: readonly Clip[] = [
  {
    name: 'words-chapters.mkv',
    make: () => [
      ...[...PICTURES, ...SOUND, '-i', join(folder, 'words.srt'), '-i', join(folder, 'chapters.txt'), '-map_metadata', '3', '-map_chapters', '3'],
      ...['-map', '0', '-map', '1', '-map', '2', ...x264('bframes=3'), '-c:a', 'libvorbis', '-c:s', 'srt', '-cluster_time_limit', '400'],
    ],
    encode: x264('bframes=0:sps-id=3'),
    codec: 'h264',
    stretches: [
      [0, 12],
      [36, 50],
    ],
  },
  {
    name: 'front-index.mkv',
    make: () => [...PICTURES, ...SOUND, ...x264('bframes=2'), '-c:a', 'aac', '-reserve_index_space', '2048', '-cluster_time_limit', '300'],
    encode: x264('bframes=0:sps-id=31'),
    codec: 'h264',
    stretches: [[12, 36]],
  },
  {
    name: 'hevc.mkv',
    make: () => [...PICTURES, ...x265('bframes=3:open-gop=0')],
    encode: x265('bframes=0'),
    codec: 'hevc',
    stretches: [[0, 24]],
  },
  {
    name: 'live.webm',
    make: () => [...PICTURES, ...SOUND, ...vp9, '-c:a', 'libopus', '-live', '1'],
    encode: vp9,
    codec: 'vp9',
    stretches: [[0, 24]],
  },
  {
    name: 'points.webm',
    make: () => [...PICTURES, ...SOUND, ...vp9, '-c:a', 'libopus'],
    encode: vp9Once,
    codec: 'vp9',
    stretches: [[0, 36]],
  },
];

const sourceOf = (path: string) => bytesSource(new Uint8Array(readFileSync(path)));

/** The pictures of a stretch, inverted. */
const encoded = async (path: string, [from, to]: readonly [number, number], encode: readonly string[]): Promise<string> => {
  const output = join(folder, `stretch-${from}.mp4`);
  const filter = `select=between(n\\,${from}\\,${to - 1}),setpts=N/25/TB,negate`;
  await ffmpeg('-i', path, '-map', '0:v:0', '-vf', filter, '-r', '25', '-map_metadata', '-1', '-map_chapters', '-1', ...encode, output);
  return output;
};

const hashes = async (...input: readonly string[]): Promise<readonly string[]> => {
  const lines = await ffmpeg(...input, '-map', '0:v:0', '-vsync', 'passthrough', '-f', 'framemd5', '-');
  return lines.split('\n').flatMap((line) => (line.startsWith('#') || line === '' ? [] : [line.split(',').at(-1)!.trim()]));
};

const packets = async (path: string) => {
  const entries =
    'packet=codec_type,stream_index,pts,duration:stream=index,codec_name,width,height:chapter=start,end:format=duration:format_tags:stream_tags';
  const args = ['-v', 'error', '-show_chapters', '-show_entries', entries, '-show_data_hash', 'sha256', '-of', 'json', path];
  const { stdout, stderr } = await run(ffprobePath, args);
  expect(stderr).toBe('');
  const { packets: all, ...rest } = JSON.parse(stdout) as { packets: { codec_type: string; pts: number; data_hash?: string }[] };
  return {
    ...rest,
    others: all.filter(({ codec_type }) => codec_type !== 'video'),
    shownAt: all.flatMap(({ codec_type, pts }) => (codec_type === 'video' ? [pts] : [])).sort((a, b) => a - b),
  };
};

/** What each cluster says of itself: whether its checksum is right, and the size of the one before it. */
const clusterFacts = async (bytes: Uint8Array) => {
  const clusters: EbmlElement[] = [];
  await readEbmlDocument(bytesSource(bytes), planningBudget(), (_, cluster) => void clusters.push(cluster));
  const facts: { checksum: boolean | undefined; previousSize: number | undefined; size: number }[] = [];
  for (const cluster of clusters) {
    let [checksum, previousSize]: [boolean | undefined, number | undefined] = [undefined, undefined];
    for await (const { element, value } of clusterChildren(bytesSource(bytes), cluster)) {
      if (element.id === 0xbf) {
        checksum = Buffer.from(bytes).readUInt32LE(element.dataStart) === crc32(bytes.subarray(element.end, cluster.end));
      }
      previousSize = element.id === 0xab ? value : previousSize;
    }
    facts.push({ checksum, previousSize, size: cluster.end - cluster.start });
  }
  return facts;
};

/** A live file whose clusters each state the size of the one before, in four bytes behind their time. */
const withPreviousSizes = async (bytes: Uint8Array): Promise<Uint8Array> => {
  const clusters: EbmlElement[] = [];
  await readEbmlDocument(bytesSource(bytes), planningBudget(), (_, cluster) => void clusters.push(cluster));
  let parts = [bytes.slice(0, clusters[0]!.start)];
  let previous = 0;
  for (const { start, dataStart, end } of clusters) {
    const timeEnd = dataStart + 2 + (bytes[dataStart + 1]! & 0x7f);
    const size = Buffer.from(`ab84${previous.toString(16).padStart(8, '0')}`, 'hex');
    const data = Buffer.concat([bytes.slice(dataStart, timeEnd), previous === 0 ? Buffer.alloc(0) : size, bytes.slice(timeEnd, end)]);
    const header = Buffer.from(`${Buffer.from(bytes.slice(start, start + 4)).toString('hex')}08${data.length.toString(16).padStart(8, '0')}`, 'hex');
    parts = [...parts, new Uint8Array(header), new Uint8Array(data)];
    previous = header.length + data.length;
  }
  return new Uint8Array(Buffer.concat(parts));
};

describe('pictures of Matroska and WebM', () => {
  it.each(CLIPS.map((clip) => [clip.name, clip] as const))('are exchanged in their clusters, and nothing else changes: %s', async (name, clip) => {
    const path = join(folder, name);
    await ffmpeg(...clip.make(), path);
    const source = sourceOf(path);
    const track = (await matroskaSamples.read(source)) as VideoTrack;
    expect(track).toMatchObject({ codec: clip.codec, videoIndex: 0, width: 96, height: 64, pixelAspect: 1, cuts: [0, 12, 24, 36, 48] });
    const expected = [...(await hashes('-i', path))];
    expect(expected.length).toBe(50);
    const stretches: NewStretch[] = [];
    for (const [from, to] of clip.stretches) {
      const file = await encoded(path, [from, to], clip.encode);
      const fresh = await hashes('-i', file);
      expected.splice(from, to - from, ...fresh);
      stretches.push({ from, to, encoded: sourceOf(file) });
    }
    const after = await matroskaSamples.exchange(source, track, stretches);
    const bytes = await after.read(0, after.size);
    const output = join(folder, `after-${name}`);
    await writeFile(output, bytes);
    const facts = await clusterFacts(bytes);
    const before = await clusterFacts(new Uint8Array(readFileSync(path)));
    expect(facts.map(({ checksum }) => checksum)).toEqual(before.map(({ checksum }) => checksum));
    for (const [index, { previousSize }] of facts.entries()) {
      expect(previousSize).toBe(before[index]?.previousSize === undefined ? undefined : facts[index - 1]?.size);
    }
    expect(await hashes('-i', output)).toEqual(expected);
    expect(await packets(output)).toEqual(await packets(path));
    // Into the new pictures, to old ones, and to where points led that lead nowhere any more: what is shown was decoded right.
    for (const seconds of ['0.1', '0.9', '1.3', '1.9']) {
      const [shown] = await hashes('-ss', seconds, '-i', output, '-frames:v', '1');
      expect(expected.indexOf(shown ?? '') - Math.round(Number(seconds) * 25)).toBeLessThanOrEqual(1);
      expect(expected).toContain(shown);
    }
    const format = name.endsWith('.webm') ? webm : mkv;
    const labelled = applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));
    const { found, anomalies } = await format.read(bytesSource(labelled));
    expect([found.map(({ value }) => value), anomalies]).toEqual([[sampleSlotText.value], []]);
    await writeFile(output, labelled);
    expect(await hashes('-i', output)).toEqual(expected);
  });

  it('leave clusters that state the size of the one before with the right one', async () => {
    const path = join(folder, 'stated.webm');
    await ffmpeg(...PICTURES, ...vp9, '-live', '1', '-write_crc32', '0', '-cluster_time_limit', '400', path);
    const stated = await withPreviousSizes(new Uint8Array(readFileSync(path)));
    await writeFile(path, stated);
    const expected = await hashes('-i', path);
    const track = (await matroskaSamples.read(bytesSource(stated))) as VideoTrack;
    const encodedAt = await encoded(path, [0, track.cuts[1]!], [...vp9Once, '-b:v', '900k']);
    const after = await matroskaSamples.exchange(bytesSource(stated), track, [{ from: 0, to: track.cuts[1]!, encoded: sourceOf(encodedAt) }]);
    const bytes = await after.read(0, after.size);
    const facts = await clusterFacts(bytes);
    expect(facts.length).toBeGreaterThan(2);
    expect(facts[0]?.size).not.toBe((await clusterFacts(stated))[0]?.size);
    expect(facts.map(({ previousSize }) => previousSize)).toEqual([undefined, ...facts.slice(0, -1).map(({ size }) => size)]);
    await writeFile(path, bytes);
    expect((await hashes('-i', path)).slice(track.cuts[1])).toEqual(expected.slice(track.cuts[1]));
  });

  it('are refused by their reason where they cannot be told apart exactly', async () => {
    const path = join(folder, 'mpeg4.mkv');
    await ffmpeg(...PICTURES, '-c:v', 'mpeg4', path);
    expect(await matroskaSamples.read(sourceOf(path))).toEqual({ reason: 'codec' });
    await ffmpeg(...SOUND, '-c:a', 'libvorbis', '-f', 'matroska', path);
    expect(await matroskaSamples.read(sourceOf(path))).toEqual({ reason: 'stream' });
  });

  it('tell damage as damage, wherever the file is cut or changed', async () => {
    const path = join(folder, 'hostile.webm');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=s=32x32:r=5:d=1', ...vp9Once, path);
    const whole = new Uint8Array(readFileSync(path));
    let random = 7;
    for (let round = 0; round < 400; round += 1) {
      random = (Math.imul(random, 1_103_515_245) + 12_345) >>> 0;
      const at = random % whole.length;
      const bytes = round % 4 === 0 ? whole.slice(0, at) : whole.slice();
      if (round % 4 !== 0) {
        bytes[at] = random >>> 24;
      }
      try {
        await matroskaSamples.read(bytesSource(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(LabelError);
        expect(['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'FORMAT_UNSUPPORTED_FEATURE']).toContain((error as LabelError).code);
      }
    }
  });
});
