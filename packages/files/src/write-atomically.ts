import { fchmodSync, fchownSync, fstatSync } from 'node:fs';
import { lstat, mkdir, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ByteSource, LabelError } from '@aigc-label/core';
import { CREATING, type Disk, READING, threadedDisk } from './disk.ts';
import { fileError } from './file-error.ts';
import { sourceOf } from './file-source.ts';
import { pendingFiles } from './pending-files.ts';
import { temporaryPath } from './temporary-name.ts';

/** How a file is put in place. */
export interface WriteOptions {
  /** Permission bits of the new file, as in `stats.mode`. */
  readonly mode: number;
  /** Who is to own it, where this process may say so; the default is this process. */
  readonly owner?: { readonly uid: number; readonly gid: number };
  /** Whether a file of that name may be replaced. */
  readonly mayReplace: boolean;
  /** Whether to wait until the disk has it (fsync of file and folder). The default is `true`. */
  readonly isDurable?: boolean;
  /** Whether folders on the way that do not exist are made. The default is `false`. */
  readonly makesFolders?: boolean;
  /** How the system is called; the default is from threads. */
  readonly disk?: Disk;
  /** How the system is called to read back what was just written, and so is in memory; the default is `disk`. */
  readonly confirmDisk?: Disk;
  /** Looks at the finished file before it gets its name; what it throws is thrown, and nothing remains. */
  readonly confirm?: (written: ByteSource) => Promise<void>;
}

/**
 * Writes a file beside its final place, confirms it, makes it durable, and only then gives it its name. On any failure nothing is left behind and what
 * stood under that name is as it was.
 *
 * @param fill writes the content into the file of that number.
 * @throws LabelError `OUTPUT_EXISTS`, `NO_PERMISSION`, `NOT_FOUND`, `DISK_FULL` or `IO_FAILED`, and what `fill` and `confirm` throw.
 */
export const writeAtomically = async (path: string, fill: (file: number, disk: Disk) => Promise<void>, options: WriteOptions): Promise<void> => {
  const { disk = threadedDisk, isDurable = true } = options;
  const temporary = temporaryPath(path);
  const forget = pendingFiles.add(temporary);
  let file: number | undefined;
  try {
    file = await create(temporary, options.makesFolders === true, disk);
    await fill(file, disk);
    if (options.confirm !== undefined) {
      await confirm(file, temporary, options.confirm, options.confirmDisk ?? disk);
    }
    giveTo(file, options.owner);
    setMode(file, options.mode & 0o777);
    if (isDurable) {
      await disk.sync(file);
    }
    const closing = file;
    file = undefined;
    await disk.close(closing);
    await name(temporary, path, options.mayReplace, disk);
    if (isDurable) {
      await syncFolder(dirname(path), disk);
    }
  } catch (error) {
    if (file !== undefined) {
      await Promise.resolve(threadedDisk.close(file)).catch(() => undefined);
    }
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, path);
  } finally {
    forget();
  }
};

const create = async (temporary: string, makesFolders: boolean, disk: Disk): Promise<number> => {
  try {
    return await disk.open(temporary, CREATING, 0o600);
  } catch (error) {
    if (!makesFolders || !isCode(error, 'ENOENT')) {
      throw error;
    }
    await mkdir(dirname(temporary), { recursive: true });
    return disk.open(temporary, CREATING, 0o600);
  }
};

const confirm = async (file: number, path: string, look: (written: ByteSource) => Promise<void>, disk: Disk): Promise<void> => {
  const written = sourceOf(file, path, fstatSync(file), disk);
  await look(written).finally(() => written.releaseWindows());
};

const giveTo = (file: number, owner: WriteOptions['owner']): void => {
  if (owner === undefined) {
    return;
  }
  const { uid, gid } = fstatSync(file);
  if (owner.uid !== uid || owner.gid !== gid) {
    try {
      fchownSync(file, owner.uid, owner.gid);
    } catch (error) {
      if (!isCode(error, 'EPERM')) {
        throw error;
      }
    }
  }
};

const setMode = (file: number, mode: number): void => {
  try {
    fchmodSync(file, mode);
  } catch (error) {
    // Some network disks have no permission bits to set.
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) {
      throw error;
    }
  }
};

const name = async (temporary: string, path: string, mayReplace: boolean, disk: Disk): Promise<void> => {
  if (mayReplace) {
    await disk.rename(temporary, path);
    return;
  }
  try {
    // A hard link fails where the name is taken, even by someone who took it this instant; rename would replace.
    await disk.link(temporary, path);
    await disk.unlink(temporary);
  } catch (error) {
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) {
      throw error;
    }
    // No hard links on this file system (FAT, some network disks): look first, then rename.
    if (await exists(path)) {
      throw new LabelError('OUTPUT_EXISTS', `${JSON.stringify(path)} exists already; choose another place or allow overwriting.`, { data: { path } });
    }
    await disk.rename(temporary, path);
  }
};

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Makes the name itself durable; where a folder cannot be synced (Windows, some network disks) there is nothing more to be had. */
const syncFolder = async (folder: string, disk: Disk): Promise<void> => {
  try {
    const file = await disk.open(folder, READING);
    await disk.sync(file).finally(() => disk.close(file));
  } catch (error) {
    if (!isCode(error, 'EPERM', 'EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP')) {
      throw error;
    }
  }
};

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
