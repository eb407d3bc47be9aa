// How the bytes of a text are told apart from its characters, without changing one of them.
import { latin1 } from '@aigc-label/core';

/** How a text is stored, as far as a byte order mark says: `bytes` is UTF-8 and every other superset of ASCII. */
export interface TextEncoding {
  readonly id: 'bytes' | 'utf-16le' | 'utf-16be';
  /** Length of the byte order mark. */
  readonly markBytes: number;
  /** Bytes of one code unit. */
  readonly unitBytes: 1 | 2;
}

const BYTES: TextEncoding = { id: 'bytes', markBytes: 0, unitBytes: 1 };
const UTF8_MARKED: TextEncoding = { id: 'bytes', markBytes: 3, unitBytes: 1 };
const UTF16LE: TextEncoding = { id: 'utf-16le', markBytes: 2, unitBytes: 2 };
const UTF16BE: TextEncoding = { id: 'utf-16be', markBytes: 2, unitBytes: 2 };

/** The encoding that the first bytes of a file declare with a byte order mark. */
export const encodingOf = (head: Uint8Array): TextEncoding => {
  const [first, second, third] = head;
  if (first === 0xff && second === 0xfe) {
    return UTF16LE;
  }
  if (first === 0xfe && second === 0xff) {
    return UTF16BE;
  }
  return first === 0xef && second === 0xbb && third === 0xbf ? UTF8_MARKED : BYTES;
};

/**
 * Bytes (without a byte order mark) as one character for each code unit, so that a character's index is a byte's offset over `unitBytes`.
 * ASCII is ASCII; everything else stands for itself only. Markup characters are never a trailing byte of GB18030, GBK, Big5 or Shift_JIS
 * (whose trailing bytes begin at 0x30 and 0x40), so structure can be found in this view of any of them. An odd last byte of UTF-16 is left out.
 */
export const unitsOf = (bytes: Uint8Array, encoding: TextEncoding): string => {
  if (encoding.unitBytes === 1) {
    return latin1(bytes);
  }
  const [low, high] = encoding.id === 'utf-16le' ? [0, 1] : [1, 0];
  let text = '';
  for (let start = 0; start + 1 < bytes.length; start += 8192) {
    const units: number[] = [];
    for (let at = start; at + 1 < bytes.length && at < start + 8192; at += 2) {
      units.push((bytes[at + low] ?? 0) | ((bytes[at + high] ?? 0) << 8));
    }
    text += String.fromCharCode.apply(null, units);
  }
  return text;
};

/** Text as bytes of a UTF-16 file or, for `bytes`, ASCII text as itself. Throws `TypeError` above ASCII for `bytes`: use `utf8` where that is known. */
export const encodeUnits = (text: string, encoding: TextEncoding): Uint8Array => {
  const bytes = new Uint8Array(text.length * encoding.unitBytes);
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (encoding.unitBytes === 1) {
      if (unit > 0x7f) {
        throw new TypeError('only ASCII can be written without knowing the encoding');
      }
      bytes[index] = unit;
    } else {
      bytes[2 * index + (encoding.id === 'utf-16le' ? 0 : 1)] = unit & 0xff;
      bytes[2 * index + (encoding.id === 'utf-16le' ? 1 : 0)] = unit >>> 8;
    }
  }
  return bytes;
};

/** What a person would read: UTF-16 as declared, else strict UTF-8, else GB18030 where all of it is valid, else Latin-1. Never fails. */
export const readable = (bytes: Uint8Array, encoding: TextEncoding): string => {
  if (encoding.unitBytes === 2) {
    return unitsOf(bytes, encoding);
  }
  return strictly('utf-8', bytes) ?? strictly('gb18030', bytes) ?? latin1(bytes);
};

/** The text, or `undefined` where the bytes are not wholly of this encoding. */
export const strictly = (label: string, bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

/** The bytes that a stretch of units stood for: the inverse of `unitsOf`. */
export const bytesOfUnits = (units: string, encoding: TextEncoding): Uint8Array => {
  if (encoding.unitBytes === 2) {
    return encodeUnits(units, encoding);
  }
  return Uint8Array.from(units, (unit) => unit.charCodeAt(0));
};
