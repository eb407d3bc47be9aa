import { applySplices, bytesSource, HEAD_BYTES } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffprobe,
  fixtureBytes,
  heifStructure,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { foreignOf, heif, PICTURE } from '../../test/heifs.ts';
import { packetBytes } from '../../test/packets.ts';
import { bytesOf } from '../../test/pictures.ts';
import { avif } from './avif.ts';

/** What libavif (through sharp), exiftool and ffmpeg made. */
const real = {
  'of sharp': await bytesOf(sharp({ create: { width: 24, height: 16, channels: 3, background: '#a52' } }).avif({ quality: 30 })),
  'with alpha': fixtureBytes('heif/alpha.avif'),
  'with XMP': fixtureBytes('heif/xmp.avif'),
  'a sequence': fixtureBytes('heif/sequence.avif'),
};
const byAttribute = packetBytes(
  '<rdf:Description rdf:about="" xmlns:AIGC="http://ns.adobe.com/AIGC/1.0/" AIGC:AIGC="{&quot;Label&quot;: &quot;2&quot;}"/>',
);

const fixtures: readonly FormatFixture[] = [
  ...Object.entries(real).map(([name, bytes]) => ({ name, bytes, untouched: foreignOf })),
  {
    name: 'a label by attribute, in the namespace of another maker',
    bytes: heif({
      brands: ['mif1', 'mif1', 'avif'],
      items: [
        { id: 1, type: 'av01', data: PICTURE },
        { id: 2, type: 'mime', contentType: 'application/rdf+xml', data: byAttribute, describes: [1] },
      ],
    }),
    // The attribute stood in a description that is empty without it, and goes.
    untouched: (bytes) => JSON.stringify(foreignOf(bytes)).replace(/ *<rdf:Description [^<>]*ns.adobe.com\/AIGC[^<>]*>/, ''),
    slots: 1,
  },
];

testFormat({ format: avif, fixtures, hasEnd: true, structure: heifStructure });

const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await avif.plan(bytesSource(bytes), sampleSlotText));
const pixelsOf = async (bytes: Uint8Array): Promise<unknown> => {
  const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
  return { data: data.toString('base64'), width: info.width, height: info.height, channels: info.channels };
};

describe('avif', () => {
  for (const [name, bytes] of Object.entries(real).filter(([name]) => name !== 'a sequence')) {
    it(`leaves the pixels of ${name}`, async () => {
      expect(await pixelsOf(await label(bytes))).toEqual(await pixelsOf(bytes));
    });
  }

  it('is read by libavif (through sharp): the packet with the label is the picture’s XMP', async () => {
    const { xmpAsString = '' } = await sharp(await label(real['with alpha'])).metadata();
    expect(xmpAsString).toContain('<TC260:AIGC>{"Label":"1"');
  });

  it('leaves the packets of a sequence, which lie behind what grew', async () => {
    const hashes = (bytes: Uint8Array): Promise<string> => withFile('sequence.avif', bytes, packetHashes);
    const after = await label(real['a sequence']);
    expect(await hashes(after)).toBe(await hashes(real['a sequence']));
    expect((await withFile('sequence.avif', after, ffprobe)).streams.length).toBeGreaterThan(0);
  });
});

/** Where media data lies, and how much there is of it, changes by design; our packet is media data, too. */
const besides = (tags: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => !/TC260|MediaData(?:Size|Offset)?$/.test(name)));

describe.skipIf(exiftoolMissing !== undefined)('avif before exiftool', () => {
  afterAll(endJudges);
  for (const [name, bytes] of [...Object.entries(real), ...corpusFiles('.avif').map((file) => [file.name, file.bytes()] as const)]) {
    it(name, async () => {
      const after = await withFile('picture.avif', await label(bytes), exiftoolDump);
      expect(Object.entries(after).filter(([tag]) => tag.includes('TC260'))).toEqual([['XMP-TC260:Aigc', sampleSlotText.value]]);
      expect(besides(after)).toEqual(besides(await withFile('picture.avif', bytes, exiftoolDump)));
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('avif of the corpus', () => {
  for (const file of corpusFiles('.avif', '.avifs')) {
    it(`${file.name} keeps items and pixels`, async () => {
      const bytes = file.bytes();
      expect(avif.matches(bytes.subarray(0, HEAD_BYTES))).toBe(true);
      const after = await label(bytes);
      expect((await avif.read(bytesSource(after))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: true }]);
      expect(foreignOf(after)).toEqual(foreignOf(bytes));
      expect(await pixelsOf(after)).toEqual(await pixelsOf(bytes));
    });
  }
});
