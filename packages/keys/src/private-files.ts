import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskError, keyInvalid } from './key-error.ts';

/** Far beyond what any of our files has. */
const MAXIMUM_BYTES = 65_536;
/** Windows has no permission bits and no owners of this kind; there the profile's folder keeps others out. */
const hasModes = process.platform !== 'win32';

/** Makes the folder where it is missing (0700), and refuses one that is a link, or open to others. @throws LabelError `KEY_INVALID`, or as the disk does. */
export const openPrivateFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const found = await lstat(folder);
    if (!found.isDirectory()) {
      throw keyInvalid(folder, 'it is not a folder, or a link to one');
    }
    assertPrivate(found, folder);
  } catch (error) {
    throw diskError(error, folder);
  }
};

/** The names in a folder; none where it does not exist. */
export const namesIn = async (folder: string): Promise<readonly string[]> => {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw diskError(error, folder);
  }
};

/**
 * The text of a file that only its owner can read, looked at through the very handle that it is read with; `undefined` where there is none.
 *
 * @throws LabelError `KEY_INVALID` for a link, for what is no regular file, is open to others, belongs to somebody else, or is too long.
 */
export const readPrivateFile = async (path: string): Promise<string | undefined> => {
  try {
    // Not through a link, and not waiting for a pipe.
    const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > MAXIMUM_BYTES) {
        throw keyInvalid(path, 'it is not a file, or too long for one');
      }
      assertPrivate(found, path);
      const bytes = Buffer.alloc(MAXIMUM_BYTES);
      const { bytesRead } = await file.read(bytes, 0, MAXIMUM_BYTES, 0);
      const text = bytes.toString('utf8', 0, bytesRead);
      bytes.fill(0);
      return text;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error instanceof Error && 'code' in error && error.code === 'ELOOP' ? keyInvalid(path, 'it is a link') : diskError(error, path);
  }
};

/**
 * Writes a file of mode 0600 as a whole or not at all, durably.
 *
 * @returns whether it was written: not where there is one of that name, unless it may be replaced.
 */
export const writePrivateFile = async (path: string, text: string, mayReplace = false): Promise<boolean> => {
  const temporary = join(dirname(path), `.${randomBytes(12).toString('hex')}.tmp`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // A link fails where the name is taken, even by someone who took it this instant.
    await (mayReplace ? rename(temporary, path) : link(temporary, path));
    await syncFolder(dirname(path));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') {
      return false;
    }
    throw diskError(error, path);
  } finally {
    await rm(temporary, { force: true });
  }
};

const syncFolder = async (folder: string): Promise<void> => {
  if (hasModes) {
    const handle = await open(folder, constants.O_RDONLY);
    await handle.sync().finally(() => handle.close());
  }
};

const assertPrivate = ({ mode, uid }: { readonly mode: number; readonly uid: number }, path: string): void => {
  if (hasModes && (mode & 0o077) !== 0) {
    throw keyInvalid(
      path,
      `others may open it (mode ${(mode & 0o777).toString(8)}); take their permissions away with chmod go-rwx, and ask who has read it`,
    );
  }
  const own = process.getuid?.();
  if (own !== undefined && uid !== own) {
    throw keyInvalid(path, 'it belongs to somebody else');
  }
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
