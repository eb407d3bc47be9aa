import type { HostileFile } from './hostile-file.ts';

const guid = (text: string): Buffer => {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  return Buffer.concat([bytes.subarray(0, 4).reverse(), bytes.subarray(4, 6).reverse(), bytes.subarray(6, 8).reverse(), bytes.subarray(8)]);
};
const HEADER = '75B22630-668E-11CF-A6D9-00AA0062CE6C';
const DATA = '75B22636-668E-11CF-A6D9-00AA0062CE6C';
const CONTENT = 'D2D0A440-E307-11D2-97F0-00A0C95EA850';
const EXTENSION = '5FBF03B5-A92E-11CF-8EE3-00C00C205365';
const LIBRARY = '44231C94-9498-49D1-A141-1D134E457054';
const XMP = 'BE7ACFCB-97A9-42E8-9C71-999491E3AFAC';
const u64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return bytes;
};
const object = (name: string, data: Uint8Array, size = BigInt(24 + data.length)): Buffer => Buffer.concat([guid(name), u64(size), data]);
const header = (...children: readonly Uint8Array[]): Buffer =>
  object(HEADER, Buffer.concat([Buffer.from([children.length, 0, 0, 0, 1, 2]), ...children]));
const data = object(DATA, Buffer.alloc(26));
const values = (count: number, rest: Uint8Array): Buffer => Buffer.concat([Buffer.from([count & 255, count >> 8]), rest]);
const name = Buffer.from('AIGC\0', 'utf16le');
const NO_LABEL: HostileFile['integrity'] = ['malformed', 'unsupported'];
const file = (name: string, bytes: () => Uint8Array, integrity = NO_LABEL): HostileFile => ({ name, format: 'wmv', bytes, integrity });

/** ASF files that are made to do harm; sizes of 0 and below are music-metadata's CVE-2026-32256. */
export const asfHostile: readonly HostileFile[] = [
  file('an object of size 0 in the header', () => Buffer.concat([header(object(CONTENT, Buffer.alloc(4), 0n)), data])),
  file('an object of size -1 in the header', () => Buffer.concat([header(object(CONTENT, Buffer.alloc(4), -1n)), data])),
  file('an object of size 23 behind the header', () => Buffer.concat([header(), object(DATA, Buffer.alloc(30), 23n)])),
  file('a header of size 0', () => Buffer.concat([object(HEADER, Buffer.alloc(6), 0n), data])),
  file('a header of 2^63 bytes', () => Buffer.concat([object(HEADER, Buffer.alloc(6), 1n << 63n), data])),
  file('data of -24 bytes', () => Buffer.concat([header(), object(DATA, Buffer.alloc(30), -24n)])),
  file('65,535 values announced, none there', () => Buffer.concat([header(object(CONTENT, values(65_535, Buffer.alloc(0)))), data])),
  file('a name of 65,535 bytes', () => Buffer.concat([header(object(CONTENT, values(1, Buffer.from([255, 255, 0, 0, 0, 0])))), data])),
  file('a value of 4 GB in an extension', () => {
    const record = Buffer.concat([Buffer.from([0, 0, 0, 0, name.length, 0, 0, 0, 255, 255, 255, 255]), name]);
    return Buffer.concat([header(object(EXTENSION, Buffer.concat([Buffer.alloc(22), object(LIBRARY, values(1, record))]))), data]);
  }),
  file('extensions inside one another', () => {
    let inside: Buffer = Buffer.alloc(0);
    for (let depth = 0; depth < 1000; depth += 1) {
      inside = object(EXTENSION, Buffer.concat([Buffer.alloc(22), inside]));
    }
    return Buffer.concat([header(inside), data]);
  }, ['absent']),
  file('65,535 values under our key', () => {
    const record = Buffer.concat([Buffer.from([name.length, 0]), name, Buffer.from([3, 0, 4, 0, 1, 0, 0, 0])]);
    return Buffer.concat([header(object(CONTENT, values(65_535, Buffer.alloc(65_535 * record.length, record)))), data]);
  }),
  file('a million objects behind the data', () =>
    Buffer.concat([header(), data, Buffer.alloc(24_000_000 - 5_000_000, object(CONTENT, Buffer.alloc(0)))]),
  ),
  file('700,000 objects of XMP', () => Buffer.concat([header(), data, Buffer.alloc(24 * 700_000, object(XMP, Buffer.alloc(0)))])),
  file('XMP of 15 MB', () => Buffer.concat([header(), data, object(XMP, Buffer.alloc(15 << 20, 0x20))])),
];
