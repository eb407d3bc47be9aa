import { readdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { fileError, fromUtf8, SIDECAR_SUFFIX } from 'aigc-label';
import { type Input, leadsToFolder, nameUnreadable } from './inputs.ts';

/**
 * Every file below a folder, in the order of the names' bytes: the same on every run and machine. Hidden entries (so our temporary files, too), links to
 * folders, and sidecars of files that stand beside them are passed over. What cannot be looked into is an input with an error; the walk goes on.
 *
 * @param except a folder's real path that is not entered.
 */
export const walkFolder = async (folder: string, except: string | undefined): Promise<readonly Input[]> => {
  const real = await realpath(folder).catch(() => folder);
  const found: Input[] = [];
  // A stack instead of recursion: depth is the tree's, not ours.
  const waiting: { readonly path: string; readonly real: string; readonly isFolder: boolean }[] = [{ path: folder, real, isFolder: true }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const here = next;
    if (!here.isFolder) {
      found.push({ path: here.path });
      continue;
    }
    if (here.real === except && here.path !== folder) {
      continue;
    }
    try {
      const entries = await readdir(here.path, { withFileTypes: true, encoding: 'buffer' });
      entries.sort((a, b) => Buffer.compare(b.name, a.name));
      const files = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name.toString('latin1')));
      for (const entry of entries) {
        if (entry.name[0] === 0x2e || (!entry.isDirectory() && isSidecar(entry.name.toString('latin1'), files))) {
          continue;
        }
        const name = fromUtf8(entry.name);
        const path = join(here.path, name ?? Buffer.from(entry.name).toString('utf8'));
        if (name === undefined) {
          found.push({ path, error: nameUnreadable(path) });
        } else if (entry.isDirectory()) {
          waiting.push({ path, real: join(here.real, name), isFolder: true });
        } else if (!entry.isSymbolicLink() || !(await leadsToFolder(path))) {
          waiting.push({ path, real: '', isFolder: false });
        }
      }
    } catch (error) {
      found.push({ path: here.path, error: fileError(error, here.path) });
    }
  }
  return found;
};

/** Whether one of `files` is what a name is the sidecar of: it is looked at with its file. */
export const isSidecar = (name: string, files: Pick<ReadonlySet<string>, 'has'>): boolean =>
  name.endsWith(SIDECAR_SUFFIX) && files.has(name.slice(0, -SIDECAR_SUFFIX.length));
