import { createHash } from 'node:crypto';
import { applySplices, bytesSource, concat, latin1, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolMissing,
  type FormatFixture,
  jpegStructure,
  sampleSlotText,
  testFormat,
  xmpJudge,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import {
  afcpTrailer,
  exifSegment,
  extendedXmp,
  insertSegments,
  multiPicture,
  picturesOf,
  segment,
  segmentsOf,
  xmpSegment,
} from '../../test/jpegs.ts';
import { labelledDescription, packetBytes, withoutLabel } from '../../test/packets.ts';
import { bytesOf, pictureOf, pixelsOf } from '../../test/pictures.ts';
import { jpeg } from './jpeg.ts';

const pictures: Readonly<Record<string, Uint8Array>> = {
  baseline: await bytesOf(pictureOf(3).jpeg({ mozjpeg: false })),
  progressive: await bytesOf(pictureOf(3).jpeg({ progressive: true })),
  grey: await bytesOf(pictureOf(1).toColourspace('b-w').jpeg()),
  CMYK: await bytesOf(pictureOf(3).toColourspace('cmyk').jpeg()),
  'Exif and ICC': await bytesOf(
    pictureOf(3)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'somebody' } })
      .withIccProfile('p3'),
  ),
};
const plain = pictures['baseline']!;
const GUID = '0123456789ABCDEF0123456789ABCDEF';
const notedAs = (guid: string): Uint8Array =>
  packetBytes(`<rdf:Description rdf:about="" xmlns:xmpNote="http://ns.adobe.com/xmp/note/" xmpNote:HasExtendedXMP="${guid}"/>\n`);
const noted = notedAs(GUID);
const EXTENSION = packetBytes(labelledDescription());
const EXTENSION_GUID = createHash('md5').update(EXTENSION).digest('hex').toUpperCase();
const extendedLabel = (guid = EXTENSION_GUID, main = guid): Uint8Array =>
  insertSegments(plain, 0xdb, xmpSegment(notedAs(main)), ...extendedXmp(EXTENSION, guid));
const wrapped = '{"AIGC":{"Label":"1"}}';
const fullPacket = (size: number, padding: number): Uint8Array => {
  const description = (text: string): string => `<rdf:Description rdf:about="" xmlns:a="urn:a"><a:b>${text}</a:b></rdf:Description>\n`;
  return packetBytes(description('x'.repeat(size - packetBytes(description(''), padding).length)), padding);
};

const variants: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  'foreign XMP': [insertSegments(plain, undefined, xmpSegment(packetBytes('', 2000))), 0],
  'foreign XMP after SOF': [insertSegments(plain, 0xc4, xmpSegment(packetBytes())), 0],
  'two packets': [insertSegments(plain, 0xdb, xmpSegment(packetBytes()), xmpSegment(packetBytes(labelledDescription()))), 1],
  'XMP and extended XMP': [insertSegments(plain, 0xdb, xmpSegment(noted), ...extendedXmp(packetBytes('', 300), GUID)), 0],
  'extended XMP before XMP': [insertSegments(plain, 0xdb, ...extendedXmp(packetBytes('', 300), GUID), xmpSegment(noted)), 0],
  'a label of another maker': [insertSegments(plain, 0xdb, xmpSegment(packetBytes(labelledDescription()))), 1],
  'APP11 with AIGC (row 11)': [insertSegments(plain, 0xdb, segment(0xeb, 'AIGC{"Label":"1"}')), 1],
  'a comment with AIGC (row 12)': [insertSegments(plain, 0xdb, segment(0xfe, wrapped)), 1],
  'a comment AIGC={…} (row 13)': [insertSegments(plain, 0xdb, segment(0xfe, 'AIGC={"Label":"1"}')), 1],
  'comments of somebody else': [insertSegments(plain, 0xdb, segment(0xfe, 'AIGC is a word'), segment(0xfe, '{"AIGC":{},"more":1}')), 0],
  'Exif UserComment with AIGC (row 9)': [insertSegments(plain, 0xdb, exifSegment(wrapped.replace(':', ': '))), 1],
  'every form at once': [
    insertSegments(
      plain,
      0xdb,
      exifSegment(wrapped),
      xmpSegment(packetBytes(labelledDescription())),
      segment(0xfe, wrapped),
      segment(0xeb, 'AIGC{"Label":"1"}'),
    ),
    4,
  ],
  'APP13, APP14, JUMBF, ICC': [
    insertSegments(
      plain,
      0xdb,
      segment(0xed, 'Photoshop 3.0\0'),
      segment(0xee, 'Adobe\0d\0\0\0\0\0'),
      segment(0xeb, 'JP\0\u0001\0\0\0\u0001\0\0\0\bjumb'),
    ),
    0,
  ],
  'fill bytes before markers': [insertSegments(plain, 0xdb, Uint8Array.of(0xff, 0xff, 0xff), segment(0xfe, 'x'), new Uint8Array(3000).fill(0xff)), 0],
  'an AFCP trailer': [concat(plain, afcpTrailer(plain.length, 'AXS!')), 0],
  'an AFCP trailer, little-endian, with another after it': [concat(plain, afcpTrailer(plain.length, 'AXS*'), utf8('another trailer')), 0],
  'a motion photo': [concat(plain, utf8('\0\0\0\u0018ftypmp42'), new Uint8Array(100)), 0],
  'a full packet with padding': [insertSegments(plain, 0xdb, xmpSegment(fullPacket(65_502, 2000))), 0],
  'two pictures (MPF)': [multiPicture(true, plain, pictures['grey']!, [], []), 0],
  'MPF, XMP before': [multiPicture(false, plain, pictures['grey']!, [xmpSegment(packetBytes())], []), 0],
  'MPF, XMP after': [multiPicture(true, plain, pictures['grey']!, [], [xmpSegment(packetBytes())]), 0],
  'MPF, strays before and after': [multiPicture(false, plain, pictures['grey']!, [segment(0xfe, wrapped)], [segment(0xfe, wrapped)]), 2],
};

/** All segments but those that are a label, packets without theirs, the picture that MPF names second, and everything from SOS on. */
const untouched = (bytes: Uint8Array): unknown => {
  const segments = segmentsOf(bytes);
  const kept = segments.slice(0, -1).map(({ marker, start, data, end }) => {
    const text = new TextDecoder().decode(bytes.subarray(data, end));
    if (marker === 0xe1 && text.startsWith('http://ns.adobe.com/xap/')) {
      return withoutLabel(text.slice(29)).replace(/\s+<\?xpacket end/, '<?xpacket end');
    }
    if ((marker === 0xfe && !/word|more/.test(text) && text.includes('AIGC')) || (marker === 0xeb && text.startsWith('AIGC'))) {
      return '';
    }
    // The size and offset fields in it are checked by following them.
    const index = latin1(bytes.subarray(start, end));
    return marker === 0xe2 && text.startsWith('MPF')
      ? index.slice(0, 58)
      : index.replace(/(ASCII\0\0\0)\{"AIGC".*\}/, (all, code) => code.padEnd(all.length));
  });
  const [first, second] = picturesOf(bytes);
  const scan = bytes.subarray(segments.at(-1)!.start, first?.length ?? bytes.length);
  return [...kept.filter((one) => one !== ''), second, first?.slice(-2), withoutAfcpOffsets(latin1(scan))];
};

const withoutAfcpOffsets = (scan: string): string => scan.replace(/(AXS[!*].{8}TEXT.{4}).{4}(hello)(AXS[!*]).{4}/s, '$1....$2$3....');

const fixtures: readonly FormatFixture[] = [
  ...Object.entries(pictures).map(([name, bytes]) => ({ name, bytes, untouched })),
  ...Object.entries(variants).map(([name, [bytes, slots]]) => ({ name, bytes, untouched, slots })),
  {
    name: 'a full packet without padding',
    bytes: insertSegments(plain, 0xdb, xmpSegment(fullPacket(65_502, 0))),
    untouched,
    refused: 'CARRIER_FULL',
  },
];

testFormat({ format: jpeg, structure: jpegStructure, fixtures, hasEnd: true });

const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await jpeg.plan(bytesSource(bytes), slot));

describe('jpeg', () => {
  it('writes APP1 after JFIF and Exif', async () => {
    const bytes = insertSegments(pictures['Exif and ICC']!, undefined, segment(0xe0, 'JFIF\0\u0001\u0001\0\0\u0001\0\u0001\0\0'));
    const markers = segmentsOf(await label(bytes)).map(({ marker }) => marker);
    expect(markers.slice(0, 4)).toEqual([0xe0, 0xe1, 0xe1, 0xe2]);
    expect(segmentsOf(await label(plain))[0]?.marker).toBe(0xe1);
  });
  it('names the site of each form', async () => {
    const { found } = await jpeg.read(bytesSource(variants['every form at once']![0]));
    expect(found.map(({ site, value, isGuidePlace }) => [site, value, isGuidePlace])).toEqual([
      ['jpeg/APP1[Exif]/UserComment', wrapped, false],
      ['jpeg/APP1[XMP]/TC260:AIGC', '{"Label":"1"}', true],
      ['jpeg/COM', wrapped, false],
      ['jpeg/APP11[AIGC]', '{"Label":"1"}', false],
    ]);
  });
  for (const [name, bytes] of Object.entries(pictures)) {
    it(`leaves the pixels of ${name}`, async () => {
      expect(await pixelsOf(await label(bytes))).toEqual(await pixelsOf(bytes));
    });
  }
  it('keeps the MPF index true: the first picture ends where the second begins', async () => {
    for (const name of ['two pictures (MPF)', 'MPF, XMP before', 'MPF, XMP after', 'MPF, strays before and after']) {
      const bytes = variants[name]![0];
      for (const labelled of [await label(bytes), await label(await label(bytes), anotherSlotText)]) {
        const [first, second] = picturesOf(labelled);
        expect(first!.length + second!.length, name).toBe(labelled.length);
        expect(second).toEqual(pictures['grey']);
        expect([...first!.slice(-2)]).toEqual([0xff, 0xd9]);
      }
    }
  });
  it('keeps AFCP offsets true', async () => {
    for (const name of ['an AFCP trailer', 'an AFCP trailer, little-endian, with another after it']) {
      const bytes = variants[name]![0];
      const labelled = await label(bytes);
      const shift = labelled.length - bytes.length;
      const start = latin1(labelled).indexOf('AXS');
      expect(start).toBe(plain.length + shift);
      expect(labelled.subarray(start, start + 41)).toEqual(afcpTrailer(start, name.endsWith('trailer') ? 'AXS!' : 'AXS*'));
    }
  });
  it('uses padding only as far as needed', async () => {
    const labelled = await label(variants['a full packet with padding']![0]);
    const packet = segmentsOf(labelled).find(({ marker }) => marker === 0xe1)!;
    expect(packet.end - packet.data - 29).toBe(65_502);
  });
  it('reads a label in extended XMP, and refuses to write beside it', async () => {
    const bytes = extendedLabel();
    expect((await jpeg.read(bytesSource(bytes))).found).toMatchObject([{ site: 'jpeg/APP1[extended XMP]/TC260:AIGC', isGuidePlace: false }]);
    await expect(jpeg.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });
  it('takes no label from extended XMP that the main packet does not name, or that was changed since; and writes none beside it', async () => {
    for (const bytes of [extendedLabel(EXTENSION_GUID, GUID), extendedLabel(GUID)]) {
      const { found, anomalies } = await jpeg.read(bytesSource(bytes));
      expect(found).toEqual([]);
      expect(anomalies).toMatchObject([{ code: 'damaged', site: 'jpeg/APP1[extended XMP]' }]);
      await expect(jpeg.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
    }
  });
  it('says what is wrong with extended XMP, and labels nonetheless', async () => {
    const packet = packetBytes(labelledDescription());
    for (const [name, parts, code] of [
      ['a gap', extendedXmp(packet, GUID, packet.length, 7), 'damaged'],
      ['another length', extendedXmp(packet, GUID, packet.length + 1), 'damaged'],
      ['4 GiB', extendedXmp(packet, GUID, 0xffffffff), 'damaged'],
      ['no header', [segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0short')], 'damaged'],
      ['5 MiB', extendedParts(5 << 20), 'limit'],
    ] as const) {
      const bytes = insertSegments(plain, 0xdb, xmpSegment(noted), ...parts);
      expect((await jpeg.read(bytesSource(bytes))).anomalies, name).toMatchObject([{ code, site: 'jpeg/APP1[extended XMP]' }]);
      const { found } = await jpeg.read(bytesSource(await label(bytes)));
      expect(found).toHaveLength(1);
    }
  });
  it('refuses what cannot be edited safely, and says so when reading', async () => {
    for (const [name, bytes, anomaly, code] of [
      ['a length of 0', insertSegments(plain, 0xdb, Uint8Array.of(0xff, 0xe1, 0, 0)), 'damaged', 'FILE_DAMAGED'],
      ['a length of 1', insertSegments(plain, 0xdb, Uint8Array.of(0xff, 0xe1, 0, 1)), 'damaged', 'FILE_DAMAGED'],
      ['APP1 beyond the end', concat(plain.subarray(0, 2), Uint8Array.of(0xff, 0xe1, 0xff, 0xff), new Uint8Array(9)), 'truncated', 'FILE_DAMAGED'],
      ['no scan', concat(plain.subarray(0, 2), segment(0xfe, 'x'), Uint8Array.of(0xff, 0xd9)), 'damaged', 'FILE_DAMAGED'],
      ['two SOI', insertSegments(plain, 0xdb, Uint8Array.of(0xff, 0xd8)), 'damaged', 'FILE_DAMAGED'],
      ['nothing but fill', concat(plain.subarray(0, 2), new Uint8Array(70_000).fill(0xff)), 'limit', 'LIMIT_EXCEEDED'],
      ['XMP that is not XML', insertSegments(plain, 0xdb, xmpSegment(utf8('<x'))), 'damaged', 'FILE_DAMAGED'],
    ] as const) {
      const { found, anomalies } = await jpeg.read(bytesSource(bytes));
      expect([name, found.length, anomalies.map((one) => one.code)]).toEqual([name, 0, [anomaly]]);
      await expect(jpeg.plan(bytesSource(bytes), sampleSlotText), name).rejects.toMatchObject({ name: 'LabelError', code });
    }
  });
  it('labels a picture without its end, and says that it has none', async () => {
    const { anomalies } = await jpeg.read(bytesSource(plain.slice(0, -10)));
    expect(anomalies).toMatchObject([{ code: 'trailing_data' }]);
    expect((await label(plain.slice(0, -10))).subarray(-20)).toEqual(plain.slice(0, -10).subarray(-20));
  });
  it('never reads the scan', async () => {
    const counted = countingSource(concat(plain.subarray(0, -2), new Uint8Array(8 << 20), plain.subarray(-2)));
    await jpeg.read(counted);
    expect(counted.bytesRead()).toBeLessThan(2_000);
    await jpeg.plan(counted, anotherSlotText);
    expect(counted.bytesRead()).toBeLessThan(80_000);
  });
});

describe.skipIf(exiftoolMissing !== undefined)('exiftool reads the label, and nothing else has changed', () => {
  afterAll(endJudges);
  for (const [name, bytes] of [...Object.entries(pictures), ...Object.entries(variants).map(([key, [value]]) => [key, value] as const)]) {
    it(name, async () => {
      expect(await judged(bytes)).toEqual(await dumpOf(bytes));
    });
  }
});

describe.skipIf(corpusMissing !== undefined || exiftoolMissing !== undefined)('JPEG of the corpus', () => {
  afterAll(endJudges);
  for (const file of corpusFiles('.jpg', '.jpeg')) {
    it(`${file.name} is labelled, and nothing else has changed`, async () => {
      const bytes = file.bytes();
      const after = await judged(bytes);
      // A second file in the same process of exiftool gives other unknown HDR+ tags than the first, though it be the same one.
      await endJudges();
      expect(after).toEqual(await dumpOf(bytes));
      await endJudges();
      expect(await pixelsOf(await label(bytes))).toEqual(await pixelsOf(bytes));
    });
  }
});

/** Left out: the label in each of its forms; and the numbers that must move with it, which exiftool gives as places in the file. */
const { judged, dumpOf } = xmpJudge(
  'picture.jpg',
  label,
  (tag, value) =>
    /TC260|AIGC/i.test(tag) || /^\s*$|^(AIGC=)?\{("AIGC": ?\{)?"Label":"1"\}+$/.test(value) || /:(MPImageStart|MPImageLength)$/.test(tag),
);

const extendedParts = (full: number): readonly Uint8Array[] =>
  Array.from({ length: Math.ceil(full / 65_000) }, (_, index) => {
    const numbers = new Uint8Array(8);
    new DataView(numbers.buffer).setUint32(0, full);
    new DataView(numbers.buffer).setUint32(4, index * 65_000);
    const part = new Uint8Array(Math.min(65_000, full - index * 65_000)).fill(0x20);
    return segment(0xe1, 'http://ns.adobe.com/xmp/extension/\0', GUID, numbers, part);
  });
