import { applySplices, bytesSource, HEAD_BYTES, latin1, type Splice, utf8 } from '@aigc-label/core';
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
import { brob, FTYP, foreignBoxes, jxlFile, SIGNATURE } from '../../test/jxls.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { jxl } from './jxl.ts';

const codestream = fixtureBytes('jxl/codestream.jxl');
const container = fixtureBytes('jxl/container.jxl');
const metadata = fixtureBytes('jxl/metadata.jxl');
const reconstruct = fixtureBytes('jxl/reconstruct.jxl');
const picture = box('jxlc', codestream);
const labelled = packetBytes(labelledDescription());
const exif = boxesIn(metadata).find(({ type }) => type === 'Exif')!;
const exifContent = metadata.slice(exif.inside, exif.end);

const contained: readonly FormatFixture[] = [
  { name: 'of cjxl', bytes: container, untouched: foreignBoxes },
  { name: 'with Exif and XMP of exiftool', bytes: metadata, untouched: foreignBoxes, slots: 1 },
  { name: 'with a JPEG that can be made again', bytes: reconstruct, untouched: foreignBoxes },
  {
    name: 'labels in compressed boxes',
    bytes: jxlFile(box('jxll', number(5, 1)), brob('Exif', exifContent), picture, brob('xml ', labelled), brob('jumb', utf8('something'))),
    untouched: foreignBoxes,
    slots: 2,
  },
  {
    name: 'two packets and other XML',
    bytes: jxlFile(
      box('xml ', utf8('<other/>')),
      box('xml ', labelled),
      box('jxlp', number(0, 4), codestream.slice(0, 40)),
      box('xml ', labelled),
      box('jxlp', number(0x8000_0001, 4), codestream.slice(40)),
    ),
    untouched: foreignBoxes,
    slots: 2,
  },
  {
    name: 'XMP that is no Brotli',
    bytes: jxlFile(box('brob', 'xml ', utf8('not Brotli')), picture),
    untouched: () => 0,
    refused: 'FORMAT_UNSUPPORTED_FEATURE',
  },
];

testFormat({ format: jxl, fixtures: contained, hasEnd: true, structure: heifStructure });

/** What follows here belongs to the picture: only a decoder could say where that ends. */
const endless: readonly FormatFixture[] = [
  { name: 'codestream', bytes: codestream, untouched: (bytes) => latin1(bytes).slice(-codestream.length) },
  { name: 'a last box of size 0', bytes: jxlFile(box('xml ', labelled), openBox('jxlc', codestream)), untouched: foreignBoxes, slots: 1 },
];

testFormat({ format: jxl, fixtures: endless, hasEnd: false, structure: heifStructure });

const plan = (bytes: Uint8Array): Promise<readonly Splice[]> => jxl.plan(bytesSource(bytes), sampleSlotText);
const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await plan(bytes));
const types = (bytes: Uint8Array): readonly string[] => boxesIn(bytes).map(({ type }) => type);

describe('jxl', () => {
  it('puts a container around a codestream, whose bytes stay', async () => {
    const after = await label(codestream);
    expect(types(after)).toEqual(['JXL ', 'ftyp', 'xml ', 'jxlc']);
    expect(latin1(after.subarray(0, 32))).toBe(latin1(bytesOf(SIGNATURE, FTYP)));
    expect(after.slice(-codestream.length)).toEqual(codestream);
  });

  it('announces a codestream of more than 4 GiB with a 64-bit size', async () => {
    const size = 5 * 2 ** 30;
    const [splice] = await jxl.plan({ size, read: (_, length) => codestream.slice(0, length) }, sampleSlotText);
    expect(latin1(splice!.insert.slice(-16))).toBe(latin1(bytesOf(number(1, 4), 'jxlc', number(size + 16, 8))));
  });

  it('puts its box behind the head: jxll follows ftyp at once', async () => {
    expect(types(await label(container))).toEqual(['JXL ', 'ftyp', 'xml ', 'jxlc']);
    expect(types(await label(jxlFile(box('jxll', number(5, 1)), picture)))).toEqual(['JXL ', 'ftyp', 'jxll', 'xml ', 'jxlc']);
  });

  it('leaves compressed XMP that says nothing of ours as it is', async () => {
    const compressed = brob('xml ', packetBytes());
    const after = await label(jxlFile(picture, compressed));
    expect(types(after)).toEqual(['JXL ', 'ftyp', 'xml ', 'jxlc', 'brob']);
    expect(after.slice(-compressed.length)).toEqual(compressed);
  });

  it('says that a compressed box gives more than is read, at once', async () => {
    const bomb = brob('xml ', new Uint8Array(16 << 20));
    expect(bomb.length).toBeLessThan(1_000);
    const many = jxlFile(picture, ...Array.from({ length: 50 }, () => bomb));
    const { anomalies } = await jxl.read(bytesSource(many));
    expect(anomalies.filter(({ code }) => code === 'limit')).toHaveLength(50);
    await expect(plan(many)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });

  it.each([
    ['no ftyp', bytesOf(SIGNATURE, picture), 'FILE_DAMAGED'],
    ['a ftyp that never ends', bytesOf(SIGNATURE, openBox('ftyp', 'jxl '), picture), 'FILE_DAMAGED'],
    ['no picture', jxlFile(), 'FILE_DAMAGED'],
    ['metadata that is cut off', jxlFile(picture, box('xml ', labelled).slice(0, 50)), 'FILE_DAMAGED'],
    ['sixty-five packets', jxlFile(picture, ...Array.from({ length: 65 }, () => box('xml ', packetBytes()))), 'LIMIT_EXCEEDED'],
    ['a packet of 2 MB', jxlFile(picture, box('xml ', new Uint8Array(2 << 20))), 'FORMAT_UNSUPPORTED_FEATURE'],
  ])('refuses %s', async (_, bytes, code) => {
    await jxl.read(bytesSource(bytes));
    await expect(plan(bytes)).rejects.toMatchObject({ code });
  });

  it('is no text that begins with two such bytes', () => {
    expect(jxl.matches(bytesOf('\xff\nwords'))).toBe(false);
    expect(jxl.matches(codestream.subarray(0, 40))).toBe(true);
  });

  it('reads headers and metadata only', async () => {
    const counted = countingSource(jxlFile(box('jxlc', new Uint8Array(3 << 20)), box('xml ', packetBytes())));
    await jxl.plan(counted, sampleSlotText);
    expect(counted.bytesRead()).toBeLessThan(2_000);
  });
});

/** A codestream that got a container is called otherwise. */
const besides = (tags: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(tags)
      .filter(([name]) => !/TC260|Brand|MinorVersion|FileType|MIMEType/.test(name))
      .map(([name, value]) => [
        name,
        /UserComment/.test(name)
          ? String(value)
              .replace(/\{"AIGC.*/, '')
              .trim()
          : value,
      ]),
  );

describe.skipIf(exiftoolMissing !== undefined)('jxl before exiftool', () => {
  afterAll(endJudges);
  const files = [
    ...[...contained, ...endless].filter(({ refused }) => refused === undefined).map(({ name, bytes }) => [name, bytes] as const),
    ...corpusFiles('.jxl').map((file) => [file.name, file.bytes()] as const),
  ];
  for (const [name, bytes] of files) {
    it(name, async () => {
      const after = await withFile('picture.jxl', await label(bytes), exiftoolDump);
      expect(Object.entries(after).filter(([tag]) => tag.includes('TC260'))).toEqual([['XMP-TC260:Aigc', sampleSlotText.value]]);
      if (!name.includes('compressed')) {
        expect(besides(after)).toEqual(besides(await withFile('picture.jxl', bytes, exiftoolDump)));
      }
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('jxl of the corpus', () => {
  for (const file of corpusFiles('.jxl')) {
    it(`${file.name} keeps its boxes`, async () => {
      const bytes = file.bytes();
      expect(jxl.matches(bytes.subarray(0, HEAD_BYTES))).toBe(true);
      const after = await label(bytes);
      expect((await jxl.read(bytesSource(after))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: true }]);
      expect(foreignBoxes(after)).toEqual(foreignBoxes(bytes));
    });
  }
});
