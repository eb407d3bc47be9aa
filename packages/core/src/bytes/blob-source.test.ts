import { describe, expect, it } from 'vitest';
import { blobSource } from './index.ts';

const bytes = Uint8Array.from({ length: 2_000_000 }, (_, index) => (index * 7) & 0xff);

/** A blob that adds up what was taken from it. */
const counting = (): { readonly blob: Pick<Blob, 'size' | 'slice'>; taken(): number } => {
  const blob = new Blob([bytes]);
  let total = 0;
  return {
    blob: {
      size: blob.size,
      slice: (start, end) => {
        total += (end ?? 0) - (start ?? 0);
        return blob.slice(start, end);
      },
    },
    taken: () => total,
  };
};

describe('a source over a blob', () => {
  it('reads what is there, whatever the order', async () => {
    const source = blobSource(new Blob([bytes]));
    for (const [offset, length] of [
      [0, 10],
      [5, 30_000],
      [1_999_990, 10],
      [1_000_000, 0],
      [7, 3],
      [2_000_000, 0],
    ] as const) {
      expect(await source.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
    }
  });

  it('refuses what leaves it', () => {
    expect(() => blobSource(new Blob([bytes])).read(1_999_999, 2)).toThrow(expect.objectContaining({ code: 'FILE_DAMAGED' }));
  });

  it('fetches headers together where they lie together, and alone where they do not', async () => {
    const near = counting();
    const nearSource = blobSource(near.blob);
    for (let offset = 0; offset < 16_000; offset += 8) {
      await nearSource.read(offset, 8);
    }
    expect(near.taken()).toBe(16_384);
    const far = counting();
    const farSource = blobSource(far.blob);
    for (let offset = 0; offset < 2_000_000; offset += 40_000) {
      await farSource.read(offset, 8);
    }
    expect(far.taken()).toBeLessThan(4 * 16_384 + 50 * 8 + 1);
  });
});
