import { dirname, join } from 'node:path';
import type { LogDisk } from './log-disk.ts';

/** A file of the log, by its path below the folder, with slashes. */
export interface LogFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The name of a file that is not finished; there is at most one, as there is but one writer. */
const PENDING = '.pending';

/** Puts whole files in place, replacing what stands there; durable when it returns. Whoever reads meanwhile sees the old file or the new one. */
export const putFiles = async (folder: string, files: readonly LogFile[], disk: LogDisk): Promise<void> => {
  const pending = join(folder, PENDING);
  const changed = new Set<string>();
  try {
    for (const { path, bytes } of files) {
      const target = join(folder, path);
      for (const parent of await madeNames(dirname(target), disk)) {
        changed.add(parent);
      }
      const file = await disk.create(pending);
      try {
        await file.write(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await disk.rename(pending, target);
      changed.add(dirname(target));
    }
    for (const parent of changed) {
      await disk.syncFolder(parent);
    }
  } catch (error) {
    await disk.clear(pending).catch(() => undefined);
    throw error;
  }
};

/** Makes a folder; durable when it returns. */
export const makeFolder = async (path: string, disk: LogDisk): Promise<void> => {
  for (const parent of await madeNames(path, disk)) {
    await disk.syncFolder(parent);
  }
};

/** Makes a folder; returns the folders that have got a new name in them. */
const madeNames = async (path: string, disk: LogDisk): Promise<readonly string[]> => {
  const first = await disk.makeFolder(path);
  const parents: string[] = [];
  for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) {
    parents.push(dirname(made));
  }
  return parents;
};
