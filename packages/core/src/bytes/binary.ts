/** Small, allocation-light readers and writers of binary fields, shared by every container. */

/** Joins byte arrays. */
export const concat = (...parts: readonly Uint8Array[]): Uint8Array => {
  const joined = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
};

/** ASCII text as bytes; a character above 0x7F is a `TypeError`. */
export const ascii = (text: string): Uint8Array => {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) {
      throw new TypeError(`not ASCII: ${JSON.stringify(text)}`);
    }
    bytes[index] = code;
  }
  return bytes;
};

/** Bytes as Latin-1 text: one character a byte, never fails. */
export const latin1 = (bytes: Uint8Array): string => {
  let text = '';
  for (let index = 0; index < bytes.length; index += 8192) {
    // Not spread: that walks an iterator, and takes six times as long.
    text += String.fromCharCode.apply(null, bytes.subarray(index, index + 8192) as unknown as number[]);
  }
  return text;
};

const encoder = new TextEncoder();
const strictDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Text as UTF-8 bytes. */
export const utf8 = (text: string): Uint8Array => encoder.encode(text);

/** Strict UTF-8 to text (a byte order mark is kept as a character); `undefined` where the bytes are not UTF-8. */
export const fromUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return undefined;
  }
};

/** Whether `bytes` holds `expected` at `offset`. */
export const startsWith = (bytes: Uint8Array, expected: Uint8Array, offset = 0): boolean =>
  offset >= 0 && offset + expected.length <= bytes.length && expected.every((byte, index) => bytes[offset + index] === byte);

/** Whether two byte arrays are equal. */
export const equalBytes = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && startsWith(a, b);

/** A `DataView` over exactly these bytes. */
export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The 32-bit unsigned number at `offset`, most significant byte first; bytes that are not there count as 0. For walks of many headers: it makes no view. */
export const u32At = (bytes: Uint8Array, offset: number): number =>
  (((bytes[offset] ?? 0) << 24) | ((bytes[offset + 1] ?? 0) << 16) | ((bytes[offset + 2] ?? 0) << 8) | (bytes[offset + 3] ?? 0)) >>> 0;

/** A 32-bit unsigned number, most significant byte first. */
export const u32be = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value);
  return bytes;
};

/** A 32-bit unsigned number, least significant byte first. */
export const u32le = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  viewOf(bytes).setUint32(0, value, true);
  return bytes;
};

/** A 16-bit unsigned number, most significant byte first. */
export const u16be = (value: number): Uint8Array => Uint8Array.of((value >>> 8) & 0xff, value & 0xff);
