import { applySplices, bytesSource, HEAD_BYTES, type Splice, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
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
import { box, boxesIn, bytesOf, number, openBox, wideBox } from '../../test/boxes.ts';
import { foreignOf, type HeifItem, type HeifLayout, heif, itemsOf, PICTURE } from '../../test/heifs.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { avif } from './avif.ts';
import { heic } from './heic.ts';

const XMP = 'application/rdf+xml';
const picture: HeifItem = { id: 1, type: 'hvc1', data: PICTURE };
const second: HeifItem = { id: 2, type: 'hvc1', data: bytesOf('another picture') };
const packet = (id: number, describes: readonly number[], data: HeifItem['data'] = packetBytes(), rest: Partial<HeifItem> = {}): HeifItem => ({
  id,
  type: 'mime',
  contentType: XMP,
  data,
  describes,
  ...rest,
});
const labelled = packetBytes(labelledDescription());
const xmpBox = (data: Uint8Array): Uint8Array => box('uuid', number(0xbe7acfcb97, 5), number(0xa942e89c71, 5), number(0x999491e3afac, 6), data);

const real = { 'with alpha': fixtureBytes('heif/alpha.heic'), 'with Exif, XMP and thumbnail': fixtureBytes('heif/phone.heic') };

/** The layouts that the mutations run over. */
const layouts: Readonly<Record<string, readonly [HeifLayout, number]>> = {
  'labels everywhere': [
    {
      items: [packet(5, [2], labelled), picture, packet(3, [1], labelled), second, packet(4, [1], labelled), packet(7, [], labelled)],
      after: xmpBox(labelled),
      iloc: { version: 1, base: 4, index: 4 },
    },
    5,
  ],
  'in idat': [
    {
      items: [{ ...picture, method: 1 }, packet(3, [1], labelled, { method: 1 }), { ...second, method: 1 }, { id: 4, type: 'hvc1', data: PICTURE }],
      iloc: { version: 1 },
    },
    1,
  ],
};

/** Layouts that are only labelled. */
const more: Readonly<Record<string, readonly [HeifLayout, number]>> = {
  'iloc 0': [{ items: [picture, second] }, 0],
  'iloc 2, infe 3, iinf 1, iref 1, 64-bit fields': [
    {
      items: [picture, packet(9, [1], packetBytes(), {})],
      iloc: { version: 2, offset: 8, length: 8, base: 8, index: 8 },
      infe: 3,
      iinf: 1,
      iref: 1,
    },
    0,
  ],
  'iref 1 with a reference': [{ items: [picture, { ...second, describes: [1] }], iref: 1 }, 0],
  'base without offsets': [{ items: [picture, second], iloc: { offset: 0, base: 4 } }, 0],
  'old entries without types': [{ items: [packet(1, []), packet(3, [1], labelled)], infe: 1 }, 1],
  'mdat first': [{ items: [picture, packet(3, [1], labelled)], dataFirst: true }, 1],
  'mdat with a 64-bit size': [{ items: [picture, packet(3, [1]), second], mdat: wideBox }, 0],
  'mdat of size 0': [{ items: [picture, packet(3, [1], labelled)], mdat: openBox }, 1],
  'XMP of another picture': [{ items: [picture, second, packet(3, [2])] }, 0],
  'XMP of nothing': [{ items: [picture, packet(3, [])] }, 0],
  'a blank packet': [{ items: [picture, packet(3, [1], utf8('  '))] }, 0],
  'XMP in pieces, without a label': [{ items: [picture, packet(3, [1], [packetBytes().slice(0, 99), packetBytes().slice(99)])] }, 0],
  'a picture in pieces': [{ items: [{ ...picture, data: [PICTURE, PICTURE.slice(9)] }, packet(3, [1], labelled)] }, 1],
  'other boxes in meta': [
    { items: [picture], extra: bytesOf(box('grpl', box('altr', number(0, 4), number(77, 4), number(0, 4))), box('free', '1234')) },
    0,
  ],
  'zeros at the end of meta': [{ items: [picture], extra: new Uint8Array(8) }, 0],
};

const refused: Readonly<Record<string, readonly [HeifLayout, string, number?]>> = {
  'a label in pieces': [{ items: [picture, packet(3, [1], [labelled.slice(0, 99), labelled.slice(99)])] }, 'FORMAT_UNSUPPORTED_FEATURE', 1],
  'compressed XMP': [{ items: [picture, packet(3, [1], labelled, { contentEncoding: 'deflate' })] }, 'FORMAT_UNSUPPORTED_FEATURE'],
  'XMP of 2 MB': [{ items: [picture, packet(3, [1], new Uint8Array(2 << 20))] }, 'FORMAT_UNSUPPORTED_FEATURE'],
  'no primary picture': [{ items: [picture], primary: null }, 'NO_PLACE_INSIDE'],
  'a table twice': [{ items: [picture], extra: box('pitm', number(0, 4), number(1, 2)) }, 'FORMAT_UNSUPPORTED_FEATURE'],
  'no room for a length': [{ items: [picture], iloc: { length: 0 } }, 'FORMAT_UNSUPPORTED_FEATURE'],
  'no identifier left': [{ items: [{ ...picture, id: 0xffff }], primary: 0xffff }, 'CARRIER_FULL'],
};

const fixtures: readonly FormatFixture[] = [
  { name: 'with alpha', bytes: real['with alpha'], untouched: foreignOf },
  { name: 'with Exif, XMP and thumbnail', bytes: real['with Exif, XMP and thumbnail'], untouched: foreignOf, slots: 1 },
  ...Object.entries(layouts).map(([name, [layout, slots]]) => ({ name, bytes: heif(layout), untouched: foreignOf, slots })),
  { name: 'no items', bytes: bytesOf(box('ftyp', 'hevc', number(0, 4)), box('moov')), untouched: () => 0, refused: 'NO_PLACE_INSIDE' },
];

testFormat({ format: heic, fixtures, hasEnd: true, structure: heifStructure });

const plan = (bytes: Uint8Array, slot = sampleSlotText): Promise<readonly Splice[]> => heic.plan(bytesSource(bytes), slot);
const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await plan(bytes, slot));

describe('heic', () => {
  for (const [name, [layout, slots]] of Object.entries(more)) {
    it(`labels ${name}`, async () => {
      const bytes = heif(layout);
      expect((await heic.read(bytesSource(bytes))).found).toHaveLength(slots);
      const once = await label(bytes);
      expect((await heic.read(bytesSource(once))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: true }]);
      expect(foreignOf(once)).toEqual(foreignOf(bytes));
      expect(await plan(once)).toEqual([]);
      const other = await label(once, anotherSlotText);
      expect(foreignOf(other)).toEqual(foreignOf(bytes));
      expect(await label(other)).toEqual(once);
    });
  }

  for (const [name, [layout, code, slots = 0]] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const bytes = heif(layout);
      expect((await heic.read(bytesSource(bytes))).found).toHaveLength(slots);
      await expect(plan(bytes)).rejects.toMatchObject({ code });
    });
  }

  it('refuses to edit bytes that two items share', async () => {
    const shared = heif({ items: [picture, packet(3, [1], labelled)] });
    const place = Buffer.from(shared).indexOf('iloc', 0, 'latin1') + 4 + 8;
    // The picture now lies where the packet does.
    shared.set(shared.subarray(place + 14 + 6, place + 28), place + 6);
    await expect(plan(shared)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('refuses to move tables in which the data of an item lies', async () => {
    const inside = heif({ items: [picture] });
    const place = Buffer.from(inside).indexOf('iloc', 0, 'latin1') + 4 + 8;
    inside.set(number(40, 4), place + 6);
    await expect(plan(inside)).rejects.toMatchObject({ code: 'FILE_DAMAGED', data: { site: 'heif/meta' } });
  });

  it('writes a mime item that describes the primary picture, and nothing else', async () => {
    const after = await label(heif({ items: [picture, second], primary: 2 }));
    const added = itemsOf(after).at(-1);
    expect(added).toMatchObject({ id: 3, type: `mime\0${XMP}\0` });
    expect(Buffer.from(added!.bytes).toString()).toContain('<TC260:AIGC>{"Label":"1"');
    expect(Buffer.from(after).includes(Buffer.from(box('cdsc', number(3, 2), number(1, 2), number(2, 2))))).toBe(true);
    expect(boxesIn(after).map(({ type }) => type)).toEqual(['ftyp', 'meta', 'mdat', 'mdat']);
  });

  it('takes no identifier that a group has', async () => {
    const after = await label(heif(more['other boxes in meta']![0]));
    expect(itemsOf(after).at(-1)?.id).toBe(78);
  });

  it('finds an Exif text that is a label, and blanks it where it stands', async () => {
    const bytes = real['with Exif, XMP and thumbnail'];
    expect((await heic.read(bytesSource(bytes))).found).toMatchObject([{ site: expect.stringContaining('heif/item[Exif]/'), isGuidePlace: false }]);
    expect(Buffer.from(await label(bytes)).includes('somebody')).toBe(false);
  });

  it('is told from AVIF and films by the major brand', () => {
    const matching = (...brands: readonly string[]): readonly string[] => {
      const [major = '', ...compatible] = brands;
      const head = box('ftyp', major, number(0, 4), ...compatible);
      return [heic, avif].filter((format) => format.matches(head)).map(({ id }) => id);
    };
    expect(matching('heic', 'mif1', 'avif')).toEqual(['heic']);
    expect(matching('mif1', 'heic')).toEqual(['heic']);
    expect(matching('mif1', 'avif')).toEqual(['avif']);
    expect(matching('msf1', 'iso8', 'avis')).toEqual(['avif']);
    expect(matching('avif', 'mif1', 'heic')).toEqual(['avif']);
    expect(matching('isom', 'heic', 'avif')).toEqual([]);
    expect(matching('crx ', 'heic')).toEqual([]);
    expect(matching('mp42')).toEqual([]);
  });

  it('reads tables and metadata only', async () => {
    const counted = countingSource(heif({ items: [{ ...picture, data: new Uint8Array(3 << 20) }, packet(3, [1])] }));
    await heic.plan(counted, sampleSlotText);
    expect(counted.bytesRead()).toBeLessThan(6_000);
  });
});

/** Where media data lies, and how much there is of it, changes by design; our packet is media data, too. */
const besides = (tags: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(tags)
      .filter(([name]) => !/TC260|MediaData(?:Size|Offset)?$/.test(name))
      .map(([name, value]) => [
        name,
        /UserComment/.test(name)
          ? String(value)
              .replace(/\{"AIGC.*/, '')
              .trim()
          : value,
      ]),
  );

describe.skipIf(exiftoolMissing !== undefined)('heic before exiftool', () => {
  afterAll(endJudges);
  const files = [
    ...Object.entries(real),
    ...Object.entries(more).map(([name, [layout]]) => [name, heif(layout)] as const),
    ...corpusFiles('.heic', '.heif').map((file) => [file.name, file.bytes()] as const),
  ];
  for (const [name, bytes] of files) {
    it(name, async () => {
      const after = await withFile('picture.heic', await label(bytes), exiftoolDump);
      expect(Object.entries(after).filter(([tag]) => tag.includes('TC260'))).toEqual([['XMP-TC260:Aigc', sampleSlotText.value]]);
      expect(besides(after)).toEqual(besides(await withFile('picture.heic', bytes, exiftoolDump)));
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('heic of the corpus', () => {
  for (const file of corpusFiles('.heic', '.heif', '.hif')) {
    it(`${file.name} keeps its items`, async () => {
      const bytes = file.bytes();
      expect(heic.matches(bytes.subarray(0, HEAD_BYTES))).toBe(true);
      const after = await label(bytes);
      expect((await heic.read(bytesSource(after))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: true }]);
      expect(foreignOf(after)).toEqual(foreignOf(bytes));
    });
  }
});
