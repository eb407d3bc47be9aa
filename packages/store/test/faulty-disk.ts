import { type LogDisk, nodeDisk, type OpenFile } from '../src/log/log-disk.ts';

/** A disk that goes wrong. */
export interface FaultyDisk {
  readonly disk: LogDisk;
  /** Which call has gone wrong: `write`, `rename`. */
  readonly failed: () => string | undefined;
}

/**
 * A disk whose call number `fails` goes wrong with `code`; a write that goes wrong has written half.
 *
 * @param staysDead whether every call after it fails too, as after a crash.
 */
export const faultyDisk = (base: LogDisk, fails: number, code: string, staysDead: boolean): FaultyDisk => {
  let count = 0;
  let failed: string | undefined;
  const guard = async <Value>(name: string, work: () => Promise<Value>, half: () => Promise<unknown> = async () => undefined): Promise<Value> => {
    const isDead = staysDead && failed !== undefined;
    if (count === fails || isDead) {
      count += 1;
      if (!isDead) {
        failed = name;
        await half();
      }
      throw Object.assign(new Error(`${code}: ${name}`), { code });
    }
    count += 1;
    return work();
  };
  const disk: LogDisk = {
    read: (path, limit) => guard('read', () => base.read(path, limit)),
    list: (folder) => guard('list', () => base.list(folder)),
    touchedMillis: (path) => guard('touchedMillis', () => base.touchedMillis(path)),
    create: async (path) => {
      const file = await guard('create', () => base.create(path));
      return guardedFile(file);
    },
    rename: (from, to) => guard('rename', () => base.rename(from, to)),
    link: (existing, path) => guard('link', () => base.link(existing, path)),
    makeFolder: (path) => guard('makeFolder', () => base.makeFolder(path)),
    syncFolder: (path) => guard('syncFolder', () => base.syncFolder(path)),
    touch: (path, atMillis) => guard('touch', () => base.touch(path, atMillis)),
    clear: (path) => guard('clear', () => base.clear(path)),
  };
  const guardedFile = (file: OpenFile): OpenFile => ({
    write: (bytes) =>
      guard(
        'write',
        () => file.write(bytes),
        () => file.write(bytes.subarray(0, bytes.length >> 1)),
      ),
    sync: () => guard('sync', () => file.sync()),
    // A number of a file is given back whatever happens; a crash does that too.
    close: async () => {
      await file.close();
      await guard('close', async () => undefined);
    },
  });
  return { disk, failed: () => failed };
};

/** The disk of this machine, without waiting until anything is durable, which no test can tell. */
export const hastyDisk: LogDisk = {
  ...nodeDisk,
  create: async (path) => ({ ...(await nodeDisk.create(path)), sync: async () => undefined }),
  syncFolder: async () => undefined,
};
