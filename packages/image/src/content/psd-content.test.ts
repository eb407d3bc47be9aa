import { ascii, bytesSource, concat, u16be, utf8 } from '@aigc-label/core';
import { testContent } from '@aigc-label/test-fixtures';
import { expect, it } from 'vitest';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { psdFile, resource } from '../../test/psds.ts';
import { exifWith } from '../../test/rendering-values.ts';
import { psd } from '../formats/psd.ts';

const resolution = resource(1005, new Uint8Array(16));
const xmp = (inside = ''): Uint8Array => resource(1060, packetBytes(inside));
const iptc = (text: string): Uint8Array => resource(1028, concat(Uint8Array.of(0x1c, 2, 0x69), u16be(text.length), ascii(text)));
const bare = psdFile([resolution]);
const rotated = '<rdf:Description rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>';

testContent({
  format: psd,
  fixtures: [
    {
      name: 'a document without metadata',
      bytes: bare,
      edited: [
        {
          by: 'metadata of every kind',
          bytes: psdFile([iptc('x'), resolution, xmp(), resource(1061, new Uint8Array(16)), resource(1058, exifWith({}))]),
        },
      ],
      changed: [
        { how: 'a resource comes', bytes: psdFile([resolution, resource(2000, ascii('a path'))]) },
        { how: 'XMP is none', bytes: psdFile([resolution, resource(1060, utf8('<html/>'))]) },
        { how: 'IPTC is none', bytes: psdFile([resolution, resource(1028, ascii('PK'))]) },
        { how: 'XMP turns it', bytes: psdFile([resolution, xmp(rotated)]) },
        { how: 'Exif data turn it', bytes: psdFile([resolution, resource(1058, exifWith({ orientation: 6 }))]) },
        { how: 'bytes follow', bytes: concat(bare, ascii('PK')) },
      ],
    },
    { name: 'a document with foreign XMP between others', bytes: psdFile([resolution, xmp(), resource(1034, ascii('x'), 'named')]) },
    {
      name: 'a large document with a palette and a label of another maker',
      bytes: psdFile([iptc('title'), xmp(labelledDescription())], 2, ascii('palette')),
    },
  ],
});

it('refuses resources that do not fill their section', async () => {
  const longer = bare.slice();
  longer[33] = (longer[33] as number) + 1;
  await expect(psd.content!(bytesSource(longer))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
});
