import { applySplices, bytesSource } from '@aigc-label/core';
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
import { comments } from '../../test/comment-files.ts';
import { bytesOf } from '../../test/mp3-files.ts';
import { behindChecksums, foreignPackets, opusTags, stream } from '../../test/ogg-files.ts';
import { ogv } from './ogv.ts';

const { value } = sampleSlotText;
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignPackets,
  ...more,
});
const theora = (...list: readonly string[]): readonly Uint8Array[] =>
  stream([bytesOf([0x81], 'theora', comments(list)), bytesOf([0x82], 'theora', new Uint8Array(300).fill(3))], {
    head: bytesOf([0x80], 'theora', new Uint8Array(35)),
    serial: 1,
  });
const interleaved = (one: readonly Uint8Array[], other: readonly Uint8Array[]): Uint8Array =>
  bytesOf(...one.flatMap((page, index) => [page, other[index] ?? []]));

testFormat({
  format: ogv,
  hasEnd: true,
  structure: oggStructure,
  fixtures: [fixture('Theora and Vorbis made by ffmpeg', fixtureBytes('ogg/theora.ogv'))],
});

testFormat({
  format: behindChecksums(ogv),
  hasEnd: true,
  structure: oggStructure,
  fixtures: [
    fixture('Theora alone', bytesOf(...theora('A=b'))),
    fixture('Theora and Opus, a label in each', interleaved(theora('A=b', 'AIGC={}'), stream([opusTags(['AIGC={}'])])), { slots: 2 }),
  ],
});

const labelled = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await ogv.plan(bytesSource(bytes), sampleSlotText));

describe('ogv', () => {
  it('puts the label into the first stream, the picture, and nowhere else', async () => {
    const before = interleaved(theora('A=b', 'AIGC={}'), stream([opusTags(['AIGC={}', 'C=d'])]));
    expect(await labelled(before)).toEqual(interleaved(theora('A=b', `AIGC=${value}`), stream([opusTags(['C=d'])])));
  });
});

const judged = [{ name: 'theora.ogv', bytes: () => fixtureBytes('ogg/theora.ogv') }, ...corpusFiles('.ogv')];

describe('ogv before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    it(`${name}: ffprobe reads the label in the picture's stream, and the packets are the same`, async () => {
      const hashes = await withFile('before.ogv', bytes(), packetHashes);
      const after = await labelled(bytes());
      expect(await withFile('after.ogv', after, packetHashes)).toBe(hashes);
      const { streams } = await withFile('after.ogv', after, ffprobe);
      expect(streams.map(({ tags }) => tags?.['AIGC'])).toEqual([value, ...streams.slice(1).map(() => undefined)]);
    });
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool sees what it saw, and the label`, async () => {
      const { 'Composite:Duration': _, ...before } = await withFile('before.ogv', bytes(), exiftoolDump);
      const {
        'Theora:Aigc': theirs,
        'Vorbis:Aigc': ours = theirs,
        'Composite:Duration': __,
        ...rest
      } = await withFile('after.ogv', await labelled(bytes()), exiftoolDump);
      expect(ours).toBe(value);
      expect(rest).toEqual(before);
    });
  }
});
