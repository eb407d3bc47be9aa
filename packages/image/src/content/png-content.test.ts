import { ascii, concat, utf8 } from '@aigc-label/core';
import { testContent } from '@aigc-label/test-fixtures';
import { manifestStore } from '../../test/manifest-stores.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { bytesOf, chunk, deflated, insertBefore, pictureOf } from '../../test/pictures.ts';
import { exifWith } from '../../test/rendering-values.ts';
import { png } from '../formats/png.ts';

const xmpChunk = (packet: Uint8Array): Uint8Array => chunk('iTXt', concat(ascii('XML:com.adobe.xmp\0\0\0\0\0'), packet));
const tiny = await bytesOf(pictureOf(3, 5, 3).png({ compressionLevel: 9 }));
const animated = insertBefore(
  insertBefore(tiny, 'IEND', chunk('fcTL', new Uint8Array(26)), chunk('fdAT', concat(new Uint8Array(4), deflated(new Uint8Array(48))))),
  'IDAT',
  chunk('acTL', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0)),
  chunk('fcTL', new Uint8Array(26)),
);
const text = chunk('tEXt', 'Comment\0of somebody');
const foreign = insertBefore(
  tiny,
  'IDAT',
  text,
  chunk('zTXt', concat(ascii('Comment\0\0'), deflated('compressed'))),
  chunk('iTXt', utf8('Title\0\0\0zh\0标题\0山水')),
  chunk('tIME', Uint8Array.of(7, 0xea, 1, 1, 1, 1, 1)),
  chunk('eXIf', exifWith({ orientation: 6 })),
  chunk('caBX', manifestStore()),
  xmpChunk(packetBytes()),
);
const ends = (bytes: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array => insertBefore(bytes, 'IEND', ...more);
const rotated = '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>';

testContent({
  format: png,
  fixtures: [
    {
      name: 'a picture without metadata',
      bytes: tiny,
      edited: [
        {
          by: 'text, time and Exif data that turn nothing',
          bytes: ends(tiny, text, chunk('tIME', new Uint8Array(7)), chunk('eXIf', exifWith({ orientation: 1 }))),
        },
        {
          by: 'IPTC as exiftool writes it',
          bytes: ends(tiny, chunk('zTXt', concat(ascii('Raw profile type iptc\0\0'), deflated('IPTC profile 1 00')))),
        },
        { by: 'a label that is no text, which labelling takes away', bytes: ends(tiny, chunk('tEXt', 'AIGC\0\0')) },
      ],
      changed: [
        { how: 'Exif data turn it', bytes: ends(tiny, chunk('eXIf', exifWith({ orientation: 6 }))) },
        { how: 'Exif data turn it otherwise', bytes: ends(tiny, chunk('eXIf', exifWith({ orientation: 8 }))) },
        { how: 'XMP turns it', bytes: ends(tiny, xmpChunk(packetBytes(rotated))) },
        { how: 'Exif data make it Adobe RGB', bytes: ends(tiny, chunk('eXIf', exifWith({ colorSpace: 2 }))) },
        { how: 'bytes follow', bytes: concat(tiny, utf8('<html>')) },
        { how: 'a chunk follows IEND', bytes: concat(tiny, text) },
        { how: 'a profile comes', bytes: ends(tiny, chunk('iCCP', concat(ascii('p\0\0'), deflated('profile')))) },
        { how: 'a profile comes as text', bytes: ends(tiny, chunk('tEXt', 'Raw profile type icm\0icm 1 00')) },
        { how: 'an unknown chunk comes', bytes: ends(tiny, chunk('abCd', '')) },
        { how: 'a text holds NULs', bytes: ends(tiny, chunk('tEXt', 'Comment\0PK\0')) },
        { how: 'a text has no keyword', bytes: ends(tiny, chunk('tEXt', 'x'.repeat(100))) },
        { how: 'a compressed text is none', bytes: ends(tiny, chunk('zTXt', 'Comment\0\0PK')) },
        { how: 'bytes follow a compressed text', bytes: ends(tiny, chunk('zTXt', concat(ascii('Comment\0\0'), deflated('x'), utf8('PK')))) },
        { how: 'an international text is no UTF-8', bytes: ends(tiny, chunk('iTXt', concat(ascii('Title\0\0\0\0\0'), Uint8Array.of(0xff)))) },
        { how: 'XMP is none', bytes: ends(tiny, xmpChunk(utf8('<html/>'))) },
        { how: 'bytes follow XMP', bytes: ends(tiny, xmpChunk(concat(packetBytes(), utf8('PK')))) },
        { how: 'Exif data are none', bytes: ends(tiny, chunk('eXIf', 'MM\0*')) },
        { how: 'C2PA is none', bytes: ends(tiny, chunk('caBX', manifestStore(ascii('PK'), 'icc1'))) },
        { how: 'a time has eight bytes', bytes: ends(tiny, chunk('tIME', new Uint8Array(8))) },
        { how: 'a second time comes', bytes: ends(tiny, chunk('tIME', new Uint8Array(7)), chunk('tIME', new Uint8Array(7))) },
      ],
    },
    {
      name: 'a picture with metadata of every kind',
      bytes: foreign,
      edited: [
        { by: 'a label of another maker', bytes: insertBefore(foreign, 'IDAT', chunk('tEXt', 'AIGC\0{"Label":"1"}')) },
        { by: 'other metadata', bytes: insertBefore(tiny, 'IDAT', chunk('eXIf', exifWith({ orientation: 6, isLittle: false }))) },
      ],
      changed: [
        { how: 'it is no longer turned', bytes: tiny },
        { how: 'what turns it stands behind the pixels', bytes: insertBefore(tiny, 'IEND', chunk('eXIf', exifWith({ orientation: 6 }))) },
        { how: 'what turns it has a wrong CRC', bytes: insertBefore(tiny, 'IDAT', chunk('eXIf', exifWith({ orientation: 6 }), 1)) },
        { how: 'it is turned by a number of four bytes', bytes: insertBefore(tiny, 'IDAT', chunk('eXIf', exifWith({ orientation: 6, type: 4 }))) },
        { how: 'a second directory of Exif data comes', bytes: insertBefore(foreign, 'IEND', chunk('eXIf', exifWith({}))) },
      ],
    },
    {
      name: 'an animation with a label of another maker',
      bytes: insertBefore(animated, 'IDAT', xmpChunk(packetBytes(labelledDescription()))),
      changed: [{ how: 'a frame goes', bytes: insertBefore(tiny, 'IDAT', chunk('acTL', Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0))) }],
    },
  ],
});
