// Builders of small ASF files, and an own cutter of what must stay untouched; none of it uses the reader under test.
import { bytesOf, le32 } from './mp3-files.ts';

const guid = (text: string): Uint8Array => {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  return bytesOf(bytes.subarray(0, 4).reverse(), bytes.subarray(4, 6).reverse(), bytes.subarray(6, 8).reverse(), bytes.subarray(8));
};
const le16 = (value: number): number[] => [value & 255, value >> 8];
const le64 = (value: number): number[] => [...le32(value), ...le32(Math.floor(value / 2 ** 32))];
const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`${text}\0`, 'utf16le'));

/** An object; `size` is announced instead of the true one. */
export const asfObject = (name: string, data: Uint8Array, size: number = 24 + data.length): Uint8Array => bytesOf(guid(name), le64(size), data);

export const CONTENT = 'D2D0A440-E307-11D2-97F0-00A0C95EA850';
export const LIBRARY = '44231C94-9498-49D1-A141-1D134E457054';
export const DATA = '75B22636-668E-11CF-A6D9-00AA0062CE6C';
export const XMP = 'BE7ACFCB-97A9-42E8-9C71-999491E3AFAC';
export const SIGNATURE = '2211B3FC-BD23-11D2-B4B7-00A0C955FC6E';
const HEADER = '75B22630-668E-11CF-A6D9-00AA0062CE6C';
const PROPERTIES = '8CABDCA1-A947-11CF-8EE4-00C00C205365';
const EXTENSION = '5FBF03B5-A92E-11CF-8EE3-00C00C205365';
const STREAM = 'B7DC0791-A9B7-11CF-8EE6-00C00C205365';

/** One value of an Extended Content Description. */
export const contentValue = (name: string, text: string): Uint8Array =>
  bytesOf(le16(utf16(name).length), utf16(name), le16(0), le16(utf16(text).length), utf16(text));
/** One value of a Metadata Library. */
export const libraryValue = (name: string, text: string): Uint8Array =>
  bytesOf(le16(0), le16(0), le16(utf16(name).length), le16(0), le32(utf16(text).length), utf16(name), utf16(text));
export const list = (type: string, ...values: readonly Uint8Array[]): Uint8Array => asfObject(type, bytesOf(le16(values.length), ...values));
export const extension = (...children: readonly Uint8Array[]): Uint8Array => {
  const inside = bytesOf(...children);
  return asfObject(EXTENSION, bytesOf(guid('ABD3D211-A9BA-11CF-8EE6-00C00C205365'), le16(6), le32(inside.length), inside));
};
export const stream = (kind: 'audio' | 'video'): Uint8Array =>
  asfObject(
    STREAM,
    bytesOf(guid(kind === 'audio' ? 'F8699E40-5B4D-11CF-A8FD-00805F5C442B' : 'BC19EFC0-5B4D-11CF-A8FD-00805F5C442B'), new Uint8Array(38)),
  );
export const data: Uint8Array = asfObject(
  DATA,
  Uint8Array.from({ length: 200 }, (_, index) => (index * 37 + 11) & 255),
);
export const simpleIndex: Uint8Array = asfObject('33000890-E5B1-11CF-89F4-00A0C90349CB', new Uint8Array(38));

/** An ASF file; its File Properties tell its size, or that it is a broadcast. */
export const asfFile = (children: readonly Uint8Array[], objects: readonly Uint8Array[] = [data], isBroadcast = false): Uint8Array => {
  const header = (sizeBytes: number): Uint8Array => {
    const properties = asfObject(
      PROPERTIES,
      bytesOf(new Uint8Array(16), le64(sizeBytes), new Uint8Array(40), le32(isBroadcast ? 1 : 2), new Uint8Array(12)),
    );
    return asfObject(HEADER, bytesOf(le32(children.length + 1), 1, 2, properties, ...children));
  };
  const sizeBytes = bytesOf(header(0), ...objects).length;
  return bytesOf(header(sizeBytes), ...objects);
};

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Every object but XMP, without sizes, the values of lists without ours, and how far the size in File Properties is from the truth. */
export const foreignObjects = (bytes: Uint8Array): readonly string[] => {
  const view = Buffer.from(bytes);
  const lines: string[] = [];
  const walk = (start: number, end: number): void => {
    for (let at = start; at + 24 <= end; ) {
      const next = at + Number(view.readBigUInt64LE(at + 16));
      const type = hex(view.subarray(at, at + 4));
      if (next < at + 24 || next > end) {
        lines.push(hex(view.subarray(at, end)));
        return;
      }
      if (type === '3026b275') {
        lines.push(hex(view.subarray(at + 24, at + 30)));
        walk(at + 30, next);
      } else if (type === 'b503bf5f') {
        lines.push(`extension ${view.readUInt32LE(at + 42) - (next - at)}`);
        walk(at + 46, next);
      } else if (type === '40a4d0d2' || type === '941c2344') {
        lines.push(`${type} ${view.readUInt16LE(at + 24) - countOf(view.subarray(at, next))} ${withoutOurs(view.subarray(at + 26, next))}`);
      } else if (type === 'a1dcab8c') {
        const copy = Buffer.from(view.subarray(at, next));
        const isTrue = Number(copy.readBigUInt64LE(40)) === bytes.length;
        lines.push(isTrue ? 'true size' : 'other size', hex(copy.fill(0, 40, isTrue ? 48 : 40)));
      } else if (type !== 'cbcf7abe') {
        lines.push(hex(view.subarray(at, next)));
      }
      at = next;
    }
  };
  walk(0, bytes.length);
  return lines;
};

const NAME = Buffer.from('AIGC\0', 'utf16le');
const countOf = (bytes: Buffer): number => bytes.toString('latin1').split(NAME.toString('latin1')).length - 1;

/** A value of ours is an object in braces under our name; language, stream and lengths stand in front of it. */
const withoutOurs = (bytes: Buffer): string =>
  bytes
    .toString('utf16le')
    .replace(/.(?:WM\/)?AIGC\0..\{[^\0]*\}\0/gs, '')
    .replace(/.{6}AIGC\0\{[^\0]*\}\0/gs, '');
