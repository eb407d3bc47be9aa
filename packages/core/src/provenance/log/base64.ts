import { decodeBase64url, encodeBase64url } from '../base64url.ts';

/** Bytes as standard base64 with padding (RFC 4648 §4), as signed notes have it. */
export const encodeBase64 = (bytes: Uint8Array): string => {
  const text = encodeBase64url(bytes).replaceAll('-', '+').replaceAll('_', '/');
  return text + '='.repeat((4 - (text.length % 4)) % 4);
};

/** Strict standard base64: padded, no other character, no bits left over, so that one value has one spelling; `undefined` otherwise. */
export const decodeBase64 = (text: string): Uint8Array | undefined => {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    return undefined;
  }
  return decodeBase64url(text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_'));
};
