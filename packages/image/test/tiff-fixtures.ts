import { utf8 } from '@aigc-label/core';
import { foreignPacket, labelledDescription } from './packets.ts';
import { bytesOf, pictureOf } from './pictures.ts';
import { contentOf, type Directory, field, raw, sub, text, tiffFile, withStrip } from './tiffs.ts';

export const WRAPPED = '{"AIGC": {"Label":"1","ContentProducer":"制作者"}}';
/** Another schema that Tencent Cloud writes (spec/labels.md §5.1, row 10): no label of GB 45438. */
export const OTHER_SCHEMA = '{"ServiceProvider":"x","ServiceUser":"y","Time":"2025-09-01","ContentId":"z"}';

export const pixels: Uint8Array = Uint8Array.from({ length: 48 }, (_, index) => (index * 37 + 3) & 255);

/** Fields of a picture of four by four pixels in three colours. */
export const pictureFields: Directory = [
  field(254, 4, 0),
  field(256, 3, 4),
  field(257, 3, 4),
  field(258, 3, 8, 8, 8),
  field(259, 3, 1),
  field(262, 3, 2),
  field(277, 3, 3),
  field(278, 3, 4),
];

const wide = (value: string, isBigEndian: boolean): Uint8Array =>
  Uint8Array.from(
    [...value].flatMap((character) => {
      const [high, low] = [character.charCodeAt(0) >> 8, character.charCodeAt(0) & 255];
      return isBigEndian ? [high, low] : [low, high];
    }),
  );
export const comment = (code: string, value: string, isBigEndian?: boolean) =>
  raw(0x9286, 7, new Uint8Array([...utf8(code), ...(isBigEndian === undefined ? utf8(value) : wide(value, isBigEndian))]));
export const xmpField = (type: number, packet: string) => raw(700, type, utf8(packet));

const wild = xmpField(
  1,
  foreignPacket(`<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" TC260:AIGC="{&quot;Label&quot;:&quot;1&quot;}"/>`),
);
const other = xmpField(7, foreignPacket(labelledDescription()));

/** Wild forms of every kind, on two pages and below them. */
export const wildTiff: Uint8Array = withStrip(
  (strip) =>
    tiffFile(
      [
        [
          ...pictureFields,
          ...strip,
          wild,
          text(270, WRAPPED),
          sub(0x8769, [comment('UNICODE\0', WRAPPED, true), text(0x9003, '2026:11:24 10:00:00'), raw(0x927c, 7, utf8('Maker note with offsets'))]),
          sub(0x14a, [...pictureFields, ...strip, other], [...pictureFields, ...strip]),
        ],
        [...pictureFields, ...strip, { ...other, sharedWith: other }, text(270, OTHER_SCHEMA)],
      ],
      { isBigEndian: true },
    ),
  pixels,
);

/** Foreign XMP that two pages share, in the middle of a BigTIFF of odd length. */
export const sharedTiff: Uint8Array = (() => {
  const packet = xmpField(7, foreignPacket('', 40));
  return withStrip(
    (strip) =>
      tiffFile(
        [
          [...pictureFields, ...strip, packet, field(400, 4, 1)],
          [...pictureFields, ...strip, { ...packet, sharedWith: packet }],
        ],
        {
          isBigTiff: true,
          isBigEndian: true,
          tail: Uint8Array.of(0),
        },
      ),
    pixels,
  );
})();

/** A label behind everything (row 12), and foreign XMP before the pixels. */
export const tailTiff: Uint8Array = withStrip(
  (strip) => tiffFile([[...pictureFields, ...strip, xmpField(1, foreignPacket())]], { tail: utf8(`\n##AIGC_META##${WRAPPED}##END##\n`) }),
  pixels,
);

/** The label of another maker, in its place and last in the file. */
export const lastTiff: Uint8Array = withStrip((strip) => {
  const without = tiffFile([[...pictureFields, ...strip, xmpField(7, foreignPacket(labelledDescription()))]]);
  return without;
}, pixels);

export const sharpTiff: Uint8Array = await bytesOf(pictureOf(3).tiff({ compression: 'lzw' }));
export const sharpBigTiff: Uint8Array = await bytesOf(
  pictureOf(4)
    .withExif({ IFD0: { Artist: 'Nobody' } })
    .withIccProfile('srgb')
    .tiff({ compression: 'deflate', bigtiff: true, tile: true, tileWidth: 16, tileHeight: 16 }),
);

export const fixture = (name: string, bytes: Uint8Array, slots = 0) => ({ name, bytes, slots, untouched: contentOf });
