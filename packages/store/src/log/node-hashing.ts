import { createHash } from 'node:crypto';
import type { Hashing } from '@aigc-label/core';

/** SHA-256 of the machine. */
export const nodeHashing: Hashing = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
};
