import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ByteSource, bytesSource, type Marked } from '@aigc-label/core';
import { ffmpeg, ffmpegPath } from '@aigc-label/test-fixtures';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FFMPEG_VARIABLE } from '../ffmpeg/find-ffmpeg.ts';
import { videoNotice, videoNoticeFinder } from './index.ts';
import type { VideoNoticeOptions } from './video-notice-options.ts';

const folder = mkdtempSync(join(tmpdir(), 'aigc-label-video-notice-'));
const work = join(folder, 'work');
const at = (name: string): string => join(folder, name);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(at(name)));
const [tmpBefore, ffmpegBefore] = [process.env['TMPDIR'], process.env[FFMPEG_VARIABLE]];

const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=size=192x144:rate=10'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100'];
const X264 = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-preset', 'veryfast', '-g', '10', '-bf', '2', '-x264-params', 'scenecut=0'];

const make = (name: string, ...options: readonly string[]): Promise<string> => ffmpeg(...PICTURES, ...SOUND, '-t', '6', ...options, at(name));

beforeAll(async () => {
  process.env[FFMPEG_VARIABLE] = ffmpegPath;
  mkdirSync(work);
  await make('film.mp4', ...X264, '-c:a', 'aac');
  await ffmpeg('-i', at('film.mp4'), '-c', 'copy', '-metadata:s:v', 'rotate=90', at('turned.mp4'));
  await ffmpeg('-i', at('film.mp4'), '-c', 'copy', at('film.ts'));
  await ffmpeg('-i', at('film.mp4'), '-c', 'copy', at('film.flv'));
  const pq = ['-color_primaries', 'bt2020', '-color_trc', 'smpte2084', '-colorspace', 'bt2020nc'];
  await make('hdr.mp4', ...X264.map((option) => (option === 'yuv420p' ? 'yuv420p10le' : option)), ...pq, '-an');
  // Our temporary files go where nothing else does.
  process.env['TMPDIR'] = work;
});
afterEach(() => expect(readdirSync(work)).toEqual([]));
afterAll(() => {
  for (const [name, value] of [
    ['TMPDIR', tmpBefore],
    [FFMPEG_VARIABLE, ffmpegBefore],
  ] as const) {
    if (value === undefined) {
      delete process.env[name];
    } else {
      process.env[name] = value;
    }
  }
  rmSync(folder, { recursive: true, force: true });
});

type NewSource = Extract<Marked, { readonly kind: 'source' }>;

/** Applies the mark and writes what it gives. */
const notice = async (
  name: string,
  options: VideoNoticeOptions,
  output: string,
  onProgress?: (share: number) => void,
): Promise<Marked['remarks']> => {
  const source: ByteSource = { ...bytesSource(bytesOf(name)), path: at(name) };
  const marked = (await videoNotice.apply(source, formatOf(name), options, onProgress === undefined ? {} : { onProgress })) as NewSource;
  expect(marked.kind).toBe('source');
  writeFileSync(at(output), await marked.source.read(0, marked.source.size));
  await marked.release();
  return marked.remarks;
};
const formatOf = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

/** Times and checksums of the decoded pictures. */
const pictures = async (name: string): Promise<readonly (readonly [time: string, sum: string])[]> =>
  lines(await ffmpeg('-i', at(name), '-map', '0:v', '-f', 'framemd5', '-')).map((cells) => [cells[2] ?? '', cells[5] ?? ''] as const);
/** Times, sizes and checksums of the packets of the other streams. */
const others = async (name: string): Promise<readonly (readonly string[])[]> =>
  lines(await ffmpeg('-i', at(name), '-map', '0', '-map', '-0:v', '-c', 'copy', '-f', 'framemd5', '-'));
const lines = (text: string): readonly (readonly string[])[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split(',').map((cell) => cell.trim()));

/** One row of numbers a picture: how much of the corner is nearly white or nearly black, where the notice stands. */
const noticed = async (name: string, original: string): Promise<readonly boolean[]> => {
  const corner = async (file: string): Promise<Uint8Array> => {
    await ffmpeg('-i', at(file), '-map', '0:v', '-vf', 'crop=64:24:124:116,format=gray', '-vsync', 'passthrough', '-f', 'rawvideo', at('corner'));
    return bytesOf('corner');
  };
  const [before, after] = [await corner(original), await corner(name)];
  const size = 64 * 24;
  return Array.from({ length: after.length / size }, (_, picture) => {
    let difference = 0;
    for (let index = picture * size; index < (picture + 1) * size; index += 1) {
      difference += Math.abs((after[index] ?? 0) - (before[index] ?? 0));
    }
    return difference / size > 10;
  });
};

describe('videoNotice', () => {
  it('encodes the opening alone: the notice stands on every picture of its time, every later picture and every other packet is the same', async () => {
    const told: number[] = [];
    const remarks = await notice('film.mp4', { seconds: 2.5 }, 'noticed.mp4', (share) => told.push(share));
    expect(remarks?.[0]).toEqual({ code: 'encoded_part', data: { seconds: 3, pictures: 30, of: 60 } });
    expect(remarks?.[1]?.code).toBe('contrast');
    const [before, after] = [await pictures('film.mp4'), await pictures('noticed.mp4')];
    expect(after.map(([time]) => time)).toEqual(before.map(([time]) => time));
    expect(after.slice(30)).toEqual(before.slice(30));
    expect(before.slice(0, 30).filter(([, sum], index) => sum === after[index]?.[1])).toEqual([]);
    expect(await noticed('noticed.mp4', 'film.mp4')).toEqual(before.map((_, index) => index < 25));
    expect(await others('noticed.mp4')).toEqual(await others('film.mp4'));
    expect(told.at(-1)).toBe(1);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it('shows it again at the end', async () => {
    await notice('film.mp4', { seconds: 2, also: ['end'] }, 'twice.mp4');
    expect(await noticed('twice.mp4', 'film.mp4')).toEqual(Array.from({ length: 60 }, (_, index) => index < 20 || index >= 40));
    expect((await pictures('twice.mp4')).slice(20, 40)).toEqual((await pictures('film.mp4')).slice(20, 40));
  });

  it('counts from where an edit list lets a player begin', async () => {
    await ffmpeg('-ss', '1.5', '-i', at('film.mp4'), '-c', 'copy', at('edited.mp4'));
    const before = await pictures('edited.mp4');
    expect(before.length).toBeLessThan(50);
    await notice('edited.mp4', { seconds: 2 }, 'edited-noticed.mp4');
    const seen = await noticed('edited-noticed.mp4', 'edited.mp4');
    expect(seen.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => true));
    expect(seen.slice(21).includes(true)).toBe(false);
    expect((await pictures('edited-noticed.mp4')).slice(30)).toEqual(before.slice(30));
  });

  it.each([
    ['film.ts', 'all.ts'],
    ['film.flv', 'all.flv'],
  ])('%s: encodes all pictures where they cannot be exchanged, and says so', async (name, output) => {
    const remarks = await notice(name, { seconds: 2 }, output);
    expect(remarks?.[0]).toEqual({ code: 'encoded_all', data: { reason: 'container', metadata: 'rewritten' } });
    expect((await pictures(output)).map(([time]) => time)).toEqual((await pictures(name)).map(([time]) => time));
    expect(await noticed(output, name)).toEqual(Array.from({ length: 60 }, (_, index) => index < 20));
    expect((await others(output)).map((cells) => cells.at(-1))).toEqual((await others(name)).map((cells) => cells.at(-1)));
  });

  it('encodes all pictures where the new ones do not fit, and keeps the other streams', async () => {
    // What is stored without chroma is decoded with it, so that the new pictures have another format.
    await make('grey.mp4', ...X264.map((option) => (option === 'yuv420p' ? 'gray' : option)), '-c:a', 'aac');
    const told: number[] = [];
    const remarks = await notice('grey.mp4', { seconds: 2 }, 'grey-noticed.mp4', (share) => told.push(share));
    expect(remarks?.[0]).toEqual({ code: 'encoded_all', data: { reason: 'parameters', metadata: 'rewritten' } });
    expect((await pictures('grey-noticed.mp4')).length).toBe(60);
    expect(told).toEqual(told.toSorted((a, b) => a - b));
  });

  it('keeps ten bits, and shows white in HDR as graphics do', async () => {
    await notice('hdr.mp4', { seconds: 2, plateOpacity: 1 }, 'hdr-noticed.mp4');
    const levels = async (name: string): Promise<Uint16Array> => {
      await ffmpeg('-i', at(name), '-frames:v', '1', '-vf', 'crop=44:12:138:124', '-f', 'rawvideo', '-pix_fmt', 'yuv420p10le', at('levels'));
      return new Uint16Array(bytesOf('levels').slice(0, 44 * 12 * 2).buffer);
    };
    const seen = await levels('hdr-noticed.mp4');
    // 58 % of PQ's signal between the ten-bit codes 64 and 940.
    expect(Math.max(...seen)).toBeGreaterThan(555);
    expect(Math.max(...seen)).toBeLessThan(600);
    expect((await pictures('hdr-noticed.mp4')).slice(20)).toEqual((await pictures('hdr.mp4')).slice(20));
  });

  it('is found again where a viewer sees it, and not put on twice', async () => {
    await notice('turned.mp4', { seconds: 2, text: '人工智能生成', position: 'top-left' }, 'found.mp4');
    const source: ByteSource = { ...bytesSource(bytesOf('found.mp4')), path: at('found.mp4') };
    const [found, second] = await videoNoticeFinder.find(source, 'mp4');
    expect(found).toMatchObject({ form: 'badge', position: 'start', text: '人工智能生成', shortfalls: [] });
    expect(found?.measures?.seconds).toBeCloseTo(2, 0.9);
    expect(found?.measures?.heightRatio).toBeGreaterThanOrEqual(0.05);
    expect(second).toBeUndefined();
    expect(await videoNotice.isPresent(source, 'mp4', { seconds: 2, text: '人工智能生成' })).toBe(true);
    expect(await videoNotice.isPresent(source, 'mp4', { seconds: 2, text: 'AI生成' })).toBe(false);
    expect(await videoNoticeFinder.find(bytesSource(bytesOf('film.mp4')), 'mp4')).toEqual([]);
  });

  it('tells how short a notice is that does not stay for two seconds', async () => {
    await ffmpeg('-ss', '1.3', '-i', at('noticed.mp4'), '-c:v', 'libx264', '-preset', 'veryfast', at('brief.mp4'));
    const [found] = await videoNoticeFinder.find(bytesSource(bytesOf('brief.mp4')), 'mp4');
    expect(found?.measures?.seconds).toBeCloseTo(1.2, 0.9);
    expect(found?.shortfalls).toEqual([{ measure: 'seconds', found: found?.measures?.seconds, required: 2, clause: 'GB 45438-2025 §5.4' }]);
  });

  it('leaves nothing behind when it is stopped', async () => {
    const stop = new AbortController();
    const source = bytesSource(bytesOf('film.mp4'));
    const running = videoNotice.apply(source, 'mp4', {}, { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(videoNotice.apply(source, 'mp4', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(videoNoticeFinder.find(source, 'mp4', { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('refuses damaged files, and finds nothing in them', async () => {
    const bytes = bytesOf('film.mp4');
    for (const damaged of [
      bytes.subarray(0, 2000),
      bytes.map((byte, index) => (index % 7 === 0 && index > 100 ? 255 - byte : byte)),
      new Uint8Array(64),
    ]) {
      await expect(videoNotice.apply(bytesSource(damaged), 'mp4', {})).rejects.toMatchObject({ name: 'LabelError' });
      expect(await videoNoticeFinder.find(bytesSource(damaged), 'mp4')).toEqual([]);
    }
  });

  it('names the remedy where ffmpeg is missing, and refuses what the standard forbids', async () => {
    process.env[FFMPEG_VARIABLE] = at('nothing');
    try {
      expect(existsSync(at('nothing'))).toBe(false);
      await expect(videoNotice.apply(bytesSource(bytesOf('film.mp4')), 'mp4', {})).rejects.toMatchObject({ code: 'TOOL_MISSING' });
      await expect(videoNoticeFinder.find(bytesSource(bytesOf('film.mp4')), 'mp4')).rejects.toMatchObject({ code: 'TOOL_MISSING' });
    } finally {
      process.env[FFMPEG_VARIABLE] = ffmpegPath;
    }
    await expect(videoNotice.apply(bytesSource(bytesOf('film.mp4')), 'mp4', { seconds: 1 })).rejects.toThrow(TypeError);
    await expect(videoNotice.apply(bytesSource(bytesOf('film.mp4')), 'mp4', { text: '生成' })).rejects.toThrow(TypeError);
  });
});
