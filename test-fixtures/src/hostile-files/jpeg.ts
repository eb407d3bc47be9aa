import { createHash } from 'node:crypto';
import { CONTRADICTION, LABEL, labelledPacket, packetAround } from '../build/xmp.ts';
import type { HostileFile } from './hostile-file.ts';

/** No label is given out, and none is denied. */
const UNCLEAR: HostileFile['integrity'] = ['malformed', 'unsupported'];
const file = (name: string, bytes: () => Uint8Array, integrity: HostileFile['integrity']): HostileFile => ({
  name,
  format: 'jpeg',
  bytes: () => new Uint8Array(bytes()),
  integrity,
});
const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const u16 = (value: number): Buffer => Buffer.of(value >> 8, value & 255);
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};
const SOI = Buffer.of(0xff, 0xd8);
const EOI = Buffer.of(0xff, 0xd9);

const segment = (marker: number, data: Uint8Array, length = data.length + 2): Buffer => Buffer.concat([Buffer.of(0xff, marker), u16(length), data]);
/** Frame, tables and one scan, as a decoder would want them; of the entropy-coded data only that it has stuffed and restart markers. */
const SCAN = Buffer.concat([segment(0xda, Buffer.from('010100003f00', 'hex')), Buffer.from('0102ff00ffd0aaff00', 'hex')]);
const PICTURE = Buffer.concat([segment(0xdb, Buffer.alloc(65, 1)), segment(0xc0, Buffer.from('080001000101011100', 'hex')), SCAN]);
const jpeg = (...segments: readonly Uint8Array[]): Buffer => Buffer.concat([SOI, ...segments, PICTURE, EOI]);

const xmp = (packet: string): Buffer => segment(0xe1, Buffer.concat([latin1('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(packet)]));
const LABELLED = xmp(labelledPacket());
const FIRST_ONLY = 'http://ns.adobe.com/xmp/note/';

/** A packet too large for its segment, in parts; what is said of them may be a lie. */
interface Extended {
  readonly guid?: string;
  readonly mainGuid?: string;
  readonly full?: number;
  readonly offsets?: readonly number[];
}
const PACKET = Buffer.from(labelledPacket());
const extended = ({ guid, mainGuid, full = PACKET.length, offsets = [0, 200] }: Extended = {}): Buffer => {
  const digest = guid ?? createHash('md5').update(PACKET).digest('hex').toUpperCase();
  const main = xmp(packetAround({ attributes: ` xmlns:xmpNote="${FIRST_ONLY}" xmpNote:HasExtendedXMP="${mainGuid ?? digest}"` }));
  const parts = [PACKET.subarray(0, 200), PACKET.subarray(200)].map((part, index) =>
    segment(0xe1, Buffer.concat([latin1(`http://ns.adobe.com/xmp/extension/\0${digest}`), u32(full), u32(offsets[index] ?? 0), part])),
  );
  return jpeg(main, ...parts);
};

/** Exif of one text and a thumbnail in its second directory. */
const exifWithThumbnail = (thumbnail: Uint8Array): Buffer => {
  const entry = (tag: number, type: number, count: number, value: number): Buffer => Buffer.concat([u16(tag), u16(type), u32(count), u32(value)]);
  const tiff = Buffer.concat([
    latin1('MM\0*\0\0\0\x08'),
    ...[u16(0), u32(14)],
    ...[u16(2), entry(0x0201, 4, 1, 44), entry(0x0202, 4, 1, thumbnail.length), u32(0)],
    thumbnail,
  ]);
  return segment(0xe1, Buffer.concat([latin1('Exif\0\0'), tiff]));
};
const many = (count: number, piece: Uint8Array): Buffer => Buffer.alloc(count * piece.length, piece);
const MPF = segment(0xe2, Buffer.concat([latin1('MPF\0MM\0*\0\0\0\x08'), Buffer.alloc(40)]));

/** JPEG files that are made to do harm (spec/provenance.md §4.4). */
export const jpegHostile: readonly HostileFile[] = [
  file('APP1 of length 0', () => jpeg(segment(0xe1, latin1('http://ns.adobe.com/xap/1.0/\0'), 0), LABELLED), UNCLEAR),
  file('APP1 of length 1', () => jpeg(segment(0xe1, latin1('http://ns.adobe.com/xap/1.0/\0'), 1), LABELLED), UNCLEAR),
  file('APP1 of length 2', () => jpeg(segment(0xe1, new Uint8Array(0)), LABELLED), ['unsigned']),
  file('a signature of XMP that is cut', () => jpeg(segment(0xe1, latin1('http://ns.adobe.com/xap/1.0/'))), ['absent', ...UNCLEAR]),
  file('APP1 that reaches into the next segment', () => jpeg(segment(0xe1, Buffer.from('x'), 0x0200), LABELLED), UNCLEAR),
  file('APP1 that reaches beyond the file', () => jpeg(segment(0xe1, Buffer.from('x'), 0xffff), LABELLED), UNCLEAR),
  file('extended XMP with a label', () => extended(), ['unsigned']),
  file('extended XMP of another GUID than the main packet names', () => extended({ mainGuid: 'A'.repeat(32) }), UNCLEAR),
  file('extended XMP whose MD5 is wrong', () => extended({ guid: 'A'.repeat(32) }), UNCLEAR),
  file('extended XMP with a gap', () => extended({ offsets: [0, 300] }), UNCLEAR),
  file('extended XMP with an overlap', () => extended({ offsets: [0, 100] }), UNCLEAR),
  file('extended XMP with an offset twice', () => extended({ offsets: [0, 0] }), UNCLEAR),
  file('extended XMP of 4 GB', () => extended({ full: 0xffffffff }), UNCLEAR),
  file('extended XMP with an offset of 4 GB', () => extended({ offsets: [0, 0xffffffff] }), UNCLEAR),
  file(
    'extended XMP that is cut in its header',
    () => jpeg(LABELLED, segment(0xe1, latin1(`http://ns.adobe.com/xmp/extension/\0${'A'.repeat(32)}`))),
    ['unsigned'],
  ),
  file(
    'extended XMP that is cut in its header, and no label',
    () => jpeg(segment(0xe1, latin1(`http://ns.adobe.com/xmp/extension/\0${'A'.repeat(32)}`))),
    UNCLEAR,
  ),
  file(
    '10,000 GUIDs of extended XMP',
    () =>
      jpeg(
        ...Array.from({ length: 10_000 }, (_, index) =>
          segment(
            0xe1,
            Buffer.concat([latin1(`http://ns.adobe.com/xmp/extension/\0${String(index).padStart(32, '0')}`), u32(1), u32(0), Buffer.from('x')]),
          ),
        ),
      ),
    ['absent', ...UNCLEAR],
  ),
  file('no EOI', () => jpeg(LABELLED).subarray(0, -2), ['unsigned']),
  file('cut before its scan', () => Buffer.concat([SOI, LABELLED]), ['unsigned']),
  file('cut before its scan, without a label', () => Buffer.concat([SOI, segment(0xdb, Buffer.alloc(65, 1))]), UNCLEAR),
  file('SOI and EOI', () => Buffer.concat([SOI, EOI]), UNCLEAR),
  file('fill bytes', () => jpeg(many(500, Buffer.of(0xff)), LABELLED), ['unsigned']),
  file('15 MB of fill bytes', () => jpeg(many(15_000_000, Buffer.of(0xff)), LABELLED), UNCLEAR),
  file('APP1 behind the first SOS', () => Buffer.concat([SOI, LABELLED, PICTURE, xmp(labelledPacket(CONTRADICTION)), EOI]), ['unsigned']),
  file('a second picture (MPF) with its own label', () => Buffer.concat([jpeg(LABELLED, MPF), jpeg(xmp(labelledPacket(CONTRADICTION)))]), [
    'unsigned',
  ]),
  file('a thumbnail with its own label', () => jpeg(exifWithThumbnail(jpeg(xmp(labelledPacket(CONTRADICTION)))), LABELLED), ['unsigned']),
  file('a ZIP behind its end', () => Buffer.concat([jpeg(LABELLED), latin1('PK\x05\x06'), Buffer.alloc(18)]), ['unsigned']),
  file('a page behind its end', () => Buffer.concat([jpeg(LABELLED), latin1(`<html><meta name="AIGC" content='${CONTRADICTION}'></html>`)]), [
    'unsigned',
  ]),
  file('two packets that differ', () => jpeg(LABELLED, xmp(labelledPacket(CONTRADICTION))), ['ambiguous']),
  file('a comment and a packet that differ', () => jpeg(LABELLED, segment(0xfe, Buffer.from(`{"AIGC":${CONTRADICTION}}`))), ['ambiguous']),
  file('a thousand comments with a label', () => jpeg(many(1_000, segment(0xfe, Buffer.from(`{"AIGC":${LABEL}}`)))), ['unsigned', ...UNCLEAR]),
  file('a thousand comments that only begin like one', () => jpeg(many(1_000, segment(0xfe, Buffer.from('{"a":1}')))), ['absent', ...UNCLEAR]),
  file('five million segments', () => jpeg(many(4_000_000, segment(0xe0, new Uint8Array(0)))), UNCLEAR),
  file('ten million restart markers', () => jpeg(many(8_000_000, Buffer.of(0xff, 0xd0))), UNCLEAR),
  file('thirty packets of 64 KB', () => jpeg(...Array.from({ length: 30 }, () => xmp(packetAround({ inside: '<a/>'.repeat(16_000) })))), ['absent']),
  file(
    'thirty packets of 64 KB, each a depth bomb',
    () => jpeg(...Array.from({ length: 30 }, () => xmp(packetAround({ inside: '<a>'.repeat(21_000) })))),
    UNCLEAR,
  ),
  file('Exif whose directory is itself', () => jpeg(segment(0xe1, latin1('Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\x08')), LABELLED), ['unsigned']),
];
