import { type ByteSource, bytesSource, type Slots } from '@aigc-label/core';
import { type FormatFixture, fixtureBytes, sampleSlotText, testFormat, tsStructure } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { bytesOf, frame, tag, textFrame, txxx } from '../../test/mp3-files.ts';
import { spread, tsPacket, tsWithTags } from '../../test/ts-files.ts';
import { ts } from './ts.ts';

const { value } = sampleSlotText;
const id3 = (text: string): Uint8Array => tag(4, [textFrame(4, 'TIT2', 'T'), frame(4, 'TXXX', txxx.latin1('AIGC', text))]);
const fixture = (name: string, bytes: Uint8Array, slots = 0): FormatFixture => ({
  name,
  bytes,
  slots,
  untouched: () => undefined,
  refused: 'NO_PLACE_INSIDE',
});
const labelled = tsWithTags(id3(value));

testFormat({
  format: ts,
  hasEnd: false,
  structure: tsStructure,
  fixtures: [
    fixture('made by ffmpeg', fixtureBytes('ts/film.ts')),
    fixture('M2TS made by ffmpeg', fixtureBytes('ts/film.m2ts')),
    fixture('a label in timed metadata, over several packets', labelled, 1),
    fixture('the same, 192 bytes a packet', spread(labelled, new Uint8Array(4), bytesOf()), 1),
    fixture('the same, 204 bytes a packet', spread(labelled, bytesOf(), new Uint8Array(16)), 1),
  ],
});

const read = (bytes: Uint8Array): Promise<Slots> => Promise.resolve(ts.read(bytesSource(bytes)));

describe('ts', () => {
  it('reads the text of a tag, once however often it is repeated, and each that differs', async () => {
    expect((await read(labelled)).found).toEqual([{ key: 'AIGC', site: 'ts/ID3 in PES', isGuidePlace: false, value }]);
    const { found } = await read(tsWithTags(id3('{}'), id3('{}'), id3('{"a":1}')));
    expect(found.map((slot) => slot.value)).toEqual(['{}', '{"a":1}']);
  });

  it('says that it is cut off, and where packets stop', async () => {
    const film = fixtureBytes('ts/film.ts');
    expect((await read(film)).anomalies).toEqual([]);
    expect((await read(film.subarray(0, -50))).anomalies).toMatchObject([{ code: 'truncated', offset: film.length - 188 }]);
    const long = bytesOf(labelled, ...Array.from({ length: 40 }, () => tsPacket(0x1fff, false, new Uint8Array(184))));
    long[188 * 30] = 0;
    const { found, anomalies } = await read(long);
    expect([found.length, anomalies]).toMatchObject([1, [{ code: 'damaged', offset: 188 * 30 }]]);
  });

  it('reads the first half MiB of a stream of 4 GB', async () => {
    let total = 0;
    const source: ByteSource = {
      size: 188 * 2 ** 24,
      read(offset, length) {
        total += length;
        const bytes = new Uint8Array(length);
        for (let at = 188 - (offset % 188 || 188); at + 188 <= length; at += 188) {
          bytes.set(at === 0 ? labelled.subarray(0, 188) : tsPacket(0x1fff, false, new Uint8Array(184)), at);
        }
        return bytes;
      },
    };
    expect((await ts.read(source)).anomalies).toEqual([]);
    expect(total).toBe(512 << 10);
  });

  it('matches packets with a table of programs among them, and nothing that looks like them', () => {
    const grid = (first: string): Uint8Array => {
      const bytes = spread(labelled, new Uint8Array(4), bytesOf());
      bytes.set(bytesOf(first));
      return bytes;
    };
    expect(['\0\0\0\0', 'RIFF', 'ID3\u0004', 'II*\0', 'GIF8', '\u00ff\u00fb\0\0'].map((first) => ts.matches(grid(first)))).toEqual([
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
    expect(ts.matches(bytesOf('G'.repeat(4096)))).toBe(false);
    expect(ts.matches(bytesOf(...Array.from({ length: 9 }, () => tsPacket(0x1fff, false, new Uint8Array(184)))))).toBe(false);
    expect([4, 5].map((count) => ts.matches(labelled.subarray(0, 188 * count)))).toEqual([false, true]);
  });
});
