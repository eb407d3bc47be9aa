/** The size of every pooled buffer. */
export const POOLED_BYTES: number = 1 << 20;

/** How many lie idle at most; beyond that they are left to the garbage collector. */
const MAXIMUM_IDLE = 8;

const idle: Uint8Array[] = [];

/**
 * Buffers that are used again: to have the system clear a fresh megabyte costs as much as to copy one. Whoever takes one never lets a view of it out,
 * and gives it back once, when nothing reads into it any more.
 */
export const bufferPool = {
  take: (): Uint8Array => idle.pop() ?? new Uint8Array(POOLED_BYTES),
  give(buffer: Uint8Array): void {
    if (idle.length < MAXIMUM_IDLE) {
      idle.push(buffer);
    }
  },
};
