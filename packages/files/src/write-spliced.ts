import type { FileHandle } from 'node:fs/promises';
import { type ByteSource, LabelError, type Segment, type Splice, segmentsOf } from '@aigc-label/core';
import type { FileSource } from './file-source.ts';

/** The most that is held in memory while copying, however long the file is. */
const COPY_BYTES = 1 << 20;

/** Short stretches are gathered into writes of this size, so that many small edits cost few calls. */
const GATHER_BYTES = 1 << 18;

/**
 * Writes an edited file through a handle, from the first byte to the last, in constant memory.
 *
 * @param onProgress is told the bytes written so far.
 * @throws LabelError `ABORTED` when `signal` fires, and what the source throws.
 */
export const writeSpliced = async (
  source: ByteSource | FileSource,
  splices: readonly Splice[],
  handle: FileHandle,
  { signal, onProgress }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: ((writtenBytes: number) => void) | undefined } = {},
): Promise<void> => {
  const buffer = new Uint8Array(COPY_BYTES);
  let filled = 0;
  let written = 0;
  const flush = async (): Promise<void> => {
    assertGoing(signal);
    for (let start = 0; start < filled; ) {
      start += (await handle.write(buffer, start, filled - start)).bytesWritten;
    }
    written += filled;
    filled = 0;
    onProgress?.(written);
  };
  for (const segment of segmentsOf(source.size, splices)) {
    const length = lengthOf(segment);
    for (let done = 0; done < length; ) {
      const room = buffer.subarray(filled, filled + Math.min(length - done, COPY_BYTES - filled));
      await fill(source, segment, done, room);
      done += room.length;
      filled += room.length;
      if (filled === COPY_BYTES || (done < length && filled >= GATHER_BYTES)) {
        await flush();
      }
    }
  }
  await flush();
};

const lengthOf = (segment: Segment): number => (segment.kind === 'insert' ? segment.bytes.length : segment.length);

const fill = async (source: ByteSource | FileSource, segment: Segment, from: number, target: Uint8Array): Promise<void> => {
  if (segment.kind === 'insert') {
    target.set(segment.bytes.subarray(from, from + target.length));
    return;
  }
  if (!('readInto' in source)) {
    target.set(await source.read(segment.offset + from, target.length));
    return;
  }
  for (let done = 0; done < target.length; ) {
    const count = await source.readInto(target.subarray(done), segment.offset + from + done);
    if (count === 0) {
      await source.assertUnchanged();
      throw new LabelError('IO_FAILED', `${JSON.stringify(source.path)} ended before its size.`, { data: { path: source.path } });
    }
    done += count;
  }
};

const assertGoing = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) {
    throw new LabelError('ABORTED', 'Stopped before the file was finished; nothing of it was kept.', { cause: signal.reason });
  }
};
