// ISO 32000-1 §7.2 and §7.3: tokens and objects, as far as dictionaries are made of them. Nothing here recurses: nesting is a stack on the heap.
import { latin1 } from '@aigc-label/core';
import { pdfStringBytes } from './pdf-string.ts';

/** One entry of a dictionary; offsets are into the bytes that were parsed. */
export interface PdfDictionaryEntry {
  /** Without its slash, `#xx` decoded (§7.3.5). */
  readonly key: string;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** A dictionary (§7.3.7) and the bytes in which it stands. */
export interface PdfDictionary {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly entries: readonly PdfDictionaryEntry[];
  /** Behind its `>>`. */
  readonly end: number;
}

/** An indirect reference (§7.3.10). */
export interface PdfReference {
  readonly number: number;
  readonly generation: number;
}

/** White space (§7.2.2, table 1). */
export const isPdfSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0x0c || byte === 0x00;

const DELIMITERS: ReadonlySet<number> = new Set([...'()<>[]{}/%'].map((character) => character.charCodeAt(0)));

const isRegular = (byte: number | undefined): boolean => byte !== undefined && !isPdfSpace(byte) && !DELIMITERS.has(byte);

/** The offset behind white space and comments. */
export const skipPdfSpace = (bytes: Uint8Array, offset: number): number => {
  let at = offset;
  for (;;) {
    while (isPdfSpace(bytes[at])) {
      at += 1;
    }
    if (bytes[at] !== 0x25) {
      return at;
    }
    while (at < bytes.length && bytes[at] !== 0x0a && bytes[at] !== 0x0d) {
      at += 1;
    }
  }
};

/** Behind the value at `offset`; `undefined` where there is none, or where the bytes end before it does. */
export const pdfValueEnd = (bytes: Uint8Array, offset: number): number | undefined => {
  const open: ('array' | 'dictionary')[] = [];
  let at = offset;
  do {
    const token = tokenAt(bytes, at);
    if (token === undefined) {
      return undefined;
    }
    if (token.kind === 'array' || token.kind === 'dictionary') {
      open.push(token.kind);
    } else if (token.kind === 'array end' || token.kind === 'dictionary end') {
      if (`${open.pop()} end` !== token.kind) {
        return undefined;
      }
    }
    at = open.length === 0 ? token.end : skipPdfSpace(bytes, token.end);
  } while (open.length > 0);
  return behindReference(bytes, offset, at);
};

interface Token {
  readonly kind: 'scalar' | 'array' | 'array end' | 'dictionary' | 'dictionary end';
  readonly end: number;
}

const tokenAt = (bytes: Uint8Array, at: number): Token | undefined => {
  const first = bytes[at];
  const isDouble = bytes[at + 1] === first;
  switch (first) {
    case 0x28:
      return scalar(literalEnd(bytes, at));
    case 0x3c:
      return isDouble ? { kind: 'dictionary', end: at + 2 } : scalar(hexadecimalEnd(bytes, at));
    case 0x3e:
      return isDouble ? { kind: 'dictionary end', end: at + 2 } : undefined;
    case 0x5b:
      return { kind: 'array', end: at + 1 };
    case 0x5d:
      return { kind: 'array end', end: at + 1 };
    case 0x2f:
      return scalar(regularEnd(bytes, at + 1));
    default:
      return isRegular(first) ? scalar(regularEnd(bytes, at)) : undefined;
  }
};

const scalar = (end: number | undefined): Token | undefined => (end === undefined ? undefined : { kind: 'scalar', end });

const regularEnd = (bytes: Uint8Array, offset: number): number => {
  let at = offset;
  while (isRegular(bytes[at])) {
    at += 1;
  }
  return at;
};

/** §7.3.4.2: parentheses nest, a backslash takes the next byte along. */
const literalEnd = (bytes: Uint8Array, offset: number): number | undefined => {
  let depth = 0;
  for (let at = offset; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === 0x5c) {
      at += 1;
    } else if (byte === 0x28) {
      depth += 1;
    } else if (byte === 0x29) {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return undefined;
};

const hexadecimalEnd = (bytes: Uint8Array, offset: number): number | undefined => {
  const end = bytes.indexOf(0x3e, offset);
  return end < 0 ? undefined : end + 1;
};

/** Where the strings stand between two offsets that hold whole tokens, however deep (§7.3.4). */
export const pdfStrings = (bytes: Uint8Array, start: number, end: number): readonly { readonly start: number; readonly end: number }[] => {
  const strings: { readonly start: number; readonly end: number }[] = [];
  for (let at = skipPdfSpace(bytes, start); at < end; ) {
    const token = tokenAt(bytes, at);
    if (token === undefined) {
      break;
    }
    if (token.kind === 'scalar' && (bytes[at] === 0x28 || bytes[at] === 0x3c)) {
      strings.push({ start: at, end: token.end });
    }
    at = skipPdfSpace(bytes, token.end);
  }
  return strings;
};

/**
 * The tokens between two offsets that hold whole ones, however they are spaced and their strings are written: two values with the same tokens say the same. `undefined` where there
 * is something that is no token.
 */
export const pdfTokens = (bytes: Uint8Array, start: number, end: number): string | undefined => {
  let tokens = '';
  for (let at = skipPdfSpace(bytes, start); at < end; ) {
    const token = tokenAt(bytes, at);
    if (token === undefined || token.end > end) {
      return undefined;
    }
    const raw = bytes.subarray(at, token.end);
    const string = token.kind === 'scalar' && (bytes[at] === 0x28 || bytes[at] === 0x3c) ? pdfStringBytes(raw) : undefined;
    tokens += ` ${string === undefined ? latin1(raw) : `(${string.length}:${latin1(string)})`}`;
    at = skipPdfSpace(bytes, token.end);
  }
  return tokens;
};

/** Where an integer at `offset` begins `n g R`, the end of that. */
const behindReference = (bytes: Uint8Array, offset: number, end: number): number => {
  const found = /^\d{1,10}[\0\t\n\f\r ]+\d{1,5}[\0\t\n\f\r ]+R(?![^\0\t\n\f\r ()<>[\]{}/%])/.exec(latin1(bytes.subarray(offset, offset + 48)));
  return found === null ? end : offset + found[0].length;
};

/** The dictionary at `offset`; `undefined` where there is none, or where the bytes end before it does. */
export const parsePdfDictionary = (bytes: Uint8Array, offset: number): PdfDictionary | undefined => {
  if (bytes[offset] !== 0x3c || bytes[offset + 1] !== 0x3c) {
    return undefined;
  }
  const entries: PdfDictionaryEntry[] = [];
  let at = skipPdfSpace(bytes, offset + 2);
  while (bytes[at] === 0x2f) {
    const start = at;
    const keyEnd = regularEnd(bytes, at + 1);
    const valueStart = skipPdfSpace(bytes, keyEnd);
    const valueEnd = pdfValueEnd(bytes, valueStart);
    if (valueEnd === undefined) {
      return undefined;
    }
    entries.push({ key: nameOf(bytes.subarray(start + 1, keyEnd)), start, valueStart, valueEnd });
    at = skipPdfSpace(bytes, valueEnd);
  }
  return bytes[at] === 0x3e && bytes[at + 1] === 0x3e ? { bytes, start: offset, entries, end: at + 2 } : undefined;
};

const nameOf = (bytes: Uint8Array): string =>
  latin1(bytes).replace(/#([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

/** The value of a key as it stands, the first where the key stands twice. */
export const pdfValue = (dictionary: PdfDictionary, key: string): Uint8Array | undefined => {
  const entry = dictionary.entries.find((one) => one.key === key);
  return entry === undefined ? undefined : dictionary.bytes.subarray(entry.valueStart, entry.valueEnd);
};

/** An unsigned integer that stands directly in a dictionary. */
export const pdfInteger = (value: Uint8Array | undefined): number | undefined =>
  value !== undefined && value.length <= 16 && /^\+?\d{1,15}$/.test(latin1(value)) ? Number(latin1(value)) : undefined;

/** The parts of an array that is nothing but values; `undefined` where it is no array, or has more than `limit`. */
export const pdfArray = (value: Uint8Array | undefined, limit: number): readonly Uint8Array[] | undefined => {
  if (value === undefined || value[0] !== 0x5b) {
    return undefined;
  }
  const parts: Uint8Array[] = [];
  let at = skipPdfSpace(value, 1);
  while (at < value.length - 1 && parts.length < limit) {
    const end = pdfValueEnd(value, at);
    if (end === undefined) {
      return undefined;
    }
    parts.push(value.subarray(at, end));
    at = skipPdfSpace(value, end);
  }
  return at === value.length - 1 ? parts : undefined;
};

/** An indirect reference. */
export const pdfReference = (value: Uint8Array | undefined): PdfReference | undefined => {
  const found = value === undefined || value.length > 48 ? null : /^(\d{1,10})[\0\t\n\f\r ]+(\d{1,5})[\0\t\n\f\r ]+R$/.exec(latin1(value));
  return found === null ? undefined : { number: Number(found[1]), generation: Number(found[2]) };
};

/** A name, without its slash. */
export const pdfName = (value: Uint8Array | undefined): string | undefined => (value?.[0] === 0x2f ? nameOf(value.subarray(1)) : undefined);
