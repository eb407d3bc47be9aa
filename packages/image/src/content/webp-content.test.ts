import { ascii, bytesSource, concat, utf8 } from '@aigc-label/core';
import { testContent } from '@aigc-label/test-fixtures';
import { expect, it } from 'vitest';
import { manifestStore } from '../../test/manifest-stores.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { bytesOf, pictureOf } from '../../test/pictures.ts';
import { exifWith } from '../../test/rendering-values.ts';
import { rebuilt, webpChunk, webpChunks, webpFile } from '../../test/webps.ts';
import { webp } from '../formats/webp.ts';

const lossy = await bytesOf(pictureOf(3, 8, 8).webp({ quality: 1 }));
const transparent = await bytesOf(pictureOf(4, 4, 3).webp({ lossless: true }));
const animated = await bytesOf(pictureOf(4, 4, 8).webp({ lossless: true }));

const [EXIF, XMP] = [0x08, 0x04];
const extended = (flags: number, width = 8, height = 8): Uint8Array =>
  webpChunk('VP8X', Uint8Array.of(flags, 0, 0, 0, width - 1, 0, 0, height - 1, 0, 0));
const picture = webpChunks(lossy).chunks[0]!.whole;
const packet = (inside = ''): Uint8Array => webpChunk('XMP ', packetBytes(inside));
const exif = (orientation: number): Uint8Array => webpChunk('EXIF', exifWith({ orientation }));
const profile = webpChunk('ICCP', ascii('profile'));
const rotated = '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>';
const manyKinds = webpFile(extended(0x20 | EXIF | XMP), profile, picture, exif(6), packet(labelledDescription()), webpChunk('C2PA', manifestStore()));
const padded = webpFile(webpChunk('VP8L', webpChunks(transparent).chunks[0]!.data.subarray(0, 27)));
const odd = webpFile(webpChunk('VP8L', webpChunks(transparent).chunks[0]!.data.subarray(0, 27), false));

testContent({
  format: webp,
  fixtures: [
    {
      name: 'a simple file',
      bytes: lossy,
      edited: [
        { by: 'a header of its own', bytes: webpFile(extended(0), picture) },
        { by: 'XMP and Exif data', bytes: webpFile(extended(EXIF | XMP), picture, exif(1), packet()) },
        { by: 'Exif data as JPEG has them', bytes: webpFile(extended(EXIF), picture, webpChunk('EXIF', concat(ascii('Exif\0\0'), exifWith({})))) },
        { by: 'C2PA', bytes: webpFile(extended(0), picture, webpChunk('C2PA', manifestStore())) },
      ],
      changed: [
        { how: 'the canvas is larger', bytes: webpFile(extended(0, 9), picture) },
        { how: 'it is said to be transparent', bytes: webpFile(extended(0x10), picture) },
        { how: 'Exif data turn it', bytes: webpFile(extended(EXIF), picture, exif(6)) },
        { how: 'Exif data are not told', bytes: webpFile(extended(0), picture, exif(1)) },
        { how: 'Exif data are told, and are not there', bytes: webpFile(extended(EXIF), picture) },
        { how: 'XMP turns it', bytes: webpFile(extended(XMP), picture, packet(rotated)) },
        { how: 'XMP is none', bytes: webpFile(extended(XMP), picture, webpChunk('XMP ', utf8('<html/>'))) },
        { how: 'Exif data are none', bytes: webpFile(extended(EXIF), picture, webpChunk('EXIF', ascii('PK'))) },
        { how: 'C2PA is none', bytes: webpFile(extended(0), picture, webpChunk('C2PA', ascii('PK'))) },
        { how: 'a profile comes', bytes: webpFile(extended(0x20), profile, picture) },
        { how: 'an unknown chunk comes', bytes: webpFile(picture, webpChunk('ABCD', ascii('x'))) },
        { how: 'bytes follow', bytes: concat(lossy, ascii('PK')) },
        { how: 'a chunk follows', bytes: concat(lossy, packet()) },
      ],
    },
    {
      name: 'a file with metadata of every kind',
      bytes: manyKinds,
      edited: [{ by: 'less metadata', bytes: webpFile(extended(0x20 | EXIF), profile, picture, exif(6)) }],
      changed: [
        {
          how: 'what turns it stands behind the signature of JPEG',
          bytes: webpFile(extended(0x20 | EXIF), profile, picture, webpChunk('EXIF', concat(ascii('Exif\0\0'), exifWith({ orientation: 6 })))),
        },
        { how: 'it is no longer turned', bytes: webpFile(extended(0x20 | EXIF), profile, picture, exif(1)) },
        { how: 'a second directory of Exif data comes', bytes: webpFile(extended(0x20 | EXIF), profile, picture, exif(6), exif(1)) },
      ],
    },
    { name: 'a transparent file', bytes: transparent, changed: [{ how: 'it is another', bytes: animated }] },
    {
      name: 'a simple file with Exif data that nobody reads',
      bytes: webpFile(picture, exif(6)),
      changed: [{ how: 'they are read', bytes: webpFile(extended(EXIF), picture, exif(6)) }],
    },
    {
      name: 'a chunk that forgot its padding',
      bytes: odd,
      edited: [{ by: 'padding', bytes: rebuilt(webpFile(webpChunk('VP8L', odd.subarray(20))), (chunks) => chunks.map(({ whole }) => whole)) }],
    },
  ],
});

it('refuses a header that does not say what there is', async () => {
  for (const bytes of [
    webpFile(extended(XMP), picture),
    webpFile(extended(0), picture, packet()),
    Uint8Array.from(lossy, (byte, index) => (index === 4 ? byte + 2 : byte)),
    // The padding of its last chunk stands outside of it.
    Uint8Array.from(padded, (byte, index) => (index === 4 ? byte - 1 : byte)),
  ]) {
    await expect(webp.content!(bytesSource(bytes))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  }
});
