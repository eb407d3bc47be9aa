import { describe, expect, it } from 'vitest';
import { bytesSource, rememberingSource } from './index.ts';

describe('rememberingSource', () => {
  it('fetches a stretch once, serves shorter ones from it, and answers as the source does', async () => {
    const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);
    const fetched: string[] = [];
    const source = rememberingSource({
      size: 100,
      async read(offset, length) {
        fetched.push(`${offset}+${length}`);
        return bytesSource(bytes).read(offset, length);
      },
    });
    for (const [offset, length] of [
      [0, 10],
      [0, 10],
      [0, 4],
      [0, 20],
      [0, 15],
      [90, 10],
    ] as const) {
      expect(await source.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
    }
    expect(fetched).toEqual(['0+10', '0+20', '90+10']);
    await expect(source.read(95, 10)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(source.read(95, 10)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('remembers no more than its bound', () => {
    let fetched = 0;
    const source = rememberingSource({
      size: 2 ** 40,
      read(_, length) {
        fetched += 1;
        return new Uint8Array(length);
      },
    });
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 20; index += 1) {
        source.read(index * 2 ** 20, 2 ** 20);
      }
    }
    expect(fetched).toBe(24);
  });
});
