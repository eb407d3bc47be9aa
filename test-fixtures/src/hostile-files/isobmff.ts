import { box, ftyp, fullMeta, hdlr, item, joined, keys, movieFirst, movieLast, openBox, text, u32, wideBox } from '../build/isobmff.ts';
import { CONTRADICTION, LABEL, labelledPacket } from '../build/xmp.ts';
import type { HostileFile } from './hostile-file.ts';

/** No label is given out, and none is denied. */
const UNCLEAR: HostileFile['integrity'] = ['malformed', 'unsupported'];
const file = (name: string, bytes: () => Uint8Array, integrity: HostileFile['integrity'], format = 'mp4'): HostileFile => ({
  name: `MP4: ${name}`,
  format,
  bytes,
  integrity,
});

const metaOf = (label: string): Uint8Array => fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', item(1, label)));
const userData = (...content: readonly Uint8Array[]): Uint8Array => box('udta', ...content);
const LABELLED = userData(metaOf(LABEL));
const movie = (extra: Uint8Array): Uint8Array => movieFirst({ extra });
const XMP_USER_TYPE = u32(0xbe7acfcb, 0x97a942e8, 0x9c719994, 0x91e3afac);
const xmpBox = (packet: string): Uint8Array => box('uuid', XMP_USER_TYPE, new Uint8Array(Buffer.from(packet)));
/** A header whose size is a lie; 64 bits where two numbers are given. */
const lie = (type: string, size: number, ...content: readonly Uint8Array[]): Uint8Array => joined(u32(size), text(type), ...content);
const nested = (type: string, depth: number, headBytes = 8): Uint8Array => {
  const bytes = Buffer.alloc(depth * headBytes);
  for (let level = 0; level < depth; level += 1) {
    bytes.writeUInt32BE((depth - level) * headBytes, level * headBytes);
    bytes.write(type, level * headBytes + 4, 'latin1');
  }
  return new Uint8Array(bytes);
};
const many = (count: number, piece: Uint8Array): Uint8Array => new Uint8Array(Buffer.alloc(count * piece.length, piece));
const FRAGMENT = joined(box('moof', box('mfhd', u32(0, 1)), box('traf', box('tfhd', u32(0x020000, 1)))), box('mdat', text('x')));

/** MP4 and QuickTime files that are made to do harm (spec/provenance.md §4.4). */
export const isobmffHostile: readonly HostileFile[] = [
  file('size 0: a last moov', () => movieLast({ extra: LABELLED }, { moov: openBox }), ['unsigned']),
  file('size 0: an mdat behind the label', () => movieFirst({ extra: LABELLED }, { mdat: openBox }), ['unsigned']),
  file('size 0 inside of moov', () => movie(joined(lie('free', 0), LABELLED)), UNCLEAR),
  file('size 1 with 64 bits', () => movieFirst({ extra: LABELLED }, { moov: wideBox }), ['unsigned']),
  file('size 1 with 64 bits of 0', () => joined(ftyp(), lie('moov', 1, u32(0, 0)), LABELLED), UNCLEAR),
  file('size 1 and nothing behind it', () => joined(ftyp(), lie('moov', 1)), UNCLEAR),
  file('a moov of size 7', () => joined(ftyp(), lie('moov', 7, LABELLED)), UNCLEAR),
  file('a moov of size 2', () => joined(ftyp(), lie('moov', 2, LABELLED)), UNCLEAR),
  file('a udta of size 7', () => movie(lie('udta', 7, metaOf(LABEL))), UNCLEAR),
  file('a box of size 7 behind moov', () => joined(movie(new Uint8Array(0)), lie('free', 7)), UNCLEAR),
  // As in a file that is cut short, what is there can be read.
  file('64 bits: 2^64 - 1', () => joined(ftyp(), lie('moov', 1, u32(0xffffffff, 0xffffffff)), LABELLED), ['unsigned', ...UNCLEAR]),
  file('64 bits: 2^63 and a bit', () => joined(ftyp(), lie('moov', 1, u32(0x80000000, 16)), LABELLED), ['unsigned', ...UNCLEAR]),
  file('64 bits that wrap around to the next box', () => movie(joined(lie('free', 1, u32(0xffffffff, 0xfffffff0)), LABELLED)), UNCLEAR),
  file('a child larger than its parent', () => movie(lie('udta', 0x7fffffff, metaOf(LABEL))), UNCLEAR),
  file(
    'a list of items larger than its meta',
    () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), lie('ilst', 0x00ffffff, item(1, LABEL))))),
    UNCLEAR,
  ),
  file('10,000 nested boxes', () => movie(nested('udta', 10_000)), ['absent', ...UNCLEAR]),
  file('10,000 nested meta', () => movie(nested('meta', 10_000, 12)), ['absent', ...UNCLEAR]),
  file('10,000 nested moov', () => joined(ftyp(), nested('moov', 10_000)), ['absent', ...UNCLEAR]),
  file('two moov that differ', () => joined(movie(LABELLED), box('moov', userData(metaOf(CONTRADICTION)))), ['ambiguous']),
  file('two moov, a label in the second', () => joined(movie(new Uint8Array(0)), box('moov', LABELLED)), ['unsigned']),
  file('a thousand moov', () => joined(movie(LABELLED), many(1_000, box('moov'))), ['unsigned']),
  file('mdat first', () => movieLast({ extra: LABELLED }), ['unsigned']),
  file('an mdat of 4 GB', () => joined(ftyp(), lie('mdat', 0xffffffff, text('x'))), UNCLEAR),
  file('fragmented', () => joined(movie(joined(box('mvex', box('trex', new Uint8Array(24))), LABELLED)), many(1_000, FRAGMENT)), ['unsigned']),
  file('300,000 fragments', () => joined(movie(LABELLED), many(150_000, FRAGMENT)), ['unsigned', ...UNCLEAR]),
  file('meta as a plain box', () => movie(userData(box('meta', hdlr('mdta'), keys('AIGC'), box('ilst', item(1, LABEL))))), ['unsigned']),
  file('meta whose version is not 0', () => movie(userData(box('meta', u32(0x01000000), hdlr('mdta'), keys('AIGC'), box('ilst', item(1, LABEL))))), [
    'unsigned',
    ...UNCLEAR,
  ]),
  file('meta of two bytes', () => movie(userData(box('meta', text('xx')))), ['absent', ...UNCLEAR]),
  file('ilst of size 0', () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), lie('ilst', 0, item(1, LABEL))))), UNCLEAR),
  file(
    'an item of size 0',
    () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', u32(0, 1), box('data', u32(1, 0), text(LABEL)))))),
    UNCLEAR,
  ),
  file('an item without data', () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', box('\0\0\0\x01'))))), UNCLEAR),
  file(
    'a data of size 0',
    () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', box('\0\0\0\x01', lie('data', 0, u32(1, 0), text(LABEL))))))),
    UNCLEAR,
  ),
  file('an item of key 0', () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', item(0, LABEL))))), [
    'unsigned',
    'absent',
    ...UNCLEAR,
  ]),
  file('an item of key 4 billion', () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', item(0xffffffff, LABEL))))), [
    'unsigned',
    'absent',
    ...UNCLEAR,
  ]),
  file(
    '4 billion keys announced',
    () => movie(userData(fullMeta(hdlr('mdta'), box('keys', u32(0, 0xffffffff), box('mdta', text('AIGC'))), box('ilst', item(1, LABEL))))),
    ['unsigned', ...UNCLEAR],
  ),
  // No key leads to it; that its text is a label and nothing else does (spec/labels.md §5.1, row 16).
  file('a key of size 0', () => movie(userData(fullMeta(hdlr('mdta'), box('keys', u32(0, 1, 0), text('mdtaAIGC')), box('ilst', item(1, LABEL))))), [
    'unsigned',
  ]),
  file(
    'a key of 4 GB',
    () => movie(userData(fullMeta(hdlr('mdta'), box('keys', u32(0, 1, 0xffffffff), text('mdtaAIGC')), box('ilst', item(1, LABEL))))),
    ['unsigned'],
  ),
  file(
    '100,000 keys',
    () =>
      movie(
        userData(fullMeta(hdlr('mdta'), box('keys', u32(0, 100_000), many(100_000, box('mdta', text('AIGC')))), box('ilst', item(100_000, LABEL)))),
      ),
    ['unsigned', ...UNCLEAR],
  ),
  file('10,000 items of one key', () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', many(10_000, item(1, LABEL)))))), [
    'unsigned',
    ...UNCLEAR,
  ]),
  file('two items that differ', () => movie(userData(fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', item(1, LABEL), item(1, CONTRADICTION))))), [
    'ambiguous',
  ]),
  file('two places that differ', () => joined(movie(LABELLED), xmpBox(labelledPacket(CONTRADICTION))), ['ambiguous']),
  file('a label of 15 MB', () => movie(userData(metaOf(' '.repeat(15_000_000)))), UNCLEAR),
  file('stsd of size 0', () => movieFirst({ extra: LABELLED, table: lie('stsd', 0) }), ['unsigned']),
  file('stsd of size 0, no label', () => movieFirst({ table: lie('stsd', 0, text('xxxx')) }), ['absent', ...UNCLEAR]),
  file('stsd of 4 billion entries', () => movieFirst({ extra: LABELLED, table: box('stsd', u32(0, 0xffffffff)) }), ['unsigned']),
  file('stco of 4 billion entries', () => movieFirst({ extra: LABELLED, table: box('stco', u32(0, 0xffffffff)) }), ['unsigned']),
  file('a million boxes at the top', () => joined(ftyp(), many(1_000_000, box('free')), box('moov', LABELLED)), UNCLEAR),
  file('a million boxes in udta', () => movie(userData(many(1_000_000, box('free')), metaOf(LABEL))), UNCLEAR),
  file('10,000 udta', () => movie(many(10_000, userData(box('AIGC', text('{"Label":"1"}'))))), ['unsigned', ...UNCLEAR]),
  file('10,000 boxes of XMP', () => joined(movie(new Uint8Array(0)), many(10_000, xmpBox('<a/>'))), ['absent', ...UNCLEAR]),
  file('XMP depth bomb', () => joined(movie(new Uint8Array(0)), xmpBox('<a>'.repeat(20_000))), UNCLEAR),
  file('a uuid shorter than its user type', () => joined(movie(LABELLED), lie('uuid', 12, text('abcd'))), ['unsigned']),
  file('no moov', () => joined(ftyp(), box('mdat', text('x'))), UNCLEAR),
  file('ftyp and nothing else', () => ftyp(), UNCLEAR),
  file('QuickTime: a terminator in udta', () => movie(userData(box('AIGC', text(LABEL)), u32(0))), ['unsigned']),
];
