import { constants, fstatSync, readSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { assertInside, type ByteSource, LabelError } from '@aigc-label/core';
import { fileError } from './file-error.ts';
import { FIRST_WINDOW_BYTES, readWindows } from './read-windows.ts';

/** A file opened for reading. Close it. */
export interface FileSource extends ByteSource {
  readonly path: string;
  readonly stats: Stats;
  /** Fills `target` from `offset`, without remembering it: for copying. Returns the bytes read. */
  readInto(target: Uint8Array, offset: number): Promise<number>;
  /** @throws LabelError `SOURCE_CHANGED` where the file is no longer what was opened. */
  assertUnchanged(): void;
  /** Gives back what is remembered, where somebody else closes the file; no read may be under way. */
  releaseWindows(): void;
  /** Closes the file; no read may be under way. */
  close(): Promise<void>;
}

/**
 * Opens a regular file; links are followed, anything else (folder, FIFO, device) is refused without waiting on it.
 *
 * @throws LabelError `NOT_FOUND`, `NO_PERMISSION`, `NOT_A_FILE` or `IO_FAILED`.
 */
export const openFileSource = async (path: string): Promise<FileSource> => {
  let handle: FileHandle | undefined;
  try {
    // O_NONBLOCK: opening a FIFO that nobody writes to would otherwise wait for ever.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    // The file is open: its facts are in memory, and asking costs less than a thread would.
    const stats = fstatSync(handle.fd);
    if (!stats.isFile()) {
      throw new LabelError('NOT_A_FILE', `${JSON.stringify(path)} is not a regular file.`, { data: { path } });
    }
    return sourceOf(handle, path, stats);
  } catch (error) {
    await handle?.close();
    throw fileError(error, path);
  }
};

/**
 * A source over a file that is already open; `stats` must be its own.
 *
 * @param isCached whether the system holds the bytes in memory, as it does what was just written: then to read them costs less than a thread would.
 */
export const sourceOf = (handle: FileHandle, path: string, stats: Stats, isCached = false): FileSource => {
  const readInto = async (target: Uint8Array, offset: number): Promise<number> => {
    try {
      return isCached ? readSync(handle.fd, target, 0, target.length, offset) : (await handle.read(target, 0, target.length, offset)).bytesRead;
    } catch (error) {
      throw fileError(error, path);
    }
  };
  const fill = async (target: Uint8Array, offset: number): Promise<void> => {
    for (let filled = 0; filled < target.length; ) {
      const count = await readInto(target.subarray(filled), offset + filled);
      if (count === 0) {
        throw changed(path);
      }
      filled += count;
    }
  };
  const windows = readWindows(stats.size, fill);
  return {
    path,
    stats,
    size: stats.size,
    read(offset, length) {
      assertInside(stats.size, offset, length);
      if (length < FIRST_WINDOW_BYTES) {
        return windows.read(offset, length);
      }
      const bytes = new Uint8Array(length);
      return fill(bytes, offset).then(() => bytes);
    },
    async readInto(target, offset) {
      return windows.copyHeld(target, offset) || readInto(target, offset);
    },
    assertUnchanged() {
      const now = fstatSync(handle.fd);
      if (now.size !== stats.size || now.mtimeMs !== stats.mtimeMs) {
        throw changed(path);
      }
    },
    async close() {
      windows.release();
      await handle.close();
    },
    releaseWindows: windows.release,
  };
};

const changed = (path: string): LabelError =>
  new LabelError('SOURCE_CHANGED', `${JSON.stringify(path)} was changed by something else meanwhile; run again when it is at rest.`, {
    data: { path },
  });
