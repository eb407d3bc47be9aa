/** Bytes of a hexadecimal text of either case, at most `maximumBytes`; `undefined` where it is none, or empty, or longer. */
export const decodeHex = (text: unknown, maximumBytes: number): Uint8Array | undefined => {
  if (typeof text !== 'string' || text.length === 0 || text.length % 2 === 1 || text.length > maximumBytes * 2 || !/^[0-9A-Fa-f]+$/.test(text)) {
    return undefined;
  }
  return Uint8Array.from({ length: text.length / 2 }, (_, index) => Number.parseInt(text.slice(index * 2, index * 2 + 2), 16));
};

/** Bytes as lower-case hexadecimal. */
export const encodeHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
