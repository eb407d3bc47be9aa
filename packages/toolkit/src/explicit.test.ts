// Every explicit label that we make, end to end: one file of each format that a mark serves is marked, the mark is found again while verifying, and is not made twice.
import { readFile, rm } from 'node:fs/promises';
import { endJudges, ffmpeg, fixtureBytes } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf, pictureOf } from '../../image/test/pictures.ts';
import { createLabeler, createVerifier, NOTICE_PRESETS, previewBytes } from './index.ts';
import { allMarks, allNoticeFinders } from './parts.ts';

const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001', explicit: true });
const verifier = createVerifier();
afterAll(endJudges);

const made = async (name: string, ...args: readonly string[]): Promise<Uint8Array> => {
  const path = `${process.env['TMPDIR'] ?? '/tmp'}/aigc-label-explicit-${process.pid}-${name}`;
  try {
    await ffmpeg(...args, path);
    return new Uint8Array(await readFile(path));
  } finally {
    await rm(path, { force: true });
  }
};
const PICTURES = ['-f', 'lavfi', '-i', 'testsrc2=s=192x144:r=10:d=6'];
const SOUND = ['-f', 'lavfi', '-i', 'sine=440:d=6'];
const video =
  (name: string, ...coding: readonly string[]) =>
  (): Promise<Uint8Array> =>
    made(name, ...PICTURES, ...SOUND, '-g', '40', ...coding);
const sound =
  (name: string, ...coding: readonly string[]) =>
  (): Promise<Uint8Array> =>
    made(name, ...SOUND, ...coding);
const text = (content: string) => async (): Promise<Uint8Array> => new TextEncoder().encode(content);

/** One file of each format. */
const FILES: Readonly<Record<string, () => Promise<Uint8Array>>> = {
  png: async () => bytesOf(pictureOf(3, 240, 180).png()),
  jpeg: async () => bytesOf(pictureOf(3, 240, 180).jpeg()),
  gif: async () => bytesOf(pictureOf(3, 240, 180).gif()),
  webp: async () => bytesOf(pictureOf(3, 240, 180).webp()),
  wav: sound('a.wav'),
  aiff: sound('a.aiff'),
  flac: sound('a.flac'),
  mp3: sound('a.mp3', '-b:a', '96k'),
  aac: sound('a.aac', '-b:a', '96k'),
  m4a: sound('a.m4a', '-b:a', '96k'),
  opus: sound('a.opus', '-c:a', 'libopus', '-b:a', '64k'),
  ogg: sound('a.ogg', '-c:a', 'libvorbis'),
  mp4: video('a.mp4', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'),
  mov: video('a.mov', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'pcm_s16le'),
  mkv: video('a.mkv', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'libvorbis'),
  webm: video('a.webm', '-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-c:a', 'libopus'),
  avi: video('a.avi', '-c:v', 'mpeg4', '-c:a', 'libmp3lame'),
  flv: video('a.flv', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'),
  ts: video('a.ts', '-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac'),
  ogv: video('a.ogv', '-c:v', 'libtheora', '-c:a', 'libvorbis'),
  wmv: video('a.wmv', '-c:v', 'wmv2', '-c:a', 'wmav2'),
  html: text('<!doctype html><html lang="zh-CN"><head><title>t</title></head><body><p>正文一</p><p>正文二</p></body></html>'),
  markdown: text('# 标题\n\n正文一。\n\n正文二。\n'),
  pdf: async () => fixtureBytes('pdf/ghostscript.pdf'),
  docx: async () => fixtureBytes('zip/text.docx'),
  odt: async () => fixtureBytes('zip/text.odt'),
  epub: async () => fixtureBytes('zip/book.epub'),
  pptx: async () => fixtureBytes('zip/slides.pptx'),
  rtf: text('{\\rtf1\\ansi\\pard one\\par\\pard two\\par}'),
  plain: text('正文一。\n\n正文二。\n'),
};
/** What only the name tells. */
const NAMES: Readonly<Record<string, string>> = { markdown: 'a.md', plain: 'a.txt', html: 'a.html' };

describe.each(allMarks.flatMap(({ id, formats }) => formats.map((format) => [id, format] as const)))('%s in %s', (id, format) => {
  it('is made, found again, and not made twice', async () => {
    const bytes = await FILES[format]?.();
    expect(bytes, `a file of ${format} is missing in this test`).toBeDefined();
    const name = NAMES[format] ?? 'a';
    const marked = await labeler.labelBytes(bytes as Uint8Array, { name });
    expect(marked).toMatchObject({ outcome: 'labelled', format, mark: id });
    const report = await verifier.verifyBytes(marked.bytes, {
      name,
      explicit: true,
      ...(marked.sidecar === null ? {} : { sidecar: marked.sidecar }),
    });
    expect(report).toMatchObject({ action: 'generated', isConformant: true, format });
    if (allNoticeFinders.some(({ formats }) => formats.includes(format))) {
      expect(report.notices?.flatMap(({ shortfalls = [] }) => shortfalls)).toEqual([]);
      expect(report.clauses.flatMap(({ checks }) => checks).find(({ check }) => check === 'explicit-notice')?.outcome).toBe('pass');
    }
    const again = await labeler.labelBytes(marked.bytes, { name, ...(marked.sidecar === null ? {} : { sidecar: marked.sidecar }) });
    expect(again).toMatchObject({ outcome: 'unchanged', mark: null, remarks: [] });
  });
});

describe('explicit labels', () => {
  it('take their words from a preset by name', async () => {
    const bytes = await (FILES['markdown'] as () => Promise<Uint8Array>)();
    const marked = await labeler.labelBytes(bytes, { name: 'a.md', explicit: { text: 'content', positions: ['end'] } });
    expect(new TextDecoder().decode(marked.bytes)).toContain(NOTICE_PRESETS.content);
  });

  it('are shown beforehand without labelling anything', async () => {
    const picture = await (FILES['jpeg'] as () => Promise<Uint8Array>)();
    const { png, heightRatio } = await previewBytes(picture, { text: 'full', image: { style: 'large' } });
    expect(heightRatio).toBeGreaterThanOrEqual(0.08);
    expect(await verifier.verifyBytes(png, { explicit: true })).toMatchObject({
      integrity: 'absent',
      notices: [{ text: '人工智能生成', form: 'badge' }],
    });
  });

  it('are stopped by who waits for them, and nothing is left', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(labeler.labelBytes(await (FILES['png'] as () => Promise<Uint8Array>)(), { signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
