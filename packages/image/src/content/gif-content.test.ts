import { ascii, concat, utf8 } from '@aigc-label/core';
import { testContent } from '@aigc-label/test-fixtures';
import { blockedXmp, comment, gifXmp, insertBlocks } from '../../test/gifs.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { gif } from '../formats/gif.ts';

/** A picture of 2 × 2, with a table of two colours. */
const graphic = concat(Uint8Array.of(0x21, 0xf9, 4, 0, 10, 0, 0, 0), Uint8Array.of(0x2c, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 2, 0x44, 0x0a, 0));
const gifFile = (version: '87a' | '89a', ...blocks: readonly Uint8Array[]): Uint8Array =>
  concat(ascii(`GIF${version}`), Uint8Array.of(2, 0, 2, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255), ...blocks, ascii(';'));
const picture = graphic.subarray(8);
const loop = concat(Uint8Array.of(0x21, 0xff, 0x0b), ascii('NETSCAPE2.0'), Uint8Array.of(3, 1, 0, 0, 0));
const plain = gifFile('87a', picture);
const animation = gifFile('89a', loop, comment('by somebody'), gifXmp(packetBytes()), graphic, comment('between'), graphic);
const rotated = '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>';

testContent({
  format: gif,
  fixtures: [
    {
      name: 'a picture of 1987',
      bytes: plain,
      edited: [
        { by: 'comments', bytes: gifFile('89a', comment('x'), picture, comment('y')) },
        { by: 'XMP', bytes: gifFile('89a', gifXmp(packetBytes()), picture) },
        { by: 'XMP in blocks', bytes: gifFile('89a', blockedXmp(packetBytes()), picture) },
        { by: 'a label in a comment', bytes: gifFile('89a', comment('AIGC={"Label":"1"}'), picture) },
      ],
      changed: [
        { how: 'bytes follow', bytes: concat(plain, utf8('<html>')) },
        { how: 'a comment follows', bytes: concat(plain, comment('x')) },
        { how: 'a comment is binary', bytes: gifFile('89a', comment('PK\u0003\u0004\0x'), picture) },
        { how: 'XMP is none', bytes: gifFile('89a', gifXmp(utf8('<html/>')), picture) },
        { how: 'bytes follow XMP', bytes: gifFile('89a', gifXmp(concat(packetBytes(), ascii('PK'))), picture) },
        { how: 'XMP turns it', bytes: gifFile('89a', gifXmp(packetBytes(rotated)), picture) },
        { how: 'it is played again', bytes: gifFile('89a', loop, picture) },
        { how: 'it waits', bytes: gifFile('89a', graphic) },
        { how: 'an unknown extension comes', bytes: gifFile('89a', concat(Uint8Array.of(0x21, 0xab, 1, 1, 0)), picture) },
      ],
    },
    { name: 'an animation with foreign metadata', bytes: animation, changed: [{ how: 'a frame goes', bytes: gifFile('89a', loop, graphic) }] },
    {
      name: 'a label of another maker, and bytes behind the trailer',
      bytes: concat(insertBlocks(animation, 'image', gifXmp(packetBytes(labelledDescription()))), ascii('tail')),
    },
  ],
});
