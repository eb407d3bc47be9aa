import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, PRODUCER } from './run-cli.ts';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'aigc-label-cli-explicit-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));
const copy = (name: string): void => copyFileSync(fileURLToPath(new URL(`../../../samples/${name}`, import.meta.url)), join(cwd, name));
const json = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const label = (...args: readonly string[]) => cli(['label', '--producer', PRODUCER, '--explicit', ...args], { cwd });

describe('explicit labels', () => {
  test('are made in every modality, told of, found again, and not made twice', async () => {
    for (const name of ['picture.png', 'clip.mp4', 'song.mp3', 'article.md']) {
      copy(name);
    }
    const made = await label('.', '--out', 'out', '--json', '--explicit-text', 'full', '--video-seconds', '2', '--badge-style', 'large');
    expect(made.code).toBe(0);
    const results = json(made.stdout).slice(0, -1);
    expect(results.map(({ mark }) => mark).sort()).toEqual(['image-badge', 'sound-notice', 'text-notice', 'video-notice']);
    expect(results.find(({ mark }) => mark === 'sound-notice')?.['remarks']).toEqual(
      expect.arrayContaining([{ code: 'content_kept', data: {} }, expect.objectContaining({ code: 'loudness' })]),
    );
    const verified = await cli(['verify', 'out', '--explicit', '--json'], { cwd });
    for (const line of json(verified.stdout)) {
      const report = line['report'] as { notices: { text: string; shortfalls?: unknown[] }[] } | undefined;
      if (report !== undefined) {
        expect(report.notices.length, JSON.stringify(line)).toBeGreaterThan(0);
        expect(report.notices[0]?.text).toContain('人工智能生成');
        expect(report.notices.flatMap(({ shortfalls = [] }) => shortfalls)).toEqual([]);
      }
    }
    const again = await label('.', '--out', 'out', '--json', '--explicit-text', 'full', '--video-seconds', '2', '--badge-style', 'large');
    expect(again.code).toBe(0);
    expect(json(again.stdout).at(-1)).toMatchObject({ summary: { done_earlier: 4, refused: 0 } });
    const people = await cli(['verify', 'out/picture.png', '--explicit', '--lang', 'zh'], { cwd });
    expect(people.stdout).toMatch(/内容中的提示：“?"?人工智能生成/);
  });

  test('are made in files whatever they are called', async () => {
    const names = ['-y.mp4', 'a:b.mp3', 'img%03d.mp4', "it's; $(x).mp3"];
    for (const name of names) {
      copyFileSync(fileURLToPath(new URL(`../../../samples/${name.endsWith('4') ? 'clip.mp4' : 'song.mp3'}`, import.meta.url)), join(cwd, name));
    }
    const made = await label('--out', 'out', '--json', '--', ...names);
    expect(json(made.stdout).at(-1)).toMatchObject({ summary: { labelled: 4, refused: 0 } });
    const verified = await cli(['verify', '--explicit', '--json', '--', ...names.map((name) => `out/${name}`)], { cwd });
    expect(verified.code).toBe(0);
    expect(verified.stdout.match(/"form":"(speech|badge)"/g)?.length).toBe(4);
  });

  test('of sound and video name the remedy where ffmpeg is missing; pictures, texts and WAV need none', async () => {
    copy('clip.mp4');
    copy('picture.png');
    const env = { AIGC_LABEL_FFMPEG: join(cwd, 'no-such-ffmpeg') };
    const run = await cli(['label', '.', '--out', 'out', '--producer', PRODUCER, '--explicit'], { cwd, env });
    expect(run.code).toBe(10);
    expect(run.stderr).toMatch(/clip\.mp4.*AIGC_LABEL_FFMPEG/s);
    expect(readdirSync(join(cwd, 'out'))).toEqual(['picture.png']);
  });

  test('leave nothing behind when the run is stopped while a video is encoded', async () => {
    copy('clip.mp4');
    const before = readFileSync(join(cwd, 'clip.mp4'));
    let stopped = false;
    const run = await cli(['label', 'clip.mp4', '--in-place', '--producer', PRODUCER, '--explicit', '--video-when', 'throughout'], {
      cwd,
      onStart: (child, temporary) => {
        const watch = setInterval(() => {
          if (readdirSync(temporary).length > 0 && !stopped) {
            stopped = true;
            setTimeout(() => child.kill('SIGINT'), 50);
            clearInterval(watch);
          }
        }, 5);
        child.on('close', () => clearInterval(watch));
      },
    });
    expect(stopped).toBe(true);
    expect(run.code).toBe(130);
    expect(readdirSync(cwd)).toEqual(['clip.mp4']);
    expect(readFileSync(join(cwd, 'clip.mp4')).equals(before)).toBe(true);
  });

  test('cannot be asked for in words without both elements, or for less than two seconds', async () => {
    copy('picture.png');
    expect((await label('picture.png', '--out', 'out', '--explicit-text', 'made with love')).code).toBe(10);
    expect((await label('picture.png', '--out', 'out', '--video-seconds', '1')).code).toBe(10);
    const noClip = await label('picture.png', '--out', 'out', '--sound-clip', 'picture.png');
    expect([noClip.code, noClip.stderr]).toEqual([10, expect.stringMatching(/soundClip.*WAV/)]);
    expect(readdirSync(cwd)).toEqual(['picture.png']);
  });
});

describe('preview', () => {
  test('shows the badge beside the picture, which stays as it is', async () => {
    copy('picture.png');
    const before = readFileSync(join(cwd, 'picture.png'));
    const { code, stdout } = await cli(['preview', 'picture.png', '--badge-position', 'top', '--json'], { cwd });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ output: 'picture.png.preview.png', width: 960, height: 640, capPixels: 34 });
    expect(readdirSync(cwd).sort()).toEqual(['picture.png', 'picture.png.preview.png']);
    expect(readFileSync(join(cwd, 'picture.png')).equals(before)).toBe(true);
    expect((await cli(['preview', 'picture.png'], { cwd })).code).toBe(1);
    expect((await cli(['preview', 'picture.png', '--overwrite', '--lang', 'zh'], { cwd })).stdout).toContain('不低于 5%');
  });

  test('says why none can be drawn', async () => {
    writeFileSync(join(cwd, 'a.png'), 'no picture');
    const { code, stderr } = await cli(['preview', 'a.png'], { cwd });
    expect(code).toBe(1);
    expect(stderr).toContain('a.png');
    expect(readdirSync(cwd)).toEqual(['a.png']);
  });
});
