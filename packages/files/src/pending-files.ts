import { rmSync } from 'node:fs';

const pending = new Set<string>();

/** Temporary files of this process that do not have their name yet. */
export const pendingFiles = {
  /** Remembers a path until the returned function is called. */
  add(path: string): () => void {
    pending.add(path);
    return () => {
      pending.delete(path);
    };
  },
  /** Removes them all, at once: for a process that was told to end. Files that already have their name are not touched. */
  removeAll(): void {
    for (const path of pending) {
      rmSync(path, { force: true });
    }
    pending.clear();
  },
};
