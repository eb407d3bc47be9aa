import { applySplices, bytesSource, concat, type Format, latin1, utf8 } from '@aigc-label/core';
import { endJudges, exiftoolDump, exiftoolMissing, mutations, sampleSlotText, withFile } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { insertSegments, segment } from '../test/jpegs.ts';
import { bytesOf, chunk, insertBefore, pictureOf } from '../test/pictures.ts';
import { comment, OTHER_SCHEMA, WRAPPED } from '../test/tiff-fixtures.ts';
import { raw, sub, text, tiffFile } from '../test/tiffs.ts';
import { webpChunk, webpChunks, webpFile } from '../test/webps.ts';
import { exifLabels } from './exif-label.ts';
import { jpeg } from './formats/jpeg.ts';
import { png } from './formats/png.ts';
import { webp } from './formats/webp.ts';

const BARE = 'AIGC={"Label":"1"}';
const commented = (isBigEndian: boolean, ...parts: Parameters<typeof comment>): Uint8Array =>
  tiffFile([[text(271, 'Somebody'), sub(0x8769, [comment(...parts), raw(0x927c, 7, utf8('a maker note'))])]], { isBigEndian });

/** Texts as products write them (spec/labels.md §5.1, rows 9, 10 and 13). */
const texts: Readonly<Record<string, readonly [Uint8Array, readonly (readonly [string, string])[]]>> = {
  ASCII: [commented(false, 'ASCII\0\0\0', WRAPPED), [['UserComment', WRAPPED]]],
  'ASCII with the key before': [commented(true, 'ASCII\0\0\0', BARE), [['UserComment', BARE]]],
  'UNICODE in the order of the file': [commented(true, 'UNICODE\0', WRAPPED, true), [['UserComment', WRAPPED]]],
  'UNICODE in the other order': [commented(true, 'UNICODE\0', WRAPPED, false), [['UserComment', WRAPPED]]],
  'UNICODE, little-endian, with a byte order mark': [commented(false, 'UNICODE\0', `\uFEFF${WRAPPED}`, false), [['UserComment', WRAPPED]]],
  'an undefined code': [commented(false, '\0\0\0\0\0\0\0\0', WRAPPED), [['UserComment', WRAPPED]]],
  'no code': [commented(false, '', WRAPPED), [['UserComment', WRAPPED]]],
  'an ImageDescription': [tiffFile([[text(270, WRAPPED)]]), [['ImageDescription', WRAPPED]]],
  'an ImageDescription of the thumbnail': [tiffFile([[text(271, 'Somebody')], [text(270, WRAPPED)]]), [['ifd1/ImageDescription', WRAPPED]]],
  both: [
    tiffFile([[text(270, BARE), sub(0x8769, [comment('ASCII\0\0\0', WRAPPED)])]]),
    [
      ['UserComment', WRAPPED],
      ['ImageDescription', BARE],
    ],
  ],
  'another schema (row 10)': [tiffFile([[text(270, OTHER_SCHEMA)]]), []],
  'a text that says more': [commented(false, 'ASCII\0\0\0', '{"AIGC":{"Label":"1"},"more":1}'), []],
  'a text about it': [commented(false, 'ASCII\0\0\0', 'AIGC is a word'), []],
};

describe('labels in Exif texts', () => {
  for (const [name, [exif, expected]] of Object.entries(texts)) {
    it(name, async () => {
      const labels = await exifLabels(exif, 0);
      expect(labels.map(({ site, value }) => [site, value]).toSorted()).toEqual(expected.toSorted());
      const blanked = applySplices(
        exif,
        labels.map((label) => label.blanked),
      );
      expect(blanked).toHaveLength(exif.length);
      expect(await exifLabels(blanked, 0)).toEqual([]);
      expect(latin1(blanked).replaceAll('\0', '').includes('Label')).toBe(expected.length === 0 && latin1(exif).includes('Label'));
    });
  }

  it('answers damage with labels or none', async () => {
    for (const [exif] of Object.values(texts)) {
      for (const mutated of mutations(exif, 500)) {
        expect(Array.isArray(await exifLabels(mutated, 0))).toBe(true);
      }
    }
  });
});

const exif = texts['both']![0];
const plainPng = await bytesOf(pictureOf(3).png());
const plainWebp = await bytesOf(
  pictureOf(3)
    .withExif({ IFD0: { Artist: 'Nobody' } })
    .webp(),
);
const inWebp = (data: Uint8Array): Uint8Array =>
  webpFile(...webpChunks(plainWebp).chunks.map(({ id, whole }) => (id === 'EXIF' ? webpChunk('EXIF', data) : whole)));
const files: readonly (readonly [string, Format, Uint8Array, string])[] = [
  ['picture.jpg', jpeg, insertSegments(await bytesOf(pictureOf(3).jpeg()), 0xdb, segment(0xe1, 'Exif\0\0', exif)), 'jpeg/APP1[Exif]'],
  ['picture.png', png, insertBefore(plainPng, 'IDAT', chunk('eXIf', exif)), 'png/eXIf'],
  ['picture.webp', webp, inWebp(exif), 'webp/EXIF'],
  ['signed.webp', webp, inWebp(concat(utf8('Exif\0\0'), exif)), 'webp/EXIF'],
];

describe.skipIf(exiftoolMissing !== undefined)('labels in Exif texts give way to the one in XMP', () => {
  afterAll(endJudges);
  it.each(files)('%s', async (name, format, bytes, site) => {
    const { found } = await format.read(bytesSource(bytes));
    expect(found.map((slot) => slot.site).toSorted()).toEqual([`${site}/ImageDescription`, `${site}/UserComment`]);
    const labelled = applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));
    expect((await format.read(bytesSource(labelled))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: true }]);
    expect(await format.plan(bytesSource(labelled), sampleSlotText)).toEqual([]);
    const tags = Object.entries(await withFile(name, labelled, exiftoolDump));
    expect(tags.filter(([, value]) => String(value).includes('Label')).map(([tag]) => tag)).toEqual(['XMP-TC260:Aigc']);
  });
});
