import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ffmpeg, ffmpegPath } from '@aigc-label/test-fixtures';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, PRODUCER } from './run-cli.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'aigc-label-carry-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));
const sample = (name: string): void => copyFileSync(fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url)), join(cwd, name));
const env = { AIGC_LABEL_FFMPEG: ffmpegPath };
const labelled = async (name: string): Promise<void> => {
  sample(name);
  expect((await cli(['label', name, '--in-place', '-p', PRODUCER, '--produce-id', 'n-1'], { cwd })).code).toBe(0);
};
const outcome = (stdout: string): Record<string, unknown> => JSON.parse(stdout.split('\n')[0] ?? '') as Record<string, unknown>;

describe('carry', () => {
  test.each([
    ['picture.png', 'small.webp', ['-vf', 'scale=iw/2:-2', '-quality', '40']],
    ['song.mp3', 'song.ogg', ['-c:a', 'libvorbis']],
    ['clip.mp4', 'clip.mkv', ['-c:v', 'mpeg4']],
  ] as const)('brings the label of %s into %s', async (original, rendition, options) => {
    await labelled(original);
    await ffmpeg('-i', join(cwd, original), '-map_metadata', '-1', ...options, join(cwd, rendition));
    expect((await cli(['verify', rendition], { cwd })).code).toBe(2);
    const carried = await cli(['carry', original, rendition, '--in-place', '--json'], { cwd, env });
    expect(carried.stderr).toBe('');
    expect(outcome(carried.stdout)).toMatchObject({ outcome: 'labelled', label: { ContentProducer: PRODUCER, ProduceID: 'n-1' } });
    expect((await cli(['verify', rendition], { cwd })).code).toBe(0);
    expect(outcome((await cli(['carry', original, rendition, '--in-place', '--json'], { cwd, env })).stdout)).toMatchObject({ outcome: 'unchanged' });
  });

  test('refuses other content, and leaves it as it is', async () => {
    await labelled('picture.png');
    await ffmpeg('-f', 'lavfi', '-i', 'testsrc2=size=320x240', '-frames:v', '1', join(cwd, 'other.png'));
    const before = readFileSync(join(cwd, 'other.png'));
    const { code, stderr } = await cli(['carry', 'picture.png', 'other.png', '--in-place'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('not renditions of the same content');
    expect(readFileSync(join(cwd, 'other.png')).equals(before)).toBe(true);
    expect(readdirSync(cwd).sort()).toEqual(['other.png', 'picture.png']);
  });

  test('says what is missing: a label, ffmpeg, a place to write', async () => {
    sample('picture.png');
    sample('song.mp3');
    expect((await cli(['carry', 'picture.png', 'picture.png', '-o', 'out.png'], { cwd })).code).toBe(2);
    const piped = await cli(['carry', '-', 'picture.png', '-o', 'out.png'], { cwd });
    expect(piped).toMatchObject({ code: 10, stderr: expect.stringContaining('standard input') });
    await labelled('song.mp3');
    writeFileSync(join(cwd, 'copy.mp3'), readFileSync(fileURLToPath(new URL('../../../samples/song.mp3', import.meta.url))));
    const without = await cli(['carry', 'song.mp3', 'copy.mp3', '--in-place'], { cwd, env: { AIGC_LABEL_FFMPEG: '/nothing/here' } });
    expect(without).toMatchObject({ code: 10, stderr: expect.stringContaining('AIGC_LABEL_FFMPEG') });
    expect((await cli(['carry', 'song.mp3', 'copy.mp3'], { cwd })).code).toBe(10);
  });
});
