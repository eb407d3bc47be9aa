import { V7Generator } from 'uuidv7';
import { u32At } from '../bytes/binary.ts';

/** Where time and chance come from: passed in, so that core is deterministic. */
export interface Entropy {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMillis(): number;
  /** `length` unpredictable bytes. */
  randomBytes(length: number): Uint8Array;
}

/** How far the clock may go back, in milliseconds, before the generator says so; a fresh generator has no past. */
const CLOCK_ROLLBACK_MILLIS = 10_000;

/** A fresh ProduceID: a UUID of version 7 (RFC 9562 §5.7), so that identifiers made later sort later. It says nothing of the user or the prompt. */
export const freshIdentifier = (entropy: Entropy): string => {
  const bytes = entropy.randomBytes(32);
  let position = 0;
  const nextUint32 = (): number => {
    position += 4;
    return u32At(position <= bytes.length ? bytes.subarray(position - 4) : entropy.randomBytes(4), 0);
  };
  return new V7Generator({ nextUint32 }).generateOrResetCore(entropy.nowMillis(), CLOCK_ROLLBACK_MILLIS).toString();
};
