import { applySplices, bytesSource, type Slots } from '@aigc-label/core';
import {
  corpusFiles,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffprobe,
  fixtureBytes,
  oggStructure,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../../test/mp3-files.ts';
import { behindChecksums, foreignPackets, opusTags, stream } from '../../test/ogg-files.ts';
import { opus } from './opus.ts';

const { value } = sampleSlotText;
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignPackets,
  ...more,
});
const file = (...list: readonly string[]): Uint8Array => bytesOf(...stream([opusTags(list)]));

testFormat({
  format: opus,
  hasEnd: true,
  structure: oggStructure,
  fixtures: [
    fixture('made by ffmpeg', fixtureBytes('ogg/opus.opus')),
    fixture('made by opusenc, with padding behind the comments', fixtureBytes('ogg/opusenc.opus')),
  ],
});

testFormat({
  format: behindChecksums(opus),
  hasEnd: true,
  structure: oggStructure,
  fixtures: [
    fixture('comments on four pages', bytesOf(...stream([opusTags([`A=${'x'.repeat(1700)}`, 'B=c'])], { perPage: 2 }))),
    fixture('several labels', file('aigc={}', 'A=b', 'AIGC={"Label":"1"}', 'DESCRIPTION={"AIGC":{"Label":"1"}}'), { slots: 3 }),
    fixture('a list that announces too much', bytesOf(...stream([opusTags(['A=b'], { count: 9 })])), { refused: 'FILE_DAMAGED' }),
  ],
});

const labelled = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await opus.plan(bytesSource(bytes), sampleSlotText));
const read = (bytes: Uint8Array): Promise<Slots> => opus.read(bytesSource(bytes));

describe('opus', () => {
  it('writes exactly the comment of the guide, behind the others, in one page', async () => {
    expect(await labelled(file('A=b', 'aigc={}'))).toEqual(file('A=b', `AIGC=${value}`));
  });

  it('reads labels of every name that people use', async () => {
    const { found } = await read(file('aigc={}', 'AIGC={}', 'COMMENT=AIGC={"Label":"1"}'));
    expect(found.map(({ site, isGuidePlace }) => [site, isGuidePlace])).toEqual([
      ['ogg/opus/aigc', false],
      ['ogg/opus/AIGC', true],
      ['ogg/opus/COMMENT', false],
    ]);
  });
});

const judged = [
  ...['opus.opus', 'opusenc.opus'].map((name) => ({ name, bytes: () => fixtureBytes(`ogg/${name}`) })),
  { name: 'many-pages.opus', bytes: () => bytesOf(...stream([opusTags([`A=${'x'.repeat(1700)}`, 'B=c'])], { perPage: 2 })) },
];

describe('opus before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    it(`${name}: ffprobe reads the label, and the packets are the same`, async () => {
      const hashes = await withFile('before.opus', bytes(), packetHashes);
      expect(hashes).toMatch(/SHA256=/);
      const after = await labelled(bytes());
      expect(await withFile('after.opus', after, packetHashes)).toBe(hashes);
      expect((await withFile('after.opus', after, ffprobe)).streams[0]?.tags?.['AIGC']).toBe(value);
    });
  }
  for (const { name, bytes } of [...judged, ...corpusFiles('.opus')]) {
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool sees what it saw, and the label`, async () => {
      // Its duration is a guess by the size of the file.
      const { 'Composite:Duration': _, ...before } = await withFile('before.opus', bytes(), exiftoolDump);
      const { 'Vorbis:Aigc': ours, 'Composite:Duration': __, ...rest } = await withFile('after.opus', await labelled(bytes()), exiftoolDump);
      expect(ours).toBe(value);
      expect(rest).toEqual(before);
    });
  }
});
