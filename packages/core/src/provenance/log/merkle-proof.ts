import { equalBytes } from '../../bytes/binary.ts';
import type { Hashing } from '../../ports/hashing.ts';
import { MAXIMUM_TREE_SIZE, nodeHash, TREE_HASH_BYTES } from './tree-hash.ts';

/** That leaf `index` stands in the tree of `size` leaves (RFC 9162 §2.1.3). */
export interface InclusionProof {
  readonly index: number;
  readonly size: number;
  /** From the leaf's sibling up to the root's child; 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
}

/** That the tree of `size` leaves begins with the tree of `oldSize` leaves (RFC 9162 §2.1.4). */
export interface ConsistencyProof {
  readonly oldSize: number;
  readonly size: number;
  /** 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
}

/** Whether a leaf is in a tree; `reason` for machines and people, English. */
export type InclusionVerdict = { readonly isIncluded: true } | { readonly isIncluded: false; readonly reason: string };

/** Whether a tree only grew; `reason` for machines and people, English. */
export type ConsistencyVerdict = { readonly isConsistent: true } | { readonly isConsistent: false; readonly reason: string };

/** A tree of 2^53 leaves needs 53 hashes for a leaf, and at most twice as many for an older tree. */
const MAXIMUM_HASHES = 108;

/**
 * Climbs from a node to the root, as both verifications do (RFC 9162 §2.1.3.2, §2.1.4.2).
 *
 * @param last the place of the last node on the same level.
 * @param join is given every hash of the proof, and whether it stands to the left.
 * @returns what is wrong with the length of the proof.
 */
const climb = (hashes: readonly Uint8Array[], from: number, last: number, join: (hash: Uint8Array, isLeft: boolean) => void): string | undefined => {
  let [position, end] = [from, last];
  for (const hash of hashes) {
    if (end === 0) {
      return 'the proof is too long';
    }
    const isLeft = position % 2 === 1 || position === end;
    join(hash, isLeft);
    if (isLeft) {
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        end = half(end);
      }
    }
    position = half(position);
    end = half(end);
  }
  return end === 0 ? undefined : 'the proof is too short';
};

/**
 * Verifies that the leaf with hash `leaf` is in the tree with root `root` (RFC 9162 §2.1.3.2). Never throws for what the proof says.
 *
 * @param leaf the leaf's hash (`leafHash`), 32 bytes.
 */
export const verifyInclusion = (proof: InclusionProof, leaf: Uint8Array, root: Uint8Array, hashing: Hashing): InclusionVerdict => {
  const { index, size, hashes } = proof;
  if (!isSize(index) || !isSize(size) || index >= size) {
    return notIncluded('the index is not in the tree');
  }
  if (!areHashes([leaf, root, ...hashes])) {
    return notIncluded('a hash is not one');
  }
  let computed = leaf;
  const fault = climb(hashes, index, size - 1, (hash, isLeft) => {
    computed = isLeft ? nodeHash(hash, computed, hashing) : nodeHash(computed, hash, hashing);
  });
  if (fault !== undefined) {
    return notIncluded(fault);
  }
  return equalBytes(computed, root) ? { isIncluded: true } : notIncluded('the proof leads to another root');
};

/**
 * Verifies that the tree with root `root` begins with the tree with root `oldRoot` (RFC 9162 §2.1.4.2); an empty tree is the beginning of any. Never throws for what the proof says.
 */
export const verifyConsistency = (proof: ConsistencyProof, oldRoot: Uint8Array, root: Uint8Array, hashing: Hashing): ConsistencyVerdict => {
  const { oldSize, size, hashes } = proof;
  if (!isSize(oldSize) || !isSize(size) || oldSize > size) {
    return notConsistent('the older tree is the larger one');
  }
  if (!areHashes([oldRoot, root, ...hashes])) {
    return notConsistent('a hash is not one');
  }
  if (oldSize === size || oldSize === 0) {
    const isRight = hashes.length === 0 && (oldSize === 0 ? equalBytes(oldRoot, hashing.sha256().digest()) : equalBytes(oldRoot, root));
    return isRight ? { isConsistent: true } : notConsistent('the trees of one size differ');
  }
  // Where the older tree is a full subtree, its root is not repeated in the proof.
  const path = isPowerOfTwo(oldSize) ? [oldRoot, ...hashes] : hashes;
  const [first, ...rest] = path;
  if (first === undefined || hashes.length === 0) {
    return notConsistent('the proof is too short');
  }
  let position = oldSize - 1;
  let last = size - 1;
  while (position % 2 === 1) {
    position = half(position);
    last = half(last);
  }
  let computedOld = first;
  let computed = first;
  const fault = climb(rest, position, last, (hash, isLeft) => {
    if (isLeft) {
      computedOld = nodeHash(hash, computedOld, hashing);
    }
    computed = isLeft ? nodeHash(hash, computed, hashing) : nodeHash(computed, hash, hashing);
  });
  if (fault !== undefined) {
    return notConsistent(fault);
  }
  if (!equalBytes(computedOld, oldRoot)) {
    return notConsistent('the proof leads to another older root');
  }
  return equalBytes(computed, root) ? { isConsistent: true } : notConsistent('the proof leads to another root');
};

const half = (value: number): number => Math.floor(value / 2);

const isSize = (value: number): boolean => Number.isInteger(value) && value >= 0 && value <= MAXIMUM_TREE_SIZE;

const isPowerOfTwo = (size: number): boolean => {
  let rest = size;
  while (rest % 2 === 0) {
    rest /= 2;
  }
  return rest === 1;
};

const areHashes = (hashes: readonly Uint8Array[]): boolean =>
  hashes.length <= MAXIMUM_HASHES && hashes.every((hash) => hash.length === TREE_HASH_BYTES);

const notIncluded = (reason: string): InclusionVerdict => ({ isIncluded: false, reason });

const notConsistent = (reason: string): ConsistencyVerdict => ({ isConsistent: false, reason });
