// ISO 32000-1 §7.3.4 and §7.9.2: string objects, and what text they hold.
import { ascii, fromUtf8, latin1 } from '@aigc-label/core';

/** A string object as text. */
export interface PdfText {
  readonly text: string;
  /** The bytes between its brackets as they stand, nothing unescaped, for strings that were written without escaping. */
  readonly raw: string;
  /** Whether it is a literal string without a byte order mark, as `encodePdfString` writes one. */
  readonly isPlain: boolean;
}

/** The bytes of a literal or hexadecimal string; `undefined` where it is no string. */
export const pdfStringBytes = (value: Uint8Array): Uint8Array | undefined => {
  const inner = value.subarray(1, -1);
  if (isLiteral(value)) {
    return unescaped(inner);
  }
  return value[0] === 0x3c && value[1] !== 0x3c && value.at(-1) === 0x3e ? fromHexadecimal(latin1(inner)) : undefined;
};

/** What a string says: UTF-16 or UTF-8 by its mark, else PDFDocEncoding; `undefined` where it is no string or no text. */
export const decodePdfString = (value: Uint8Array): PdfText | undefined => {
  const bytes = pdfStringBytes(value);
  const decoded = bytes === undefined ? undefined : decodePdfText(bytes);
  const inner = value.subarray(1, -1);
  return decoded === undefined
    ? undefined
    : { text: decoded.text, raw: fromUtf8(inner) ?? latin1(inner), isPlain: isLiteral(value) && !decoded.hasMark };
};

/** The same for bytes that were a string; `undefined` where they are no text. */
export const decodePdfText = (bytes: Uint8Array): { readonly text: string; readonly hasMark: boolean } | undefined => {
  const mark = markOf(bytes);
  const text = mark === undefined ? fromPdfDoc(bytes) : mark.decode(bytes.subarray(mark.bytes));
  return text === undefined ? undefined : { text, hasMark: mark !== undefined };
};

const isLiteral = (value: Uint8Array): boolean => value[0] === 0x28 && value.at(-1) === 0x29;

/** Any bytes as a hexadecimal string. */
export const hexadecimalPdfString = (bytes: Uint8Array): Uint8Array =>
  ascii(`<${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}>`);

/** Printable ASCII as a literal string. Anything else is a `TypeError`. */
export const encodePdfString = (text: string): Uint8Array => {
  if (!/^[\x20-\x7e]*$/.test(text)) {
    throw new TypeError('not printable ASCII');
  }
  return ascii(`(${text.replace(/[\\()]/g, '\\$&')})`);
};

const ESCAPES: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, f: 0x0c };

/** §7.3.4.2, table 3. */
const unescaped = (inner: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(inner.length);
  let length = 0;
  for (let at = 0; at < inner.length; at += 1) {
    let byte = inner[at] as number;
    if (byte === 0x5c) {
      at += 1;
      const octal = /^[0-7]{1,3}/.exec(latin1(inner.subarray(at, at + 3)))?.[0];
      if (octal !== undefined) {
        byte = Number.parseInt(octal, 8) & 0xff;
        at += octal.length - 1;
      } else if (inner[at] === 0x0d || inner[at] === 0x0a) {
        at += inner[at] === 0x0d && inner[at + 1] === 0x0a ? 1 : 0;
        continue;
      } else if (at < inner.length) {
        byte = ESCAPES[String.fromCharCode(inner[at] as number)] ?? (inner[at] as number);
      }
    } else if (byte === 0x0d) {
      // An end of line that is not escaped is one line feed, however it was written.
      at += inner[at + 1] === 0x0a ? 1 : 0;
      byte = 0x0a;
    }
    bytes[length] = byte;
    length += 1;
  }
  return bytes.subarray(0, length);
};

/** §7.3.4.3: white space is passed over, and a missing last digit is 0. */
const fromHexadecimal = (inner: string): Uint8Array | undefined => {
  const digits = inner.replace(/[\0\t\n\f\r ]+/g, '');
  if (!/^[0-9A-Fa-f]*$/.test(digits)) {
    return undefined;
  }
  return Uint8Array.from({ length: Math.ceil(digits.length / 2) }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2).padEnd(2, '0'), 16),
  );
};

interface Mark {
  readonly bytes: number;
  decode(bytes: Uint8Array): string | undefined;
}

/** §7.9.2.2, and UTF-8 of ISO 32000-2; little-endian UTF-16 is nobody's rule and yet written. */
const markOf = (bytes: Uint8Array): Mark | undefined => {
  const [first, second, third] = bytes;
  if (first === 0xfe && second === 0xff) {
    return { bytes: 2, decode: (rest) => decodeUtf16(rest, 'utf-16be') };
  }
  if (first === 0xff && second === 0xfe) {
    return { bytes: 2, decode: (rest) => decodeUtf16(rest, 'utf-16le') };
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? { bytes: 3, decode: fromUtf8 } : undefined;
};

const decodeUtf16 = (bytes: Uint8Array, label: 'utf-16be' | 'utf-16le'): string | undefined => {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** ISO 32000-1 annex D.3: where PDFDocEncoding is not Latin-1. */
const ACCENTS = '˘ˇˆ˙˝˛˚˜';
const HIGH = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\ufffd€';

/** Without a mark; many writers put UTF-8 there all the same, and text in PDFDocEncoding is hardly ever valid UTF-8. */
const fromPdfDoc = (bytes: Uint8Array): string => {
  const asUtf8 = bytes.some((byte) => byte >= 0x80) ? fromUtf8(bytes) : undefined;
  return (
    asUtf8 ??
    latin1(bytes).replace(/[\x18-\x1f\x80-\xa0]/g, (character) => {
      const code = character.charCodeAt(0);
      return (code < 0x80 ? ACCENTS[code - 0x18] : HIGH[code - 0x80]) ?? character;
    })
  );
};
