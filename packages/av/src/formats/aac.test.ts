import { applySplices, bytesSource } from '@aigc-label/core';
import {
  corpusFiles,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffprobe,
  fixtureBytes,
  frameTagsStructure,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { ape, bytesOf, foreignParts, frame, id3v1, audio as mpegAudio, tag, textFrame, txxx } from '../../test/mp3-files.ts';
import { aac } from './aac.ts';
import { mp3 } from './mp3.ts';

const { value } = sampleSlotText;
const title = textFrame(3, 'TIT2', 'A title');
/** An ADTS frame: AAC LC, 8 kHz, mono. */
const adts = (bytes: number): Uint8Array =>
  bytesOf([0xff, 0xf1, 0x6c, 0x40 | (bytes >> 11), (bytes >> 3) & 255, ((bytes & 7) << 5) | 31, 0xfc], new Uint8Array(bytes - 7).fill(1));
const frames = bytesOf(adts(60), adts(80), adts(40));

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignParts,
  ...more,
});

testFormat({
  format: aac,
  hasEnd: false,
  structure: frameTagsStructure,
  fixtures: [
    fixture('made by ffmpeg', fixtureBytes('aac/tone.aac')),
    fixture('made by ffmpeg, with ID3v2.4', fixtureBytes('aac/tagged.aac')),
    fixture(
      'a timestamp in front, as HLS has it',
      bytesOf(tag(4, [frame(4, 'PRIV', bytesOf('com.apple.streaming.transportStreamTimestamp\0', new Uint8Array(8)))]), frames),
    ),
    fixture('APEv2 and ID3v1 behind', bytesOf(frames, ape({ Title: 'A title' }), id3v1)),
    fixture(
      'labels in front and behind',
      bytesOf(tag(3, [frame(3, 'TXXX', txxx.utf8('AIGC', '{}')), title]), frames, ape({ AIGC: '{}', Title: 'T' })),
      {
        slots: 2,
        untouched: (bytes) => [title, frames, bytesOf('Title\0T')].map((part) => Buffer.from(bytes).indexOf(part) > 0),
      },
    ),
  ],
});

const labelled = async (bytes: Uint8Array, format = aac): Promise<Uint8Array> =>
  applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));

describe('aac', () => {
  it('puts a tag in front, and nothing else', async () => {
    expect(await labelled(frames)).toEqual(bytesOf(tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', value))]), frames));
  });

  it('is told apart from MPEG audio, with a tag and without', () => {
    const kinds = (bytes: Uint8Array): readonly boolean[] => [aac, mp3].map((format) => format.matches(bytes.subarray(0, 4096)));
    const small = tag(3, [title]);
    expect([frames, mpegAudio, bytesOf(small, frames), bytesOf(small, mpegAudio), adts(60), bytesOf(adts(5000), adts(60))].map(kinds)).toEqual([
      [true, false],
      [false, true],
      [true, false],
      [false, true],
      [true, false],
      [true, false],
    ]);
    // One frame, and then something else: a coincidence.
    expect(kinds(bytesOf(adts(60), 'text'))).toEqual([false, false]);
    // Behind a tag that leaves the head no room for two frames, one is enough.
    expect(kinds(bytesOf(tag(3, [frame(3, 'APIC', new Uint8Array(4000).fill(1))]), adts(200), adts(200)))).toEqual([true, false]);
    expect(kinds(bytesOf(small, adts(60).slice(0, 50)))).toEqual([true, false]);
    expect(kinds(bytesOf(adts(60).with(1, 0xf9), adts(60)))).toEqual([true, false]);
  });

  it('behind a tag that fills the head mp3 answers, and writes the same place', async () => {
    const bytes = bytesOf(tag(3, [frame(3, 'APIC', new Uint8Array(5000).fill(1))]), frames);
    expect([aac, mp3].map((format) => format.matches(bytes.subarray(0, 4096)))).toEqual([false, true]);
    expect(await labelled(bytes, mp3)).toEqual(await labelled(bytes));
  });
});

const judged = [...['tone.aac', 'tagged.aac'].map((name) => ({ name, bytes: () => fixtureBytes(`aac/${name}`) })), ...corpusFiles('.aac')];

describe('aac before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    it(`${name}: ffprobe reads the label, and the packets are the same`, async () => {
      const hashes = await withFile('before.aac', bytes(), packetHashes);
      expect(hashes).toMatch(/SHA256=/);
      const after = await labelled(bytes());
      expect(await withFile('after.aac', after, packetHashes)).toBe(hashes);
      expect((await withFile('after.aac', after, ffprobe)).format.tags?.['AIGC']).toBe(value);
    });
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool reads the label`, async () => {
      const after = await withFile('after.aac', await labelled(bytes()), exiftoolDump);
      expect(Object.entries(after).filter(([tagName]) => /^ID3v2_\d:Aigc$/.test(tagName))).toEqual([[expect.anything(), value]]);
    });
  }
});
