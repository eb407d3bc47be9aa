import { base64url } from 'jose';
import { fromUtf8, utf8 } from '../bytes/binary.ts';

/** Bytes as base64url without padding (RFC 4648 §5). */
export const encodeBase64url = (bytes: Uint8Array): string => base64url.encode(bytes);

/** Strict base64url: no padding, no other character, no bits left over, so that one value has one spelling; `undefined` otherwise. jose accepts more. */
export const decodeBase64url = (text: string): Uint8Array | undefined => {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    return undefined;
  }
  const bytes = base64url.decode(text);
  return base64url.encode(bytes) === text ? bytes : undefined;
};

/** JSON text in base64url, as a JWS has it; `undefined` where it is not strict base64url of UTF-8. */
export const decodeBase64urlText = (text: string): string | undefined => {
  const bytes = decodeBase64url(text);
  return bytes === undefined ? undefined : fromUtf8(bytes);
};

/** A text as base64url of its UTF-8. */
export const encodeBase64urlText = (text: string): string => base64url.encode(utf8(text));
