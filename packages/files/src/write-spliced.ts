import { ftruncateSync } from 'node:fs';
import { type ByteSource, LabelError, type Segment, type Splice, segmentsOf, splicedSize } from '@aigc-label/core';
import { bufferPool, POOLED_BYTES } from './buffer-pool.ts';
import type { Disk } from './disk.ts';
import type { FileSource } from './file-source.ts';

/** What may be said of a write. */
export interface WriteSplicedOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is told the bytes written so far. */
  readonly onProgress?: ((writtenBytes: number) => void) | undefined;
}

/**
 * Writes an edited file, from the first byte to the last, in constant memory: one buffer is filled while the other is written.
 *
 * Where the original is sparse, stretches of zeros become holes again.
 * @throws LabelError `ABORTED` when `signal` fires, and what the source throws.
 */
export const writeSpliced = async (
  source: ByteSource | FileSource,
  splices: readonly Splice[],
  file: number,
  disk: Disk,
  { signal, onProgress }: WriteSplicedOptions = {},
): Promise<void> => {
  const size = splicedSize(source.size, splices);
  const keepsHoles = 'stats' in source && isSparse(source);
  const buffers = [bufferPool.take(POOLED_BYTES), bufferPool.take(POOLED_BYTES)];
  let writing: Promise<void> = Promise.resolve();
  let written = 0;
  try {
    for await (const filled of pieces(source, splices, buffers)) {
      await writing;
      assertGoing(signal);
      if (written > 0) {
        onProgress?.(written);
      }
      writing = keepsHoles && isZero(filled) ? Promise.resolve() : writeAll(file, disk, filled, written);
      // Whoever awaits first handles a failure; this keeps one from being called unhandled while the next buffer is being filled.
      writing.catch(() => undefined);
      written += filled.length;
    }
    await writing;
    if (keepsHoles) {
      ftruncateSync(file, size);
    }
    onProgress?.(written);
  } finally {
    await writing.catch(() => undefined);
    buffers.forEach(bufferPool.give);
  }
};

/** The edited file, buffer by buffer, in turn. */
async function* pieces(source: ByteSource | FileSource, splices: readonly Splice[], buffers: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  let turn = 0;
  let buffer = buffers[0] as Uint8Array;
  let filled = 0;
  for (const segment of segmentsOf(source.size, splices)) {
    const length = segment.kind === 'insert' ? segment.bytes.length : segment.length;
    for (let done = 0; done < length; ) {
      const room = buffer.subarray(filled, filled + Math.min(length - done, buffer.length - filled));
      await fill(source, segment, done, room);
      done += room.length;
      filled += room.length;
      if (filled === buffer.length) {
        yield buffer;
        turn = 1 - turn;
        buffer = buffers[turn] as Uint8Array;
        filled = 0;
      }
    }
  }
  if (filled > 0) {
    yield buffer.subarray(0, filled);
  }
}

const fill = async (source: ByteSource | FileSource, segment: Segment, from: number, target: Uint8Array): Promise<void> => {
  if (segment.kind === 'insert') {
    target.set(segment.bytes.subarray(from, from + target.length));
    return;
  }
  if ('fill' in source) {
    await source.fill(target, segment.offset + from);
    return;
  }
  target.set(await source.read(segment.offset + from, target.length));
};

const writeAll = async (file: number, disk: Disk, bytes: Uint8Array, position: number): Promise<void> => {
  for (let start = 0; start < bytes.length; ) {
    start += await disk.write(file, bytes.subarray(start), position + start);
  }
};

/** Whether the disk holds clearly less than the file's size; `blocks` counts 512 bytes wherever it is told at all. */
const isSparse = ({ stats }: FileSource): boolean => stats.blocks > 0 && stats.blocks * 512 < stats.size - POOLED_BYTES;

const ZEROS = new Uint8Array(POOLED_BYTES);

const isZero = (bytes: Uint8Array): boolean => Buffer.compare(bytes, ZEROS.subarray(0, bytes.length)) === 0;

const assertGoing = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) {
    throw new LabelError('ABORTED', 'Stopped before the file was finished; nothing of it was kept.', { cause: signal.reason });
  }
};
