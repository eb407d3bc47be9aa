import { brotliCompressSync, constants } from 'node:zlib';
import { box, ftyp, fullMeta, joined, text, u32, u64 } from '../build/isobmff.ts';
import { sampleSlotText } from '../slot-text.ts';
import type { HostileFile } from './hostile-file.ts';

const XMP_USER_TYPE = u32(0xbe7acfcb, 0x97a942e8, 0x9c719994, 0x91e3afac);
const NONE: HostileFile['integrity'] = ['malformed', 'unsupported'];
const u16 = (...values: readonly number[]): Uint8Array => Uint8Array.from(values.flatMap((value) => [value >> 8, value & 255]));

const packetOf = (value: string, before = ''): Uint8Array =>
  text(
    `${before}<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" ` +
      `xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><TC260:AIGC>${value}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>`,
  );
const PACKET = packetOf(sampleSlotText.value);
const LAUGHS = packetOf('&c;', '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>');
const DEEP = packetOf('<a>'.repeat(20_000));

interface Tables {
  /** Content of `iloc` behind version and flags. */
  readonly iloc?: Uint8Array;
  readonly ilocVersion?: number;
  readonly iinf?: Uint8Array;
  readonly iref?: Uint8Array;
  readonly extra?: Uint8Array;
  readonly media?: Uint8Array;
}

const infe = (id: number, type: string): Uint8Array => box('infe', u32(0x0200_0000), u16(id, 0), text(type));
const MIME = 'mime\0application/rdf+xml\0';
const INFOS = joined(u32(0), u16(2), infe(1, 'hvc1\0'), infe(2, MIME));
/** iloc of version 0 or 1 with one entry: identifier 2, and the rest as given. */
const locate = (sizes: number, ...rest: readonly Uint8Array[]): Uint8Array => joined(u16(sizes), u16(1, 2), ...rest);

/** A file with a picture and a packet; where the packet lies is what is lied about. */
const file = ({ iloc, ilocVersion = 0, iinf = INFOS, iref, extra = new Uint8Array(0), media = PACKET }: Tables): Uint8Array => {
  const head = ftyp('heic', 'mif1');
  const meta = (start: number): Uint8Array =>
    fullMeta(
      box('hdlr', u32(0, 0), text('pict'), new Uint8Array(13)),
      box('pitm', u32(0), u16(1)),
      box('iloc', u32(ilocVersion * 0x0100_0000), iloc ?? locate(0x4400, u16(0, 1), u32(start, media.length))),
      box('iinf', iinf),
      box('iref', u32(0), iref ?? box('cdsc', u16(2, 1, 1))),
      extra,
    );
  return joined(head, meta(head.length + meta(0).length + 8), box('mdat', media));
};

const nested = (depth: number): Uint8Array => {
  const head = Buffer.alloc(depth * 8);
  for (let level = 0; level < depth; level += 1) {
    head.writeUInt32BE((depth - level) * 8, level * 8);
    head.write('meta', level * 8 + 4, 'latin1');
  }
  return new Uint8Array(head);
};

/** HEIF and AVIF files that are made to do harm (spec/provenance.md §4.4). */
export const heifHostile: readonly HostileFile[] = [
  {
    name: 'iloc overflow: 64-bit offset near 2^64',
    format: 'heic',
    bytes: () => file({ iloc: locate(0x8800, u16(0, 1), u32(0xffffffff, 0xffffffff), u32(0xffffffff, 0xfffffff0)) }),
    integrity: NONE,
  },
  {
    name: 'iloc overflow: base and offset pass the file',
    format: 'heic',
    bytes: () => file({ iloc: locate(0x4440, u16(0), u32(0xfffffff0), u16(1), u32(0xfffffff0, 100)) }),
    integrity: NONE,
  },
  {
    name: 'iloc count beyond its box',
    format: 'heic',
    bytes: () => file({ iloc: joined(u16(0x4400), u16(0xffff, 2, 0, 1), u32(1, 1)) }),
    integrity: NONE,
  },
  { name: 'iloc with 65,535 extents of nothing', format: 'heic', bytes: () => file({ iloc: locate(0x0000, u16(0, 0xffff)) }), integrity: NONE },
  { name: 'iloc extent of length 0', format: 'heic', bytes: () => file({ iloc: locate(0x4400, u16(0, 1), u32(0, 0)) }), integrity: NONE },
  { name: 'iloc that points at itself', format: 'heic', bytes: () => file({ iloc: locate(0x4400, u16(0, 1), u32(24, 200)) }), integrity: NONE },
  {
    name: 'iloc with a construction_method of items in items',
    format: 'heic',
    bytes: () => file({ ilocVersion: 1, iloc: locate(0x4404, u16(2, 0, 1), u32(0, 0, 50)) }),
    integrity: NONE,
  },
  {
    name: 'iref loop',
    format: 'heic',
    bytes: () => file({ iref: joined(box('cdsc', u16(2, 1, 1)), box('dimg', u16(1, 1, 2)), box('dimg', u16(2, 1, 1)), box('dimg', u16(1, 1, 1))) }),
    integrity: ['unsigned'],
  },
  {
    name: 'iref count beyond its box',
    format: 'heic',
    bytes: () => file({ iref: box('cdsc', u16(2, 0xffff, 1)) }),
    integrity: ['unsigned', ...NONE],
  },
  {
    name: 'iinf with two entries of one number',
    format: 'heic',
    bytes: () => file({ iinf: joined(u32(0), u16(2), infe(2, 'hvc1\0'), infe(2, MIME)) }),
    integrity: NONE,
  },
  { name: 'iinf that counts 65,535', format: 'heic', bytes: () => file({ iinf: joined(u32(0), u16(0xffff), infe(2, MIME)) }), integrity: NONE },
  {
    name: 'ten thousand packets in the same bytes',
    format: 'heic',
    bytes: () => file({ iinf: joined(u32(0x0100_0000, 10_000), ...Array.from({ length: 10_000 }, (_, index) => infe(index + 1, MIME))) }),
    integrity: ['unsigned', ...NONE],
  },
  {
    name: 'two packets, both with a label',
    format: 'heic',
    bytes: () => joined(file({}), box('uuid', XMP_USER_TYPE, packetOf(sampleSlotText.value.replace('"1"', '"2"')))),
    integrity: ['ambiguous', 'unsigned'],
  },
  {
    name: 'a child larger than its parent',
    format: 'heic',
    bytes: () => file({ extra: joined(u32(0x7fffffff), text('free')) }),
    integrity: ['unsigned', ...NONE],
  },
  { name: 'a child of size 7', format: 'heic', bytes: () => file({ extra: joined(u32(7), text('free')) }), integrity: ['unsigned', ...NONE] },
  {
    name: 'a 64-bit size of 2^64 - 1',
    format: 'heic',
    bytes: () => joined(ftyp('heic', 'mif1'), u32(1), text('meta'), u32(0xffffffff, 0xffffffff)),
    integrity: NONE,
  },
  { name: '10,000 nested boxes', format: 'avif', bytes: () => joined(ftyp('avif', 'mif1'), nested(10_000)), integrity: ['absent'] },
  {
    name: 'a flood of 200,001 boxes',
    format: 'avif',
    bytes: () => joined(ftyp('avif', 'mif1'), new Uint8Array(Buffer.alloc(200_001 * 8, box('free')))),
    integrity: NONE,
  },
  { name: 'XMP billion laughs', format: 'heic', bytes: () => file({ media: LAUGHS }), integrity: NONE },
  { name: 'XMP depth bomb', format: 'heic', bytes: () => file({ media: DEEP }), integrity: NONE },
  { name: 'XMP of 2 MiB', format: 'heic', bytes: () => file({ media: joined(PACKET, new Uint8Array(2 << 20).fill(0x20)) }), integrity: NONE },
  {
    name: 'XMP in UTF-32',
    format: 'heic',
    bytes: () => file({ media: joined(u32(0xfeff), ...Array.from(PACKET, (byte) => u32(byte))) }),
    integrity: NONE,
  },
];

const JXL = joined(box('JXL ', text('\r\n\x87\n')), box('ftyp', text('jxl '), u32(0), text('jxl ')));
/** Quality 1 packs zeros a thousand to one and takes no time. */
const brob = (type: string, content: Uint8Array): Uint8Array =>
  box('brob', text(type), new Uint8Array(brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })));
const many = (count: number, piece: Uint8Array): Uint8Array => new Uint8Array(Buffer.alloc(count * piece.length, piece));

/** JPEG XL files that are made to do harm. */
export const jxlHostile: readonly HostileFile[] = [
  {
    name: 'brob bomb: 64 MiB of one byte',
    format: 'jxl',
    bytes: () => joined(JXL, brob('xml ', new Uint8Array(64 << 20)), box('jxlc', text('\xff\x0a'))),
    integrity: NONE,
  },
  {
    name: 'sixty brob bombs, then a label',
    format: 'jxl',
    bytes: () => joined(JXL, many(60, brob('xml ', new Uint8Array(2 << 20))), box('xml ', PACKET)),
    integrity: NONE,
  },
  { name: 'brob that is no Brotli', format: 'jxl', bytes: () => joined(JXL, box('brob', text('xml '), PACKET)), integrity: NONE },
  { name: 'brob inside brob', format: 'jxl', bytes: () => joined(JXL, brob('brob', brob('xml ', PACKET))), integrity: ['absent'] },
  { name: 'brob of two bytes', format: 'jxl', bytes: () => joined(JXL, box('brob', text('xm'))), integrity: NONE },
  { name: 'a 64-bit size smaller than its header', format: 'jxl', bytes: () => joined(JXL, u32(1), text('xml '), u64(3), PACKET), integrity: NONE },
  {
    name: 'two packets, both with a label',
    format: 'jxl',
    bytes: () => joined(JXL, box('xml ', PACKET), box('xml ', packetOf(sampleSlotText.value.replace('"1"', '"2"')))),
    integrity: ['ambiguous', 'unsigned'],
  },
  { name: 'XMP billion laughs', format: 'jxl', bytes: () => joined(JXL, brob('xml ', LAUGHS)), integrity: NONE },
  { name: 'three bytes', format: 'jxl', bytes: () => text('\xff\x0a\0'), integrity: ['absent'] },
];

const JP2 = joined(box('jP  ', text('\r\n\x87\n')), box('ftyp', text('jp2 '), u32(0), text('jp2 ')));

/** JPEG 2000 files that are made to do harm. */
export const jpeg2000Hostile: readonly HostileFile[] = [
  { name: 'uuid shorter than its user type', format: 'jpeg-2000', bytes: () => joined(JP2, box('uuid', text('abc'))), integrity: NONE },
  {
    name: 'uuid beyond the end of the file',
    format: 'jpeg-2000',
    bytes: () => joined(JP2, u32(0x7fffffff), text('uuid'), XMP_USER_TYPE, PACKET),
    integrity: NONE,
  },
  { name: 'XMP depth bomb', format: 'jpeg-2000', bytes: () => joined(JP2, box('uuid', XMP_USER_TYPE, DEEP)), integrity: NONE },
  {
    name: 'two packets, both with a label',
    format: 'jpeg-2000',
    bytes: () => joined(JP2, box('uuid', XMP_USER_TYPE, PACKET), box('uuid', XMP_USER_TYPE, packetOf(sampleSlotText.value.replace('"1"', '"2"')))),
    integrity: ['ambiguous', 'unsigned'],
  },
  {
    name: 'a thousand segments in a codestream',
    format: 'jpeg-2000',
    bytes: () => joined(text('\xff\x4f\xff\x51'), u16(2), ...Array.from({ length: 2_000 }, () => joined(text('\xff\x64'), u16(2)))),
    integrity: NONE,
  },
  {
    name: 'a segment of length 0',
    format: 'jpeg-2000',
    bytes: () => joined(text('\xff\x4f\xff\x51'), u16(2), text('\xff\x64'), u16(0)),
    integrity: NONE,
  },
];
