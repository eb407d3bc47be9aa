import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, LabelError } from '@aigc-label/core';
import { ffmpeg, fixtureBytes, isobmff, isobmffStructure, mutations } from '@aigc-label/test-fixtures';
import { beforeAll, describe, expect, it } from 'vitest';
import { isobmffSamples } from './isobmff-samples.ts';

const { box, ftyp, joined, text, u32 } = isobmff;
const MUTATIONS = 800;
const DOCUMENTED = ['FILE_DAMAGED', 'LIMIT_EXCEEDED', 'NOTICE_UNSUPPORTED'];

let movie: Uint8Array;
/** The same in fragments. */
let fragmented: Uint8Array;
let stretch: Uint8Array;
/** Four pictures of HEVC with sets of their own. */
let hevc: Uint8Array;
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aigc-label-hostile-'));
  try {
    const x264 = (more: string): readonly string[] => [
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p',
      '-x264-params',
      `keyint=4:scenecut=0:threads=1:${more}`,
    ];
    const pictures = ['-f', 'lavfi', '-i', 'testsrc2=s=32x32:r=10:d=1'];
    await ffmpeg(...pictures, '-f', 'lavfi', '-i', 'sine=440:d=1', ...x264('bframes=1'), '-c:a', 'aac', '-b:a', '16k', join(folder, 'movie.mp4'));
    await ffmpeg(...pictures, '-frames:v', '4', ...x264('bframes=0:sps-id=1'), join(folder, 'stretch.mp4'));
    await ffmpeg(...pictures, '-frames:v', '4', '-c:v', 'libx265', '-x265-params', 'log-level=error:bframes=0:pools=1', join(folder, 'hevc.mp4'));
    hevc = new Uint8Array(await readFile(join(folder, 'hevc.mp4')));
    await ffmpeg('-i', join(folder, 'movie.mp4'), '-c', 'copy', '-movflags', 'frag_keyframe+empty_moov', join(folder, 'fragmented.mp4'));
    fragmented = new Uint8Array(await readFile(join(folder, 'fragmented.mp4')));
    movie = new Uint8Array(await readFile(join(folder, 'movie.mp4')));
    stretch = new Uint8Array(await readFile(join(folder, 'stretch.mp4')));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** A VP9 key picture and another, of four bytes each, in one chunk, and tables that say something else. */
const lying = (tables: Readonly<Record<string, Uint8Array>>): Uint8Array => {
  const all = { stsz: u32(0, 4, 2), stts: u32(0, 1, 2, 100), stsc: u32(0, 1, 1, 2, 1), stco: u32(0, 1, 24), ...tables };
  const entry = box('vp09', new Uint8Array(24), new Uint8Array([0, 96, 0, 64]), new Uint8Array(50));
  const stbl = box('stbl', box('stsd', u32(0, 1), entry), ...Object.entries(all).map(([type, content]) => box(type, content)));
  const tkhd = box('tkhd', new Uint8Array([0, 0, 0, 1]), new Uint8Array(36), u32(0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000, 0, 0));
  const media = [box('mdhd', u32(0, 0, 0, 1000, 0, 0)), box('hdlr', u32(0, 0), text('vide'), new Uint8Array(13)), box('minf', stbl)];
  const mdat = box('mdat', new Uint8Array([0x82, 1, 2, 3, 0x86, 5, 6, 7]));
  return joined(ftyp(), mdat, box('moov', box('mvhd', u32(0)), box('trak', tkhd, box('mdia', ...media))));
};

/** Reads, exchanges, and reads what comes of it; answers what happened. */
const tried = async (bytes: Uint8Array, encoded: Uint8Array): Promise<string> => {
  const source = bytesSource(bytes);
  try {
    const track = await isobmffSamples.read(source);
    if ('reason' in track) {
      return track.reason;
    }
    const [from = 0, to = track.shownAt.length] = track.cuts;
    const after = await isobmffSamples.exchange(source, track, track.cuts.length === 0 ? [] : [{ from, to, encoded: bytesSource(encoded) }]);
    await after.read(0, after.size);
    return 'exchanged';
  } catch (error) {
    expect(error).toBeInstanceOf(LabelError);
    expect(DOCUMENTED).toContain((error as LabelError).code);
    return (error as LabelError).code;
  }
};

describe('hostile movies', () => {
  it('are exchanged as they stand where nothing is false', async () => {
    expect(await tried(movie, stretch)).toBe('exchanged');
    expect(await tried(fragmented, stretch)).toBe('exchanged');
    expect(await tried(hevc, hevc)).toBe('exchanged');
  });

  it(`are answered in ${2 * MUTATIONS} mutations with what is documented`, async () => {
    for (const mutated of mutations(movie, MUTATIONS, 1, isobmffStructure(movie))) {
      await tried(mutated, stretch);
    }
    for (const mutated of mutations(fragmented, MUTATIONS, 4, isobmffStructure(fragmented))) {
      await tried(mutated, stretch);
    }
  });

  it('are answered where the encoded pictures are false', async () => {
    for (const mutated of mutations(stretch, MUTATIONS, 2, isobmffStructure(stretch))) {
      await tried(movie, mutated);
    }
    for (const mutated of mutations(hevc, MUTATIONS / 2, 3, isobmffStructure(hevc))) {
      await tried(hevc, mutated);
    }
    expect(await tried(movie, fixtureBytes('samples/av1-stretch.mp4'))).toBe('NOTICE_UNSUPPORTED');
  });

  it.each([
    ['a size for four thousand million samples', { stsz: u32(0, 1, 0xffff_ffff) }, 'container'],
    ['sizes that are not there', { stsz: u32(0, 0, 1_000_000) }, 'container'],
    ['times for fewer samples', { stts: u32(0, 1, 1, 100) }, 'container'],
    ['chunks for fewer samples', { stsc: u32(0, 1, 1, 1, 1) }, 'container'],
    ['chunks in disorder', { stsc: u32(0, 2, 3, 1, 1, 1, 1, 1) }, 'container'],
    ['a chunk behind the end', { stco: u32(0, 1, 0xffff_fff0) }, 'NOTICE_UNSUPPORTED'],
    ['a chunk in the index', { stco: u32(0, 1, 0) }, 'NOTICE_UNSUPPORTED'],
    ['samples of two descriptions', { stsc: u32(0, 2, 1, 1, 1, 2, 1, 2), stco: u32(0, 2, 0, 0) }, 'parameters'],
  ])('are answered: %s', async (_, tables, answer) => {
    const sound = lying({});
    expect(await tried(sound, sound)).toBe('exchanged');
    expect(await tried(lying(tables), sound)).toBe(answer);
  });

  it('are answered where two tracks share their samples', async () => {
    const at = Buffer.from(movie).lastIndexOf('moov', undefined, 'latin1') - 4;
    const size = Buffer.from(movie).readUInt32BE(at);
    const inside = movie.subarray(at + 8, at + size);
    const trak = Buffer.from(inside).indexOf('trak', 0, 'latin1') - 4;
    const copy = inside.slice(trak, trak + Buffer.from(inside).readUInt32BE(trak));
    const bytes = joined(movie.subarray(0, at), box('moov', inside, copy), movie.subarray(at + size));
    expect(await tried(bytes, stretch)).toBe('NOTICE_UNSUPPORTED');
  });
});
