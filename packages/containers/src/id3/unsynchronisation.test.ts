import { describe, expect, it } from 'vitest';
import { resynchronise, unsynchronise } from './unsynchronisation.ts';

/** Every sequence of four of the bytes that matter, closed by one that is not 0xFF. */
const sequences: readonly Uint8Array[] = Array.from({ length: 4 ** 4 }, (_, number) =>
  Uint8Array.of(...[0, 1, 2, 3].map((place) => [0x00, 0xff, 0xe0, 0x41][(number >> (2 * place)) & 3]!), 0x41),
);

describe('unsynchronisation', () => {
  it('leaves no sync word and no ambiguity, and can be undone', () => {
    for (const bytes of sequences) {
      const raw = unsynchronise(bytes);
      expect(raw.some((byte, index) => byte === 0xff && (raw[index + 1] ?? 0) >= 0xe0)).toBe(false);
      expect(resynchronise(raw).bytes).toEqual(bytes);
    }
  });

  it('says where each byte stood; an inserted zero belongs to the 0xFF before it', () => {
    const { bytes, rawOffset } = resynchronise(Uint8Array.of(1, 0xff, 0, 2, 0xff, 0, 0xff, 0));
    expect([...bytes]).toEqual([1, 0xff, 2, 0xff, 0xff]);
    expect([0, 1, 2, 3, 4, 5].map(rawOffset)).toEqual([0, 1, 3, 4, 6, 8]);
  });
});
