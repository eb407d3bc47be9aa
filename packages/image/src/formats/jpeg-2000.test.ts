import { applySplices, bytesSource, HEAD_BYTES, type Splice, utf8 } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  fixtureBytes,
  heifStructure,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { box, boxesIn, bytesOf, number, openBox } from '../../test/boxes.ts';
import { foreignBoxes } from '../../test/jxls.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { jpeg2000 } from './jpeg-2000.ts';

const plain = fixtureBytes('jp2/plain.jp2');
const metadata = fixtureBytes('jp2/metadata.jp2');
const comment = fixtureBytes('jp2/comment.j2k');
const labelled = packetBytes(labelledDescription());
const xmpBox = (data: Uint8Array): Uint8Array => box('uuid', number(0xbe7acfcb97, 5), number(0xa942e89c71, 5), number(0x999491e3afac, 6), data);

const boxes = boxesIn(plain).map(({ type, start, inside, end }) => ({ type, whole: plain.slice(start, end), content: plain.slice(inside, end) }));
const head = bytesOf(...boxes.filter(({ type }) => type !== 'jp2c').map(({ whole }) => whole));
const codestream = boxes.find(({ type }) => type === 'jp2c')!.content;
const picture = box('jp2c', codestream);
const tables = box('ftbl', box('flst', number(1, 2), number(99, 8), number(9, 4), number(0, 2)));

const files: readonly FormatFixture[] = [
  { name: 'of OpenJPEG', bytes: plain, untouched: foreignBoxes },
  { name: 'with Exif and XMP of exiftool', bytes: metadata, untouched: foreignBoxes, slots: 1 },
  {
    name: 'XMP in front of the picture, and again',
    bytes: bytesOf(head, xmpBox(labelled), picture, xmpBox(labelled)),
    untouched: foreignBoxes,
    slots: 2,
  },
  {
    name: 'XMP as XML, and other XML',
    bytes: bytesOf(head, box('xml ', utf8('<other/>')), box('xml ', labelled), picture),
    untouched: foreignBoxes,
    slots: 1,
  },
  { name: 'a table of fragments', bytes: bytesOf(head, tables, picture, xmpBox(labelled)), untouched: foreignBoxes, slots: 1 },
  {
    name: 'a table of fragments, and XMP in front',
    bytes: bytesOf(head, xmpBox(labelled), tables, picture),
    untouched: foreignBoxes,
    slots: 1,
    refused: 'FORMAT_UNSUPPORTED_FEATURE',
  },
];

testFormat({ format: jpeg2000, fixtures: files, hasEnd: true, structure: heifStructure });

/** Where a codestream ends is not looked for. */
const endless: readonly FormatFixture[] = [
  { name: 'a last box of size 0', bytes: bytesOf(head, openBox('jp2c', codestream)), untouched: foreignBoxes },
  { name: 'a codestream with a label as its comment', bytes: comment, untouched: () => 0, slots: 1, refused: 'NO_PLACE_INSIDE' },
];

testFormat({ format: jpeg2000, fixtures: endless, hasEnd: false, structure: heifStructure });

const plan = (bytes: Uint8Array): Promise<readonly Splice[]> => jpeg2000.plan(bytesSource(bytes), sampleSlotText);
const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await plan(bytes));
const types = (bytes: Uint8Array): readonly string[] => boxesIn(bytes).map(({ type }) => type);

describe('jpeg-2000', () => {
  it('puts its box at the end, so that nothing moves', async () => {
    const after = await label(plain);
    expect(types(after)).toEqual(['jP  ', 'ftyp', 'jp2h', 'jp2c', 'uuid']);
    expect(after.slice(0, plain.length)).toEqual(plain);
  });

  it('gives a last box without a size its size', async () => {
    const after = await label(endless[0]!.bytes);
    expect(after.slice(0, plain.length)).toEqual(plain);
    expect(types(after)).toEqual(['jP  ', 'ftyp', 'jp2h', 'jp2c', 'uuid']);
  });

  it('refuses a last box without a size that is larger than 4 GiB, and reads it', async () => {
    const start = bytesOf(head, openBox('jp2c', codestream.slice(0, 8)));
    const size = 5 * 2 ** 30;
    const source = { size, read: (offset: number, length: number) => bytesOf(start.slice(offset), new Uint8Array(length)).slice(0, length) };
    expect(await jpeg2000.read(source)).toEqual({ found: [], anomalies: [] });
    await expect(jpeg2000.plan(source, sampleSlotText)).rejects.toMatchObject({ code: 'CARRIER_FULL' });
  });

  it.each([
    ['no ftyp', bytesOf(head.slice(0, 12), picture), 'FILE_DAMAGED'],
    ['a picture that is cut off', plain.slice(0, -20), 'FILE_DAMAGED'],
    ['sixty-five packets', bytesOf(head, picture, ...Array.from({ length: 65 }, () => xmpBox(packetBytes()))), 'LIMIT_EXCEEDED'],
    ['a packet of 2 MB', bytesOf(head, picture, xmpBox(new Uint8Array(2 << 20))), 'LIMIT_EXCEEDED'],
  ])('refuses %s', async (_, bytes, code) => {
    await jpeg2000.read(bytesSource(bytes));
    await expect(plan(bytes)).rejects.toMatchObject({ code });
  });

  it('finds nothing in the comments of a codestream that are no labels', async () => {
    const other = Uint8Array.from(comment);
    other.set(utf8('MADE '), Buffer.from(comment).indexOf('AIGC='));
    expect(await jpeg2000.read(bytesSource(other))).toEqual({ found: [], anomalies: [] });
  });

  it('says that a codestream is damaged or cut, and stops there', async () => {
    expect((await jpeg2000.read(bytesSource(comment.slice(0, 60)))).anomalies).toMatchObject([{ code: 'damaged' }]);
    expect((await jpeg2000.read(bytesSource(comment.slice(0, 5)))).anomalies).toMatchObject([{ code: 'truncated' }]);
    const flood = bytesOf(comment.slice(0, 51), ...Array.from({ length: 1_001 }, () => bytesOf('\xff\x64', number(2, 2))));
    expect((await jpeg2000.read(bytesSource(flood))).anomalies).toMatchObject([{ code: 'limit' }]);
  });

  it('leaves Motion JPEG 2000 and texts to others', () => {
    expect(jpeg2000.matches(plain)).toBe(true);
    expect(jpeg2000.matches(bytesOf('\xff\x4f\xff\x51 words'))).toBe(false);
    expect(jpeg2000.matches(bytesOf(head.slice(0, 12), box('ftyp', 'mjp2', number(0, 4), 'mjp2')))).toBe(false);
  });

  it('reads headers and metadata only', async () => {
    const counted = countingSource(bytesOf(head, box('jp2c', new Uint8Array(3 << 20)), xmpBox(packetBytes())));
    await jpeg2000.plan(counted, sampleSlotText);
    expect(counted.bytesRead()).toBeLessThan(2_000);
  });
});

const besides = (tags: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(tags)
      .filter(([name]) => !/TC260/.test(name))
      .map(([name, value]) => [
        name,
        /UserComment/.test(name)
          ? String(value)
              .replace(/\{"AIGC.*/, '')
              .trim()
          : value,
      ]),
  );

describe.skipIf(exiftoolMissing !== undefined)('jpeg-2000 before exiftool', () => {
  afterAll(endJudges);
  const judged = [
    ...[...files, ...endless].filter(({ refused }) => refused === undefined).map(({ name, bytes }) => [name, bytes] as const),
    ...corpusFiles('.jp2', '.jpx', '.jpf').map((file) => [file.name, file.bytes()] as const),
  ];
  for (const [name, bytes] of judged) {
    it(name, async () => {
      const after = await withFile('picture.jp2', await label(bytes), exiftoolDump);
      expect(Object.entries(after).filter(([tag]) => tag.includes('TC260'))).toEqual([['XMP-TC260:Aigc', sampleSlotText.value]]);
      expect(besides(after)).toEqual(besides(await withFile('picture.jp2', bytes, exiftoolDump)));
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('jpeg-2000 of the corpus', () => {
  it('is matched, labelled, and keeps its boxes, where there is any', async () => {
    for (const file of corpusFiles('.jp2', '.jpx', '.jpf')) {
      const bytes = file.bytes();
      expect(jpeg2000.matches(bytes.subarray(0, HEAD_BYTES)), file.name).toBe(true);
      const after = await label(bytes);
      expect((await jpeg2000.read(bytesSource(after))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: true }]);
      expect(foreignBoxes(after)).toEqual(foreignBoxes(bytes));
    }
  });
});
