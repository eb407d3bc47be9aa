import { dirname } from 'node:path';
import { concat } from '@aigc-label/core';
import type { LogDisk } from '../src/log/log-disk.ts';

/**
 * What is there after the power was cut: `everything` that was written (as after a kill) · `synced` only what was waited for, names and bytes · `names` every name, but of the bytes only what was
 * waited for: a rename that came before its data.
 */
export type Remains = 'everything' | 'synced' | 'names';

/** A disk in memory that knows what it has promised. */
export interface MemoryDisk extends LogDisk {
  /** The disk after the power was cut. */
  afterPowerCut(remains: Remains): MemoryDisk;
}

interface Content {
  bytes: Uint8Array;
  synced: Uint8Array;
}

/** A folder has no content. */
type Names = Map<string, Content | null>;

const none = new Uint8Array();
const failed = (code: string): Error => Object.assign(new Error(code), { code });

export const memoryDisk = (names: Names = new Map([['/', null]]), syncedNames: Names = new Map(names)): MemoryDisk => {
  const isIn = (path: string, folder: string): boolean => path !== folder && dirname(path) === folder;
  return {
    read: async (path, limit) => names.get(path)?.bytes.slice(0, limit),
    list: async (folder) => [...names.keys()].filter((path) => isIn(path, folder)).map((path) => path.slice(folder.length + 1)),
    touchedMillis: async (path) => (names.has(path) ? Date.now() : undefined),
    create: async (path) => {
      if (names.get(dirname(path)) !== null) {
        throw failed('ENOENT');
      }
      const content: Content = { bytes: none, synced: none };
      names.set(path, content);
      return {
        write: async (bytes) => {
          content.bytes = concat(content.bytes, bytes);
        },
        sync: async () => {
          content.synced = content.bytes;
        },
        close: async () => undefined,
      };
    },
    rename: async (from, to) => {
      names.set(to, names.get(from) as Content);
      names.delete(from);
    },
    link: async (existing, path) => {
      if (names.has(path)) {
        throw failed('EEXIST');
      }
      names.set(path, names.get(existing) as Content);
    },
    makeFolder: async (path) => {
      let first: string | undefined;
      for (let folder = path; !names.has(folder); folder = dirname(folder)) {
        first = folder;
        names.set(folder, null);
      }
      return first;
    },
    syncFolder: async (folder) => {
      for (const path of [...syncedNames.keys()].filter((name) => isIn(name, folder) && !names.has(name))) {
        syncedNames.delete(path);
      }
      for (const [path, content] of [...names].filter(([name]) => isIn(name, folder))) {
        syncedNames.set(path, content);
      }
    },
    touch: async () => undefined,
    clear: async (path) => {
      for (const name of [...names.keys()].filter((one) => one === path || one.startsWith(`${path}/`))) {
        names.delete(name);
      }
    },
    afterPowerCut: (remains) => {
      const left = remains === 'synced' ? syncedNames : names;
      const isReachable = (path: string): boolean => path === '/' || (left.has(path) && isReachable(dirname(path)));
      const kept = [...left].filter(([path]) => isReachable(path));
      const contentOf = (content: Content): Uint8Array => (remains === 'everything' ? content.bytes : content.synced);
      return memoryDisk(
        new Map(kept.map(([path, content]) => [path, content === null ? null : { bytes: contentOf(content), synced: contentOf(content) }])),
      );
    },
  };
};
