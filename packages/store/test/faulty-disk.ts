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
export const faultyDisk = (fails: number, code: string, staysDead: boolean): FaultyDisk => {
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
    read: (path, limit) => guard('read', () => nodeDisk.read(path, limit)),
    list: (folder) => guard('list', () => nodeDisk.list(folder)),
    touchedMillis: (path) => guard('touchedMillis', () => nodeDisk.touchedMillis(path)),
    create: async (path) => {
      const file = await guard('create', () => nodeDisk.create(path));
      return guardedFile(file);
    },
    rename: (from, to) => guard('rename', () => nodeDisk.rename(from, to)),
    link: (existing, path) => guard('link', () => nodeDisk.link(existing, path)),
    makeFolder: (path) => guard('makeFolder', () => nodeDisk.makeFolder(path)),
    // What a disk does to be durable takes its time, and no test here can tell.
    syncFolder: () => guard('syncFolder', async () => undefined),
    touch: (path, atMillis) => guard('touch', () => nodeDisk.touch(path, atMillis)),
    clear: (path) => guard('clear', () => nodeDisk.clear(path)),
  };
  const guardedFile = (file: OpenFile): OpenFile => ({
    write: (bytes) =>
      guard(
        'write',
        () => file.write(bytes),
        () => file.write(bytes.subarray(0, bytes.length >> 1)),
      ),
    sync: () => guard('sync', async () => undefined),
    // A number of a file is given back whatever happens; a crash does that too.
    close: async () => {
      await file.close();
      await guard('close', async () => undefined);
    },
  });
  return { disk, failed: () => failed };
};

/** A disk that does everything but wait. */
export const hastyDisk: LogDisk = faultyDisk(-1, '', false).disk;
