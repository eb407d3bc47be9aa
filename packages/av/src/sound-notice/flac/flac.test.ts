import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, concat, u32be } from '@aigc-label/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../ffmpeg/find-ffmpeg.ts';
import { runFfmpeg, runFfmpegToFile } from '../../ffmpeg/run-ffmpeg.ts';
import { noticePcm } from '../notice-pcm.ts';
import { pcmLength } from '../pcm.ts';
import { resolveSoundNotice, type SoundNoticeOptions } from '../sound-notice-options.ts';
import { flacInserter } from './index.ts';

let folder = '';
let program = '';
const usual = process.env['TMPDIR'] ?? tmpdir();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-flac-test-'));
  program = await findFfmpeg();
  process.env['TMPDIR'] = folder;
});
afterAll(async () => {
  process.env['TMPDIR'] = usual;
  await rm(folder, { recursive: true, force: true });
});

/** Folders that were left behind. */
const left = (): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('aigc-label-ffmpeg-'));

/** Three seconds of noise as ffmpeg codes it. */
const made = async (name: string, options: readonly string[]): Promise<Uint8Array> => {
  const output = join(folder, name);
  const samples = Uint8Array.from({ length: 8_000 * 3 * 2 }, (_, index) => (index % 2 === 1 ? ((index * 7_919) >> 7) & 15 : (index * 31) & 255));
  await writeFile(`${output}.raw`, samples);
  await runFfmpegToFile({
    program,
    inputs: [{ path: `${output}.raw`, options: ['-f', 's16le', '-ar', '8000', '-ac', '1'] }],
    outputOptions: [...options, '-fflags', '+bitexact', '-f', 'flac'],
    output,
  });
  return new Uint8Array(await readFile(output));
};

const block = (type: number, data: Uint8Array, isLast = false): Uint8Array =>
  concat(u32be((isLast ? 2 ** 31 : 0) + type * 2 ** 24 + data.length), data);

/** Blocks by an own walk, and what follows them. */
const blocksOf = (flac: Uint8Array): { readonly blocks: readonly (readonly [type: number, data: Uint8Array])[]; readonly rest: Uint8Array } => {
  const blocks: [number, Uint8Array][] = [];
  for (let at = 4, isLast = false; !isLast; ) {
    const size = ((flac[at + 1] as number) << 16) | ((flac[at + 2] as number) << 8) | (flac[at + 3] as number);
    isLast = (flac[at] as number) > 127;
    blocks.push([(flac[at] as number) & 127, flac.subarray(at + 4, at + 4 + size)]);
    at += 4 + size;
    if (isLast) {
      return { blocks, rest: flac.subarray(at) };
    }
  }
  throw new Error('no last block');
};

const insert = async (flac: Uint8Array, options: SoundNoticeOptions): Promise<Uint8Array> => {
  const marked = await flacInserter.insert(bytesSource(flac), 'flac', resolveSoundNotice(options), {});
  if (marked.kind !== 'source') {
    throw new Error('a source was expected');
  }
  const bytes = (await marked.source.read(0, marked.source.size)).slice();
  await marked.release();
  return bytes;
};

const decoded = async (flac: Uint8Array, format: string): Promise<Uint8Array> => {
  const path = join(folder, 'decode.flac');
  await writeFile(path, flac);
  const { bytes } = await runFfmpeg({
    program,
    input: path,
    inputOptions: [],
    outputOptions: ['-map', '0:a:0', '-f', format],
    maximumBytes: 1 << 24,
  });
  return bytes;
};

const number = (bytes: Uint8Array, at: number, width: number): number =>
  bytes.subarray(at, at + width).reduce((value, byte) => value * 256 + byte, 0);
const big = (value: number): Uint8Array => concat(u32be(0), u32be(value));

describe('a notice in a FLAC', () => {
  it('keeps every sample, block and tag, and moves what counts samples', async () => {
    const plain = blocksOf(await made('plain.flac', []));
    const point = (sample: number): Uint8Array => concat(big(sample), big(0), Uint8Array.of(0, 1));
    const sheet = new Uint8Array(396 + 2 * 36 + 12);
    sheet[395] = 2;
    sheet.set(concat(big(8_000), Uint8Array.of(1)), 396);
    sheet.set([1], 396 + 35);
    sheet.set(concat(big(588), Uint8Array.of(1)), 396 + 36);
    sheet.set(concat(big(24_000), Uint8Array.of(170)), 396 + 48);
    const info = plain.blocks[0]?.[1] as Uint8Array;
    const foreign = [
      block(
        2,
        Uint8Array.from({ length: 777 }, (_, index) => index & 255),
      ),
      block(1, new Uint8Array(50)),
    ];
    const table = concat(point(0), point(8_192), point(20_000), new Uint8Array(18).fill(255, 0, 8));
    const original = concat(
      ...[Uint8Array.from([...'fLaC'].map((letter) => letter.charCodeAt(0))), block(0, info), block(3, table), foreign[0] as Uint8Array],
      ...[block(5, sheet), block(4, plain.blocks.find(([type]) => type === 4)?.[1] as Uint8Array), block(1, new Uint8Array(50), true), plain.rest],
      ...[Uint8Array.from({ length: 128 }, (_, index) => 'TAG'.charCodeAt(index) || 32)],
    );
    const options: SoundNoticeOptions = { kind: 'rhythm', positions: ['start', 'end'] };
    const result = await insert(original, options);
    const more = pcmLength(await noticePcm(resolveSoundNotice(options), { sampleRate: 8_000, channels: 1 }));

    const [before, after] = [await decoded(original, 's16le'), await decoded(result, 's16le')];
    expect(after.length).toBe(before.length + 4 * more);
    expect(Buffer.compare(after.subarray(2 * more, 2 * more + before.length), before)).toBe(0);
    const { blocks } = blocksOf(result);
    expect(blocks.map(([type]) => type)).toEqual([0, 3, 2, 5, 4, 1]);
    for (const [index, [type, data]] of blocksOf(original).blocks.entries()) {
      if (type !== 0 && type !== 3 && type !== 5) {
        expect(Buffer.compare(blocks[index]?.[1] as Uint8Array, data)).toBe(0);
      }
    }
    expect(result.subarray(-128)).toEqual(original.subarray(-128));
    const told = blocks[0]?.[1] as Uint8Array;
    expect(Buffer.from(told.subarray(18)).toString('hex')).toBe(createHash('md5').update(after).digest('hex'));
    expect(number(told, 14, 4)).toBe(24_000 + 2 * more);
    const moved = blocks[3]?.[1] as Uint8Array;
    expect([number(moved, 396, 8), number(moved, 396 + 36, 8), number(moved, 396 + 48, 8)]).toEqual([8_000 + more, 588, 24_000 + 2 * more]);
    const seek = blocks[1]?.[1] as Uint8Array;
    expect(seek.length).toBe(table.length);
    const { rest } = blocksOf(result);
    for (const [index, sample] of [more, 8_192 + more, 20_000 + more].entries()) {
      const [first, offset, samples] = [number(seek, 18 * index, 8), number(seek, 18 * index + 8, 8), number(seek, 18 * index + 16, 2)];
      expect(first).toBeLessThanOrEqual(sample);
      expect(first + samples).toBeGreaterThan(sample);
      expect([rest[offset], rest[offset + 1]]).toEqual([0xff, 0xf8]);
    }
    expect(left()).toEqual([]);
  });

  it('keeps 24 bit', async () => {
    const original = await made('deep.flac', ['-af', 'volume=0.3', '-sample_fmt', 's32']);
    const result = await insert(original, { kind: 'rhythm', positions: ['middle'] });
    const [before, after] = [Buffer.from(await decoded(original, 's24le')), Buffer.from(await decoded(result, 's24le'))];
    const more = after.length - before.length;
    let same = 0;
    while (before[same] === after[same]) {
      same += 1;
    }
    expect(before.some((byte, index) => index % 3 === 0 && byte !== 0)).toBe(true);
    expect(same).toBeGreaterThanOrEqual(before.length * 0.38);
    const frame = 3 * Math.floor(same / 3);
    expect(
      Array.from({ length: 4_000 }, (_, step) => frame - 3 * step).some((at) => Buffer.compare(after.subarray(at + more), before.subarray(at)) === 0),
    ).toBe(true);
  });

  it('is refused for other widths and for samples that are not those of the MD5, and leaves nothing behind', async () => {
    const original = await made('damaged.flac', []);
    const other = original.slice();
    other[20] = ((other[20] as number) & 1) | 0;
    other[21] = ((other[21] as number) & 15) | (11 << 4);
    await expect(insert(other, {})).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED', data: { bits: 12 } });
    const wrong = original.slice();
    wrong[8 + 20] = (wrong[8 + 20] as number) ^ 1;
    await expect(insert(wrong, {})).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(insert(new Uint8Array(100), {})).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    const stop = AbortSignal.abort();
    await expect(flacInserter.insert(bytesSource(original), 'flac', resolveSoundNotice(), { signal: stop })).rejects.toMatchObject({
      code: 'ABORTED',
    });
    expect(left()).toEqual([]);
  });
});
