import { sha256 } from '@noble/hashes/sha2.js';
import type { Hashing } from '../ports/hashing.ts';

/** SHA-256 in JavaScript, for browsers and tests; a server passes its own, which is ten times as fast. */
export const pureHashing: Hashing = {
  sha256: () => {
    const hash = sha256.create();
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
};
