import type { HostileFile } from './hostile-file.ts';

const LABEL =
  '{"Label":"1","ContentProducer":"001191110000MA0000000H10001","ProduceID":"1","ReservedCode1":"","ContentPropagator":"","PropagateID":"","ReservedCode2":""}';
const OTHER = LABEL.replace('"1"', '"2"');

const syncsafe = (value: number): Buffer => Buffer.of((value >>> 21) & 127, (value >>> 14) & 127, (value >>> 7) & 127, value & 127);
const be32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const tag = (version: number, inside: Buffer, { flags = 0, size = inside.length, isFooted = false } = {}): Buffer => {
  const head = Buffer.concat([Buffer.of(version, 0, flags | (isFooted ? 0x10 : 0)), syncsafe(size)]);
  return Buffer.concat([Buffer.from('ID3'), head, inside, ...(isFooted ? [Buffer.from('3DI'), head] : [])]);
};
const frame = (content: Buffer, { size = content.length, flags = 0, isSyncsafe = false } = {}): Buffer =>
  Buffer.concat([Buffer.from('TXXX'), isSyncsafe ? syncsafe(size) : be32(size), Buffer.of(0, flags), content]);
const labelled = (label: string, options: { readonly flags?: number; readonly isSyncsafe?: boolean } = {}): Buffer =>
  frame(Buffer.from(`\0AIGC\0${label}`, 'latin1'), options);
/** Two frames of 417 bytes: MPEG-1 layer III. */
const mpeg = Buffer.alloc(834, Buffer.concat([Buffer.of(0xff, 0xfb, 0x90, 0x64), Buffer.alloc(413)]));
const adts = Buffer.alloc(120, Buffer.concat([Buffer.of(0xff, 0xf1, 0x6c, 0x40, 7, 0x9f, 0xfc), Buffer.alloc(53)]));
const file = (...parts: readonly Buffer[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const MAXIMUM_TAG_BYTES = 2 ** 28 - 1;

/** MP3, AAC and AMR whose tags are made to do harm. */
export const frameTagsHostile: readonly HostileFile[] = [
  {
    name: 'ID3 frame of 256 MB',
    format: 'mp3',
    bytes: () => file(tag(3, frame(Buffer.from('\0AIGC\0'), { size: MAXIMUM_TAG_BYTES }), { size: MAXIMUM_TAG_BYTES }), mpeg),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'ID3 all unsynchronised',
    format: 'mp3',
    bytes: () => file(tag(3, Buffer.concat([labelled(LABEL), Buffer.alloc(15 << 20, Buffer.of(0xff, 0))]), { flags: 0x80 }), mpeg),
    integrity: ['unsigned', 'malformed', 'absent'],
  },
  {
    name: 'ID3 compressed frame',
    format: 'mp3',
    bytes: () => file(tag(3, labelled(LABEL, { flags: 0x80 })), mpeg),
    integrity: ['malformed'],
  },
  {
    name: 'ID3 encrypted frame',
    format: 'mp3',
    bytes: () => file(tag(4, labelled(LABEL, { flags: 4, isSyncsafe: true })), mpeg),
    integrity: ['malformed'],
  },
  {
    name: 'ID3 extended header of 4 GB',
    format: 'mp3',
    bytes: () => file(tag(3, Buffer.concat([be32(0xffff_ffff), labelled(LABEL)]), { flags: 0x40 }), mpeg),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'ID3 extended header that is fine',
    format: 'mp3',
    bytes: () => file(tag(3, Buffer.concat([be32(6), Buffer.alloc(6), labelled(LABEL)]), { flags: 0x40 }), mpeg),
    integrity: ['unsigned'],
  },
  {
    name: 'ID3 of version 2.2',
    format: 'mp3',
    bytes: () => {
      const content = Buffer.from(`\0AIGC\0${LABEL}`, 'latin1');
      return file(tag(2, Buffer.concat([Buffer.from('TXX'), be32(content.length).subarray(1), content])), mpeg);
    },
    integrity: ['unsigned'],
  },
  {
    name: 'ID3 million of empty frames',
    format: 'mp3',
    bytes: () => file(tag(3, Buffer.alloc(10 << 20, frame(Buffer.alloc(0)))), mpeg),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'ID3 plain sizes in 2.4',
    format: 'mp3',
    bytes: () => file(tag(4, Buffer.concat([frame(Buffer.from(`\0A\0${'x'.repeat(300)}`)), labelled(LABEL)])), mpeg),
    integrity: ['unsigned'],
  },
  {
    name: 'ID3 twice, and they disagree',
    format: 'mp3',
    bytes: () => file(tag(3, labelled(LABEL)), tag(3, labelled(OTHER)), mpeg),
    integrity: ['ambiguous'],
  },
  {
    name: 'ID3 at the end',
    format: 'mp3',
    bytes: () => file(mpeg, tag(4, labelled(LABEL, { isSyncsafe: true }), { isFooted: true })),
    integrity: ['unsigned'],
  },
  {
    name: 'ID3 thousand tags in a row',
    format: 'mp3',
    bytes: () => file(Buffer.alloc(20 << 10, tag(3, Buffer.alloc(10))), mpeg),
    integrity: ['malformed', 'unsupported'],
  },
  {
    name: 'ADTS behind two tags that disagree',
    format: 'aac',
    bytes: () => file(tag(3, labelled(LABEL)), tag(3, labelled(OTHER)), adts),
    integrity: ['ambiguous'],
  },
  {
    name: 'APE tag of 4 billion items',
    format: 'aac',
    bytes: () => file(adts, Buffer.from('APETAGEX'), Buffer.alloc(8, Buffer.of(0xd0, 7, 0, 0)), be32(0xffff_ffff), Buffer.alloc(12)),
    integrity: ['malformed', 'unsupported'],
  },
  { name: 'AMR of nothing but its magic', format: 'amr', bytes: () => file(Buffer.from('#!AMR\n')), integrity: ['absent'] },
];
