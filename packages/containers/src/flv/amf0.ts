// Action Message Format AMF 0 (Adobe, 2007), as script tags of FLV hold it (Adobe Flash Video File Format Specification 10.1, annex E.4.4).
import { fromUtf8, latin1, u32At, viewOf } from '@aigc-label/core';

/** Objects in objects; metadata nest three of them. */
const MAXIMUM_DEPTH = 32;

/** Markers of AMF 0 §2.1 that are told apart. */
export const AMF0: Readonly<Record<'number' | 'string' | 'object' | 'ecmaArray' | 'strictArray' | 'longString' | 'avmPlus', number>> = {
  number: 0x00,
  string: 0x02,
  object: 0x03,
  ecmaArray: 0x08,
  strictArray: 0x0a,
  longString: 0x0c,
  avmPlus: 0x11,
};

/** A value with the keys that lead to it: `['keyframes', 'filepositions', '0']`; offsets are of the script. */
export interface AmfValue {
  readonly path: readonly string[];
  readonly marker: number;
  /** Where its key begins; the same as `at` for elements of arrays and for values that have none. */
  readonly start: number;
  /** Where its marker stands. */
  readonly at: number;
  readonly end: number;
}

/** The values of a script, parents before their children. */
export interface AmfWalk {
  readonly values: readonly AmfValue[];
  /** Where the end marker of the outermost object stands, or would. */
  readonly endAt: number;
  /** Set where the values could not be followed to the end. */
  readonly problem: { readonly code: 'damaged' | 'limit'; readonly at: number; readonly what: string } | undefined;
}

interface OpenObject {
  readonly path: readonly string[];
  readonly index: number;
  /** How many elements follow in a strict array; `undefined` in an object, which its end marker ends. */
  readonly count: number | undefined;
  next: number;
}

/** Follows the value at `at` and all that it holds; at most `limit` values. */
export const walkAmf0 = (bytes: Uint8Array, at: number, limit: number): AmfWalk => {
  const values: { path: readonly string[]; marker: number; start: number; at: number; end: number }[] = [];
  const open: OpenObject[] = [];
  let position = at;
  let endAt = at;
  const stop = (code: 'damaged' | 'limit', what: string): AmfWalk => ({ values, endAt, problem: { code, at: position, what } });
  do {
    const parent = open.at(-1);
    const start = position;
    let path: readonly string[] = [];
    if (parent !== undefined) {
      const isArray = parent.count !== undefined;
      if (isArray ? parent.next === parent.count : isObjectEnd(bytes, position)) {
        endAt = position;
        position += isArray ? 0 : 3;
        close(values, open, position);
        continue;
      }
      if (!isArray && position === bytes.length && open.length === 1) {
        // Some writers leave the last end marker out.
        endAt = position;
        close(values, open, position);
        continue;
      }
      const key = isArray ? { text: String(parent.next), end: position } : keyAt(bytes, position);
      if (key === undefined) {
        return stop('damaged', 'a property has no name');
      }
      parent.next += 1;
      path = [...parent.path, key.text];
      position = key.end;
    }
    const marker = bytes[position];
    const length = marker === undefined ? undefined : lengthAt(bytes, position, marker);
    if (marker === undefined || length === undefined || position + length > bytes.length) {
      return stop('damaged', 'a value has no known type, or leads beyond the script');
    }
    if (values.length >= limit || open.length > MAXIMUM_DEPTH) {
      return stop('limit', `there are more than ${limit} values, or ${MAXIMUM_DEPTH} levels`);
    }
    values.push({ path, marker, start, at: position, end: position + length });
    const count = marker === AMF0.strictArray ? u32At(bytes, position + 1) : undefined;
    position += length;
    if (OPENS.has(marker)) {
      open.push({ path, index: values.length - 1, count, next: 0 });
    }
  } while (open.length > 0);
  return { values, endAt, problem: undefined };
};

/** Typed objects (0x10) have a name and are objects else. */
const TYPED_OBJECT = 0x10;

const OPENS: ReadonlySet<number> = new Set([AMF0.object, AMF0.ecmaArray, AMF0.strictArray, TYPED_OBJECT]);

const close = (values: { end: number }[], open: OpenObject[], end: number): void => {
  const closed = values[open.pop()?.index ?? 0];
  if (closed !== undefined) {
    closed.end = end;
  }
};

/** An empty name and the marker 9 (§2.11). */
const isObjectEnd = (bytes: Uint8Array, at: number): boolean => bytes[at] === 0 && bytes[at + 1] === 0 && bytes[at + 2] === 9;

const keyAt = (bytes: Uint8Array, at: number): { readonly text: string; readonly end: number } | undefined => {
  const end = at + 2 + u16At(bytes, at);
  // Names are ASCII; other bytes only have to be kept apart.
  return end > bytes.length ? undefined : { text: latin1(bytes.subarray(at + 2, Math.min(end, at + 2 + MAXIMUM_NAME_BYTES))), end };
};

/** Longer names are not looked for. */
const MAXIMUM_NAME_BYTES = 64;

const u16At = (bytes: Uint8Array, at: number): number => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);

/** Marker and data of a value in bytes, without what an object holds; `undefined` for a marker of which nothing is known. */
const lengthAt = (bytes: Uint8Array, at: number, marker: number): number | undefined => {
  switch (marker) {
    case AMF0.number:
      return 9;
    case 0x01: // boolean
      return 2;
    case AMF0.string:
      return 3 + u16At(bytes, at + 1);
    case TYPED_OBJECT:
      return 3 + u16At(bytes, at + 1);
    case 0x05: // null
    case 0x06: // undefined
    case 0x0d: // unsupported
    case AMF0.object:
      return 1;
    case 0x07: // reference
      return 3;
    case AMF0.ecmaArray:
    case AMF0.strictArray:
      return 5;
    case 0x0b: // date: a number and a time zone
      return 11;
    case AMF0.longString:
    case 0x0f: // XML
      return 5 + u32At(bytes, at + 1);
    default:
      return undefined;
  }
};

/** The text of a string or long string; `undefined` where it is none, or not UTF-8. */
export const amfText = (bytes: Uint8Array, { marker, at, end }: AmfValue): string | undefined =>
  marker === AMF0.string || marker === AMF0.longString ? fromUtf8(bytes.subarray(at + (marker === AMF0.string ? 3 : 5), end)) : undefined;

/** The number of a value. */
export const amfNumber = (bytes: Uint8Array, { at }: AmfValue): number => viewOf(bytes).getFloat64(at + 1);
