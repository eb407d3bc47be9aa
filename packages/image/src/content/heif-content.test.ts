import { type ContentFixture, fixtureBytes, testContent } from '@aigc-label/test-fixtures';
import { box, bytesOf, number, openBox } from '../../test/boxes.ts';
import { type HeifItem, heif, PICTURE } from '../../test/heifs.ts';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { exifWith } from '../../test/rendering-values.ts';
import { avif } from '../formats/avif.ts';
import { heic } from '../formats/heic.ts';

const file = (name: string): Uint8Array => fixtureBytes(`heif/${name}`);
const real = (name: string): ContentFixture => ({
  name,
  bytes: file(name),
  edited: [{ by: 'exiftool', bytes: fixtureBytes(`content/heif/exiftool-${name}`) }],
});
/** The file with one byte of a box changed, counted from the last place of its type. */
const changed = (bytes: Uint8Array, type: string, at: number): Uint8Array => {
  const made = bytes.slice();
  const place = Buffer.from(made).lastIndexOf(type, undefined, 'latin1') + 4 + at;
  made[place] = (made[place] as number) ^ 1;
  return made;
};

const picture: HeifItem = { id: 1, type: 'hvc1', data: PICTURE };
const second: HeifItem = { id: 2, type: 'hvc1', data: bytesOf('another picture') };
const xmp = (id: number, data: Uint8Array = packetBytes(), rest: Partial<HeifItem> = {}): HeifItem => ({
  id,
  type: 'mime',
  contentType: 'application/rdf+xml',
  data,
  describes: [1],
  ...rest,
});
const exif = (orientation: number): HeifItem => ({ id: 5, type: 'Exif', data: bytesOf(number(0, 4), exifWith({ orientation })), describes: [1] });
const pair = [picture, second];

testContent({
  format: heic,
  fixtures: [
    real('alpha.heic'),
    {
      ...real('phone.heic'),
      changed: [
        { how: 'it has another size', bytes: changed(file('phone.heic'), 'ispe', 7) },
        { how: 'a thumbnail is a thumbnail no more', bytes: changed(file('phone.heic'), 'thmb', 1) },
        { how: 'bytes follow its end', bytes: bytesOf(file('phone.heic'), 'PK') },
      ],
    },
    {
      name: 'pictures with metadata between them',
      bytes: heif({ items: [picture, xmp(3), exif(1), second] }),
      edited: [
        { by: 'who takes it out', bytes: heif({ items: pair, iref: null }) },
        { by: 'who puts it first, in two packets', bytes: heif({ items: [xmp(7, packetBytes(labelledDescription())), xmp(4), ...pair] }) },
        {
          by: 'who writes tables with wider fields',
          bytes: heif({ items: [...pair, xmp(3)], iloc: { version: 2, offset: 8, length: 8 }, iinf: 1, iref: 1 }),
        },
        { by: 'who puts the data first', bytes: heif({ items: [...pair, xmp(3)], dataFirst: true }) },
        { by: 'who pads it', bytes: heif({ items: pair, iref: null, extra: box('free', number(0, 9)), after: box('skip', '') }) },
      ],
      changed: [
        { how: 'Exif turns it', bytes: heif({ items: [picture, xmp(3), exif(6), second] }) },
        { how: 'XMP is none', bytes: heif({ items: [picture, xmp(3, bytesOf('<svg xmlns="http://www.w3.org/2000/svg"/>')), exif(1), second] }) },
        { how: 'another picture is shown', bytes: heif({ items: [picture, xmp(3), exif(1), second], primary: 2 }) },
        { how: 'pictures change their places', bytes: heif({ items: [second, xmp(3), exif(1), picture] }) },
        { how: 'metadata is a part of a picture', bytes: heif({ items: [picture, { ...xmp(3), type: 'hvc1' }, exif(1), second] }) },
        { how: 'bytes lie between the pictures', bytes: heif({ items: [picture, { ...second, data: [bytesOf('x'), bytesOf('another picture')] }] }) },
      ],
    },
    {
      name: 'in idat',
      bytes: heif({ items: [{ ...picture, method: 1 }, xmp(3, packetBytes(), { method: 1 }), { ...second, method: 1 }], iloc: { version: 1 } }),
    },
    { name: 'mdat of size 0', bytes: heif({ items: [picture, xmp(3)], mdat: openBox }) },
  ],
});

testContent({
  format: avif,
  fixtures: [
    real('alpha.avif'),
    real('sequence.avif'),
    { name: 'xmp.avif', bytes: file('xmp.avif'), edited: [{ by: 'who takes the XMP out', bytes: file('alpha.avif') }] },
  ],
});
