import { applySplices, ascii, bytesSource, concat, latin1, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolMissing,
  type FormatFixture,
  fixtureBytes,
  pngStructure,
  sampleSlotText,
  testFormat,
  xmpJudge,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { exifSegment } from '../../test/jpegs.ts';
import { foreignPacket, labelledDescription, packetBytes, withoutLabel } from '../../test/packets.ts';
import { bytesOf, chunk, chunksOf, deflated, insertBefore, pictureOf, pixelsOf } from '../../test/pictures.ts';
import { png } from './png.ts';

const KEYWORD = ascii('XML:com.adobe.xmp\0');
const international = (text: Uint8Array, keyword: Uint8Array = KEYWORD): Uint8Array => concat(keyword, new Uint8Array(4), text);
const iTXt = (packet: Uint8Array): Uint8Array => chunk('iTXt', international(packet));
const compressed = (packet: Uint8Array, tags = '\0\0'): Uint8Array =>
  chunk('iTXt', concat(KEYWORD, Uint8Array.of(1, 0), ascii(tags), deflated(packet)));
const TRANSLATED = 'a packet with a language tag';
const AIGC_TEXT = chunk('tEXt', 'AIGC\0{"Label":"1"}');

const pictures: Readonly<Record<string, Uint8Array>> = {
  rgb: await bytesOf(pictureOf(3).png()),
  'rgb with alpha': await bytesOf(pictureOf(4).png()),
  grey: await bytesOf(pictureOf(1).toColourspace('b-w').png()),
  palette: await bytesOf(pictureOf(3).png({ palette: true })),
  interlaced: await bytesOf(pictureOf(3).png({ progressive: true })),
  '16 bit': await bytesOf(pictureOf(3).toColourspace('rgb16').png()),
  'with ICC profile': await bytesOf(pictureOf(3).withIccProfile('p3').png()),
  animated: fixtureBytes('png/animated.png'),
};
const rgb = pictures['rgb']!;

const variants: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  'foreign XMP': [insertBefore(rgb, 'IDAT', iTXt(packetBytes('', 500))), 0],
  'foreign XMP after IDAT': [insertBefore(rgb, 'IEND', iTXt(packetBytes())), 0],
  'a compressed packet': [insertBefore(rgb, 'IDAT', compressed(packetBytes())), 0],
  [TRANSLATED]: [insertBefore(rgb, 'IDAT', compressed(packetBytes(), 'en\0titre\0')), 0],
  'two packets': [insertBefore(rgb, 'IDAT', iTXt(packetBytes()), iTXt(packetBytes(labelledDescription()))), 1],
  'a packet with a label': [insertBefore(rgb, 'IDAT', iTXt(packetBytes(labelledDescription()))), 1],
  'an empty packet': [insertBefore(rgb, 'IDAT', iTXt(new Uint8Array(0))), 0],
  'text after IDAT': [insertBefore(rgb, 'IEND', chunk('tEXt', 'Comment\0after'), chunk('tIME', Uint8Array.of(7, 0xea, 1, 1, 1, 1, 1))), 0],
  'AIGC in tEXt (row 7)': [insertBefore(rgb, 'IDAT', AIGC_TEXT), 1],
  'AIGC in tEXt after IDAT, wrapped (row 8)': [insertBefore(rgb, 'IEND', chunk('tEXt', 'AIGC\0{"AIGC":{"Label":"1"}}')), 1],
  'AIGC in zTXt': [insertBefore(rgb, 'IDAT', chunk('zTXt', concat(ascii('AIGC\0\0'), deflated('{"Label":"1"}')))), 1],
  'AIGC in iTXt': [insertBefore(rgb, 'IDAT', chunk('iTXt', international(utf8('{"Label":"1"}'), ascii('AIGC\0')))), 1],
  'AIGC in a UserComment': [insertBefore(rgb, 'IDAT', chunk('tEXt', 'UserComment\0{"AIGC":{"Label":"1"}}')), 1],
  'a UserComment of somebody else': [insertBefore(rgb, 'IDAT', chunk('tEXt', 'UserComment\0{"AIGC":{"Label":"1"},"more":1}')), 0],
  'XMP, AIGC in tEXt and again in XMP': [insertBefore(rgb, 'IDAT', AIGC_TEXT, iTXt(packetBytes(labelledDescription().repeat(2)))), 3],
  'XMP in tEXt': [insertBefore(rgb, 'IDAT', chunk('tEXt', foreignPacket(labelledDescription()).replace(/^/, 'XML:com.adobe.xmp\0'))), 1],
  'Exif UserComment with AIGC (row 9)': [insertBefore(rgb, 'IDAT', chunk('eXIf', exifSegment('{"AIGC":{"Label":"1"}}').slice(10))), 1],
  'Exif of somebody else': [insertBefore(rgb, 'IDAT', chunk('eXIf', exifSegment('{"AIGC":{},"more":1}').slice(10))), 0],
  'a wrong CRC in IDAT and in text': [insertBefore(rgb, 'IDAT', chunk('IDAT', 'broken', 1), chunk('tEXt', 'Comment\0x', 7)), 0],
  'an Apple PNG': [insertBefore(rgb, 'IHDR', chunk('CgBI', Uint8Array.of(0x50, 0, 0x20, 6))), 0],
};

/** All chunks but those that are a label, packets without theirs, and what follows IEND. */
const untouched = (bytes: Uint8Array): unknown => {
  const chunks = chunksOf(bytes);
  const kept = chunks.map(({ type, start, end }) => {
    const data = bytes.subarray(start + 8, end - 4);
    const keyword = latin1(data.subarray(0, Math.max(0, data.indexOf(0))));
    if (/^[tzi]..t$/i.test(type) && keyword === 'XML:com.adobe.xmp') {
      const text = data[18] === 1 ? 'compressed' : new TextDecoder().decode(data);
      return text === 'compressed' ? withoutLabel(foreignPacket()) : withoutLabel(text).replace(/^[^<]*/, '');
    }
    if (keyword === 'AIGC' || (keyword === 'UserComment' && !latin1(data).includes('more'))) {
      return '';
    }
    // The comment in it is checked by its absence, and the CRC by exiftool and sharp.
    return type === 'eXIf' && !latin1(data).includes('more') ? latin1(data.subarray(0, 52)) : latin1(bytes.subarray(start, end));
  });
  return [...kept.filter((one) => one !== ''), latin1(bytes.subarray(chunks.at(-1)!.end))];
};

const fixtures: readonly FormatFixture[] = [
  ...Object.entries(pictures).map(([name, bytes]) => ({ name, bytes, untouched })),
  ...Object.entries(variants).map(([name, [bytes, slots]]) => ({ name, bytes, untouched, slots })),
];

testFormat({ format: png, structure: pngStructure, fixtures, hasEnd: true });

const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await png.plan(bytesSource(bytes), slot));

describe('png', () => {
  it('writes iTXt directly after IHDR', async () => {
    const [first, second] = chunksOf(await label(rgb));
    expect([first?.type, second?.type]).toEqual(['IHDR', 'iTXt']);
  });
  it('names the site of each form', async () => {
    const { found } = await png.read(bytesSource(variants['XMP, AIGC in tEXt and again in XMP']![0]));
    expect(found.map(({ site, isGuidePlace }) => [site, isGuidePlace])).toEqual([
      ['png/tEXt[AIGC]', false],
      ['png/iTXt[XML:com.adobe.xmp]/TC260:AIGC', true],
      ['png/iTXt[XML:com.adobe.xmp]/TC260:AIGC', true],
    ]);
  });
  for (const [name, bytes] of Object.entries(pictures)) {
    it(`leaves the pixels of ${name}`, async () => {
      const before = await pixelsOf(bytes);
      expect(before.samples.length).toBeGreaterThan(100);
      expect(await pixelsOf(await label(bytes))).toEqual(before);
    });
  }
  it('repairs the CRC of the chunk that it writes into', async () => {
    const bytes = insertBefore(rgb, 'IDAT', chunk('iTXt', international(packetBytes(labelledDescription(sampleSlotText.value))), 1));
    expect(await png.read(bytesSource(bytes))).toMatchObject({ found: [{ isGuidePlace: false }], anomalies: [{ code: 'checksum' }] });
    expect(await png.read(bytesSource(await label(bytes)))).toMatchObject({ found: [{ isGuidePlace: true }], anomalies: [] });
  });
  it('refuses what cannot be edited safely, and says so when reading', async () => {
    const bomb = deflated(new Uint8Array(64 << 20));
    const damage: readonly (readonly [string, Uint8Array, string, string])[] = [
      [
        'a deflate bomb in XMP',
        insertBefore(rgb, 'IDAT', chunk('iTXt', concat(KEYWORD, Uint8Array.of(1, 0, 0, 0), bomb))),
        'limit',
        'LIMIT_EXCEEDED',
      ],
      ['a deflate bomb in AIGC', insertBefore(rgb, 'IDAT', chunk('zTXt', concat(ascii('AIGC\0\0'), bomb))), 'limit', 'LIMIT_EXCEEDED'],
      ['no IEND', rgb.slice(0, -12), 'truncated', 'FILE_DAMAGED'],
      ['two IHDR', insertBefore(rgb, 'IDAT', rgb.subarray(8, 33)), 'damaged', 'FILE_DAMAGED'],
      ['no IHDR', insertBefore(rgb, 'IHDR', chunk('tEXt', 'a\0b')), 'damaged', 'FILE_DAMAGED'],
      ['a length above 2^31-1', insertBefore(rgb, 'IDAT', Uint8Array.of(0x80, 0, 0, 0), ascii('tEXt')), 'damaged', 'FILE_DAMAGED'],
      ['XMP that is not XML', insertBefore(rgb, 'IDAT', iTXt(utf8('<x'))), 'damaged', 'FILE_DAMAGED'],
      [
        'a zlib stream that is none',
        insertBefore(rgb, 'IDAT', chunk('iTXt', concat(KEYWORD, Uint8Array.of(1, 0, 0, 0, 1, 2, 3)))),
        'damaged',
        'FILE_DAMAGED',
      ],
    ];
    for (const [name, bytes, anomaly, code] of damage) {
      const { found, anomalies } = await png.read(bytesSource(bytes));
      expect([name, found.length, anomalies.map((one) => one.code)]).toEqual([name, 0, expect.arrayContaining([anomaly])]);
      await expect(png.plan(bytesSource(bytes), sampleSlotText), name).rejects.toMatchObject({ name: 'LabelError', code });
    }
  });
  it('does not inflate what is somebody else’s', async () => {
    const bytes = insertBefore(rgb, 'IDAT', chunk('zTXt', concat(ascii('Comment\0\0'), deflated(new Uint8Array(64 << 20)))));
    expect(await png.read(bytesSource(bytes))).toEqual({ found: [], anomalies: [] });
  });
  it('reads the headers of chunks only', async () => {
    const big = insertBefore(rgb, 'IEND', ...Array.from({ length: 1000 }, () => chunk('IDAT', new Uint8Array(8192))));
    const counted = countingSource(big);
    await png.read(counted);
    await png.plan(counted, anotherSlotText);
    expect(counted.bytesRead()).toBeLessThan(32_000);
  });
});

describe.skipIf(exiftoolMissing !== undefined)('exiftool reads the label, and nothing else has changed', () => {
  afterAll(endJudges);
  for (const [name, bytes] of [...Object.entries(pictures), ...Object.entries(variants).map(([key, [value]]) => [key, value] as const)]) {
    // exiftool takes XMP with a language tag for text of its own, and sees the packet only afterwards.
    it.skipIf(name === TRANSLATED)(name === TRANSLATED ? `${name}: exiftool takes XMP with a language tag for text of its own` : name, async () => {
      expect(await judged(bytes)).toEqual(await dumpOf(bytes));
    });
  }
});

describe.skipIf(corpusMissing !== undefined || exiftoolMissing !== undefined)('PNG of the corpus', () => {
  afterAll(endJudges);
  for (const file of corpusFiles('.png')) {
    it(`${file.name} is labelled, and nothing else has changed`, async () => {
      const bytes = file.bytes();
      expect(await judged(bytes)).toEqual(await dumpOf(bytes));
      expect(await pixelsOf(await label(bytes))).toEqual(await pixelsOf(bytes));
    });
  }
  it('jimeng-tc260-xmp.png: its own label is found in the guide’s place (row 1)', async () => {
    const { found, anomalies } = await png.read(bytesSource(corpusFiles('jimeng-tc260-xmp.png')[0]!.bytes()));
    expect(found).toMatchObject([{ site: 'png/iTXt[XML:com.adobe.xmp]/TC260:AIGC', isGuidePlace: true }]);
    expect(JSON.parse(found[0]!.value)).toMatchObject({ Label: '1', ContentProducer: '00119144030008867405X210001' });
    expect(anomalies).toEqual([]);
  });
});

/** Left out: the label in each of its forms, and the mention that a packet is empty. */
const { judged, dumpOf } = xmpJudge(
  'picture.png',
  label,
  (tag, value) => /TC260|AIGC/i.test(tag) || /^\(Binary data 0 bytes/.test(value) || /^\s*$|^\{"AIGC":\{"Label":"1"\}\}$/.test(value),
);
