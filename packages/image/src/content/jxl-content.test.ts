import { utf8 } from '@aigc-label/core';
import { fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { box, boxesIn, bytesOf, number } from '../../test/boxes.ts';
import { brob, jxlFile, SIGNATURE } from '../../test/jxls.ts';
import { manifestStore } from '../../test/manifest-stores.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { exifWith } from '../../test/rendering-values.ts';
import { jxl } from '../formats/jxl.ts';

const codestream = fixtureBytes('jxl/codestream.jxl');
const container = fixtureBytes('jxl/container.jxl');
const picture = box('jxlc', codestream);
const exif = (orientation?: number): Uint8Array => bytesOf(number(0, 4), exifWith(orientation === undefined ? {} : { orientation }));
const labelled = packetBytes(labelledDescription());
const edited = (name: string) => [{ by: 'exiftool', bytes: fixtureBytes(`content/jxl/exiftool-${name}.jxl`) }];
/** A compressed box with bytes behind its stream. */
const brobWith = (type: string, content: Uint8Array, more: string): Uint8Array => box('brob', brob(type, content).subarray(8), more);
const [first, second] = [codestream.slice(0, 40), codestream.slice(40)];
const reconstruct = fixtureBytes('jxl/reconstruct.jxl');

testContent({
  format: jxl,
  fixtures: [
    {
      name: 'a codestream',
      bytes: codestream,
      edited: [{ by: 'who puts it into a container', bytes: container }],
      changed: [
        { how: 'something follows it', bytes: bytesOf(codestream, 'x') },
        { how: 'it is of another type of file', bytes: bytesOf(SIGNATURE, box('ftyp', 'jxl ', number(1, 4), 'jxl '), picture) },
        { how: 'there is another box', bytes: bytesOf(container, box('jxll', number(5, 1))) },
        { how: 'bytes follow the last box', bytes: bytesOf(container, 'PK') },
      ],
    },
    {
      name: 'with metadata, compressed and not',
      bytes: jxlFile(brob('Exif', exif(1)), box('xml ', labelled), box('jumb', manifestStore().subarray(8)), picture, brob('xml ', packetBytes())),
      edited: [{ by: 'who takes it out', bytes: container }],
      changed: [
        { how: 'Exif turns it', bytes: jxlFile(brob('Exif', exif(6)), picture) },
        { how: 'Exif is none', bytes: jxlFile(box('Exif', number(0, 4), 'no Exif'), picture) },
        { how: 'XML is no XMP', bytes: jxlFile(box('xml ', utf8('<other/>')), picture) },
        { how: 'something hides behind compressed XMP', bytes: jxlFile(brobWith('xml ', labelled, 'PK'), picture) },
        { how: 'JUMBF is of another kind', bytes: jxlFile(box('jumb', manifestStore(new Uint8Array(), 'json').subarray(8)), picture) },
      ],
    },
    { name: 'container.jxl', bytes: container, edited: edited('container') },
    { name: 'metadata.jxl', bytes: fixtureBytes('jxl/metadata.jxl'), edited: edited('metadata') },
    {
      name: 'a JPEG that can be made again',
      bytes: reconstruct,
      edited: edited('reconstruct'),
      changed: [
        {
          how: 'it can be no more',
          bytes: jxlFile(...boxesIn(reconstruct).flatMap(({ type, start, end }) => (type === 'jxlc' ? [reconstruct.slice(start, end)] : []))),
        },
      ],
    },
    { name: 'in parts', bytes: jxlFile(box('jxlp', number(0, 4), first), box('xml ', labelled), box('jxlp', number(0x8000_0001, 4), second)) },
  ],
});
