import { applySplices, bytesSource, type Slots } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffprobe,
  fixtureBytes,
  flacStructure,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { block, comments, flacFile, foreignBlocks, frames, streamInfo } from '../../test/comment-files.ts';
import { ape, bytesOf, frame, id3v1, tag, textFrame, txxx } from '../../test/mp3-files.ts';
import { flac } from './flac.ts';
import { mp3 } from './mp3.ts';

const { value } = sampleSlotText;
const title = textFrame(3, 'TIT2', 'A title');
const plain = flacFile([4, comments(['TITLE=Tone'])]);
const picture = bytesOf([0, 0, 0, 3], [0, 0, 0, 9], 'image/png', new Uint8Array(28));
const cueSheet = new Uint8Array(396).fill(1);

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignBlocks,
  ...more,
});

testFormat({
  format: flac,
  hasEnd: false,
  structure: flacStructure,
  fixtures: [
    fixture('made by ffmpeg', fixtureBytes('flac/tone.flac')),
    fixture('made by flac, with seek table, picture and padding', fixtureBytes('flac/reference.flac')),
    fixture('without comments', flacFile()),
    fixture(
      'with cue sheet, application and padding behind the comments',
      flacFile([4, comments([])], [5, cueSheet], [2, bytesOf('test')], [1, new Uint8Array(300)]),
    ),
    fixture('bytes behind the list inside the block', flacFile([4, bytesOf(comments(['A=b']), 'behind')])),
    fixture('ID3 in front, ID3v1 behind', bytesOf(tag(3, [title]), plain, id3v1)),
    fixture(
      'labels everywhere',
      bytesOf(
        tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', '{}')), title]),
        flacFile(
          [4, comments(['aigc={}', 'TITLE=Tone', 'COMMENT=AIGC:{"Label":"1"}', 'AIGC={}'])],
          [6, picture],
          [4, comments(['AIGC={"a":1}', 'B=c'])],
        ),
        ape({ AIGC: '{}', Title: 'T' }),
      ),
      { slots: 6, untouched: (bytes) => [title, picture, bytesOf('TITLE=Tone'), bytesOf('B=c'), frames].map((part) => indexOf(bytes, part) > 0) },
    ),
    fixture('a list that announces too much', flacFile([4, comments(['A=b'], { count: 9 })]), { refused: 'FILE_DAMAGED' }),
  ],
});

const indexOf = (bytes: Uint8Array, part: Uint8Array): number => Buffer.from(bytes).indexOf(part);
const labelled = async (bytes: Uint8Array, format = flac): Promise<Uint8Array> =>
  applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));
const read = (bytes: Uint8Array): Promise<Slots> => flac.read(bytesSource(bytes));

describe('flac', () => {
  it('writes exactly the comment of the guide, behind the others, and leaves padding alone', async () => {
    expect(await labelled(flacFile([4, comments(['A=b'])], [1, new Uint8Array(900)]))).toEqual(
      flacFile([4, comments(['A=b', `AIGC=${value}`])], [1, new Uint8Array(900)]),
    );
  });

  it('writes a block behind STREAMINFO where there is none', async () => {
    const ours = comments([`AIGC=${value}`], { vendor: 'aigc-label' });
    expect(await labelled(flacFile())).toEqual(flacFile([4, ours]));
    expect(await labelled(flacFile([6, picture]))).toEqual(flacFile([4, ours], [6, picture]));
  });

  it('takes only the name in capitals for the place, and replaces the others', async () => {
    expect((await read(flacFile([4, comments([`aigc=${value}`])]))).found).toMatchObject([
      { site: 'flac/VORBIS_COMMENT/aigc', isGuidePlace: false, value },
    ]);
    expect(await labelled(flacFile([4, comments([`aigc=${value}`, 'A=b'])]))).toEqual(flacFile([4, comments(['A=b', `AIGC=${value}`])]));
  });

  it('leaves a comment that says anything besides', async () => {
    const words = 'COMMENT=AIGC:{} and more';
    expect((await read(flacFile([4, comments([words])]))).found).toEqual([]);
    expect(indexOf(await labelled(flacFile([4, comments([words])])), bytesOf(words))).toBeGreaterThan(0);
  });

  it('says what is wrong with blocks, and refuses to write', async () => {
    const cases: readonly (readonly [Uint8Array, string, string])[] = [
      [bytesOf('fLaC', block(0, streamInfo), block(4, comments([]), { isLast: true, size: 0xffffff })), 'truncated', 'FILE_DAMAGED'],
      [bytesOf('fLaC', block(4, comments([]), { isLast: true }), frames), 'damaged', 'FILE_DAMAGED'],
      [bytesOf('fLaC', block(0, streamInfo), block(127, comments([]), { isLast: true }), frames), 'damaged', 'FILE_DAMAGED'],
      [bytesOf('fLaC', block(0, streamInfo, { isLast: true }), 'no frame'), 'damaged', 'FILE_DAMAGED'],
      [bytesOf('fLaC', block(0, streamInfo), new Uint8Array(Buffer.alloc(4096 * 4, block(1, bytesOf())))), 'limit', 'LIMIT_EXCEEDED'],
    ];
    for (const [bytes, anomaly, code] of cases) {
      expect((await read(bytes)).anomalies.map((one) => one.code)).toEqual([anomaly]);
      await expect(flac.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ code });
    }
  });

  it('stops at 10,000 comments and at 64 KiB of text', async () => {
    const many = (count: number): Uint8Array => flacFile([4, comments(Array.from({ length: count }, () => 'A=b'))]);
    expect((await read(await labelled(many(9_999)))).found).toHaveLength(1);
    await expect(labelled(many(10_001))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const long = await read(flacFile([4, comments([`AIGC=${'x'.repeat(65_536)}`])]));
    expect([long.found, long.anomalies.map(({ code }) => code)]).toEqual([[], ['limit']]);
  });

  it('has no room where the block is full', async () => {
    const full = flacFile([4, comments(['A='.padEnd(2 ** 24 - 1 - 4 - 6 - 4 - 4, 'x')])]);
    await expect(labelled(full)).rejects.toMatchObject({ code: 'CARRIER_FULL' });
  });

  it('reads a few bytes beside a picture of 16 MiB', async () => {
    const bytes = flacFile([6, new Uint8Array(2 ** 24 - 1)], [4, comments(['A=b'])]);
    const source = countingSource(bytes);
    await flac.plan(source, sampleSlotText);
    expect(source.bytesRead()).toBeLessThan(4096);
  });

  it('is told apart behind a tag; where the tag fills the head, mp3 answers and the label still goes where FLAC has it', async () => {
    const small = bytesOf(tag(3, [title]), plain);
    expect([flac, mp3].map((format) => format.matches(small.subarray(0, 4096)))).toEqual([true, false]);
    const cover = tag(3, [frame(3, 'APIC', new Uint8Array(5000).fill(1))]);
    const large = bytesOf(cover, plain);
    expect([flac, mp3].map((format) => format.matches(large.subarray(0, 4096)))).toEqual([false, true]);
    expect(await labelled(large, mp3)).toEqual(bytesOf(cover, flacFile([4, comments(['TITLE=Tone', `AIGC=${value}`])])));
    expect((await mp3.read(bytesSource(await labelled(large, mp3)))).found).toMatchObject([{ site: 'flac/VORBIS_COMMENT/AIGC', isGuidePlace: true }]);
  });
});

const judged = [
  ...['tone.flac', 'reference.flac'].map((name) => ({ name, bytes: () => fixtureBytes(`flac/${name}`) })),
  ...corpusFiles('.flac').filter(({ name }) => name !== 'exiftool/FLAC.flac'),
];

describe('flac before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    it(`${name}: ffprobe reads the label, and the packets are the same`, async () => {
      const hashes = await withFile('before.flac', bytes(), packetHashes);
      expect(hashes).toMatch(/SHA256=/);
      const after = await labelled(bytes());
      expect(await withFile('after.flac', after, packetHashes)).toBe(hashes);
      expect((await withFile('after.flac', after, ffprobe)).format.tags?.['AIGC']).toBe(value);
    });
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool sees what it saw, and the label`, async () => {
      const before = await withFile('before.flac', bytes(), exiftoolDump);
      const { 'Vorbis:Aigc': ours, ...rest } = await withFile('after.flac', await labelled(bytes()), exiftoolDump);
      expect(ours).toBe(value);
      expect(rest).toEqual(before);
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('flac of the corpus', () => {
  it('exiftool/FLAC.flac has no frames, and is labelled all the same', async () => {
    const bytes = corpusFiles('flac.flac')[0]!.bytes();
    const after = await labelled(bytes);
    expect((await read(after)).found).toHaveLength(1);
    expect(foreignBlocks(after)).toEqual(foreignBlocks(bytes));
  });
});
