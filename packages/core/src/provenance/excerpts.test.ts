import { describe, expect, it } from 'vitest';
import { decodeBase64url } from './base64url.ts';
import { isSameWork, strideExponent, takeExcerpts } from './excerpts.ts';
import { pureHashing } from './pure-hashing.ts';

/** Numbers that look random and are the same every time. */
const noise = (length: number, seed: number): Uint8Array => {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
};
const taken = (bytes: Uint8Array, exponent?: number, step = bytes.length || 1): string => {
  const taker = takeExcerpts(pureHashing, exponent);
  for (let start = 0; start < bytes.length; start += step) {
    taker.update(bytes.subarray(start, start + step));
  }
  return taker.finish();
};
const alike = (signed: Uint8Array, found: Uint8Array): boolean => {
  const excerpts = taken(signed);
  return isSameWork(excerpts, taken(found, strideExponent(excerpts)));
};

describe('excerpts', () => {
  it.each([0, 31, 32, 33, 63, 64, 511, 512, 513, 5000, 100_000, 1_000_001])(
    'of %i bytes are the same in whatever pieces they come, and 8 to 16',
    (length) => {
      const bytes = noise(length, 1);
      const whole = taken(bytes);
      for (const step of [1, 7, 4096]) {
        if (length / step < 200_000) {
          expect(taken(bytes, undefined, step)).toBe(whole);
        }
      }
      const count = ((decodeBase64url(whole)?.length ?? 0) - 1) / 2;
      expect(count <= 16 && (length < 512 || count >= 8)).toBe(true);
      expect(taken(bytes, strideExponent(whole))).toBe(whole);
    },
  );

  it('know a work that was edited, cut or gone on with', () => {
    const bytes = noise(50_000, 2);
    const edited = bytes.map((byte, index) => (index % 20_000 === 0 ? byte ^ 1 : byte));
    expect(alike(bytes, edited)).toBe(true);
    expect(alike(bytes, bytes.subarray(0, 40_000))).toBe(true);
    expect(alike(bytes, Uint8Array.from([...bytes, ...noise(50_000, 3)]))).toBe(true);
  });

  it('do not know another one, nor one that was moved on, nor silence, nor a few bytes', () => {
    const bytes = noise(50_000, 4);
    expect(alike(bytes, noise(50_000, 5))).toBe(false);
    expect(alike(bytes, Uint8Array.from([1, ...bytes]))).toBe(false);
    expect(alike(new Uint8Array(50_000), new Uint8Array(50_000))).toBe(false);
    expect(alike(bytes.subarray(0, 90), bytes.subarray(0, 90))).toBe(false);
    expect(alike(bytes, Uint8Array.from([...noise(30_000, 6), ...bytes.subarray(30_000)]))).toBe(false);
  });

  it.each(['', 'A', 'AAA', '____', 'not base64url!'])('that are none (%s) say nothing', (excerpts) => {
    expect(isSameWork(excerpts, excerpts)).toBe(false);
    expect(strideExponent(excerpts)).toBeUndefined();
  });
});
