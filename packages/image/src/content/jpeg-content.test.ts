import { createHash } from 'node:crypto';
import { ascii, concat, u16be, u32be, utf8 } from '@aigc-label/core';
import { testContent } from '@aigc-label/test-fixtures';
import { afcpTrailer, extendedXmp, insertSegments, multiPicture, segment, segmentsOf, xmpSegment } from '../../test/jpegs.ts';
import { manifestStore } from '../../test/manifest-stores.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { bytesOf, pictureOf } from '../../test/pictures.ts';
import { exifWith } from '../../test/rendering-values.ts';
import { jpeg } from '../formats/jpeg.ts';

const tiny = await bytesOf(pictureOf(1, 8, 8).toColourspace('b-w').jpeg({ quality: 40 }));
const second = await bytesOf(pictureOf(1, 8, 8).toColourspace('b-w').jpeg({ quality: 10 }));
const before = (bytes: Uint8Array, ...segments: readonly Uint8Array[]): Uint8Array => insertSegments(bytes, 0xdb, ...segments);
const exif = (data: Uint8Array): Uint8Array => segment(0xe1, 'Exif\0\0', data);
const rotated = '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>';
const resource = (id: number, data: Uint8Array): Uint8Array =>
  concat(ascii('8BIM'), u16be(id), u16be(0), u32be(data.length), data, new Uint8Array(data.length & 1));
const photoshop = (...resources: readonly Uint8Array[]): Uint8Array => segment(0xed, 'Photoshop 3.0\0', ...resources);
const iptc = (text: string): Uint8Array => concat(Uint8Array.of(0x1c, 2, 0x69), u16be(text.length), ascii(text));
const path = resource(2000, ascii('a clipping path of somebody'));

const extension = packetBytes('', 150);
const turning = packetBytes(rotated);
const guidOf = (packet: Uint8Array): string => createHash('md5').update(packet).digest('hex').toUpperCase();
const notedBy = (packet: Uint8Array): Uint8Array =>
  xmpSegment(packetBytes(`<rdf:Description rdf:about="" xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="${guidOf(packet)}"/>`));
const guid = guidOf(extension);
const noted = notedBy(extension);

/** Segments of 100 bytes each, with the header of the box in each. */
const jumbf = (store: Uint8Array, from = 1): readonly Uint8Array[] => {
  const chunks = Array.from({ length: Math.ceil((store.length - 8) / 100) }, (_, index) => store.subarray(8 + index * 100, 108 + index * 100));
  return chunks.map((part, index) => segment(0xeb, 'JP', u16be(1), u32be(from + index), store.subarray(0, 8), part));
};

const manyKinds = before(
  tiny,
  exif(exifWith({ orientation: 3, colorSpace: 0xffff, interoperability: 'R03' })),
  noted,
  ...extendedXmp(extension, guid),
  photoshop(resource(1028, iptc('a title')), path, resource(1061, new Uint8Array(16))),
  ...jumbf(manifestStore()),
  segment(0xfe, 'a comment of somebody\0'),
  segment(0xe2, 'ICC_PROFILE\0\u0001\u0001profile'),
);

/** With another APP13. */
function replaced(bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const { start, end } = segmentsOf(bytes).find(({ marker }) => marker === 0xed)!;
  return concat(bytes.subarray(0, start), other, bytes.subarray(end));
}

testContent({
  format: jpeg,
  fixtures: [
    {
      name: 'a picture without metadata',
      bytes: tiny,
      edited: [
        {
          by: 'comments and Exif data that turn nothing',
          bytes: before(tiny, segment(0xfe, 'x'), exif(exifWith({ orientation: 1, colorSpace: 1 }))),
        },
        { by: 'XMP with its extension', bytes: before(tiny, noted, ...extendedXmp(extension, guid)) },
        { by: 'IPTC', bytes: before(tiny, photoshop(resource(1028, iptc('title')), resource(1061, new Uint8Array(16)))) },
        { by: 'C2PA', bytes: before(tiny, ...jumbf(manifestStore())) },
        { by: 'labels of other tools', bytes: before(tiny, segment(0xeb, 'AIGC{"Label":"1"}'), segment(0xfe, 'AIGC={"Label":"1"}')) },
        { by: 'a label that is no object, which labelling takes away', bytes: before(tiny, segment(0xeb, 'AIGC{PK')) },
      ],
      changed: [
        { how: 'Exif data turn it', bytes: before(tiny, exif(exifWith({ orientation: 6 }))) },
        { how: 'Exif data make it Adobe RGB', bytes: before(tiny, exif(exifWith({ interoperability: 'R03' }))) },
        { how: 'Exif data come behind another signature', bytes: before(tiny, segment(0xe1, 'Exif\0\u0001', exifWith({ orientation: 1 }))) },
        { how: 'XMP turns it', bytes: before(tiny, xmpSegment(packetBytes(rotated))) },
        { how: 'bytes follow', bytes: concat(tiny, ascii('PK')) },
        { how: 'a comment follows', bytes: concat(tiny, segment(0xfe, 'x')) },
        { how: 'a comment is binary', bytes: before(tiny, segment(0xfe, 'PK\u0003\u0004\0')) },
        { how: 'XMP is none', bytes: before(tiny, xmpSegment(utf8('<html/>'))) },
        { how: 'bytes follow XMP', bytes: before(tiny, xmpSegment(concat(packetBytes(), ascii('PK')))) },
        { how: 'Exif data are none', bytes: before(tiny, exif(ascii('PK'))) },
        { how: 'extended XMP turns it', bytes: before(tiny, notedBy(turning), ...extendedXmp(turning, guidOf(turning))) },
        { how: 'extended XMP is not named', bytes: before(tiny, ...extendedXmp(extension, guid)) },
        { how: 'extended XMP is not what its digest says', bytes: before(tiny, noted, ...extendedXmp(packetBytes('', 151), guid)) },
        { how: 'a segment of APP11 is another JUMBF', bytes: before(tiny, ...jumbf(manifestStore(undefined, 'snak'))) },
        { how: 'C2PA holds bytes besides', bytes: before(tiny, ...jumbf(manifestStore(ascii('PK\u0003\u0004')))) },
        { how: 'C2PA lacks its beginning', bytes: before(tiny, ...jumbf(manifestStore(), 2)) },
        { how: 'a resource of Photoshop comes', bytes: before(tiny, photoshop(path)) },
        { how: 'IPTC is none', bytes: before(tiny, photoshop(resource(1028, ascii('PK\u0003\u0004')))) },
        { how: 'a profile comes', bytes: before(tiny, segment(0xe2, 'ICC_PROFILE\0\u0001\u0001profile')) },
        { how: 'a transform is announced', bytes: before(tiny, segment(0xee, 'Adobe\0d\0\0\0\0\0')) },
        { how: 'an unknown segment comes', bytes: before(tiny, segment(0xe5, 'x')) },
      ],
    },
    {
      name: 'a picture with metadata of every kind',
      bytes: manyKinds,
      edited: [
        { by: 'other IPTC', bytes: replaced(manyKinds, photoshop(path, resource(1028, iptc('quite another title')))) },
        { by: 'a label of another maker', bytes: before(manyKinds, xmpSegment(packetBytes(labelledDescription()))) },
      ],
      changed: [{ how: 'the path goes', bytes: replaced(manyKinds, photoshop()) }],
    },
    {
      name: 'two pictures, with XMP behind the index',
      bytes: multiPicture(true, tiny, second, [segment(0xfe, 'before')], [xmpSegment(packetBytes())]),
      edited: [
        { by: 'less metadata', bytes: multiPicture(true, tiny, second, [], []) },
        { by: 'more metadata', bytes: multiPicture(true, tiny, second, [exif(exifWith({}))], [xmpSegment(packetBytes('', 99)), segment(0xfe, 'x')]) },
      ],
      changed: [
        { how: 'the second picture is another', bytes: multiPicture(true, tiny, tiny, [], []) },
        { how: 'the offset is not moved', bytes: insertSegments(multiPicture(true, tiny, second, [], []), 0xdb, segment(0xfe, 'x')) },
      ],
    },
    {
      name: 'a picture with an AFCP trailer',
      bytes: concat(tiny, afcpTrailer(tiny.length, 'AXS!')),
      edited: [{ by: 'a comment', bytes: concat(before(tiny, segment(0xfe, 'x')), afcpTrailer(tiny.length + 5, 'AXS!')) }],
      changed: [{ how: 'the trailer is not moved', bytes: concat(before(tiny, segment(0xfe, 'x')), afcpTrailer(tiny.length, 'AXS!')) }],
    },
  ],
});
