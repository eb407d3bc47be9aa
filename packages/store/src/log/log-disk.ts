import { type FileHandle, link, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { errorCode } from './log-error.ts';

/** The calls that a log makes; a seam, so that a test can let any of them fail. Every path is absolute. */
export interface LogDisk {
  /** The first `limit` bytes; `undefined` where there is no such file. */
  read(path: string, limit: number): Promise<Uint8Array | undefined>;
  /** The names in a folder; none where there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** When a file was last touched, milliseconds since 1970; `undefined` where there is none. */
  touchedMillis(path: string): Promise<number | undefined>;
  /** Opens a file for writing, empty. */
  create(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  /** A second name; `EEXIST` where it is taken. */
  link(existing: string, path: string): Promise<void>;
  /** Makes a folder and those above it; returns the first that was not there. */
  makeFolder(path: string): Promise<string | undefined>;
  /** Waits until the names in a folder are durable. */
  syncFolder(path: string): Promise<void>;
  touch(path: string, atMillis: number): Promise<void>;
  /** A file or a folder with what is in it, if it is there. */
  clear(path: string): Promise<void>;
}

/** A file that is being written. */
export interface OpenFile {
  /** All of it. */
  write(bytes: Uint8Array): Promise<void>;
  /** Waits until the bytes are durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The disk of this machine. */
export const nodeDisk: LogDisk = {
  read: async (path, limit) => {
    const file = await open(path).catch(undefinedWhereAbsent);
    return file === undefined ? undefined : await readStart(file, limit).finally(() => file.close());
  },
  list: async (folder) => (await readdir(folder).catch(undefinedWhereAbsent)) ?? [],
  touchedMillis: async (path) => (await stat(path).catch(undefinedWhereAbsent))?.mtimeMs,
  create: async (path) => {
    const file = await open(path, 'w', 0o644);
    return { write: (bytes) => file.writeFile(bytes), sync: () => file.sync(), close: () => file.close() };
  },
  rename,
  link,
  makeFolder: (path) => mkdir(path, { recursive: true }),
  syncFolder: async (path) => {
    try {
      const folder = await open(path);
      await folder.sync().finally(() => folder.close());
    } catch (error) {
      // Windows and some network disks cannot sync a folder; there is nothing more to be had.
      if (!['EPERM', 'EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP'].includes(errorCode(error) ?? '')) {
        throw error;
      }
    }
  },
  touch: (path, atMillis) => utimes(path, atMillis / 1000, atMillis / 1000),
  clear: (path) => rm(path, { recursive: true, force: true }),
};

const readStart = async (file: FileHandle, limit: number): Promise<Uint8Array> => {
  const { size } = await file.stat();
  const bytes = new Uint8Array(Math.min(size, limit));
  let length = 0;
  while (length < bytes.length) {
    const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
    if (bytesRead === 0) {
      break;
    }
    length += bytesRead;
  }
  return bytes.subarray(0, length);
};

const undefinedWhereAbsent = (error: unknown): undefined => {
  if (!['ENOENT', 'ENOTDIR'].includes(errorCode(error) ?? '')) {
    throw error;
  }
};
