import { type Splice, segmentsOf } from '@aigc-label/core';
import { wholeFilePool } from './buffer-pool.ts';
import type { Disk } from './disk.ts';
import type { FileSource } from './file-source.ts';

/** Files up to this size are held whole while they are labelled: one read and one write; larger ones go through in pieces. */
export const WHOLE_FILE_BYTES: number = 16 << 20;

/** Files up to this size are read and written at once by default, see `blockingDisk`: well below a millisecond. */
export const BLOCKING_BYTES: number = 1 << 20;

/** A whole file in memory. */
export interface WholeFile {
  /** Valid until `release`. */
  readonly bytes: Uint8Array;
  /** Gives the memory back; call it once, when no view of `bytes` is in use. */
  release(): void;
}

/**
 * Reads a file of at most `WHOLE_FILE_BYTES`.
 *
 * @throws LabelError `SOURCE_CHANGED` where it has become shorter, `IO_FAILED`.
 */
export const readWhole = async (source: FileSource): Promise<WholeFile> => {
  const memory = wholeFilePool.take(source.size);
  const bytes = memory.subarray(0, source.size);
  const release = (): void => wholeFilePool.give(memory);
  try {
    await source.fill(bytes, 0);
    return { bytes, release };
  } catch (error) {
    release();
    throw error;
  }
};

/** Writes an edited file that is in memory, at once. */
export const writeWhole = async (bytes: Uint8Array, splices: readonly Splice[], file: number, disk: Disk): Promise<void> => {
  const parts = segmentsOf(bytes.length, splices).map((segment) =>
    segment.kind === 'insert' ? segment.bytes : bytes.subarray(segment.offset, segment.offset + segment.length),
  );
  // The system takes at most so many parts in one call (IOV_MAX is 1,024 on Linux and macOS).
  for (let first = 0, position = 0; first < parts.length; first += 512) {
    const group = parts.slice(first, first + 512);
    const written = await disk.writeParts(file, group, position);
    position = await writeRest(group, written, file, disk, position);
  }
};

/** Writes what one call left over, part by part; returns where the group ends. */
const writeRest = async (parts: readonly Uint8Array[], written: number, file: number, disk: Disk, start: number): Promise<number> => {
  let position = start;
  for (const part of parts) {
    for (let done = Math.min(part.length, Math.max(0, start + written - position)); done < part.length; ) {
      done += await disk.write(file, part.subarray(done), position + done);
    }
    position += part.length;
  }
  return position;
};
