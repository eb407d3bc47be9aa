import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryOwner } from './temporary-name.ts';

/** Files of processes that cannot be asked (another machine's, or a number that was given out again) are left alone for this long. */
const FOREIGN_AGE_MILLIS = 24 * 60 * 60 * 1000;

/**
 * Removes temporary files that a process which was killed left in a folder: only regular files, only names of our own pattern, only where that process is
 * gone, or the file has not been touched for a day. Returns how many. A folder that cannot be read holds none.
 *
 * @param nowMillis the present, in milliseconds since 1970.
 */
export const sweepTemporaries = async (folder: string, nowMillis: number): Promise<number> => {
  const names = await readdir(folder).catch(() => []);
  let swept = 0;
  for (const name of names) {
    const owner = temporaryOwner(name);
    if (owner === undefined) {
      continue;
    }
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => undefined);
    const isAbandoned = (owner.isThisHost && !isAlive(owner.pid)) || (stats !== undefined && nowMillis - stats.mtimeMs > FOREIGN_AGE_MILLIS);
    if (stats?.isFile() === true && isAbandoned) {
      await rm(path, { force: true }).then(
        () => {
          swept += 1;
        },
        () => undefined,
      );
    }
  }
  return swept;
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is someone else's.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
};
