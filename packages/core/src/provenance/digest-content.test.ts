import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../bytes/source.ts';
import type { ContentPlan } from '../ports/content.ts';
import { digestContent } from './digest-content.ts';
import { pureHashing } from './pure-hashing.ts';

const bytes = Uint8Array.from({ length: 3 << 20 }, (_, index) => (index * 7919) >> 3);
const plan: ContentPlan = {
  method: 'toy-1',
  parts: [
    { name: 'head', pieces: [{ start: 0, end: 10 }, Uint8Array.of(1, 2)] },
    { name: 'rest', pieces: () => [{ start: 10, end: bytes.length }], isPerceived: true },
  ],
  carriers: [],
};

describe('the content digest', () => {
  it('reads every byte once, waits for every read, and is the same at once and later', async () => {
    let [read, underWay] = [0, 0];
    const slow: ByteSource = {
      size: bytes.length,
      read: async (offset, length) => {
        read += length;
        underWay += 1;
        await new Promise((resolve) => setTimeout(resolve, 1));
        underWay -= 1;
        return bytes.subarray(offset, offset + length);
      },
    };
    const later = await digestContent(slow, plan, pureHashing);
    expect({ read, underWay }).toEqual({ read: bytes.length, underWay: 0 });
    const atOnce: ByteSource = { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
    expect(later).toEqual(await digestContent(atOnce, plan, pureHashing));
  });

  it('changes with a byte, with the name of a part, and with where one part ends', async () => {
    const source: ByteSource = { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
    const hashOf = async (parts: ContentPlan['parts']): Promise<string> => (await digestContent(source, { ...plan, parts }, pureHashing)).hash;
    const hashes = await Promise.all([
      hashOf(plan.parts),
      hashOf([{ name: 'head', pieces: [{ start: 0, end: 10 }, Uint8Array.of(1, 3)] }, ...plan.parts.slice(1)]),
      hashOf([{ name: 'tail', pieces: plan.parts[0]?.pieces ?? [] }, ...plan.parts.slice(1)]),
      hashOf([{ name: 'head', pieces: [{ start: 0, end: 11 }, Uint8Array.of(2)] }, ...plan.parts.slice(1)]),
    ]);
    expect(new Set(hashes).size).toBe(4);
  });
});
