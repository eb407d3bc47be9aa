import { applySplices, ascii, bytesSource, concat, u32be } from '@aigc-label/core';
import { describe, expect, it } from 'vitest';
import { laterId3Times } from './index.ts';

const frame = (id: string, ...content: readonly Uint8Array[]): Uint8Array => {
  const body = concat(...content);
  return concat(ascii(id), u32be(body.length), new Uint8Array(2), body);
};

const tag = (flags: number, ...frames: readonly Uint8Array[]): Uint8Array => {
  const body = concat(...frames);
  return concat(ascii('ID3'), Uint8Array.of(3, 0, flags, 0, 0, body.length >> 7, body.length & 0x7f), body);
};

const chapter = (start: number, end: number, from = 0xffff_ffff, to = 0xffff_ffff): Uint8Array =>
  frame('CHAP', ascii('c1\0'), u32be(start), u32be(end), u32be(from), u32be(to), frame('TIT2', ascii('\0One')));
const events = (...times: readonly number[]): Uint8Array =>
  frame('ETCO', Uint8Array.of(2), ...times.map((time) => concat(Uint8Array.of(3), u32be(time))));
const words = (one: number, two: number): Uint8Array =>
  concat(
    frame('SYLT', Uint8Array.of(0), ascii('eng'), Uint8Array.of(2, 1), ascii('x\0la\0'), u32be(one), ascii('la\0'), u32be(two)),
    frame(
      'SYLT',
      Uint8Array.of(1),
      ascii('eng'),
      Uint8Array.of(2, 1, 0xff, 0xfe, 0, 0, 0xff, 0xfe, 0x61, 0, 0, 0),
      u32be(one),
      Uint8Array.of(0x62, 0, 0, 0),
      u32be(two),
    ),
  );
const length = (digits: string): Uint8Array => frame('TLEN', ascii(`\0${digits}`));

const later = async (bytes: Uint8Array): Promise<Uint8Array> =>
  applySplices(bytes, await laterId3Times(bytesSource(bytes), 0, [{ at: 1000, length: 250, atByte: 5000, bytes: 4000 }]));

describe('laterId3Times', () => {
  it('moves what lies behind, and leaves what lies before or begins there', async () => {
    const before = tag(
      0,
      chapter(0, 1000),
      chapter(1000, 2000, 5000, 9000),
      chapter(2000, 3000, 100, 4999),
      events(10, 1001),
      words(1000, 1500),
      length('3000'),
      frame('TIT2', ascii('\0CHAP')),
    );
    const after = tag(
      0,
      chapter(0, 1000),
      chapter(1000, 2250, 9000, 13_000),
      chapter(2250, 3250, 100, 4999),
      events(10, 1251),
      words(1000, 1750),
      length('3250'),
      frame('TIT2', ascii('\0CHAP')),
    );
    expect(await later(before)).toEqual(after);
  });

  it('leaves times in frames, lengths that would get longer, and tags that cannot be edited in place', async () => {
    const inFrames = frame('ETCO', Uint8Array.of(1, 3), u32be(5000));
    for (const bytes of [
      tag(0, inFrames, length('9999')),
      tag(0x80, chapter(2000, 3000)),
      tag(0, ascii('CHAP\0\0')),
      ascii('none'),
      tag(0, frame('CHAP', ascii('x'))),
    ]) {
      expect(await later(bytes)).toEqual(bytes);
    }
  });
});
