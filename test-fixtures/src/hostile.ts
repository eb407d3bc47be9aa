import type { ByteSource } from '@aigc-label/core';
import { assertInside } from '@aigc-label/core';
import { mutateStructure } from './mutate-structure.ts';
import { type Random, randomOf } from './random.ts';
import type { Structure } from './structure.ts';

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

/**
 * `count` damaged copies, the same ones on every run. With a structure, two of three copies have their sizes, counts and offsets falsified and their elements
 * doubled, dropped, swapped or nested; the others, and all without one, lose single bytes, runs and stretches anywhere.
 */
export function* mutations(bytes: Uint8Array, count: number, seed = 1, structure?: Structure): Generator<Uint8Array> {
  const random = randomOf(seed);
  for (let index = 0; index < count; index += 1) {
    let copy = structure !== undefined && random(3) > 0 ? mutateStructure(bytes, structure, random) : bytes.slice();
    for (let times = structure !== undefined ? random(3) : 1 + random(3); times > 0 && copy.length > 8; times -= 1) {
      copy = mutateAnywhere(copy, random);
    }
    yield copy;
  }
}

const EDGES = [0, 1, 7, 8, 9, 16, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff] as const;

const mutateAnywhere = (copy: Uint8Array, random: Random): Uint8Array => {
  const at = random(2) === 0 ? random(Math.min(copy.length, 512)) : random(copy.length);
  const kind = random(7);
  if (kind === 0) {
    copy[at] = random(256);
  } else if (kind === 1) {
    copy.fill([0, 0xff, 0x20, 0x0a][random(4)] as number, at, at + 1 + random(random(2) === 0 ? 8 : 200));
  } else if (kind === 2 && at + 4 <= copy.length) {
    const edge = random(4) === 0 ? copy.length - random(16) : (EDGES[random(EDGES.length)] as number);
    new DataView(copy.buffer).setUint32(at, edge, random(2) === 0);
  } else if (kind === 3) {
    return joined(copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + 1 + random(32))));
  } else if (kind === 4) {
    return joined(copy.subarray(0, Math.min(copy.length, at + 1 + random(64))), copy.subarray(at));
  } else if (kind === 5) {
    const from = random(copy.length);
    return joined(copy.subarray(0, at), copy.subarray(from, from + 1 + random(64)), copy.subarray(at));
  } else {
    copy[at] = (copy[at] as number) ^ (1 << random(8));
  }
  return copy;
};

const joined = (...parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
};
