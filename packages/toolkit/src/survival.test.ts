import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffmpeg, withFile } from '@aigc-label/test-fixtures';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLabeler, createVerifier } from './index.ts';

// README, "What does not survive": every sentence there has a test here, or in the tests of the badge.
const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001' });
const verifier = createVerifier();
const sample = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../samples/${name}`, import.meta.url)));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-survival-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a metadata label', () => {
  const remuxed = async (...flags: readonly string[]): Promise<string> => {
    const output = join(folder, 'remuxed.mp4');
    const { bytes } = await labeler.labelBytes(sample('clip.mp4'));
    await withFile('labelled.mp4', bytes, (path) => ffmpeg('-i', path, '-c', 'copy', ...flags, output));
    return output;
  };

  it('is lost when ffmpeg copies an MP4 as it does by default', async () => {
    expect(await verifier.verifyFile(await remuxed())).toMatchObject({ action: 'none', integrity: 'absent' });
  });

  it('is kept when ffmpeg is told to keep such tags', async () => {
    expect(await verifier.verifyFile(await remuxed('-movflags', 'use_metadata_tags'))).toMatchObject({ action: 'generated', integrity: 'unsigned' });
  });

  it('is lost when a picture is encoded anew, as a platform or a screenshot does', async () => {
    const { bytes } = await labeler.labelBytes(sample('picture.png'));
    const output = join(folder, 'again.jpg');
    await withFile('labelled.png', bytes, (path) => ffmpeg('-i', path, output));
    expect(await verifier.verifyFile(output)).toMatchObject({ action: 'none', integrity: 'absent' });
  });

  it('can be copied to another file, and then says only that it is not signed', async () => {
    const { label } = await labeler.labelBytes(sample('picture.png'));
    const { bytes } = await labeler.labelBytes(sample('song.mp3'), label);
    expect(await verifier.verifyBytes(bytes)).toMatchObject({ action: 'generated', integrity: 'unsigned', label });
  });

  it('stays when the file is copied and renamed, whatever the new extension', async () => {
    await writeFile(join(folder, 'a.png'), (await labeler.labelBytes(sample('picture.png'))).bytes);
    await copyFile(join(folder, 'a.png'), join(folder, 'b.mp3'));
    expect(await verifier.verifyFile(join(folder, 'b.mp3'))).toMatchObject({ format: 'png', action: 'generated' });
  });
});

describe('an explicit label', () => {
  const marked = createLabeler({ ContentProducer: '001191110000MA0000000H10001', explicit: true });
  /** What verifying finds after ffmpeg has made something else of a labelled sample; its metadata is gone. */
  const foundAfter = async (name: string, output: string, ...coding: readonly string[]) => {
    const path = join(folder, output);
    const { bytes } = await marked.labelBytes(sample(name));
    await withFile(`labelled-${name}`, bytes, (labelled) => ffmpeg('-i', labelled, '-map_metadata', '-1', ...coding, path));
    return verifier.verifyFile(path, { explicit: true });
  };
  const passed = { action: 'suspected', integrity: 'absent' };

  it.each([
    ['JPEG at quality 60', ['-q:v', '9']],
    ['half the size', ['-vf', 'scale=iw/2:-2', '-q:v', '3']],
  ] as const)('on a picture is found after %s', async (_, coding) => {
    const report = await foundAfter('picture.png', 'again.jpg', ...coding);
    expect(report).toMatchObject({ ...passed, notices: [{ form: 'badge', text: 'AI生成', position: 'bottom-right' }] });
    expect(report.notices?.[0]?.shortfalls ?? []).toEqual([]);
  });

  it('on a picture is lost when it is cut off', async () => {
    expect(await foundAfter('picture.png', 'again.png', '-vf', 'crop=iw/2:ih/2:0:0')).toMatchObject({ action: 'none', notices: [] });
  });

  it('in sound is found after AAC at 96 kbit/s', async () => {
    const report = await foundAfter('song.mp3', 'again.m4a', '-vn', '-c:a', 'aac', '-b:a', '96k');
    expect(report).toMatchObject({ ...passed, notices: [{ form: 'speech', position: 'start', text: '本音频由人工智能生成' }] });
    expect(report.notices?.[0]?.shortfalls ?? []).toEqual([]);
  });

  it('on a video is found after half the size and strong compression, with its height and seconds', async () => {
    const report = await foundAfter('clip.mp4', 'again.mp4', '-vf', 'scale=iw/2:-2', '-c:v', 'libx264', '-crf', '30', '-pix_fmt', 'yuv420p');
    expect(report).toMatchObject({ ...passed, notices: [{ form: 'badge', position: 'start', text: 'AI生成' }] });
    expect(report.notices?.[0]?.measures?.seconds).toBeCloseTo(3, 0);
    expect(report.notices?.[0]?.shortfalls ?? []).toEqual([]);
  });
});
