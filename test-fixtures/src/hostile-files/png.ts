import { deflateSync } from 'node:zlib';
import { chunk, END, header, international, SIGNATURE, withChunks, xmpChunk } from '../build/png.ts';
import { CONTRADICTION, LABEL, labelledPacket } from '../build/xmp.ts';
import type { HostileFile } from './hostile-file.ts';

/** No label is given out, and none is denied: what could not be read might have held one. */
const UNCLEAR: HostileFile['integrity'] = ['malformed', 'unsupported'];
const file = (name: string, bytes: () => Uint8Array, integrity: HostileFile['integrity']): HostileFile => ({ name, format: 'png', bytes, integrity });
const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** 64 MiB of spaces in 64 KB, 1029:1: the bound of deflate. */
const bomb = (): Uint8Array => deflateSync(Buffer.alloc(64 << 20, 0x20), { level: 9 });
const text = (keyword: string, value: string): Buffer => chunk('tEXt', `${keyword}\0${value}`);
const EXIF = Buffer.from('4d4d002a000000080000', 'hex');
const LABELLED = xmpChunk(labelledPacket());
const many = (count: number, piece: Uint8Array): Uint8Array => new Uint8Array(Buffer.alloc(count * piece.length, piece));

/** PNG files that are made to do harm (spec/provenance.md §4.4). */
export const pngHostile: readonly HostileFile[] = [
  file('zTXt deflate bomb under our key', () => withChunks(chunk('zTXt', Buffer.concat([Buffer.from('AIGC\0\0'), bomb()]))), UNCLEAR),
  file('iTXt deflate bomb of XMP', () => withChunks(international('XML:com.adobe.xmp', '', bomb)), UNCLEAR),
  // Nothing under somebody else's keyword is inflated.
  file('zTXt deflate bomb of somebody else', () => withChunks(chunk('zTXt', Buffer.concat([Buffer.from('Comment\0\0'), bomb()])), LABELLED), [
    'unsigned',
  ]),
  file(
    'a hundred deflate bombs',
    () => {
      const one = international('XML:com.adobe.xmp', '', () => deflateSync(Buffer.alloc(8 << 20)));
      return withChunks(many(100, one));
    },
    UNCLEAR,
  ),
  file(
    'deflate that breaks off',
    () => withChunks(chunk('zTXt', Buffer.concat([Buffer.from('AIGC\0\0'), deflateSync(LABEL).subarray(0, 60)]))),
    UNCLEAR,
  ),
  file('a compression that nobody knows', () => withChunks(chunk('zTXt', `AIGC\0\x07${LABEL}`)), UNCLEAR),
  file(
    '40,000 by 40,000 pixels of one bit, with a label',
    () => joined(SIGNATURE, header(40_000, 40_000, 1), LABELLED, chunk('IDAT', deflateSync(Buffer.alloc(8 << 20), { level: 1 })), END),
    ['unsigned'],
  ),
  file(
    '40,000 by 40,000 pixels of one bit',
    () => joined(SIGNATURE, header(40_000, 40_000, 1), chunk('IDAT', deflateSync(Buffer.alloc(8 << 20), { level: 1 })), END),
    ['absent'],
  ),
  file('a chunk of length 0x7FFFFFFF', () => withChunks(chunk('tEXt', `AIGC\0${LABEL}`, { length: 0x7fffffff })), UNCLEAR),
  file('a chunk of length 0x80000000', () => withChunks(chunk('tEXt', `AIGC\0${LABEL}`, { length: 0x80000000 })), UNCLEAR),
  file('a chunk of length 0xFFFFFFFF', () => withChunks(chunk('tEXt', `AIGC\0${LABEL}`, { length: 0xffffffff })), UNCLEAR),
  // It can be read, and the report says that its checksum is wrong: `unsigned` promises no more.
  file('a label with a wrong CRC', () => withChunks(chunk('iTXt', Buffer.concat([Buffer.from('AIGC\0\0\0\0\0'), Buffer.from(LABEL)]), { crc: 1 })), [
    'unsigned',
  ]),
  // No decoder looks behind IEND: what stands there is told as trailing data, and belongs to no picture.
  file('a label behind IEND', () => joined(withChunks(), LABELLED), ['absent']),
  file('two labels that differ, one behind IEND', () => joined(withChunks(LABELLED), xmpChunk(labelledPacket(CONTRADICTION))), ['unsigned']),
  file('two IHDR, a label behind the second', () => withChunks(header(2, 2), LABELLED), ['unsigned', ...UNCLEAR]),
  file('two IHDR without a label', () => withChunks(header(2, 2)), UNCLEAR),
  file('no IHDR', () => joined(SIGNATURE, LABELLED, END), UNCLEAR),
  file('no IEND', () => withChunks(LABELLED).subarray(0, -12), ['unsigned']),
  file('no IEND and no label', () => withChunks().subarray(0, -12), UNCLEAR),
  file('the signature and nothing else', () => joined(SIGNATURE), UNCLEAR),
  // The keyword ends nowhere within its 79 bytes, so it is not ours.
  file('a keyword of 80 bytes', () => withChunks(text(`AIGC${'C'.repeat(76)}`, LABEL)), ['absent']),
  file('a keyword without an end', () => withChunks(chunk('tEXt', 'AIGC')), ['absent']),
  file('a keyword and nothing behind it', () => withChunks(chunk('iTXt', 'AIGC\0')), UNCLEAR),
  file('a label of nothing', () => withChunks(text('AIGC', '')), UNCLEAR),
  file(
    'APNG whose frames are behind a label',
    () =>
      withChunks(chunk('acTL', Buffer.from('0000000100000000', 'hex')), LABELLED, chunk('fcTL', Buffer.alloc(26)), chunk('fdAT', Buffer.alloc(20))),
    ['unsigned'],
  ),
  file('APNG of 4 billion frames', () => withChunks(chunk('acTL', Buffer.alloc(8, 0xff)), LABELLED), ['unsigned']),
  file('two labels that differ', () => withChunks(LABELLED, text('AIGC', CONTRADICTION)), ['ambiguous']),
  file('two Exif chunks', () => withChunks(chunk('eXIf', EXIF), chunk('eXIf', EXIF)), UNCLEAR),
  file('two labels that agree', () => withChunks(LABELLED, text('AIGC', LABEL)), ['unsigned']),
  file('a million empty chunks', () => withChunks(many(1_000_001, chunk('aaAa', '')), LABELLED), ['unsigned', ...UNCLEAR]),
  file('100,000 chunks of text', () => withChunks(many(100_000, text('Comment', 'x')), LABELLED), ['unsigned', ...UNCLEAR]),
  file('a thousand labels', () => withChunks(many(1_000, text('AIGC', LABEL))), ['unsigned']),
  file('a thousand labels of 64 KiB', () => withChunks(many(300, text('AIGC', `{"Label":"1","x":"${'x'.repeat(64 << 10)}"}`))), UNCLEAR),
  file('text of 15 MB under our key', () => withChunks(text('AIGC', ' '.repeat(15_000_000))), UNCLEAR),
  file('XMP of 15 MB', () => withChunks(xmpChunk(Buffer.alloc(15_000_000, 0x20))), UNCLEAR),
  file('Exif of 15 MB', () => withChunks(chunk('eXIf', Buffer.concat([Buffer.from('4d4d002a00000008', 'hex'), Buffer.alloc(15_000_000)]))), UNCLEAR),
];
