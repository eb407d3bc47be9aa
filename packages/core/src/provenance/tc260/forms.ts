import { pointOf, pointWithX } from './curve.ts';
import { decodeHex } from './hex.ts';

/** A way of writing a signature or a key that a vendor was seen to use. */
export interface Form {
  readonly form: string;
  readonly bytes: Uint8Array;
}

/** SubjectPublicKeyInfo (RFC 5480) of an SM2 key up to the point: id-ecPublicKey with the curve 1.2.156.10197.1.301, a bit string without unused bits. */
const SPKI_HEAD = '3059301306072a8648ce3d020106082a811ccf5501822d034200';
/** SPKI_HEAD and a point; the longest form of a key. */
const MAXIMUM_KEY_BYTES = 91;
/** SEQUENCE of two INTEGERs of 33 bytes. */
const MAXIMUM_SIGNATURE_BYTES = 72;

/** The points that a `KeyValue` in hexadecimal can mean, at most two, each on the curve; none where it means nothing. */
export const readPublicKey = (value: unknown): readonly Form[] => {
  const bytes = decodeHex(value, MAXIMUM_KEY_BYTES);
  if (bytes === undefined) {
    return [];
  }
  const isWrapped = bytes.length === MAXIMUM_KEY_BYTES && (value as string).toLowerCase().startsWith(SPKI_HEAD);
  const key = isWrapped ? bytes.subarray(SPKI_HEAD.length / 2) : bytes;
  const [head, rest] = [key[0], key.subarray(1)];
  if (key.length === 65 && head === 4) {
    return asForms(isWrapped ? 'spki' : 'point', pointOf(rest.subarray(0, 32), rest.subarray(32)));
  }
  if (key.length === 64) {
    return asForms('bare-point', pointOf(key.subarray(0, 32), key.subarray(32)));
  }
  if (key.length === 33 && (head === 2 || head === 3)) {
    return asForms('compressed', pointWithX(rest, head === 3));
  }
  if (key.length === 33 && head === 0) {
    // MiniMax: the y that belongs to it is the even one.
    return asForms('padded-x', pointWithX(rest, false), pointWithX(rest, true));
  }
  return key.length === 32 ? asForms('x', pointWithX(key, false), pointWithX(key, true)) : [];
};

/** The signatures (r and s, 64 bytes) that a `Signature` in hexadecimal can mean: raw, or DER (GB/T 35276 §7.3); none where it means nothing. */
export const readSignature = (value: unknown): readonly Form[] => {
  const bytes = decodeHex(value, MAXIMUM_SIGNATURE_BYTES);
  if (bytes === undefined) {
    return [];
  }
  return [...(bytes.length === 64 ? [{ form: 'raw', bytes }] : []), ...asForms('der', fromDer(bytes))];
};

const asForms = (form: string, ...found: readonly (Uint8Array | undefined)[]): readonly Form[] =>
  found.filter((bytes) => bytes !== undefined).map((bytes) => ({ form, bytes }));

/** Strict DER (X.690 §10): one spelling for each pair of numbers, nothing before or after it. */
const fromDer = (bytes: Uint8Array): Uint8Array | undefined => {
  if (bytes[0] !== 0x30 || bytes[1] !== bytes.length - 2) {
    return undefined;
  }
  const r = integerAt(bytes, 2);
  const s = r === undefined ? undefined : integerAt(bytes, r.end);
  return r === undefined || s === undefined || s.end !== bytes.length ? undefined : Uint8Array.of(...r.number, ...s.number);
};

const integerAt = (bytes: Uint8Array, start: number): { readonly number: Uint8Array; readonly end: number } | undefined => {
  const length = bytes[start + 1] ?? 0;
  const end = start + 2 + length;
  const content = bytes.subarray(start + 2, end);
  const [first = 0, second = 0] = content;
  if (bytes[start] !== 2 || length === 0 || length > 33 || end > bytes.length || first >= 0x80 || (first === 0 && length > 1 && second < 0x80)) {
    return undefined;
  }
  const digits = first === 0 ? content.subarray(1) : content;
  if (digits.length > 32) {
    return undefined;
  }
  const number = new Uint8Array(32);
  number.set(digits, 32 - digits.length);
  return { number, end };
};
