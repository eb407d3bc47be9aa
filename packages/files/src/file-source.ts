import { closeSync, fstatSync } from 'node:fs';
import { assertInside, type ByteSource, LabelError } from '@aigc-label/core';
import { blockingDisk, type Disk, READING, threadedDisk } from './disk.ts';
import { fileError } from './file-error.ts';
import { FIRST_WINDOW_BYTES, readWindows } from './read-windows.ts';

/** What the file system says of an open file; the names are those of Node's `Stats`, of which this is a part. */
export interface FileFacts {
  /** In bytes. */
  readonly size: number;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly dev: number;
  readonly ino: number;
  /** Units of 512 bytes that the disk holds. */
  readonly blocks: number;
  readonly mtimeMs: number;
}

/** A file opened for reading. Close it. */
export interface FileSource extends ByteSource {
  readonly path: string;
  readonly stats: FileFacts;
  /** How the system is called for a file of this size. */
  readonly disk: Disk;
  /**
   * Fills `target` from `offset`, without remembering it: for copying.
   *
   * @throws LabelError `SOURCE_CHANGED` or `IO_FAILED` where the file ends before.
   */
  fill(target: Uint8Array, offset: number): Promise<void>;
  /** @throws LabelError `SOURCE_CHANGED` where the file is no longer what was opened. */
  assertUnchanged(): void;
  /** Gives back what is remembered, where somebody else closes the file; no read may be under way. */
  releaseWindows(): void;
  /** Closes the file; no read may be under way. */
  close(): void;
}

/**
 * Opens a regular file; links are followed, anything else (folder, FIFO, device) is refused without waiting on it.
 *
 * @param blockingBytes a file up to this size is read by calls that block, see `blockingDisk`; the default is 0: every call from a thread.
 * @throws LabelError `NOT_FOUND`, `NO_PERMISSION`, `NOT_A_FILE` or `IO_FAILED`.
 */
export const openFileSource = async (path: string, blockingBytes = 0): Promise<FileSource> => {
  let file: number | undefined;
  try {
    file = await (blockingBytes > 0 ? blockingDisk : threadedDisk).open(path, READING);
    // The file is open: its facts are in memory, and asking costs less than a thread would.
    const stats = fstatSync(file);
    if (!stats.isFile()) {
      throw new LabelError('NOT_A_FILE', `${JSON.stringify(path)} is not a regular file.`, { data: { path } });
    }
    return sourceOf(file, path, stats, stats.size <= blockingBytes ? blockingDisk : threadedDisk);
  } catch (error) {
    if (file !== undefined) {
      closeSync(file);
    }
    throw fileError(error, path);
  }
};

/** A source over a file that is already open; `stats` must be its own. */
export const sourceOf = (file: number, path: string, stats: FileFacts, disk: Disk): FileSource => {
  const assertUnchanged = (): void => {
    const now = fstatSync(file);
    if (now.size !== stats.size || now.mtimeMs !== stats.mtimeMs) {
      throw new LabelError('SOURCE_CHANGED', `${JSON.stringify(path)} was changed by something else meanwhile; run again when it is at rest.`, {
        data: { path },
      });
    }
  };
  const fetch = async (target: Uint8Array, offset: number): Promise<void> => {
    try {
      for (let filled = 0; filled < target.length; ) {
        const count = await disk.read(file, target.subarray(filled), offset + filled);
        if (count === 0) {
          assertUnchanged();
          throw new LabelError('IO_FAILED', `${JSON.stringify(path)} ended before its size.`, { data: { path } });
        }
        filled += count;
      }
    } catch (error) {
      throw fileError(error, path);
    }
  };
  const windows = readWindows(stats.size, fetch);
  return {
    path,
    stats,
    disk,
    size: stats.size,
    read(offset, length) {
      assertInside(stats.size, offset, length);
      if (length < FIRST_WINDOW_BYTES) {
        return windows.read(offset, length);
      }
      const bytes = new Uint8Array(length);
      return fetch(bytes, offset).then(() => bytes);
    },
    fill(target, offset) {
      const held = windows.copyHeld(target, offset);
      return fetch(target.subarray(held), offset + held);
    },
    assertUnchanged,
    releaseWindows: windows.release,
    close() {
      windows.release();
      try {
        closeSync(file);
      } catch {
        // Nothing was written through this number, so nothing is lost; what was done with the file stands.
      }
    },
  };
};
