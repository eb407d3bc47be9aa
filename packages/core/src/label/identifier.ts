import { v7 } from 'uuid';

/** Where time and chance come from: passed in, so that core is deterministic. */
export interface Entropy {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMillis(): number;
  /** `length` unpredictable bytes. */
  randomBytes(length: number): Uint8Array;
}

/** A fresh ProduceID: a UUID of version 7 (RFC 9562 §5.7), so that identifiers made later sort later. It says nothing of the user or the prompt. */
export const freshIdentifier = (entropy: Entropy): string => v7({ msecs: entropy.nowMillis(), random: entropy.randomBytes(16) });
