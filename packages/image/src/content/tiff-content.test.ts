import { concat, utf8 } from '@aigc-label/core';
import { digestOf, fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { foreignPacket } from '../../test/packets.ts';
import { cr2, cr3, mrw, nef, orf, raf, rw2 } from '../../test/raws.ts';
import { comment, lastTiff, pictureFields, pixels, sharedTiff, tailTiff, WRAPPED, wildTiff, xmpField } from '../../test/tiff-fixtures.ts';
import { type Directory, field, raw as rawField, sub, text, tiffFile, withStrip } from '../../test/tiffs.ts';
import { dng } from '../formats/dng.ts';
import { raw } from '../formats/raw.ts';
import { tiff } from '../formats/tiff.ts';

const file = (more: Directory, options?: Parameters<typeof tiffFile>[1]): Uint8Array =>
  withStrip((strip) => tiffFile([[...pictureFields, ...strip, ...more]], options), pixels);
const exif = (...entries: Directory) => sub(0x8769, [rawField(0x927c, 7, utf8('Maker note')), ...entries]);
const photo = file([exif()]);
const lzw = fixtureBytes('content/tiff/lzw.tif');
const littleDng = file([field(0xc612, 1, 1, 4, 0, 0), sub(0x14a, pictureFields)]);
const smallDng = file([field(0xc612, 1, 1, 4, 0, 0), xmpField(1, foreignPacket())], { isBigEndian: true });
const odd = [
  text(315, 'Somebody'),
  text(33_432, 'Somebody else'),
  rawField(40_091, 1, utf8('T\0i\0')),
  field(18_246, 3, 5),
  text(306, '2026:11:24 10:00:00'),
];

testContent({
  format: tiff,
  fixtures: [
    {
      name: 'a picture of ImageMagick',
      bytes: lzw,
      // exiftool -api Compact=NoPadding,NoIndent,Shorthand -Title=x -EXIF:Artist=y -EXIF:Copyright=w -XMP-dc:Creator=z
      edited: [{ by: 'exiftool', bytes: fixtureBytes('content/tiff/exiftool-lzw.tif') }],
      changed: [{ how: 'bytes follow its end', bytes: concat(lzw, utf8('PK')) }],
    },
    {
      name: 'with Exif data and texts',
      bytes: file([...odd, exif(text(0x9003, '2026:11:24 10:00:00'), comment('UNICODE\0', WRAPPED, false)), xmpField(1, foreignPacket())]),
      edited: [
        { by: 'who takes the texts out', bytes: photo },
        { by: 'who leaves spaces', bytes: file([text(270, '                    '), exif()]) },
      ],
      changed: [
        { how: 'it is turned', bytes: file([field(274, 3, 6), exif()]) },
        {
          how: 'XMP turns it',
          bytes: file([
            exif(),
            xmpField(1, foreignPacket('<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>')),
          ]),
        },
        { how: 'it has a profile', bytes: file([exif(), rawField(34_675, 7, utf8('a profile'))]) },
        { how: 'XMP is none', bytes: file([exif(), xmpField(1, '<svg xmlns="http://www.w3.org/2000/svg"/>')]) },
        { how: 'an author holds control characters', bytes: file([exif(), text(315, 'MZ\u0001\u0002\u0003')]) },
        { how: 'axes are described', bytes: file([text(270, 'ImageJ=1.53'), exif()]) },
        { how: 'a private tag is added', bytes: file([field(0xfe00, 4, 1), exif()]) },
        { how: 'something stands between the header and the rest', bytes: file([exif()], { mark: utf8('GIF89a') }) },
      ],
    },
    { name: 'wild forms on two pages and below them', bytes: wildTiff },
    { name: 'XMP that two pages of a BigTIFF share', bytes: sharedTiff },
    { name: 'a label behind everything', bytes: tailTiff },
    { name: 'a label in its place', bytes: lastTiff },
  ],
});

testContent({
  format: dng,
  fixtures: [
    { name: 'little-endian', bytes: littleDng, changed: [{ how: 'bytes follow its end', bytes: concat(littleDng, utf8('PK')) }] },
    { name: 'big-endian, with XMP', bytes: smallDng },
    { name: 'with padding', bytes: concat(smallDng, new Uint8Array(9)), edited: [{ by: 'who takes it out', bytes: smallDng }] },
  ],
});

testContent({
  format: raw,
  fixtures: [
    { name: 'CR2', bytes: cr2 },
    { name: 'NEF', bytes: nef },
    { name: 'ORF', bytes: orf },
    { name: 'RW2', bytes: rw2 },
  ],
});

const numbers = (value: number, count: number): Uint8Array => new Uint8Array(new Uint32Array(count).fill(value).buffer);

describe('the content of TIFF files', () => {
  it('is refused where pixels leave the file, and where they lie upon each other many times', async () => {
    const many = (offset: number, count: number): Uint8Array =>
      tiffFile([[...pictureFields, rawField(273, 4, numbers(offset, count)), rawField(279, 4, numbers(48, count)), rawField(0xfde8, 7, pixels)]]);
    await expect(digestOf(tiff, many(1_000_000, 1))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(digestOf(tiff, many(8, 1_000))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('is unknown in raw files of other shapes', async () => {
    for (const bytes of [raf, cr3, mrw]) {
      await expect(digestOf(raw, bytes)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
    }
  });
});
