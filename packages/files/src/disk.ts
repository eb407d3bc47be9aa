import {
  close,
  closeSync,
  constants,
  fsync,
  link,
  linkSync,
  open,
  openSync,
  read,
  readSync,
  rename,
  renameSync,
  unlink,
  unlinkSync,
  write,
  writeSync,
  writev,
  writevSync,
} from 'node:fs';

/** The calls that labelling a file needs, by file number: at once, or from a thread. What waits for the disk itself (`sync`) is never at once. */
export interface Disk {
  open(path: string, flags: number, mode?: number): number | Promise<number>;
  /** Returns the bytes read, 0 at the end. */
  read(file: number, target: Uint8Array, offset: number): number | Promise<number>;
  /** Returns the bytes written. */
  write(file: number, bytes: Uint8Array, offset: number): number | Promise<number>;
  /** Writes several parts in one call; returns the bytes written. */
  writeParts(file: number, parts: readonly Uint8Array[], offset: number): number | Promise<number>;
  close(file: number): void | Promise<void>;
  link(existing: string, path: string): void | Promise<void>;
  rename(from: string, to: string): void | Promise<void>;
  unlink(path: string): void | Promise<void>;
  sync(file: number): Promise<void>;
}

type Settle<Value> = (error: NodeJS.ErrnoException | null, value: Value) => void;

const settled = <Value>(start: (settle: Settle<Value>) => void): Promise<Value> =>
  new Promise((resolve, reject) => {
    start((error, value) => (error === null || error === undefined ? resolve(value) : reject(error)));
  });

const sync = (file: number): Promise<void> =>
  settled<void>((settle) => fsync(file, settle as Settle<unknown> as (error: NodeJS.ErrnoException | null) => void));

/** Every call in a thread: for files of any size, and for disks of any speed. */
export const threadedDisk: Disk = {
  open: (path, flags, mode) => settled((settle) => open(path, flags, mode, settle)),
  read: (file, target, offset) => settled((settle) => read(file, target, 0, target.length, offset, settle)),
  write: (file, bytes, offset) => settled((settle) => write(file, bytes, 0, bytes.length, offset, settle)),
  writeParts: (file, parts, offset) => settled((settle) => writev(file, parts, offset, settle)),
  close: (file) => settled<void>((settle) => close(file, settle as (error?: NodeJS.ErrnoException | null) => void)),
  link: (existing, path) => settled<void>((settle) => link(existing, path, settle as (error: NodeJS.ErrnoException | null) => void)),
  rename: (from, to) => settled<void>((settle) => rename(from, to, settle as (error: NodeJS.ErrnoException | null) => void)),
  unlink: (path) => settled<void>((settle) => unlink(path, settle as (error: NodeJS.ErrnoException | null) => void)),
  sync,
};

/**
 * Every call at once, save `sync`: for small files on a local disk. Such a call touches memory that the system already holds and takes microseconds, where the way
 * to a thread and back takes tens of them; ten such ways cost more than the whole work (docs/decisions/0004).
 */
export const blockingDisk: Disk = {
  open: (path, flags, mode) => openSync(path, flags, mode),
  read: (file, target, offset) => readSync(file, target, 0, target.length, offset),
  write: (file, bytes, offset) => writeSync(file, bytes, 0, bytes.length, offset),
  writeParts: (file, parts, offset) => writevSync(file, parts, offset),
  close: (file) => closeSync(file),
  link: (existing, path) => linkSync(existing, path),
  rename: (from, to) => renameSync(from, to),
  unlink: (path) => unlinkSync(path),
  sync,
};

/** Flags for reading: O_NONBLOCK, because opening a FIFO that nobody writes to would otherwise wait for ever. */
export const READING: number = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** Flags for a file that must not be there yet. */
export const CREATING: number = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
