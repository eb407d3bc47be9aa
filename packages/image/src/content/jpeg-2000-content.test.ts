import { utf8 } from '@aigc-label/core';
import { fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { box, boxesIn, bytesOf, number, openBox } from '../../test/boxes.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { exifWith } from '../../test/rendering-values.ts';
import { jpeg2000 } from '../formats/jpeg-2000.ts';

const plain = fixtureBytes('jp2/plain.jp2');
const edited = (name: string) => [{ by: 'exiftool', bytes: fixtureBytes(`content/jp2/exiftool-${name}.jp2`) }];
const xmpBox = (data: Uint8Array): Uint8Array => box('uuid', number(0xbe7acfcb97, 5), number(0xa942e89c71, 5), number(0x999491e3afac, 6), data);
const exifBox = (orientation: number): Uint8Array => box('uuid', 'JpgTiffExif->JP2', exifWith({ orientation }));
const boxes = boxesIn(plain).map(({ type, start, inside, end }) => ({ type, whole: plain.slice(start, end), content: plain.slice(inside, end) }));
const head = bytesOf(...boxes.filter(({ type }) => type !== 'jp2c').map(({ whole }) => whole));
const codestream = boxes.find(({ type }) => type === 'jp2c')?.content ?? plain;
const picture = box('jp2c', codestream);
const labelled = packetBytes(labelledDescription());
const comment = fixtureBytes('jp2/comment.j2k');

testContent({
  format: jpeg2000,
  fixtures: [
    {
      name: 'plain.jp2',
      bytes: plain,
      edited: edited('plain'),
      changed: [
        { how: 'bytes follow its end', bytes: bytesOf(plain, 'PK') },
        { how: 'it has another head', bytes: bytesOf(head, box('jp2h', ''), picture) },
        { how: 'XMP is none', bytes: bytesOf(plain, xmpBox(utf8('<svg/>'))) },
        { how: 'XML is no XMP', bytes: bytesOf(plain, box('xml ', utf8('<other/>'))) },
        { how: 'Exif turns it', bytes: bytesOf(plain, exifBox(6)) },
      ],
    },
    { name: 'metadata.jp2', bytes: fixtureBytes('jp2/metadata.jp2'), edited: edited('metadata') },
    {
      name: 'XMP in three places',
      bytes: bytesOf(head, xmpBox(labelled), box('xml ', labelled), box('xml ', utf8('<other/>')), picture, xmpBox(packetBytes()), exifBox(1)),
      edited: [{ by: 'who takes it out', bytes: bytesOf(head, box('xml ', utf8('<other/>')), picture) }],
    },
    {
      name: 'a picture until the end of the file',
      bytes: bytesOf(head, openBox('jp2c', codestream)),
      edited: [{ by: 'who says how long it is', bytes: plain }],
    },
    { name: 'a codestream', bytes: comment, isSidecarOnly: true, changed: [{ how: 'something follows it', bytes: bytesOf(comment, 'x') }] },
  ],
});
