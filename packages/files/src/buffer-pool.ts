/** The size of the buffers through which files are read and copied. */
export const POOLED_BYTES: number = 1 << 20;

/**
 * Buffers that are used again: to have the system clear a fresh megabyte costs as much as to copy one. Whoever takes one never lets a view of it out that
 * outlives it, and gives it back once, when nothing reads into it any more.
 */
export interface BufferPool {
  /** A buffer of at least so many bytes. */
  take(sizeBytes: number): Uint8Array;
  give(buffer: Uint8Array): void;
}

/** A pool that keeps at most `maximumIdle` buffers; the others are left to the garbage collector. */
const poolOf = (maximumIdle: number): BufferPool => {
  const idle: Uint8Array[] = [];
  return {
    take(sizeBytes) {
      const index = idle.findLastIndex(({ length }) => length >= sizeBytes);
      const [buffer] = index < 0 ? [] : idle.splice(index, 1);
      // With room to be of use again.
      return buffer ?? new Uint8Array(Math.max(POOLED_BYTES, 2 ** Math.ceil(Math.log2(sizeBytes))));
    },
    give(buffer) {
      if (idle.length < maximumIdle) {
        idle.push(buffer);
      }
    },
  };
};

/** Buffers of `POOLED_BYTES`, for pieces of files. */
export const bufferPool: BufferPool = poolOf(8);

/** Buffers for whole files, up to 16 MiB each. */
export const wholeFilePool: BufferPool = poolOf(2);
