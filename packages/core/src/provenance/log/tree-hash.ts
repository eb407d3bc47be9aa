import type { Hashing } from '../../ports/hashing.ts';

/** The length of every hash of the tree, in bytes: SHA-256. */
export const TREE_HASH_BYTES = 32;

/** The largest number of leaves that is counted exactly. */
export const MAXIMUM_TREE_SIZE: number = Number.MAX_SAFE_INTEGER;

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The hash of a leaf: SHA-256(0x00 ‖ leaf) (RFC 6962 §2.1). */
export const leafHash = (leaf: Uint8Array, hashing: Hashing): Uint8Array => hashOf(hashing, LEAF, leaf);

/** The hash of two subtrees: SHA-256(0x01 ‖ left ‖ right) (RFC 6962 §2.1). */
export const nodeHash = (left: Uint8Array, right: Uint8Array, hashing: Hashing): Uint8Array => hashOf(hashing, NODE, left, right);

/** The root of a tree without leaves: SHA-256 of nothing (RFC 6962 §2.1). */
export const emptyTreeHash = (hashing: Hashing): Uint8Array => hashOf(hashing);

/** The Merkle tree hash over hashes of equally high, full subtrees (RFC 6962 §2.1); at least one. */
export const treeHash = (hashes: readonly Uint8Array[], hashing: Hashing): Uint8Array => {
  if (hashes.length < 2) {
    return hashes[0] ?? emptyTreeHash(hashing);
  }
  const left = largestPowerBelow(hashes.length);
  return nodeHash(treeHash(hashes.slice(0, left), hashing), treeHash(hashes.slice(left), hashing), hashing);
};

/** The largest power of two smaller than `size`, which is at least 2: where RFC 6962 §2.1 divides a tree. Exact beyond 32 bits. */
export const largestPowerBelow = (size: number): number => {
  let power = 1;
  while (power * 2 < size) {
    power *= 2;
  }
  return power;
};

const hashOf = (hashing: Hashing, ...parts: readonly Uint8Array[]): Uint8Array => {
  const hash = hashing.sha256();
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
};
