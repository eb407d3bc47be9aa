import { constants, fchmodSync, fstatSync } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type ByteSource, LabelError } from '@aigc-label/core';
import { fileError } from './file-error.ts';
import { sourceOf } from './file-source.ts';
import { pendingFiles } from './pending-files.ts';
import { temporaryPath } from './temporary-name.ts';
import { WHOLE_FILE_BYTES } from './whole-file.ts';

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
  /** Looks at the finished file before it gets its name; what it throws is thrown, and nothing remains. */
  readonly confirm?: (written: ByteSource) => Promise<void>;
}

/**
 * Writes a file beside its final place, confirms it, makes it durable, and only then gives it its name. On any failure nothing is left behind and what
 * stood under that name is as it was.
 *
 * @param fill writes the content through the handle.
 * @throws LabelError `OUTPUT_EXISTS`, `NO_PERMISSION`, `NOT_FOUND`, `DISK_FULL` or `IO_FAILED`, and what `fill` and `confirm` throw.
 */
export const writeAtomically = async (path: string, fill: (handle: FileHandle) => Promise<void>, options: WriteOptions): Promise<void> => {
  const temporary = temporaryPath(path);
  const forget = pendingFiles.add(temporary);
  let handle: FileHandle | undefined;
  try {
    handle = await create(temporary, options.makesFolders === true);
    await fill(handle);
    if (options.confirm !== undefined) {
      await confirm(handle, temporary, options.confirm);
    }
    await giveTo(handle, options.owner);
    fchmodSync(handle.fd, options.mode & 0o777);
    if (options.isDurable !== false) {
      await handle.sync();
    }
    await handle.close();
    handle = undefined;
    await name(temporary, path, options.mayReplace);
    if (options.isDurable !== false) {
      await syncFolder(dirname(path));
    }
  } catch (error) {
    await handle?.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
    throw fileError(error, path);
  } finally {
    forget();
  }
};

const create = async (temporary: string, makesFolders: boolean): Promise<FileHandle> => {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL;
  try {
    return await open(temporary, flags, 0o600);
  } catch (error) {
    if (!makesFolders || !isCode(error, 'ENOENT')) {
      throw error;
    }
    await mkdir(dirname(temporary), { recursive: true });
    return open(temporary, flags, 0o600);
  }
};

const confirm = async (handle: FileHandle, path: string, look: (written: ByteSource) => Promise<void>): Promise<void> => {
  const stats = fstatSync(handle.fd);
  const written = sourceOf(handle, path, stats, stats.size <= WHOLE_FILE_BYTES);
  await look(written).finally(() => written.releaseWindows());
};

const giveTo = async (handle: FileHandle, owner: WriteOptions['owner']): Promise<void> => {
  const { uid, gid } = fstatSync(handle.fd);
  if (owner !== undefined && (owner.uid !== uid || owner.gid !== gid)) {
    try {
      await handle.chown(owner.uid, owner.gid);
    } catch (error) {
      if (!isCode(error, 'EPERM')) {
        throw error;
      }
    }
  }
};

const name = async (temporary: string, path: string, mayReplace: boolean): Promise<void> => {
  if (mayReplace) {
    await rename(temporary, path);
    return;
  }
  try {
    // A hard link fails where the name is taken, even by someone who took it this instant; rename would replace.
    await link(temporary, path);
    await unlink(temporary);
  } catch (error) {
    if (!isCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) {
      throw error;
    }
    // No hard links on this file system (FAT, some network disks): look first, then rename.
    if (await exists(path)) {
      throw new LabelError('OUTPUT_EXISTS', `${JSON.stringify(path)} exists already; choose another place or allow overwriting.`, { data: { path } });
    }
    await rename(temporary, path);
  }
};

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Makes the name itself durable; where a folder cannot be synced (Windows, some network disks) there is nothing more to be had. */
const syncFolder = async (folder: string): Promise<void> => {
  try {
    const handle = await open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!isCode(error, 'EPERM', 'EACCES', 'EINVAL', 'EISDIR', 'ENOTSUP')) {
      throw error;
    }
  }
};

const isCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
