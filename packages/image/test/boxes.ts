// Boxes for tests, built and taken apart without the code under test.
import { createHash } from 'node:crypto';

export const bytesOf = (...parts: readonly (string | Uint8Array)[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))));
export const number = (value: number, width: number): Uint8Array => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return new Uint8Array(bytes.subarray(8 - width));
};
export const box = (type: string, ...content: readonly (string | Uint8Array)[]): Uint8Array => {
  const body = bytesOf(...content);
  return bytesOf(number(8 + body.length, 4), type, body);
};
/** The same with size 0: to the end of the file. */
export const openBox = (type: string, ...content: readonly (string | Uint8Array)[]): Uint8Array => bytesOf(number(0, 4), type, ...content);
/** The same with a 64-bit size. */
export const wideBox = (type: string, ...content: readonly (string | Uint8Array)[]): Uint8Array => {
  const body = bytesOf(...content);
  return bytesOf(number(1, 4), type, number(16 + body.length, 8), body);
};

export interface Found {
  readonly type: string;
  readonly start: number;
  /** Where the content begins. */
  readonly inside: number;
  readonly end: number;
}

/** The boxes between two offsets, as far as they can be followed. */
export const boxesIn = (bytes: Uint8Array, start = 0, end = bytes.length): readonly Found[] => {
  const file = Buffer.from(bytes);
  const found: Found[] = [];
  for (let at = start; at + 8 <= end; ) {
    const size = file.readUInt32BE(at);
    const whole = size === 0 ? end - at : size === 1 ? Number(file.readBigUInt64BE(at + 8)) : size;
    if (whole < 8 || at + whole > end) {
      break;
    }
    found.push({ type: file.toString('latin1', at + 4, at + 8), start: at, inside: at + (size === 1 ? 16 : 8), end: at + whole });
    at += whole;
  }
  return found;
};

export const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

/** An Exif text that is a label and nothing else counts as spaces. */
export const withoutComment = (exif: Uint8Array): string =>
  Buffer.from(exif)
    .toString('latin1')
    .replace(/\{"AIGC":\{[^}]*\}\}/, (label) => ' '.repeat(label.length));
