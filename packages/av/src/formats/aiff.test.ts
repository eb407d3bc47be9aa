import { applySplices, type ByteSource, bytesSource, type Slots } from '@aigc-label/core';
import {
  aiffStructure,
  corpusFiles,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  fixtureBytes,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { common, foreignChunks, form, iffChunk, sound } from '../../test/aiff-files.ts';
import { bytesOf, frame, tag, textFrame, txxx } from '../../test/mp3-files.ts';
import { aiff } from './aiff.ts';
import { wav } from './wav.ts';

const { value } = sampleSlotText;
const title = textFrame(3, 'TIT2', 'A title');
const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const packet = (attributes: string): Uint8Array =>
  bytesOf(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${rdf}"><rdf:Description rdf:about="" ${attributes}/></rdf:RDF></x:xmpmeta>`);
const creator = packet('xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="sox"');
const inAttribute = packet(
  'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:CreatorTool="sox" TC260:AIGC="{&quot;Label&quot;:&quot;1&quot;}"',
);
const xmp = (bytes: Uint8Array): Uint8Array => iffChunk('APPL', bytesOf('XMP ', bytes));
const junk = bytesOf('\0\0junk after the end');

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignChunks,
  ...more,
});

testFormat({
  format: aiff,
  hasEnd: true,
  structure: aiffStructure,
  fixtures: [
    fixture('made by ffmpeg', fixtureBytes('aiff/tone.aiff')),
    fixture('AIFF-C made by sox', fixtureBytes('aiff/sox.aifc')),
    fixture('other application data, and XMP of an editor', form([common, iffChunk('APPL', bytesOf('stoc', 'xyz')), xmp(creator), sound])),
    fixture(
      'labels everywhere',
      form([
        common,
        iffChunk('ANNO', bytesOf('AIGC:{"Label":"1"}\0')),
        iffChunk('ANNO', bytesOf('words')),
        xmp(inAttribute),
        sound,
        iffChunk('ID3 ', tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', '{}')), title])),
        iffChunk('AIGC', bytesOf('{"Label":"1"}')),
        xmp(inAttribute),
      ]),
      {
        slots: 5,
        untouched: (bytes) =>
          [common, sound, title, iffChunk('ANNO', bytesOf('words')), bytesOf('xmp:CreatorTool="sox"')].map((part) => indexOf(bytes, part) > 0),
      },
    ),
    fixture('no samples at all', form([common])),
  ],
});

// Without a known end, what follows cannot be told from samples.
testFormat({
  format: aiff,
  hasEnd: false,
  structure: aiffStructure,
  fixtures: [
    fixture('cut off inside the samples', form([common, sound]).slice(0, 300), { untouched: (bytes) => (foreignChunks(bytes) as string[]).length }),
    fixture('cut off before the samples', form([common, iffChunk('NAME', new Uint8Array(200))]).slice(0, 100), { refused: 'FILE_DAMAGED' }),
  ],
});

const indexOf = (bytes: Uint8Array, part: Uint8Array): number => Buffer.from(bytes).indexOf(part);
const labelled = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await aiff.plan(bytesSource(bytes), sampleSlotText));
const read = (bytes: Uint8Array): Promise<Slots> => aiff.read(bytesSource(bytes));

describe('aiff', () => {
  it('writes one chunk APPL "XMP " at the end, and the size of the whole', async () => {
    const after = await labelled(form([common, sound]));
    expect(after.subarray(12, form([common, sound]).length)).toEqual(form([common, sound]).subarray(12));
    const ours = Buffer.from(after.subarray(form([common, sound]).length));
    expect(ours.toString('latin1', 0, 4) + ours.toString('latin1', 8, 12)).toBe('APPLXMP ');
    expect(ours.toString('latin1')).toContain(`<TC260:AIGC>${value}</TC260:AIGC>`);
    expect(Buffer.from(after).readUInt32BE(4)).toBe(after.length - 8);
  });

  it('keeps junk behind the end', async () => {
    const bytes = bytesOf(form([common, sound]), junk);
    expect(await labelled(bytes)).toEqual(bytesOf(await labelled(form([common, sound])), junk));
  });

  it('says where each label stood', async () => {
    const { found } = await read(
      form([
        common,
        xmp(inAttribute),
        iffChunk('ANNO', bytesOf('{"AIGC":{"Label":"1"}}')),
        iffChunk('ID3 ', tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', '{}'))])),
      ]),
    );
    expect(found.map(({ site, isGuidePlace }) => [site, isGuidePlace])).toEqual([
      ['aiff/APPL[XMP ]/@TC260:AIGC', false],
      ['aiff/ID3/TXXX[AIGC]', false],
      ['aiff/ANNO', false],
    ]);
  });

  it('looks into no more than 64 application chunks and 8 annotations, says so, and does not write', async () => {
    const many = form([common, ...Array.from({ length: 9 }, () => iffChunk('ANNO', bytesOf('words')))]);
    expect((await read(many)).anomalies).toMatchObject([{ code: 'limit' }]);
    await expect(labelled(many)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    const large = form([common, xmp(new Uint8Array(1 << 20).fill(32)), xmp(creator)]);
    expect((await read(large)).anomalies.map(({ code }) => code)).toContain('limit');
  });

  it('reads a few bytes of a file of 2 GB', async () => {
    const head = form([common, iffChunk('SSND', bytesOf(), { size: 2 ** 31 })], { off: 2 ** 31 });
    let total = 0;
    const source: ByteSource = {
      size: head.length + 2 ** 31,
      read(offset, length) {
        total += length;
        const bytes = new Uint8Array(length);
        bytes.set(head.subarray(Math.min(offset, head.length), Math.min(offset + length, head.length)));
        return bytes;
      },
    };
    expect((await aiff.plan(source, sampleSlotText)).map(({ at }) => at)).toEqual([4, source.size]);
    expect(total).toBeLessThan(300);
  });

  it('matches AIFF and AIFC and no other FORM, and is no WAV', () => {
    const kinds = (type: string): readonly boolean[] => [aiff, wav].map((format) => format.matches(form([common], { type })));
    expect(['AIFF', 'AIFC', '8SVX', 'WAVE'].map(kinds)).toEqual([
      [true, false],
      [true, false],
      [false, false],
      [false, false],
    ]);
  });
});

const judged = [
  ...['tone.aiff', 'tagged.aiff', 'sox.aifc'].map((name) => ({ name, bytes: () => fixtureBytes(`aiff/${name}`) })),
  ...corpusFiles('.aif', '.aiff', '.aifc'),
];

describe('aiff before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    it(`${name}: the packets are the same`, async () => {
      const hashes = await withFile('before.aiff', bytes(), packetHashes);
      expect(hashes).toMatch(/SHA256=/);
      expect(await withFile('after.aiff', await labelled(bytes()), packetHashes)).toBe(hashes);
    });
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool sees what it saw, and our chunk`, async () => {
      const before = await withFile('before.aiff', bytes(), exiftoolDump);
      const { 'AIFF:ApplicationData': ours, ...rest } = await withFile('after.aiff', await labelled(bytes()), exiftoolDump);
      // It shows the chunk, and leaves reading XMP in it to others.
      expect(ours).toContain(value);
      expect(rest).toEqual(before);
    });
  }
});
