import { concat } from '../bytes/binary.ts';
import type { Hashing } from '../ports/hashing.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';

/** Bytes of one excerpt. */
const WINDOW_BYTES = 32;
/** Where this many excerpts stand, every other one is dropped and the stride doubles; between half of it and all of it remain. */
const MAXIMUM_EXCERPTS = 16;
/** An excerpt with fewer different bytes (silence, one colour) is the same in many works and says nothing. */
const MINIMUM_VARIETY = 8;
/** From so many speaking excerpts on an answer is given. */
const MINIMUM_SPEAKING = 4;

/** Takes excerpts of what flows past: `WINDOW_BYTES` at every multiple of a stride that doubles as the content grows, in constant memory. */
export interface ExcerptTaker {
  update(bytes: Uint8Array): void;
  /** The stride's exponent (2^e bytes), then 16 bits for each excerpt: 0 where it says nothing. base64url. */
  finish(): string;
}

/**
 * Excerpts of a content (spec/record.md §4).
 *
 * @param exponent fixes the stride, as a verifier does who has signed excerpts to compare; it keeps the first 16.
 */
export const takeExcerpts = (hashing: Hashing, exponent?: number): ExcerptTaker => {
  let stride = 2 ** (exponent ?? 5);
  let position = 0;
  let windows: Uint8Array[] = [];
  const isFull = (): boolean => exponent !== undefined && windows.length === MAXIMUM_EXCERPTS && position >= MAXIMUM_EXCERPTS * stride;
  const halve = (): void => {
    windows = windows.filter((_, index) => index % 2 === 0);
    stride *= 2;
  };
  return {
    update(bytes) {
      let offset = 0;
      while (offset < bytes.length && !isFull()) {
        const index = Math.floor(position / stride);
        const within = position - index * stride;
        if (within >= WINDOW_BYTES) {
          // Nothing is taken before the next multiple.
          const step = Math.min(stride - within, bytes.length - offset);
          offset += step;
          position += step;
          continue;
        }
        if (within === 0) {
          if (exponent === undefined && windows.length === MAXIMUM_EXCERPTS) {
            halve();
            continue;
          }
          windows.push(new Uint8Array(WINDOW_BYTES));
        }
        const step = Math.min(WINDOW_BYTES - within, bytes.length - offset);
        (windows.at(-1) as Uint8Array).set(bytes.subarray(offset, offset + step), within);
        offset += step;
        position += step;
      }
    },
    finish() {
      const isCut = windows.length > 0 && position - (windows.length - 1) * stride < WINDOW_BYTES;
      const whole = isCut ? windows.slice(0, -1) : windows;
      return whole.length === 0 ? '' : encodeBase64url(concat(Uint8Array.of(Math.log2(stride)), ...whole.map((window) => codeOf(window, hashing))));
    },
  };
};

/** 16 bits of the SHA-256 of an excerpt, never 0; 0 where it has too little variety. */
const codeOf = (window: Uint8Array, hashing: Hashing): Uint8Array => {
  if (new Set(window).size < MINIMUM_VARIETY) {
    return Uint8Array.of(0, 0);
  }
  const hash = hashing.sha256();
  hash.update(window);
  const [high = 0, low = 0] = hash.digest();
  return high === 0 && low === 0 ? Uint8Array.of(0, 1) : Uint8Array.of(high, low);
};

/** The stride's exponent of signed excerpts, or `undefined` where there are none. */
export const strideExponent = (excerpts: string): number | undefined => {
  const bytes = decodeBase64url(excerpts);
  return bytes === undefined || bytes.length < 3 || bytes.length % 2 === 0 || (bytes[0] as number) > 50 || (bytes[0] as number) < 5
    ? undefined
    : bytes[0];
};

/**
 * Whether content with these excerpts is the signed one, edited: at least half of the excerpts that say anything stand where they stood. Excerpts tell honest edits from labels that were
 * moved; someone who keeps half of a work in its place can pass for an editor of it, and is one. `false` also where there is too little to go by.
 */
export const isSameWork = (signed: string, found: string): boolean => {
  const [a, b] = [decodeBase64url(signed), decodeBase64url(found)];
  if (a === undefined || b === undefined || a[0] !== b[0]) {
    return false;
  }
  let [speaking, equal] = [0, 0];
  for (let index = 1; index + 1 < a.length; index += 2) {
    if (a[index] !== 0 || a[index + 1] !== 0) {
      speaking += 1;
      equal += a[index] === b[index] && a[index + 1] === b[index + 1] ? 1 : 0;
    }
  }
  return speaking >= MINIMUM_SPEAKING && equal * 2 >= speaking;
};
