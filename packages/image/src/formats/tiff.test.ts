import { applySplices, bytesSource, concat, equalBytes, latin1, utf8 } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolMissing,
  type FormatFixture,
  sampleSlotText,
  testFormat,
  tiffStructure,
  xmpJudge,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { pixelsOf } from '../../test/pictures.ts';
import {
  fixture,
  lastTiff,
  pictureFields,
  pixels,
  sharedTiff,
  sharpBigTiff,
  sharpTiff,
  tailTiff,
  WRAPPED,
  wildTiff,
} from '../../test/tiff-fixtures.ts';
import { contentOf, field, raw, sub, text, tiffFile, withStrip } from '../../test/tiffs.ts';
import { tiff } from './tiff.ts';

const none = (): number => 0;
const fixtures: readonly FormatFixture[] = [
  fixture('of sharp', sharpTiff),
  fixture('BigTIFF of sharp, in tiles', sharpBigTiff),
  fixture('wild forms on two pages', wildTiff, 4),
  fixture('XMP that two pages share', sharedTiff),
  fixture('a label behind everything', tailTiff, 1),
  fixture('a label at the end', lastTiff, 1),
  {
    name: 'cut in its pixels',
    bytes: tiffFile([[...pictureFields, field(273, 4, 300), field(279, 4, 2000)]]),
    untouched: none,
    refused: 'FILE_DAMAGED',
  },
];

testFormat({ format: tiff, fixtures, hasEnd: false, structure: tiffStructure });

const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await tiff.plan(bytesSource(bytes), sampleSlotText));
const sitesOf = async (bytes: Uint8Array): Promise<readonly string[]> => (await tiff.read(bytesSource(bytes))).found.map(({ site }) => site);
const anomaliesOf = async (bytes: Uint8Array): Promise<readonly string[]> => (await tiff.read(bytesSource(bytes))).anomalies.map(({ code }) => code);
const named = fixtures.filter(({ refused }) => refused === undefined).map(({ name, bytes }) => [name, bytes] as const);

describe('tiff', () => {
  it('names every place where a label stood', async () => {
    expect(await sitesOf(wildTiff)).toEqual([
      'tiff/ifd0[700]/@TC260:AIGC',
      'tiff/ifd0/sub[0][700]/TC260:AIGC',
      'tiff/ifd0/ImageDescription',
      'tiff/ifd0/exif/UserComment',
    ]);
    expect(await sitesOf(tailTiff)).toEqual(['tiff/tail']);
    expect(await sitesOf(await label(wildTiff))).toEqual(['tiff/ifd0[700]/TC260:AIGC']);
  });

  it('writes type 7 with the packet behind everything, and moves nothing', async () => {
    for (const bytes of [sharpTiff, sharpBigTiff, sharedTiff]) {
      const splices = await tiff.plan(bytesSource(bytes), sampleSlotText);
      expect(splices.filter(({ at, remove, insert }) => at < bytes.length && remove !== insert.length)).toEqual([]);
      const after = applySplices(bytes, splices);
      const packetLength = after.length - latin1(after).lastIndexOf('<?xpacket begin');
      expect(latin1(after)).toMatch(/<\?xpacket end="w"\?>$/);
      expect(latin1(after.subarray(bytes.length - packetLength))).toContain('TC260:AIGC');
    }
  });

  it('turns type 1, which exiftool writes, into the type 7 of the guide, and says that type 1 is not it', async () => {
    const labelled = await label(lastTiff);
    const at = latin1(labelled).indexOf(latin1(Uint8Array.of(0xbc, 0x02, 7, 0)));
    const typed = Uint8Array.from(labelled, (byte, index) => (index === at + 2 ? 1 : byte));
    expect((await tiff.read(bytesSource(typed))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: false }]);
    expect(await label(typed)).toEqual(labelled);
  });

  it('leaves no copy of a packet that it moves, and none of a label', async () => {
    const after = latin1(
      await label(
        withStrip(
          (strip) =>
            tiffFile([[...pictureFields, ...strip, raw(700, 1, utf8('<x:xmpmeta xmlns:x="adobe:ns:meta/"><a b="foreign"/></x:xmpmeta>'))]], {
              tail: utf8('tail'),
            }),
          pixels,
        ),
      ),
    );
    expect(after.split('foreign')).toHaveLength(2);
    expect(after.split('tail')).toHaveLength(2);
    expect(latin1(await label(wildTiff)).split('"Label')).toHaveLength(2);
  });

  it('does not write over what something else uses', async () => {
    const packet = utf8(
      '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/" T:AIGC="{}"/></rdf:RDF></x:xmpmeta>',
    );
    const xmp = raw(700, 7, packet);
    const shared = tiffFile([[...pictureFields, xmp, { ...raw(0xfde8, 7, packet), sharedWith: xmp }]], { tail: utf8('tail') });
    await expect(tiff.plan(bytesSource(shared), sampleSlotText)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('writes the new IFD0 on a word boundary, with its entries in ascending order', async () => {
    // Tags on both sides of 700, and an odd length.
    const bytes = tiffFile([[...pictureFields, text(0x8298, 'somebody')]], { tail: Uint8Array.of(0) });
    expect(bytes.length % 2).toBe(1);
    const after = await label(bytes);
    const view = new DataView(after.buffer);
    const at = view.getUint32(4, true);
    const tags = Array.from({ length: view.getUint16(at, true) }, (_, index) => view.getUint16(at + 2 + index * 12, true));
    expect(at % 2).toBe(0);
    expect(tags).toContain(700);
    expect(tags).toEqual(tags.toSorted((a, b) => a - b));
    expect(contentOf(after)).toEqual(contentOf(bytes));
  });

  it('counts a description that is the last thing of the file once', async () => {
    const draft = tiffFile([[...pictureFields, text(270, WRAPPED)]]);
    const value = utf8(`${WRAPPED}\0`);
    const entry = latin1(draft).indexOf(latin1(Uint8Array.of(0x0e, 1, 2, 0, value.length)));
    const at = latin1(draft).indexOf('{"AIGC"');
    const bytes = concat(draft.subarray(0, at), new Uint8Array(value.length), draft.subarray(at + value.length), value);
    new DataView(bytes.buffer).setUint32(entry + 8, draft.length, true);
    expect(await sitesOf(bytes)).toEqual(['tiff/ifd0/ImageDescription']);
    expect(await sitesOf(await label(bytes))).toEqual(['tiff/ifd0[700]/TC260:AIGC']);
  });

  it('puts nothing where a directory is announced', async () => {
    const bytes = tiffFile([pictureFields]);
    const announcing = (at: number): Uint8Array => {
      const copy = bytes.slice();
      new DataView(copy.buffer).setUint32(copy.length - 4, at, true);
      return copy;
    };
    expect(await anomaliesOf(announcing(bytes.length + 10))).toEqual(['damaged']);
    await expect(tiff.plan(bytesSource(announcing(bytes.length + 10)), sampleSlotText)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    expect(await sitesOf(await label(announcing(0xfffffff0)))).toHaveLength(1);
  });

  it('does not write over a directory', async () => {
    const packet = latin1(lastTiff).match(/<\?xpacket begin.*<\?xpacket end="w"\?>/s)?.[0] ?? '';
    expect(packet).toContain('AIGC');
    // An empty directory is six zeros, and zeros may stand behind a packet.
    const bytes = tiffFile(
      [
        [
          ...pictureFields,
          raw(
            700,
            7,
            Uint8Array.from(`${packet}\0\0\0\0\0\0`, (character) => character.charCodeAt(0)),
          ),
        ],
      ],
      {
        tail: utf8('tail'),
      },
    );
    expect(await sitesOf(await label(bytes))).toHaveLength(1);
    const at = latin1(bytes).indexOf('<?xpacket begin');
    new DataView(bytes.buffer).setUint32(bytes.length - 'tail'.length - 4, at + packet.length, true);
    expect(await anomaliesOf(bytes)).toEqual([]);
    await expect(tiff.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('refuses what would hide the data of a program, and files of 4 GiB', async () => {
    const trailer = tiffFile([pictureFields], { tail: concat(utf8('CANON OPTIONAL DATA\0'), new Uint8Array(44)) });
    await expect(tiff.plan(bytesSource(trailer), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
    const head = tiffFile([pictureFields]);
    const huge = (size: number) => ({ size, read: (at: number, length: number) => Uint8Array.from({ length }, (_, index) => head[at + index] ?? 0) });
    await expect(tiff.plan(huge(2 ** 32 - 300), sampleSlotText)).rejects.toMatchObject({ code: 'CARRIER_FULL' });
    const [pointer] = await tiff.plan(
      {
        ...huge(2 ** 33),
        read: (at, length) => Uint8Array.from({ length }, (_, index) => tiffFile([pictureFields], { isBigTiff: true })[at + index] ?? 0),
      },
      sampleSlotText,
    );
    expect(pointer?.insert).toEqual(Uint8Array.of(0, 0, 0, 0, 2, 0, 0, 0));
  });

  it('finds loops, and directories outside of the file', async () => {
    const looped = tiffFile([pictureFields, pictureFields]);
    const view = new DataView(looped.buffer);
    view.setUint32(looped.length - 4, view.getUint32(4, true), true);
    expect(await anomaliesOf(looped)).toEqual(['damaged']);
    expect(await sitesOf(await label(looped))).toHaveLength(1);
    expect(await anomaliesOf(tiffFile([[...pictureFields, field(0x14a, 4, 1, 2, 3)]]))).toEqual(['damaged', 'damaged', 'damaged']);
    expect(await anomaliesOf(tiffFile([[...pictureFields, sub(0x14a, pictureFields)]]))).toEqual([]);
  });

  it('reads a packet once, however many pages share it', async () => {
    const packet = raw(700, 7, utf8(`<x:xmpmeta xmlns:x="adobe:ns:meta/"><a b="${'x'.repeat(600_000)}"/></x:xmpmeta>`));
    const bytes = tiffFile([packet, packet, packet].map((shared) => [...pictureFields, { ...shared, sharedWith: packet }]));
    expect(bytes.length).toBeLessThan(650_000);
    expect(await anomaliesOf(bytes)).toEqual([]);
    expect(await sitesOf(await label(bytes))).toEqual(['tiff/ifd0[700]/TC260:AIGC']);
  });

  it('reads directories only: of hundreds of pages as well', async () => {
    const pages = withStrip((strip) => tiffFile(Array.from({ length: 500 }, () => [...pictureFields, ...strip])), new Uint8Array(200_000).fill(7));
    const counted = countingSource(await label(pages));
    await tiff.read(counted);
    expect(counted.bytesRead()).toBeLessThan(100_000);
  });
});

/** ApplicationNotes is exiftool's name for the entry itself in BigTIFF; of a packet that two pages shared it reads the second only when they no longer share it. */
const FORGOTTEN = /TC260|XMPToolkit|ImageDescription|UserComment|ApplicationNotes|XMP-dc:Copy1/;
const judge = xmpJudge('picture.tif', label, (tag) => FORGOTTEN.test(tag));

describe.skipIf(exiftoolMissing !== undefined)('tiff before exiftool', () => {
  afterAll(endJudges);
  for (const [name, bytes] of [...named, ...corpusFiles('.tif', '.btf').map((file) => [file.name, file.bytes()] as const)]) {
    it(name, async () => {
      expect(await judge.judged(bytes)).toEqual(await judge.dumpOf(bytes));
    });
  }
});

describe('tiff before sharp', () => {
  for (const [name, bytes] of named) {
    it(`leaves the pixels of ${name}`, async () => {
      const before = await pixelsOf(bytes);
      expect(before.samples.length).toBeGreaterThan(40);
      expect(await pixelsOf(await label(bytes))).toEqual(before);
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('tiff of the corpus', () => {
  for (const file of corpusFiles('.tif', '.btf')) {
    it(`${file.name} is labelled and keeps everything else`, async () => {
      const bytes = file.bytes();
      const after = await label(bytes);
      expect(await sitesOf(after)).toEqual(['tiff/ifd0[700]/TC260:AIGC']);
      expect(contentOf(after)).toEqual(contentOf(bytes));
      expect(equalBytes(after.subarray(16, bytes.length), bytes.subarray(16))).toBe(true);
    });
  }
});
