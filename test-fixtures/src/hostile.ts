import type { ByteSource } from '@aigc-label/core';
import { assertInside } from '@aigc-label/core';

/** A source that fetches one byte at a time, each from a promise: finds readers that lean on how bytes arrive. */
export const byteByByteSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  async read(offset, length) {
    assertInside(bytes.length, offset, length);
    const copy = new Uint8Array(length);
    for (let index = 0; index < length; index += 1) {
      copy[index] = (bytes[offset + index] as number) | 0;
    }
    await Promise.resolve();
    return copy;
  },
});

/** A source that adds up what was fetched. */
export const countingSource = (bytes: Uint8Array): ByteSource & { bytesRead(): number } => {
  let total = 0;
  return {
    size: bytes.length,
    read(offset, length) {
      assertInside(bytes.length, offset, length);
      total += length;
      return bytes.slice(offset, offset + length);
    },
    bytesRead: () => total,
  };
};

/** The file cut short: at each of its first 64 and last 64 bytes, and at up to 200 places between. */
export function* truncations(bytes: Uint8Array): Generator<Uint8Array> {
  const step = Math.max(1, Math.floor(bytes.length / 200));
  for (let length = 0; length < bytes.length; length += length < 64 || length >= bytes.length - 64 ? 1 : step) {
    yield bytes.slice(0, length);
  }
}

/** `count` damaged copies, the same ones on every run: single bytes, runs of 0x00 or 0xFF, swapped and doubled stretches, edge values in 32-bit fields. */
export function* mutations(bytes: Uint8Array, count: number, seed = 1): Generator<Uint8Array> {
  const random = randomOf(seed);
  const edges = [0, 1, 7, 8, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
  for (let index = 0; index < count; index += 1) {
    let copy = bytes.slice();
    const times = 1 + random(3);
    for (let time = 0; time < times && copy.length > 8; time += 1) {
      const at = random(2) === 0 ? random(Math.min(copy.length, 512)) : random(copy.length);
      const kind = random(6);
      if (kind === 0) {
        copy[at] = random(256);
      } else if (kind === 1) {
        copy.fill(random(2) === 0 ? 0 : 0xff, at, at + 1 + random(8));
      } else if (kind === 2 && at + 4 <= copy.length) {
        new DataView(copy.buffer).setUint32(at, edges[random(edges.length)] as number, random(2) === 0);
      } else if (kind === 3) {
        copy = new Uint8Array([...copy.subarray(0, at), ...copy.subarray(Math.min(copy.length, at + 1 + random(32)))]);
      } else if (kind === 4) {
        const end = Math.min(copy.length, at + 1 + random(64));
        copy = new Uint8Array([...copy.subarray(0, end), ...copy.subarray(at)]);
      } else {
        copy[at] = (copy[at] as number) ^ (1 << random(8));
      }
    }
    yield copy;
  }
}

/** A small seeded generator (xorshift): the same numbers on every machine. */
const randomOf = (seed: number): ((below: number) => number) => {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
};
