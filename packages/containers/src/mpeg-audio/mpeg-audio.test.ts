import { applySplices, bytesSource, concat } from '@aigc-label/core';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { walkFrames } from '../frames/index.ts';
import {
  crc16,
  crc16Shift,
  grownVbriFrame,
  grownXingFrame,
  isSameStream,
  MPEG_AUDIO_HEADER_BYTES,
  type MpegAudioFrame,
  parseMpegAudioFrame,
  parseVbriFrame,
  parseXingFrame,
  silentMpegFrames,
} from './index.ts';

const walk = (bytes: Uint8Array): ReturnType<typeof walkFrames<MpegAudioFrame>> =>
  walkFrames<MpegAudioFrame>(bytesSource(bytes), {
    start: 0,
    end: bytes.length,
    headerBytes: MPEG_AUDIO_HEADER_BYTES,
    parse: parseMpegAudioFrame,
    isSame: isSameStream,
  });

/** MPEG-1 layer III, 128 kbit/s, 44.1 kHz, stereo; then MPEG-2 layer III, 32 kbit/s, 22.05 kHz, mono. */
const FULL = Uint8Array.of(0xff, 0xfb, 0x90, 0x00, 0, 0, 0, 0);
const HALF = Uint8Array.of(0xff, 0xf3, 0x40, 0xc0, 0, 0, 0, 0);

describe('walkFrames', () => {
  const frame = silentMpegFrames(FULL, new Uint8Array());

  it('follows frames, goes on behind what is none, and leaves a cut one out', async () => {
    const junk = Uint8Array.of(0xff, 0xfb, 0x90, 1, 2, 3);
    const bytes = concat(junk, frame, frame, Uint8Array.of(9, 8, 7, 6, 5, 4), frame, frame, frame.subarray(0, 100));
    const { offsets, end, samples, first } = await walk(bytes);
    expect([...offsets]).toEqual([6, 6 + 417, 2 * (6 + 417), 2 * (6 + 417) + 417]);
    expect(end).toBe(2 * (6 + 2 * 417));
    expect(samples).toBe(4 * 1152);
    expect(first?.channels).toBe(2);
  });

  it('finds frames across windows, and none in noise', async () => {
    const noise = Uint8Array.from({ length: 700_000 }, (_, index) => (index * 7919) % 251);
    expect((await walk(noise)).offsets).toHaveLength(0);
    expect([...(await walk(concat(noise, frame, frame))).offsets]).toEqual([700_000, 700_417]);
  });

  it('refuses a file that hardly holds frames', async () => {
    const pieces = Array.from({ length: 1002 }, () => concat(frame, frame, Uint8Array.of(1, 2, 3)));
    await expect(walk(concat(...pieces))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

describe.each([
  ['MPEG-1', FULL, 511],
  ['MPEG-2', HALF, 255],
] as const)('silent frames of %s', (_, like, most) => {
  it.each([0, 1, 40, 200, most])('hand on a reservoir of %i bytes, as far back as they point', async (length) => {
    const reservoir = Uint8Array.from({ length }, (_unused, index) => index + 1);
    const frames = silentMpegFrames(like, reservoir);
    const { offsets, end } = await walk(frames);
    expect(end).toBe(frames.length);
    let data: Uint8Array = new Uint8Array();
    for (const at of offsets) {
      const frame = parseMpegAudioFrame(frames, at) as MpegAudioFrame;
      // What a decoder remembers: from the main data of this frame on.
      data = concat(data.subarray(data.length - frame.mainDataBegin), frames.subarray(at + frame.mainDataAt, at + frame.frameBytes));
    }
    expect(data.subarray(data.length - length)).toEqual(reservoir);
  });
});

describe('tables', () => {
  const grown = { addedBytes: 1000, addedFrames: 3, sizeBytes: 10_000, offsetAt: (share: number) => share * 10_000, musicChecksum: undefined };

  it('Xing and LAME: sums grow, the checksum of the tag is right again', () => {
    const bytes = fixtureBytes('mp3/tone.mp3');
    const at = bytes.findIndex((byte, index) => byte === 0xff && parseMpegAudioFrame(bytes, index) !== undefined);
    const frame = bytes.subarray(at, at + (parseMpegAudioFrame(bytes, at)?.frameBytes ?? 0));
    const xing = parseXingFrame(frame);
    // As ffmpeg counts, and as LAME does.
    expect(xing?.lame?.checkedBytes).toBe(190);
    const lame = frame.slice();
    new DataView(lame.buffer).setUint16(xing!.lame!.checksumAt, crc16(lame.subarray(0, xing!.lame!.checksumAt)));
    expect(parseXingFrame(grownXingFrame(lame, parseXingFrame(lame)!, grown))?.lame?.checkedBytes).toBe(xing?.lame?.checksumAt);
    const after = grownXingFrame(frame, xing!, grown);
    const read = parseXingFrame(after);
    expect(read?.lame).toMatchObject({ delay: 576, padding: 0x492, checkedBytes: 190 });
    const [old, now] = [new DataView(frame.buffer, frame.byteOffset), new DataView(after.buffer)];
    expect(now.getUint32(xing?.framesAt ?? 0) - old.getUint32(xing?.framesAt ?? 0)).toBe(3);
    expect(now.getUint32(xing?.bytesAt ?? 0) - old.getUint32(xing?.bytesAt ?? 0)).toBe(1000);
    expect([...after.subarray(xing?.tocAt, (xing?.tocAt ?? 0) + 4)]).toEqual([0, 2, 5, 7]);
    expect(parseXingFrame(silentMpegFrames(FULL, new Uint8Array()))).toBeUndefined();
  });

  it('VBRI: as many entries, each for more frames', () => {
    const frame = silentMpegFrames(FULL, new Uint8Array());
    const view = new DataView(frame.buffer);
    frame.set([0x56, 0x42, 0x52, 0x49, 0, 1], 36);
    view.setUint32(46, 9000);
    view.setUint32(50, 27);
    view.setUint16(54, 10);
    view.setUint16(56, 1);
    view.setUint16(58, 2);
    view.setUint16(60, 3);
    const vbri = parseVbriFrame(frame);
    expect(vbri).toEqual({ entries: 10, entryBytes: 2 });
    const after = new DataView(grownVbriFrame(frame, vbri!, grown).buffer);
    expect([after.getUint32(46), after.getUint32(50), after.getUint16(60)]).toEqual([10_000, 30, 3]);
    expect(Array.from({ length: 10 }, (_, entry) => after.getUint16(62 + entry * 2))).toEqual(new Array(10).fill(1000));
    expect(parseVbriFrame(applySplices(frame, [{ at: 54, remove: 2, insert: Uint8Array.of(0xff, 0xff) }]))).toBeUndefined();
  });

  it('a checksum of two parts is that of the first, shifted, and of the second', () => {
    const [a, b] = [Uint8Array.from({ length: 300 }, (_, index) => index), Uint8Array.from({ length: 12_345 }, (_, index) => index * 3)];
    expect(crc16Shift(crc16(a), b.length) ^ crc16(b)).toBe(crc16(concat(a, b)));
  });
});
