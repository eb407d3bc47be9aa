import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { crc16, id3TotalBytes, leadingOggPackets, parseId3Header, parseMpegAudioFrame, parseXingFrame } from '@aigc-label/containers';
import { applySplices, type ByteSource, bytesSource, LabelError, type Marked } from '@aigc-label/core';
import { ffmpeg, ffmpegPath, ffprobe } from '@aigc-label/test-fixtures';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Pcm } from '../pcm.ts';
import { resolveSoundNotice, type SoundNoticePosition } from '../sound-notice-options.ts';
import { waveOf } from './encode-notice.ts';
import { compressedInserters } from './index.ts';

const run = promisify(execFile);
let folder: string;

/** Chirps, a beat and noise: nothing repeats, so that no stretch is taken for another. */
const song = (seconds: number, sampleRate: number, channels: number): Pcm => {
  let seed = 1;
  const noise = (): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed / 2 ** 30 - 1;
  };
  return {
    sampleRate,
    channels: Array.from({ length: channels }, (_, channel) =>
      Float32Array.from({ length: seconds * sampleRate }, (_unused, index) => {
        const time = index / sampleRate;
        return 0.3 * Math.sin(2 * Math.PI * (200 + 150 * time + 40 * channel) * time) + (time % 0.5 < 0.05 ? 0.3 * noise() : 0.02 * noise());
      }),
    ),
  };
};

const make = async (name: string, pcm: Pcm, ...options: readonly string[]): Promise<string> => {
  const wave = join(folder, `${name}.wav`);
  await writeFile(wave, waveOf(pcm));
  await ffmpeg('-i', wave, ...options, join(folder, name));
  return join(folder, name);
};

const decoded = async (path: string, ...decoder: readonly string[]): Promise<Float32Array> => {
  const { stdout } = await run(ffmpegPath, ['-v', 'error', '-nostdin', ...decoder, '-i', path, '-f', 'f32le', '-'], {
    maxBuffer: 1 << 28,
    encoding: 'buffer',
  });
  return new Float32Array(Uint8Array.from(stdout).buffer);
};

/** The hash of each packet, in order. */
const packets = async (path: string): Promise<readonly string[]> =>
  (await ffmpeg('-i', path, '-map', '0:a', '-c', 'copy', '-f', 'framemd5', '-'))
    .split('\n')
    .filter((line) => /^0,/.test(line))
    .map((line) => line.split(',').at(-1)?.trim() ?? '');

const headersOf = async (path: string): Promise<readonly Uint8Array[]> =>
  (await leadingOggPackets(bytesSource(new Uint8Array(await readFile(path))), (so) => so.length < 3, 1 << 20)).packets;

const wholeOf = async (bytes: Uint8Array, marked: Marked): Promise<Uint8Array> => {
  if (marked.kind !== 'source') {
    return marked.kind === 'bytes' ? marked.bytes : applySplices(bytes, marked.splices);
  }
  const whole = await marked.source.read(0, marked.source.size);
  await marked.release();
  return whole;
};

const insert = async (path: string, format: string, positions: readonly SoundNoticePosition[], signal?: AbortSignal): Promise<Marked> => {
  const bytes = new Uint8Array(await readFile(path));
  const inserter = compressedInserters.find(({ formats }) => formats.includes(format));
  const source: ByteSource = { ...bytesSource(bytes), path };
  return (inserter as NonNullable<typeof inserter>).insert(
    source,
    format,
    resolveSoundNotice({ kind: 'rhythm', positions }),
    signal === undefined ? {} : { signal },
  );
};

interface Result {
  readonly path: string;
  readonly marked: Marked;
}

const inserted = async (path: string, format: string, positions: readonly SoundNoticePosition[]): Promise<Result> => {
  const marked = await insert(path, format, positions);
  const out = path.replace(/([^/]+)$/, `${positions.join('-')}-$1`);
  await writeFile(out, await wholeOf(new Uint8Array(await readFile(path)), marked));
  return { path: out, marked };
};

const commonStart = <Value>(a: ArrayLike<Value>, b: ArrayLike<Value>): number => {
  let count = 0;
  while (count < a.length && a[count] === b[count]) {
    count += 1;
  }
  return count;
};

const commonEnd = <Value>(a: ArrayLike<Value>, b: ArrayLike<Value>): number => {
  let count = 0;
  while (count < a.length && a[a.length - 1 - count] === b[b.length - 1 - count]) {
    count += 1;
  }
  return count;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-compressed-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const stereo = song(3, 44_100, 2);
const LAME = ['-c:a', 'libmp3lame'];
const PLAIN_AAC = ['-c:a', 'aac', '-aac_pns', '0'];

/** What the decoders below give is bit for bit that of the recording; Opus is told of further down. */
const EXACT: readonly (readonly [string, string, Pcm, readonly string[]])[] = [
  ['cbr.mp3', 'mp3', stereo, [...LAME, '-b:a', '128k']],
  ['vbr.mp3', 'mp3', stereo, [...LAME, '-q:a', '5', '-id3v2_version', '0']],
  ['half.mp3', 'mp3', song(3, 22_050, 1), [...LAME, '-b:a', '32k', '-write_xing', '0']],
  ['stereo.aac', 'aac', stereo, [...PLAIN_AAC, '-b:a', '96k']],
  ['end.m4a', 'm4a', stereo, [...PLAIN_AAC, '-b:a', '96k']],
  ['mono.m4a', 'm4a', song(3, 32_000, 1), [...PLAIN_AAC, '-b:a', '64k', '-movflags', '+faststart']],
];

describe.each(EXACT)('%s', (name, format, pcm, options) => {
  let path: string;
  beforeAll(async () => {
    path = await make(name, pcm, ...options);
  });

  it.each([['start'], ['middle'], ['end']] as const)('keeps every packet and every sample with a notice at the %s', async (position) => {
    const { path: out, marked } = await inserted(path, format, [position]);
    expect(marked.remarks?.map(({ code }) => code)).toEqual(['content_kept', 'loudness']);
    const [before, after] = [await decoded(path), await decoded(out)];
    const added = after.length - before.length;
    expect(added / pcm.channels.length / pcm.sampleRate).toBeGreaterThan(1.9);
    const [head, tail] = [commonStart(before, after), commonEnd(before, after)];
    expect(head + tail).toBeGreaterThanOrEqual(before.length);
    expect(position === 'start' ? tail : position === 'end' ? head : before.length).toBe(before.length);
    const [old, now] = [await packets(path), await packets(out)];
    expect(commonStart(old, now) + commonEnd(old, now)).toBeGreaterThanOrEqual(old.length);
  });

  // One of each way of joining is enough.
  const itOrNothing = name === 'vbr.mp3' || name === 'mono.m4a' ? it : (): void => {};
  itOrNothing('takes a notice in three places', async () => {
    const { path: out } = await inserted(path, format, ['start', 'middle', 'end']);
    const [before, once, thrice] = [await decoded(path), await decoded((await inserted(path, format, ['start'])).path), await decoded(out)];
    const ratio = (thrice.length - before.length) / (once.length - before.length);
    expect(ratio).toBeGreaterThan(2.99);
    expect(ratio).toBeLessThan(3.2);
  });
});

it('MP3: the table in front counts what came in, and its checksums are right', async () => {
  const path = await make('table.mp3', stereo, ...LAME, '-b:a', '96k', '-metadata', 'title=Song');
  const { path: out } = await inserted(path, 'mp3', ['middle']);
  const [before, after] = [await ffprobe(path), await ffprobe(out)];
  expect(after.format.tags).toEqual(before.format.tags);
  const seconds = (await decoded(out)).length / 2 / 44_100;
  expect(Math.abs(Number(after.format.duration) - seconds)).toBeLessThan(0.06);
  const bytes = new Uint8Array(await readFile(out));
  const header = parseId3Header(bytes);
  const at = header === undefined ? 0 : id3TotalBytes(header);
  const tableBytes = parseMpegAudioFrame(bytes, at)?.frameBytes ?? 0;
  const table = bytes.subarray(at, at + tableBytes);
  const xing = parseXingFrame(table);
  expect(xing?.lame).toBeDefined();
  const view = new DataView(table.buffer, table.byteOffset);
  expect(view.getUint16(xing?.lame?.musicChecksumAt ?? 0)).toBe(crc16(bytes.subarray(at + tableBytes)));
  let [count, position] = [0, at + tableBytes];
  for (let frame = parseMpegAudioFrame(bytes, position); frame !== undefined; frame = parseMpegAudioFrame(bytes, position)) {
    count += 1;
    position += frame.frameBytes;
  }
  expect(view.getUint32(xing?.framesAt ?? 0)).toBe(count);
  expect(view.getUint32(xing?.bytesAt ?? 0)).toBe(bytes.length - at);
});

it('MP3: a recording that was cut keeps every sample, too: the notice stands behind the first frame that has all it needs', async () => {
  const whole = new Uint8Array(await readFile(await make('whole.mp3', stereo, ...LAME, '-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0')));
  let at = 0;
  for (
    let frame = parseMpegAudioFrame(whole, at);
    frame !== undefined && (at < 5000 || frame.mainDataBegin === 0);
    frame = parseMpegAudioFrame(whole, at)
  ) {
    at += frame.frameBytes;
  }
  const path = join(folder, 'cut.mp3');
  await writeFile(path, whole.subarray(at));
  const { path: out } = await inserted(path, 'mp3', ['start']);
  const [before, after] = [await decoded(path), await decoded(out)];
  const [head, tail] = [commonStart(before, after), commonEnd(before, after)];
  expect(head).toBeGreaterThan(0);
  expect(head).toBeLessThan(2 * 1152 * 6);
  expect(head + tail).toBeGreaterThanOrEqual(before.length);
});

it('M4A: chapters, both kinds, move behind the notice', async () => {
  const chapters = [
    ';FFMETADATA1',
    ...[0, 1000, 2000].flatMap((start) => ['[CHAPTER]', 'TIMEBASE=1/1000', `START=${start}`, `END=${start + 1000}`, `title=${start}`]),
  ];
  await writeFile(join(folder, 'chapters.txt'), chapters.join('\n'));
  const path = await make('book.m4a', stereo, '-i', join(folder, 'chapters.txt'), '-map_chapters', '1', ...PLAIN_AAC, '-f', 'ipod');
  const startsOf = async (file: string, ...options: readonly string[]): Promise<readonly number[]> =>
    [...(await ffmpeg(...options, '-i', file, '-f', 'ffmetadata', '-')).matchAll(/START=(\d+)/g)].map(([, start]) => Number(start));
  expect(await startsOf(path)).toEqual([0, 1000, 2000]);
  const { path: out } = await inserted(path, 'm4a', ['start']);
  const length = ((await decoded(out)).length - (await decoded(path)).length) / 2 / 44.1;
  for (const options of [[], ['-ignore_chapters', '1']]) {
    const starts = await startsOf(out, ...options);
    if (starts.length > 0) {
      expect(starts.map((start, index) => Math.abs(start - [0, 1000 + length, 2000 + length][index]!) < 2)).toEqual([true, true, true]);
    }
  }
  expect(Number((await ffprobe(out)).format.duration)).toBeCloseTo(3 + length / 1000, 1);
});

it('M4A: Apple Lossless stays sample for sample', async () => {
  const path = await make('lossless.m4a', song(2, 44_100, 1), '-c:a', 'alac');
  const { path: out, marked } = await inserted(path, 'm4a', ['middle']);
  expect(marked.remarks?.[0]?.code).toBe('content_kept');
  const [before, after] = [await decoded(path), await decoded(out)];
  expect(commonStart(before, after) + commonEnd(before, after)).toBeGreaterThanOrEqual(before.length);
  expect(Number((await ffprobe(out)).format.duration)).toBeCloseTo(after.length / 44_100, 2);
});

describe('Ogg', () => {
  it('FLAC stays sample for sample, and its comments too', async () => {
    const path = await make('lossless.ogg', song(2, 44_100, 2), '-c:a', 'flac', '-metadata', 'title=Song', '-f', 'ogg');
    const { path: out, marked } = await inserted(path, 'ogg', ['start', 'middle']);
    expect(marked.remarks?.[0]).toEqual({ code: 'encoded_all', data: { reason: 'codec', isLossless: true } });
    const [before, after] = [await decoded(path), await decoded(out)];
    expect(commonEnd(before, after)).toBeGreaterThan(before.length * 0.3);
    const first = (after.length - before.length) / 2;
    expect(commonStart(before, after.subarray(first)) + commonEnd(before, after)).toBeGreaterThanOrEqual(before.length);
    expect((await ffprobe(out)).streams[0]?.tags).toEqual((await ffprobe(path)).streams[0]?.tags);
  });

  it('Vorbis is encoded anew, as it was, and its comments stay byte for byte', async () => {
    const path = await make('song.ogg', song(2, 44_100, 2), '-c:a', 'libvorbis', '-q:a', '3', '-metadata', 'title=Song');
    const { path: out, marked } = await inserted(path, 'ogg', ['end']);
    expect(marked.remarks?.[0]).toEqual({ code: 'encoded_all', data: { reason: 'codec' } });
    const [, comments] = await headersOf(path);
    expect((await headersOf(out))[1]).toEqual(comments);
    const [before, after] = [await decoded(path), await decoded(out)];
    expect((after.length - before.length) / 2 / 44_100).toBeGreaterThan(1.9);
    // What was coded twice: as near as once more at that quality.
    const [noise, signal] = [0, 1].map((which) =>
      before.reduce((sum, sample, index) => sum + (which === 1 ? sample : sample - (after[index] ?? 0)) ** 2, 0),
    );
    expect(10 * Math.log10((signal ?? 0) / (noise ?? 1))).toBeGreaterThan(10);
  });

  it('refuses several streams', async () => {
    const path = join(folder, 'chained.ogg');
    const one = await make('one.ogg', song(1, 44_100, 1), '-c:a', 'libvorbis');
    const bytes = await readFile(one);
    await writeFile(path, Buffer.concat([bytes, bytes]));
    await expect(insert(path, 'ogg', ['start'])).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED', data: { format: 'ogg' } });
  });
});

describe('Opus', () => {
  let path: string;
  beforeAll(async () => {
    path = await make('song.opus', song(3, 48_000, 2), '-c:a', 'libopus', '-b:a', '96k', '-metadata', 'title=Song');
  });

  it.each([['start'], ['middle'], ['end']] as const)('keeps every packet with a notice at the %s, and the length to a sample', async (position) => {
    const { path: out } = await inserted(path, 'opus', [position]);
    const [old, now] = [await packets(path), await packets(out)];
    expect(commonStart(old, now) + commonEnd(old, now)).toBeGreaterThanOrEqual(old.length);
    // By the reference decoder.
    const [before, after] = [await decoded(path, '-c:a', 'libopus'), await decoded(out, '-c:a', 'libopus')];
    const added = after.length - before.length;
    expect(added / 2).toBe((now.length - old.length) * 960);
    const [head, tail] = [commonStart(before, after), commonEnd(before, after)];
    expect(position === 'start' ? tail : position === 'end' ? head : before.length).toBe(before.length);
    // In the middle a decoder has to find back to where it would have been: the error is small at once, and gone within half a second.
    const worst = (from: number): number =>
      before.subarray(from).reduce((most, sample, index) => Math.max(most, Math.abs(sample - (after[from + index + added] ?? 9))), 0);
    expect(position === 'middle' ? worst(head) : 0).toBeLessThan(0.02);
    expect(position === 'middle' ? worst(head + 2 * 24_000) : 0).toBeLessThan(1e-5);
    expect((await ffprobe(out)).streams[0]?.tags).toEqual((await ffprobe(path)).streams[0]?.tags);
  });
});

it('leaves nothing behind when it is stopped', async () => {
  const path = await make('stopped.mp3', stereo, ...LAME, '-b:a', '64k');
  // A temporary folder of its own: other tests run ffmpeg meanwhile.
  const own = await mkdtemp(join(tmpdir(), 'aigc-label-stopped-'));
  vi.stubEnv('TMPDIR', own);
  await expect(insert(path, 'mp3', ['start'], AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
  vi.unstubAllEnvs();
  expect(await readdir(own)).toEqual([]);
  await rm(own, { recursive: true });
});

it('names the remedy for what it cannot do', async () => {
  const path = await make('fragmented.m4a', stereo, ...PLAIN_AAC, '-movflags', 'frag_keyframe+empty_moov');
  const error = await insert(path, 'm4a', ['start']).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LabelError);
  expect(error).toMatchObject({ code: 'NOTICE_UNSUPPORTED', data: { format: 'm4a', remedy: expect.stringContaining('Remux') } });
});
