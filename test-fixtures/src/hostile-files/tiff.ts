import { sampleSlotText } from '../slot-text.ts';
import type { HostileFile } from './hostile-file.ts';

type Entry = readonly [tag: number, type: number, count: number, value: number];

const XMP = 700;
const SUB = 0x014a;
const EXIF = 0x8769;
const NONE: HostileFile['integrity'] = ['malformed', 'unsupported'];

/** A directory of little-endian TIFF. */
const table = (entries: readonly Entry[], next = 0): Buffer => {
  const bytes = Buffer.alloc(2 + entries.length * 12 + 4);
  bytes.writeUInt16LE(entries.length, 0);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 2 + index * 12;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(type, at + 2);
    bytes.writeUInt32LE(count, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  bytes.writeUInt32LE(next, bytes.length - 4);
  return bytes;
};
const header = (first = 8): Buffer => Buffer.from([0x49, 0x49, 42, 0, first, 0, 0, 0]);
const file = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat([header(), ...parts]));
const packetOf = (value: string): Buffer =>
  Buffer.from(
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ' +
      `xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><TC260:AIGC>${value}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>`,
  );
const PACKET = packetOf(sampleSlotText.value);

/** BigTIFF with one entry whose count and value are given. */
const big = (entries: bigint, count: bigint, value: bigint, first = 16n): Uint8Array => {
  const bytes = Buffer.alloc(16 + 8 + 20 + 8);
  bytes.set([0x49, 0x49, 43, 0, 8, 0, 0, 0]);
  bytes.writeBigUInt64LE(first, 8);
  bytes.writeBigUInt64LE(entries, 16);
  bytes.writeUInt16LE(XMP, 24);
  bytes.writeUInt16LE(7, 26);
  bytes.writeBigUInt64LE(count, 28);
  bytes.writeBigUInt64LE(value, 36);
  return new Uint8Array(bytes);
};

const box = (type: string, size: number, bytes = Math.max(8, size)): Buffer => {
  const whole = Buffer.alloc(bytes);
  whole.writeUInt32BE(size, 0);
  whole.write(type, 4, 'latin1');
  return whole;
};

/** TIFF, BigTIFF and raw files that are made to do harm (spec/provenance.md §4.4). */
export const tiffHostile: readonly HostileFile[] = [
  { name: 'IFD loop', format: 'tiff', bytes: () => file(table([[256, 3, 1, 1]], 8)), integrity: NONE },
  {
    name: 'IFD loop behind a label',
    format: 'tiff',
    bytes: () => file(table([[XMP, 7, PACKET.length, 26]], 8), PACKET),
    integrity: ['unsigned', 'malformed', 'unsupported'],
  },
  {
    name: 'IFD loop through a SubIFD',
    format: 'tiff',
    bytes: () =>
      file(
        table([
          [SUB, 4, 1, 8],
          [EXIF, 4, 1, 8],
        ]),
      ),
    integrity: NONE,
  },
  { name: '4 GB of XMP announced', format: 'tiff', bytes: () => file(table([[XMP, 7, 0xffffffff, 8]])), integrity: NONE },
  { name: '4 GB of SubIFDs announced', format: 'tiff', bytes: () => file(table([[SUB, 4, 0xffffffff, 8]])), integrity: NONE },
  {
    name: '4 GB of comment announced',
    format: 'tiff',
    bytes: () => file(table([[EXIF, 4, 1, 26]]), table([[0x9286, 7, 0xffffffff, 8]])),
    integrity: NONE,
  },
  { name: 'BigTIFF: 2^64 entries', format: 'tiff', bytes: () => big(2n ** 64n - 1n, 1n, 0n), integrity: NONE },
  { name: 'BigTIFF: 2^63 bytes of XMP', format: 'tiff', bytes: () => big(1n, 2n ** 63n, 16n), integrity: NONE },
  { name: 'BigTIFF: XMP at 2^64', format: 'tiff', bytes: () => big(1n, 100n, 2n ** 64n - 50n), integrity: NONE },
  { name: 'BigTIFF: IFD0 at 2^64', format: 'tiff', bytes: () => big(1n, 100n, 0n, 2n ** 64n - 1n), integrity: NONE },
  {
    name: '65,535 entries of XMP',
    format: 'tiff',
    bytes: () => file(table(Array.from({ length: 65_535 }, (_, index): Entry => [XMP, 7, 16, 8 + index]))),
    integrity: NONE,
  },
  {
    name: '65,535 entries of SubIFDs, 256 each',
    format: 'tiff',
    bytes: () => file(table(Array.from({ length: 60_000 }, (_, index): Entry => [SUB, 4, 256, 8 + index]))),
    integrity: NONE,
  },
  {
    name: '65,535 descriptions',
    format: 'tiff',
    bytes: () => file(table(Array.from({ length: 65_000 }, (): Entry => [270, 2, 60_000, 16]))),
    integrity: NONE,
  },
  {
    name: 'a million pages',
    format: 'tiff',
    bytes: () => {
      const page = 18;
      const pages = new Uint8Array(1_000_000 * page);
      for (let index = 0; index < 1_000_000; index += 1) {
        pages.set(table([[256, 3, 1, 1]], 8 + (index + 1) * page), index * page);
      }
      return file(pages);
    },
    integrity: NONE,
  },
  { name: 'XMP of 19 MB', format: 'tiff', bytes: () => file(table([[XMP, 7, 19_000_000, 26]]), Buffer.alloc(19_000_000, PACKET)), integrity: NONE },
  {
    name: 'pages that disagree',
    format: 'tiff',
    bytes: () => {
      const other = packetOf(sampleSlotText.value.replace('"1"', '"2"'));
      return file(table([[XMP, 7, PACKET.length, 44]], 26), table([[XMP, 7, other.length, 44 + PACKET.length]]), PACKET, other);
    },
    integrity: ['ambiguous'],
  },
  {
    name: 'a description of 30,000 levels',
    format: 'tiff',
    bytes: () => {
      const text = Buffer.from(`{"AIGC":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_001)}\0`);
      return file(table([[270, 2, text.length, 26]]), text);
    },
    integrity: NONE,
  },
  {
    name: 'thousands of labels behind the end',
    format: 'tiff',
    bytes: () => file(table([[256, 3, 1, 1]]), Buffer.from(`${'AIGC{"a":'.repeat(2_000)}}`)),
    integrity: ['absent'],
  },
  {
    name: 'DNG whose directory is cut',
    format: 'dng',
    bytes: () =>
      file(
        table([
          [0xc612, 1, 4, 1],
          [XMP, 7, 9, 8],
        ]).subarray(0, 20),
      ),
    integrity: NONE,
  },
  {
    name: 'RAF whose preview is the file itself',
    format: 'raw',
    bytes: () => {
      const raf = Buffer.alloc(200);
      raf.write('FUJIFILMCCD-RAW 0201', 0, 'latin1');
      raf.writeUInt32BE(0xffffffff, 0x58);
      return new Uint8Array(raf);
    },
    integrity: NONE,
  },
  {
    name: 'CR3 of a million boxes',
    format: 'raw',
    bytes: () => new Uint8Array(Buffer.concat([Buffer.from('\0\0\0\x10ftypcrx \0\0\0\x01', 'latin1'), Buffer.alloc(8_000_000, box('free', 8))])),
    integrity: NONE,
  },
  {
    name: 'CR3 with a box of size 7',
    format: 'raw',
    bytes: () => new Uint8Array(Buffer.concat([Buffer.from('\0\0\0\x10ftypcrx \0\0\0\x01', 'latin1'), box('uuid', 7, 16)])),
    integrity: NONE,
  },
  {
    name: 'MRW whose blocks overlap',
    format: 'raw',
    bytes: () => {
      const mrw = Buffer.alloc(1_000);
      mrw.write('\0MRM\xff\xff\xff\xff', 0, 'latin1');
      return new Uint8Array(mrw);
    },
    integrity: NONE,
  },
];
