import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, LabelError } from '@aigc-label/core';
import { ffmpeg, ffmpegPath } from '@aigc-label/test-fixtures';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FFMPEG_VARIABLE, findFfmpeg, MOVING_LIKENESS_THRESHOLD, movingMatch, SOUND_LIKENESS_THRESHOLD, soundMatch } from './index.ts';
import { isAsLong, stretchesOf } from './stretches.ts';

const folder = mkdtempSync(join(tmpdir(), 'aigc-label-likeness-'));
const at = (name: string): string => join(folder, name);
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(at(name)));
const likeness = async (match: typeof soundMatch, a: string, b: string): Promise<number> =>
  (await match.compare({ source: bytesSource(bytesOf(a)), format: 'a' }, { source: bytesSource(bytesOf(b)), format: 'b' })).similarity;

/** Films of four seconds, each with a tune of its own. */
const film = (index: number, name: string): Promise<string> =>
  ffmpeg(
    ...['-f', 'lavfi', '-i', ['testsrc2=size=192x144:rate=25', 'mandelbrot=size=192x144:rate=25', 'smptebars=size=192x144:rate=25'][index] as string],
    ...['-f', 'lavfi', '-i', `aevalsrc=0.4*sin(2*PI*(${200 + 90 * index}+${120 + 50 * index}*floor(mod(t*${3 + index}\\,5)))*t):s=22050`],
    ...['-t', '4', '-c:v', 'mpeg4', '-q:v', '3', '-c:a', 'aac', at(name)],
  );
beforeAll(async () => {
  process.env[FFMPEG_VARIABLE] = ffmpegPath;
  await Promise.all([0, 1, 2].map((index) => film(index, `film${index}.mp4`)));
  await ffmpeg(
    '-i',
    at('film0.mp4'),
    '-vf',
    'scale=96:-2',
    '-r',
    '12',
    '-c:v',
    'libvpx',
    '-b:v',
    '80k',
    '-c:a',
    'libopus',
    '-b:a',
    '24k',
    at('transcode.webm'),
  );
  await ffmpeg('-i', at('film0.mp4'), '-vn', '-c:a', 'libmp3lame', '-b:a', '32k', '-af', 'volume=0.4', at('sound.mp3'));
  await ffmpeg('-i', at('film0.mp4'), '-t', '2', '-c', 'copy', at('half.mp4'));
  await ffmpeg(
    '-i',
    at('film0.mp4'),
    '-i',
    at('film1.mp4'),
    '-filter_complex',
    '[1:v]trim=start=2,setpts=PTS-STARTPTS[b];[0:v]trim=end=2[a];[a][b]concat',
    '-map',
    '0:a',
    '-c:v',
    'mpeg4',
    at('mixed.mp4'),
  );
});
afterAll(() => {
  delete process.env[FFMPEG_VARIABLE];
  rmSync(folder, { recursive: true, force: true });
});

describe('likeness of films', () => {
  it('finds one again in another codec, at half the size and half the frames', async () => {
    expect(await likeness(movingMatch, 'film0.mp4', 'transcode.webm')).toBeGreaterThan(MOVING_LIKENESS_THRESHOLD);
  });

  it.each([
    ['another film', 'film1.mp4'],
    ['a third film', 'film2.mp4'],
    ['one whose second half is of another', 'mixed.mp4'],
    ['its first half', 'half.mp4'],
  ])('tells it from %s', async (_, other) => {
    expect(await likeness(movingMatch, 'film0.mp4', other)).toBeLessThan(MOVING_LIKENESS_THRESHOLD - 0.2);
  });
});

describe('likeness of sound', () => {
  it('finds one again in another codec, without its pictures, quieter', async () => {
    expect(await likeness(soundMatch, 'film0.mp4', 'sound.mp3')).toBeGreaterThan(SOUND_LIKENESS_THRESHOLD);
    expect(await likeness(soundMatch, 'sound.mp3', 'transcode.webm')).toBeGreaterThan(SOUND_LIKENESS_THRESHOLD);
  });

  it('tells it from others', async () => {
    for (const other of ['film1.mp4', 'film2.mp4', 'half.mp4']) {
      expect(await likeness(soundMatch, 'film0.mp4', other), other).toBeLessThan(SOUND_LIKENESS_THRESHOLD - 0.2);
    }
  });
});

describe('what it needs', () => {
  it('refuses what has no pictures, or is no recording, and leaves nothing behind', async () => {
    // A temporary folder of its own: other tests run ffmpeg meanwhile.
    vi.stubEnv('TMPDIR', folder);
    await expect(likeness(movingMatch, 'film0.mp4', 'sound.mp3')).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
    const noise = { source: bytesSource(new Uint8Array(5_000).fill(7)), format: 'x' };
    await expect(soundMatch.compare(noise, noise)).rejects.toBeInstanceOf(LabelError);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('aigc-label-ffmpeg-'))).toEqual([]);
    vi.unstubAllEnvs();
  });

  it('looks for ffmpeg where it was named, on the PATH, and in the package', async () => {
    expect(await findFfmpeg({ [FFMPEG_VARIABLE]: ffmpegPath })).toBe(ffmpegPath);
    expect(await findFfmpeg({ PATH: join(ffmpegPath, '..') })).toBe(ffmpegPath);
    expect(await findFfmpeg({})).toBe(ffmpegPath);
    await expect(findFfmpeg({ [FFMPEG_VARIABLE]: at('nothing') })).rejects.toMatchObject({ code: 'TOOL_MISSING' });
  });

  it('compares long recordings at three places, and asks for the same duration', () => {
    expect(stretchesOf(undefined)).toHaveLength(1);
    expect(stretchesOf(600)).toEqual([
      { start: 0, length: 30 },
      { start: 285, length: 30 },
      { start: 570, length: 30 },
    ]);
    expect([isAsLong(100, 100.9), isAsLong(100, 102), isAsLong(1, 1.5), isAsLong(1, 2), isAsLong(undefined, 5)]).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
  });
});
