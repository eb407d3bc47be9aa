import { type ByteSource, bytesSource, type Marked, splicedSource } from '@aigc-label/core';
import { corpusFiles, corpusMissing } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { be32, bytesOf, le32 } from '../../../test/mp3-files.ts';
import { chunk, riff } from '../../../test/wav-files.ts';
import { loudnessOfPcm } from '../loudness/index.ts';
import { noticePcm } from '../notice-pcm.ts';
import { pcmLength } from '../pcm.ts';
import { resolveSoundNotice, type SoundNoticeOptions } from '../sound-notice-options.ts';
import { uncompressedInserter } from './index.ts';
import { decodeFrames, encodeFrames, frameBytes, type SampleCoding } from './sample-coding.ts';

const RHYTHM: SoundNoticeOptions = { kind: 'rhythm' };
const RATE = 8_000;
const FRAMES = 8_001;

const coding = (more: Partial<SampleCoding> = {}): SampleCoding => ({
  ...{ kind: 'signed', bytes: 2, isBigEndian: false, channels: 1, sampleRate: RATE, bits: 8 * (more.bytes ?? 2), channelMask: 0 },
  ...more,
});

/** A tone that pauses for a fifth of a second a little behind the middle. */
const programme = (of: SampleCoding, frames = FRAMES): Uint8Array =>
  encodeFrames(
    Array.from({ length: of.channels }, (_, channel) =>
      Float32Array.from({ length: frames }, (_unused, index) =>
        index > frames * 0.53 && index < frames * 0.53 + RATE / 5 ? 0 : 0.3 * Math.sin(index * (0.2 + channel / 10)),
      ),
    ),
    of,
  );

const le16 = (value: number): readonly number[] => [value & 255, value >> 8];
const be16 = (value: number): readonly number[] => [value >> 8, value & 255];

const format = (of: SampleCoding, tag: number): Uint8Array => {
  const [u16, u32] = of.isBigEndian ? [be16, be32] : [le16, le32];
  const block = frameBytes(of);
  return chunk('fmt ', bytesOf(u16(tag), u16(of.channels), u32(of.sampleRate), u32(of.sampleRate * block), u16(block), u16(8 * of.bytes)), {
    big: of.isBigEndian,
  });
};

const insert = async (
  bytes: Uint8Array,
  formatId: string,
  options: SoundNoticeOptions,
): Promise<{ readonly marked: Marked; readonly bytes: Uint8Array }> => {
  const source = bytesSource(bytes);
  const marked = await uncompressedInserter.insert(source, formatId, resolveSoundNotice(options), {});
  if (marked.kind !== 'splices') {
    throw new Error('splices were expected');
  }
  const result = splicedSource(source, marked.splices);
  return { marked, bytes: await result.read(0, result.size) };
};

/** Chunks of the first level by an own walk: their letters, data, and whether every size leads to the next. */
const chunksOf = (bytes: Uint8Array, big: boolean): ReadonlyMap<string, Uint8Array> => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found = new Map<string, Uint8Array>();
  expect(view.getUint32(4, !big)).toBe(bytes.length - 8);
  let at = 12;
  while (at < bytes.length) {
    const size = view.getUint32(at + 4, !big);
    found.set(String.fromCharCode(...bytes.subarray(at, at + 4)), bytes.subarray(at + 8, at + 8 + size));
    at += 8 + size + (size % 2);
  }
  expect(at).toBe(bytes.length);
  return found;
};

const noticeFrames = async (options: SoundNoticeOptions, of: SampleCoding): Promise<number> =>
  pcmLength(await noticePcm(resolveSoundNotice(options), of));

/** Whether, with what came in taken out again, the samples are those of the original; where each notice lies, in frames. */
const expectKept = (before: Uint8Array, after: Uint8Array, at: readonly number[], frames: number, size: number): void => {
  let [from, rest]: [number, Uint8Array] = [0, after];
  for (const place of at) {
    expect(Buffer.compare(rest.subarray(0, (place - from) * size), before.subarray(from * size, place * size))).toBe(0);
    expect(rest.subarray((place - from) * size, (place - from + frames) * size).some((byte, _, all) => byte !== all[0])).toBe(true);
    rest = rest.subarray((place - from + frames) * size);
    from = place;
  }
  expect(Buffer.compare(rest, before.subarray(from * size))).toBe(0);
};

describe('a notice in a WAV', () => {
  const codings: readonly (readonly [tag: number, of: SampleCoding])[] = [
    [1, coding({ kind: 'unsigned', bytes: 1 })],
    [1, coding()],
    [1, coding({ channels: 2 })],
    [1, coding({ bytes: 3 })],
    [1, coding({ bytes: 4, channels: 6 })],
    [1, coding({ isBigEndian: true, channels: 2 })],
    [3, coding({ kind: 'float', bytes: 4, channels: 2 })],
    [3, coding({ kind: 'float', bytes: 8 })],
    [6, coding({ kind: 'a-law', bytes: 1 })],
    [7, coding({ kind: 'mu-law', bytes: 1 })],
  ];
  for (const [tag, of] of codings) {
    it(`stands sample by sample in ${of.kind} of ${of.bytes} bytes, ${of.channels} channels${of.isBigEndian ? ', big endian' : ''}`, async () => {
      const data = programme(of);
      const magic = of.isBigEndian ? 'RIFX' : 'RIFF';
      const big = { big: of.isBigEndian };
      const original = riff([format(of, tag), chunk('data', data, big), chunk('abcd', Uint8Array.of(1, 2, 3), big)], { magic });
      const { marked, bytes } = await insert(original, 'wav', { ...RHYTHM, positions: ['start', 'end'] });
      const chunks = chunksOf(bytes, of.isBigEndian);
      const frames = await noticeFrames(RHYTHM, of);
      expectKept(data, chunks.get('data') as Uint8Array, [0, FRAMES], frames, frameBytes(of));
      expect(chunks.get('abcd')).toEqual(Uint8Array.of(1, 2, 3));
      const loudness = marked.remarks?.find(({ code }) => code === 'loudness')?.data as { programme: number; notice: number };
      expect(loudness.notice).toBeCloseTo(Math.max(-36, Math.min(-14, loudness.programme)), 0);
      const heard = decodeFrames((chunks.get('data') as Uint8Array).subarray(0, frames * frameBytes(of)), of);
      expect(loudnessOfPcm({ sampleRate: RATE, channels: heard })).toBeCloseTo(loudness.notice, 0);
    });
  }

  it('stands in a pause near the middle, and positions behind it move', async () => {
    const of = coding();
    const data = programme(of);
    const cue = (id: number, frame: number): Uint8Array => bytesOf(le32(id), le32(frame), 'data', le32(0), le32(0), le32(frame));
    const loop = bytesOf(le32(1), le32(0), le32(1_000), le32(7_000), le32(0), le32(0));
    const original = riff([
      format(of, 1),
      chunk('fact', le32Bytes(FRAMES)),
      chunk('bext', bytesOf(new Uint8Array(338), le32(500_000), le32(0), new Uint8Array(256))),
      chunk('data', data),
      chunk('cue ', bytesOf(le32(3), cue(1, 0), cue(2, 1_000), cue(3, 7_000))),
      chunk('smpl', bytesOf(new Uint8Array(28), le32(1), le32(0), loop)),
      chunk(
        'LIST',
        bytesOf('adtl', chunk('ltxt', bytesOf(le32(2), le32(6_500), 'rgn ', new Uint8Array(8))), chunk('labl', bytesOf(le32(1), [65, 0]))),
      ),
      chunk('PEAK', bytesOf(le32(1), le32(0), le32(0), le32(7_500))),
    ]);
    const more = await noticeFrames(RHYTHM, of);
    const numbers = (bytes: Uint8Array): readonly number[] => [...new Uint32Array(bytes.slice(0, bytes.length & ~3).buffer)];
    {
      const { bytes } = await insert(original, 'wav', { ...RHYTHM, positions: ['middle'] });
      const chunks = chunksOf(bytes, false);
      const sound = chunks.get('data') as Uint8Array;
      const middle = Array.from({ length: FRAMES }, (_, frame) => frame).find(
        (frame) => Buffer.compare(sound.subarray(2 * (frame + more)), data.subarray(2 * frame)) === 0 && frame > FRAMES * 0.45,
      );
      expect(middle).toBeGreaterThan(FRAMES * 0.53);
      expect(middle).toBeLessThan(FRAMES * 0.53 + RATE / 5);
      expect(numbers(chunks.get('fact') as Uint8Array)).toEqual([FRAMES + more]);
      const cues = numbers(chunks.get('cue ') as Uint8Array);
      expect([6, 12, 18].map((at) => cues[at])).toEqual([0, 1_000, 7_000 + more]);
      expect(numbers(chunks.get('smpl') as Uint8Array).slice(11, 13)).toEqual([1_000, 7_000 + more]);
      expect(numbers(chunks.get('PEAK') as Uint8Array)[3]).toBe(7_500 + more);
      expect(numbers((chunks.get('bext') as Uint8Array).slice(338, 346))).toEqual([500_000, 0]);
      expect(numbers((chunks.get('LIST') as Uint8Array).slice(16, 20))).toEqual([6_500 + more]);
    }
    const { bytes } = await insert(original, 'wav', { ...RHYTHM, positions: ['start'] });
    const chunks = chunksOf(bytes, false);
    const cues = numbers(chunks.get('cue ') as Uint8Array);
    expect([6, 12, 18].map((at) => cues[at])).toEqual([more, 1_000 + more, 7_000 + more]);
    expect(numbers((chunks.get('bext') as Uint8Array).slice(338, 346))).toEqual([500_000 - more, 0]);
    expect(numbers((chunks.get('LIST') as Uint8Array).slice(16, 20))).toEqual([6_500]);
  });

  it('pads what becomes odd, and pads no more what becomes even', async () => {
    const of = coding({ kind: 'unsigned', bytes: 1, sampleRate: 8_001 });
    const more = await noticeFrames(RHYTHM, of);
    expect(more % 2).toBe(1);
    for (const frames of [8_000, 8_001]) {
      const data = programme(of, frames);
      const { bytes } = await insert(riff([format(of, 1), chunk('data', data), chunk('abcd', Uint8Array.of(1))]), 'wav', {
        ...RHYTHM,
        positions: ['end'],
      });
      const chunks = chunksOf(bytes, false);
      expectKept(data, chunks.get('data') as Uint8Array, [frames], more, 1);
      expect(chunks.get('abcd')).toEqual(Uint8Array.of(1));
    }
  });

  it('stands in a 64-bit WAV, and in one whose sizes were never filled in', async () => {
    const of = coding();
    const data = programme(of);
    const ds64 = chunk('ds64', bytesOf(le32(4 + 36 + 24 + 8 + data.length), le32(0), le32(data.length), le32(0), le32(FRAMES), le32(0), le32(0)));
    const wide = riff([ds64, format(of, 1), chunk('data', data, { size: 0xffffffff })], { magic: 'RF64', size: 0xffffffff });
    const more = await noticeFrames(RHYTHM, of);
    const { bytes } = await insert(wide, 'wav', { ...RHYTHM, positions: ['end'] });
    const view = new DataView(bytes.buffer);
    expect([4, 20, 28, 36, 76].map((at) => view.getUint32(at, true))).toEqual([
      0xffffffff,
      bytes.length - 8,
      data.length + 2 * more,
      FRAMES + more,
      0xffffffff,
    ]);
    expectKept(data, bytes.subarray(80), [FRAMES], more, 2);
    const piped = riff([format(of, 1), chunk('data', data, { size: 0xffffffff })], { size: 0xffffffff });
    const streamed = (await insert(piped, 'wav', { ...RHYTHM, positions: ['start', 'end'] })).bytes;
    expect(Buffer.compare(streamed.subarray(0, 44), piped.subarray(0, 44))).toBe(0);
    expectKept(data, streamed.subarray(44), [0, FRAMES], more, 2);
  });

  it('is refused where nothing can stand between the samples, and where the file is cut off', async () => {
    const data = programme(coding());
    const adpcm = riff([format(coding(), 17), chunk('data', data)]);
    await expect(insert(adpcm, 'wav', RHYTHM)).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED', data: { coding: 'IMA ADPCM' } });
    const whole = riff([format(coding(), 1), chunk('data', data)]);
    await expect(insert(whole.subarray(0, 5_000), 'wav', RHYTHM)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(insert(riff([chunk('data', data)]), 'wav', RHYTHM)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('stops when it is told to, and reads a long file in pieces', async () => {
    const of = coding({ channels: 2 });
    const original = riff([format(of, 1), chunk('data', programme(of, 400_000))]);
    let largest = 0;
    const source: ByteSource = {
      size: original.length,
      read(offset, length) {
        largest = Math.max(largest, length);
        return original.subarray(offset, offset + length);
      },
    };
    await uncompressedInserter.insert(source, 'wav', resolveSoundNotice(RHYTHM), {});
    expect(largest).toBeLessThanOrEqual(1 << 20);
    const shares: number[] = [];
    const stop = new AbortController();
    const call = { signal: stop.signal, onProgress: (share: number) => stop.abort(shares.push(share)) };
    await expect(uncompressedInserter.insert(source, 'wav', resolveSoundNotice(RHYTHM), call)).rejects.toMatchObject({ code: 'ABORTED' });
    expect(shares.length).toBe(1);
  });
});

describe('a notice in an AIFF', () => {
  const aiff = (of: SampleCoding, codec: string | undefined): Uint8Array => {
    const rate = [0x40, 0x0b, 0xfa, 0, 0, 0, 0, 0, 0, 0];
    const common = bytesOf(be16(of.channels), be32(FRAMES), be16(of.bits), rate, codec === undefined ? [] : bytesOf(codec, [1, 65]));
    const markers = bytesOf(be16(2), be16(1), be32(100), [1, 65], be16(2), be32(8_000), [2, 65, 66, 0]);
    const parts = [
      chunk('COMM', common, { big: true }),
      chunk('MARK', markers, { big: true }),
      chunk('SSND', bytesOf(be32(4), be32(0), [9, 9, 9, 9], programme(of)), { big: true }),
      chunk('ANNO', bytesOf('hello'), { big: true }),
    ];
    const made = riff(parts, { magic: 'RIFX', form: codec === undefined ? 'AIFF' : 'AIFC' });
    made.set([0x46, 0x4f, 0x52, 0x4d]);
    return made;
  };
  for (const [codec, of] of [
    [undefined, coding({ isBigEndian: true, channels: 2 })],
    [undefined, coding({ isBigEndian: true, bytes: 3, bits: 20 })],
    [undefined, coding({ isBigEndian: true, bytes: 1 })],
    ['sowt', coding({ channels: 2 })],
    ['fl32', coding({ kind: 'float', bytes: 4, isBigEndian: true })],
    ['ulaw', coding({ kind: 'mu-law', bytes: 1 })],
  ] as const) {
    it(`stands sample by sample in ${codec ?? 'AIFF'} of ${of.bits} bit, ${of.channels} channels`, async () => {
      const { bytes } = await insert(aiff(of, codec), 'aiff', { ...RHYTHM, positions: ['start', 'end'] });
      const more = await noticeFrames(RHYTHM, of);
      const chunks = chunksOf(bytes, true);
      expect(new DataView((chunks.get('COMM') as Uint8Array).slice().buffer).getUint32(2)).toBe(FRAMES + 2 * more);
      const sound = chunks.get('SSND') as Uint8Array;
      expect([...sound.subarray(8, 12)]).toEqual([9, 9, 9, 9]);
      expectKept(programme(of), sound.subarray(12), [0, FRAMES], more, frameBytes(of));
      const markers = new DataView((chunks.get('MARK') as Uint8Array).slice().buffer);
      expect([markers.getUint32(4), markers.getUint32(12)]).toEqual([100 + more, 8_000 + more]);
      expect(String.fromCharCode(...(chunks.get('ANNO') as Uint8Array))).toBe('hello');
    });
  }

  it('is refused in other codecs', async () => {
    await expect(insert(aiff(coding({ isBigEndian: true }), 'ima4'), 'aiff', RHYTHM)).rejects.toMatchObject({ code: 'NOTICE_UNSUPPORTED' });
  });
});

describe.skipIf(corpusMissing !== undefined)('a notice in the recordings of the corpus', () => {
  // exiftool's WAV is cut off.
  for (const file of corpusFiles('.wav', '.aif', '.aiff').filter(({ name }) => !name.startsWith('exiftool/'))) {
    it(`stands in ${file.name}, whose other chunks stay`, async () => {
      const original = file.bytes();
      const isBig = original[0] === 'F'.charCodeAt(0);
      const [before, after] = [
        chunksOf(original, isBig),
        chunksOf((await insert(original, isBig ? 'aiff' : 'wav', { language: 'zh-en' })).bytes, isBig),
      ];
      expect([...after.keys()]).toEqual([...before.keys()]);
      for (const [id, data] of before) {
        const kept = after.get(id) as Uint8Array;
        expect(
          Buffer.compare(
            id === 'data' || id === 'SSND' ? kept.subarray(kept.length - data.length + 16) : kept,
            id === 'data' || id === 'SSND' ? data.subarray(16) : data,
          ),
        ).toBe(0);
      }
    });
  }
});

const le32Bytes = (value: number): Uint8Array => Uint8Array.from(le32(value));
