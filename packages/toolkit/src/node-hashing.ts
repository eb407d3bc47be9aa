import { createHash } from 'node:crypto';
import type { Hashing } from '@aigc-label/core';

/** SHA-256 by OpenSSL, ten times as fast as in JavaScript. */
export const nodeHashing: Hashing = {
  sha256: () => {
    const hash = createHash('sha256');
    return { update: (bytes) => void hash.update(bytes), digest: () => hash.digest() };
  },
};
