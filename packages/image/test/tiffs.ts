// A builder and an own reader of TIFF files; none of it uses the reader under test.
import { ascii, concat, latin1, utf8 } from '@aigc-label/core';
import { withoutLabel } from './packets.ts';

export interface Field {
  readonly tag: number;
  readonly type: number;
  /** Bytes as they stand, or numbers of the type, or directories to point to. */
  readonly data: Uint8Array | readonly number[] | readonly Directory[];
  /** Another entry's value is used. */
  readonly sharedWith?: Field;
}
export type Directory = readonly Field[];

export interface TiffOptions {
  readonly isBigEndian?: boolean;
  readonly isBigTiff?: boolean;
  readonly magic?: number;
  /** Behind the header. */
  readonly mark?: Uint8Array;
  readonly tail?: Uint8Array;
}

const SIZES: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 10: 8, 13: 4, 16: 8, 18: 8 };

export const field = (tag: number, type: number, ...data: readonly number[]): Field => ({ tag, type, data });
export const text = (tag: number, value: string): Field => ({ tag, type: 2, data: utf8(`${value}\0`) });
export const raw = (tag: number, type: number, data: Uint8Array): Field => ({ tag, type, data });
export const sub = (tag: number, ...data: readonly Directory[]): Field => ({ tag, type: 4, data });

/** Pages with their pixels before them, as many writers do. */
export const tiffFile = (
  pages: readonly Directory[],
  { isBigEndian = false, isBigTiff = false, magic, mark, tail }: TiffOptions = {},
): Uint8Array => {
  const word = isBigTiff ? 8 : 4;
  const number = (value: number, size: number): Uint8Array => {
    const bytes = new Uint8Array(size);
    for (let index = 0, rest = value; index < size; index += 1) {
      bytes[isBigEndian ? size - 1 - index : index] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    return bytes;
  };
  let file: Uint8Array = concat(
    ascii(isBigEndian ? 'MM' : 'II'),
    number(magic ?? (isBigTiff ? 43 : 42), 2),
    isBigTiff ? concat(number(8, 2), number(0, 2)) : new Uint8Array(),
    number(0, word),
    mark ?? new Uint8Array(),
  );
  const put = (bytes: Uint8Array): number => {
    file = concat(file, new Uint8Array(file.length % 2));
    const at = file.length;
    file = concat(file, bytes);
    return at;
  };
  const values = new Map<Field, number>();
  const nextAt: number[] = [];
  const write = (directory: Directory): number => {
    const entries = directory
      .toSorted((a, b) => a.tag - b.tag)
      .map((one) => {
        const { tag, type } = one;
        const data = (one.sharedWith ?? one).data;
        const bytes =
          data instanceof Uint8Array
            ? data
            : concat(...data.map((item) => number(typeof item === 'number' ? item : write(item), SIZES[type] as number)));
        const isInline = bytes.length <= word;
        const at = isInline ? 0 : (values.get(one.sharedWith ?? one) ?? put(bytes));
        values.set(one.sharedWith ?? one, at);
        const value = isInline ? concat(bytes, new Uint8Array(word - bytes.length)) : number(at, word);
        return concat(number(tag, 2), number(type, 2), number(bytes.length / (SIZES[type] as number), word), value);
      });
    const at = put(concat(number(entries.length, isBigTiff ? 8 : 2), ...entries, number(0, word)));
    nextAt.push(file.length - word);
    return at;
  };
  let pointer = word;
  for (const page of pages) {
    const at = write(page);
    file.set(number(at, word), pointer);
    pointer = nextAt.at(-1) as number;
  }
  return concat(file, tail ?? new Uint8Array());
};

/** Adds a strip, and where it stands: pixels come before everything else. */
export const withStrip = (build: (strip: Directory) => Uint8Array, pixels: Uint8Array): Uint8Array => {
  const draft = build([raw(273, 4, new Uint8Array(4)), field(279, 4, pixels.length), raw(0xfde8, 7, pixels)]);
  const at = latin1(draft).indexOf(latin1(pixels));
  return build([field(273, 4, at), field(279, 4, pixels.length), raw(0xfde8, 7, pixels)]);
};

/** Every entry of every directory with its value, pixels too; XMP without our label, label texts as nothing. */
export const contentOf = (bytes: Uint8Array): readonly string[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = bytes[0] === 0x49;
  const big = view.getUint16(2, little) === 43;
  const word = big ? 8 : 4;
  const number = (at: number, size: number): number =>
    size === 1
      ? (bytes[at] as number)
      : size === 2
        ? view.getUint16(at, little)
        : size === 4
          ? view.getUint32(at, little)
          : Number(view.getBigUint64(at, little));
  const found: string[] = [];
  const walk = (first: number, site: string): void => {
    for (let at = first, page = 0; at !== 0; page += 1) {
      const countBytes = big ? 8 : 2;
      const entryBytes = big ? 20 : 12;
      const count = number(at, countBytes);
      const entries = new Map<number, { type: number; many: number; at: number; bytes: Uint8Array }>();
      for (let index = 0; index < count; index += 1) {
        const entry = at + countBytes + index * entryBytes;
        const [tag, type, many] = [number(entry, 2), number(entry + 2, 2), number(entry + 4, word)];
        const size = many * (SIZES[type] ?? 1);
        const valueAt = size <= word ? entry + 4 + word : number(entry + 4 + word, word);
        entries.set(tag, { type, many, at: valueAt, bytes: bytes.slice(valueAt, valueAt + size) });
      }
      const numbers = (tag: number): readonly number[] => {
        const entry = entries.get(tag);
        return entry === undefined
          ? []
          : Array.from({ length: entry.many }, (_, index) => number(entry.at + index * (SIZES[entry.type] ?? 1), SIZES[entry.type] ?? 1));
      };
      for (const [tag, entry] of entries) {
        const name = `${site}${page}/${tag}`;
        if (tag === 700) {
          const packet = new TextDecoder().decode(entry.bytes).trim();
          const rest = withoutLabel(packet.replace(/<rdf:Description [^<>]*TC260:AIGC="[^"]*"\/>/, ''));
          found.push(...(rest === '' ? [] : [`${name} ${rest}`]));
        } else if ([0x14a, 0x8769].includes(tag)) {
          found.push(`${name} ${entry.type} ${entry.many}`);
          for (const [index, target] of numbers(tag).entries()) {
            walk(target, `${name}.${index}:`);
          }
        } else {
          const value = latin1(entry.bytes);
          const isLabel = /"\0?A\0?I\0?G\0?C\0?"/.test(value) || /^(?:ASCII\0\0\0|UNICODE\0)?[ \0]+$/.test(value);
          found.push(`${name} ${entry.type} ${entry.many} ${isLabel && entry.bytes.length > 20 ? 'a label, or spaces' : value}`);
        }
      }
      for (const [index, offset] of [...numbers(273), ...numbers(324)].entries()) {
        const length = [...numbers(279), ...numbers(325)][index] ?? 0;
        found.push(`${site}${page} pixels ${latin1(bytes.subarray(offset, offset + length))}`);
      }
      at = number(at + countBytes + count * entryBytes, word);
    }
  };
  walk(number(word, word), '');
  return found;
};
