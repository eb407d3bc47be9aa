// Raw files built by hand: the structure of the makers, with pixels of nobody.
import { ascii, concat, u32be, utf8 } from '@aigc-label/core';
import { foreignPacket } from './packets.ts';
import { bytesOf, pictureOf } from './pictures.ts';
import { pictureFields, pixels, xmpField } from './tiff-fixtures.ts';
import { field, raw, sub, text, tiffFile, withStrip } from './tiffs.ts';

export const sensor: Uint8Array = Uint8Array.from({ length: 400 }, (_, index) => (index * 73 + 5) & 255);
const exif = sub(0x8769, [raw(0x927c, 7, utf8('Maker note with absolute offsets'))]);

export const cr2: Uint8Array = withStrip(
  (strip) =>
    tiffFile([[...pictureFields, ...strip, text(271, 'Canon'), exif], pictureFields, [...pictureFields, ...strip]], {
      mark: concat(ascii('CR'), Uint8Array.of(2, 0, 0, 0, 0, 0)),
    }),
  pixels,
);
export const nef: Uint8Array = withStrip(
  (strip) =>
    tiffFile(
      [
        [
          field(254, 4, 1),
          field(256, 3, 4),
          text(271, 'NIKON CORPORATION'),
          xmpField(1, foreignPacket('', 300)),
          exif,
          sub(0x14a, [...pictureFields, ...strip]),
        ],
      ],
      { isBigEndian: true },
    ),
  pixels,
);
export const orf: Uint8Array = withStrip((strip) => tiffFile([[...pictureFields, ...strip, exif]], { magic: 0x4f52 }), pixels);
export const rw2: Uint8Array = withStrip(
  (strip) => tiffFile([[...pictureFields, ...strip, exif]], { magic: 0x55, mark: new Uint8Array(16).fill(0x8d) }),
  pixels,
);

const preview: Uint8Array = await bytesOf(pictureOf(3).jpeg());

const padded = (bytes: Uint8Array, to: number): Uint8Array => concat(bytes, new Uint8Array(to - bytes.length));

export const raf: Uint8Array = (() => {
  const start = 0x94;
  const next = start + preview.length + (4 - (preview.length % 4));
  const header = concat(
    padded(concat(ascii('FUJIFILMCCD-RAW 0201FF000000'), ascii('FinePix Nobody')), 0x3c),
    ascii('0100'),
    new Uint8Array(0x14),
    ...[start, preview.length, next, 8, next + 8, sensor.length].map(u32be),
  );
  // A directory of CFA entries without any.
  return concat(padded(header, start), preview, new Uint8Array(next - start - preview.length), u32be(0), u32be(0), sensor);
})();

const box = (type: string, ...parts: readonly Uint8Array[]): Uint8Array => {
  const inside = concat(...parts);
  return concat(u32be(inside.length + 8), ascii(type), inside);
};
const uuid = (id: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  box('uuid', new Uint8Array((id.match(/../g) ?? []).map((digits) => Number.parseInt(digits, 16))), ...parts);

/** A movie of one track whose sample is the sensor. */
const cr3Of = (packet: Uint8Array | undefined): Uint8Array => {
  const xmp = packet === undefined ? new Uint8Array() : uuid('be7acfcb97a942e89c71999491e3afac', packet);
  const build = (offset: number): Uint8Array => {
    const table = box(
      'stbl',
      box('stsd', u32be(0), u32be(1), box('CRAW', u32be(0), u32be(1), new Uint8Array(70))),
      box('stsz', u32be(0), u32be(sensor.length), u32be(1)),
      box('co64', u32be(0), u32be(1), u32be(0), u32be(offset)),
    );
    const dataReference = box('dinf', box('dref', u32be(0), u32be(1), box('url ', u32be(1))));
    const track = box(
      'trak',
      box('tkhd', new Uint8Array(84)),
      box(
        'mdia',
        box('mdhd', new Uint8Array(24)),
        box('hdlr', u32be(0), u32be(0), ascii('vide'), new Uint8Array(13)),
        box('minf', dataReference, table),
      ),
    );
    const canon = uuid(
      '85c0b687820f11e08111f4ce462b6a48',
      box('CNCV', ascii('CanonCR3_001/00.10.00/00.00.00')),
      box('CMT1', tiffFile([[text(271, 'Canon')]])),
    );
    return concat(
      box('ftyp', ascii('crx '), u32be(1), ascii('crx isom')),
      box('moov', canon, box('mvhd', new Uint8Array(100)), track),
      xmp,
      box('mdat', sensor),
    );
  };
  const draft = build(0);
  return build(draft.length - sensor.length);
};
export const cr3: Uint8Array = cr3Of(undefined);
export const cr3WithXmp: Uint8Array = cr3Of(utf8(foreignPacket('', 600)));

export const mrw: Uint8Array = (() => {
  const block = (name: string, data: Uint8Array): Uint8Array => concat(ascii(`\0${name}`), u32be(data.length), data);
  const blocks = concat(
    block('PRD', padded(ascii('27730001'), 24)),
    block('TTW', tiffFile([[...pictureFields, text(271, 'Minolta')]], { isBigEndian: true })),
    block('RIF', new Uint8Array(8)),
  );
  return concat(ascii('\0MRM'), u32be(blocks.length), blocks, sensor);
})();

/** A DNG that LibRaw opens: a preview in IFD0, 32 by 32 samples of a Bayer sensor below it. */
export const dngFile = (isBigEndian: boolean): Uint8Array => {
  const samples = Uint8Array.from({ length: 32 * 32 * 2 }, (_, index) => ((index % 2 === 0) === isBigEndian ? 3 : index * 7) & 255);
  return withStrip(
    (strip) =>
      tiffFile(
        [
          [
            field(254, 4, 1),
            ...pictureFields.slice(1),
            text(271, 'Nobody'),
            text(272, 'Nothing'),
            field(0xc612, 1, 1, 4, 0, 0),
            field(0xc613, 1, 1, 1, 0, 0),
            text(0xc614, 'Nobody Nothing'),
            field(0xc65a, 3, 21),
            raw(0xc621, 10, matrix(isBigEndian)),
            ...(isBigEndian ? [] : [xmpField(7, foreignPacket('', 200))]),
            exif,
            sub(0x14a, [
              field(254, 4, 0),
              field(256, 3, 32),
              field(257, 3, 32),
              field(258, 3, 16),
              field(259, 3, 1),
              field(262, 3, 32803),
              field(277, 3, 1),
              field(278, 3, 32),
              field(0x828d, 3, 2, 2),
              raw(0x828e, 1, Uint8Array.of(0, 1, 1, 2)),
              ...strip,
            ]),
          ],
        ],
        { isBigEndian, ...(isBigEndian ? { tail: Uint8Array.of(0) } : {}) },
      ),
    samples,
  );
};

/** The unit matrix as nine SRATIONALs. */
const matrix = (isBigEndian: boolean): Uint8Array => {
  const bytes = new Uint8Array(72);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < 9; index += 1) {
    view.setInt32(index * 8, index % 4 === 0 ? 1 : 0, !isBigEndian);
    view.setInt32(index * 8 + 4, 1, !isBigEndian);
  }
  return bytes;
};
