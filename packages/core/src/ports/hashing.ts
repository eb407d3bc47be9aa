/** Where hashes come from: passed in, so that core runs in a browser, and on a server as fast as the machine can. */
export interface Hashing {
  sha256(): RunningHash;
}

/** A hash that is fed piece by piece; nothing may be fed after `digest`. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** 32 bytes for SHA-256. */
  digest(): Uint8Array;
}
