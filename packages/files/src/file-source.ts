import { constants, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { assertInside, type ByteSource, LabelError } from '@aigc-label/core';
import { fileError } from './file-error.ts';
import { FIRST_WINDOW_BYTES, readWindows } from './read-windows.ts';

/** A file opened for reading. Close it. */
export interface FileSource extends ByteSource {
  readonly path: string;
  readonly stats: Stats;
  /** Fills `target` from `offset`, past the window: for copying. Returns the bytes read. */
  readInto(target: Uint8Array, offset: number): Promise<number>;
  /** @throws LabelError `SOURCE_CHANGED` where the file is no longer what was opened. */
  assertUnchanged(): Promise<void>;
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
    const stats = await handle.stat();
    if (!stats.isFile()) {
      throw new LabelError('NOT_A_FILE', `${JSON.stringify(path)} is not a regular file.`, { data: { path } });
    }
    return sourceOf(handle, path, stats);
  } catch (error) {
    await handle?.close();
    throw fileError(error, path);
  }
};

/** A source over a file that is already open; `stats` must be its own. */
export const sourceOf = (handle: FileHandle, path: string, stats: Stats): FileSource => {
  const readInto = async (target: Uint8Array, offset: number): Promise<number> => {
    try {
      return (await handle.read(target, 0, target.length, offset)).bytesRead;
    } catch (error) {
      throw fileError(error, path);
    }
  };
  const fetch = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const count = await readInto(bytes.subarray(filled), offset + filled);
      if (count === 0) {
        throw changed(path);
      }
      filled += count;
    }
    return bytes;
  };
  const windows = readWindows(stats.size, fetch);
  return {
    path,
    stats,
    size: stats.size,
    read(offset, length) {
      assertInside(stats.size, offset, length);
      return length >= FIRST_WINDOW_BYTES ? fetch(offset, length) : windows(offset, length);
    },
    readInto,
    async assertUnchanged() {
      const now = await handle.stat();
      if (now.size !== stats.size || now.mtimeMs !== stats.mtimeMs) {
        throw changed(path);
      }
    },
    close: () => handle.close(),
  };
};

const changed = (path: string): LabelError =>
  new LabelError('SOURCE_CHANGED', `${JSON.stringify(path)} was changed by something else meanwhile; run again when it is at rest.`, {
    data: { path },
  });
