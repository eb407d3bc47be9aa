import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fromUtf8, LabelError } from '@aigc-label/core';
import type { LogDisk } from './log-disk.ts';
import { errorCode, logError } from './log-error.ts';

/** That this process, and no other, writes a log. */
export interface WriterLock {
  /** Throws where another process has taken the log over. @throws LabelError `LOG_FAILED`, `lock_lost`. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** Who holds a lock. */
interface Holder {
  /** Machine, its last start and the process namespace: where these agree, the system itself tells whether the process lives. */
  readonly machine: string;
  readonly pid: number;
  /** When the process was started, in the system's own count; 0 where that is not to be had. */
  readonly started: number;
  readonly isReleased: boolean;
}

/** How often a holder says that it lives, and how long it is believed where the system cannot tell, in milliseconds. */
const HEARTBEAT_MILLIS = 2_000;
const STALE_MILLIS = 30_000;

/** How often a lock that is held is looked at again, in milliseconds. */
const RETRY_MILLIS = 25;

const NAME = /^lock-([0-9]{1,15})$/;
const ATTEMPTS = 8;

/**
 * Takes the lock of a folder. Locks are numbered, and the highest one counts: whoever finds it released, or its process dead, makes the next one, which only one can.
 * A lock of a killed process does not block; on another machine or in another container, for `STALE_MILLIS`.
 *
 * @throws LabelError `LOG_FAILED`, `locked` with `data.pid`.
 */
export const takeLock = async (
  folder: string,
  { nowMillis, maximumWaitMillis = 0 }: { readonly nowMillis: () => number; readonly maximumWaitMillis?: number },
  disk: LogDisk,
): Promise<WriterLock> => {
  const end = performance.now() + maximumWaitMillis;
  for (;;) {
    try {
      return await tryLock(folder, nowMillis, disk);
    } catch (error) {
      if (!(error instanceof LabelError) || performance.now() >= end) {
        throw error;
      }
      await sleep(RETRY_MILLIS);
    }
  }
};

const tryLock = async (folder: string, nowMillis: () => number, disk: LogDisk): Promise<WriterLock> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const highest = (await generations(folder, disk)).at(-1) ?? 0;
    if (highest > 0 && (await isHeld(lockPath(folder, highest), nowMillis(), disk))) {
      throw logError('locked', 'another process writes it', { pid: (await readHolder(lockPath(folder, highest), disk))?.pid });
    }
    const mine = highest + 1;
    if ((await make(folder, mine, disk)) && (await generations(folder, disk)).at(-1) === mine) {
      await clearOthers(folder, mine, disk);
      return held(folder, mine, nowMillis, disk);
    }
  }
  throw logError('locked', 'other processes want to write it at the same time');
};

const held = (folder: string, generation: number, nowMillis: () => number, disk: LogDisk): WriterLock => {
  const path = lockPath(folder, generation);
  const heartbeat = setInterval(() => void disk.touch(path, nowMillis()).catch(() => undefined), HEARTBEAT_MILLIS);
  heartbeat.unref();
  return {
    check: async () => {
      if ((await generations(folder, disk)).at(-1) !== generation) {
        throw logError('lock_lost', 'another process has taken it over');
      }
    },
    release: async () => {
      clearInterval(heartbeat);
      const temporary = join(folder, `lock.${randomUUID()}`);
      await writeHolder(temporary, { ...self(), isReleased: true }, disk);
      await disk.rename(temporary, path);
    },
  };
};

/** Whether this call made the lock; it has its content from the first moment. */
const make = async (folder: string, generation: number, disk: LogDisk): Promise<boolean> => {
  const temporary = join(folder, `lock.${randomUUID()}`);
  try {
    await writeHolder(temporary, self(), disk);
    await disk.link(temporary, lockPath(folder, generation));
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST' || errorCode(error) === 'ENOENT') {
      return false;
    }
    throw error;
  } finally {
    await disk.clear(temporary).catch(() => undefined);
  }
};

const writeHolder = async (path: string, holder: Holder, disk: LogDisk): Promise<void> => {
  const file = await disk.create(path);
  await file.write(new TextEncoder().encode(JSON.stringify(holder))).finally(() => file.close());
};

const isHeld = async (path: string, nowMillis: number, disk: LogDisk): Promise<boolean> => {
  const holder = await readHolder(path, disk);
  if (holder?.isReleased === true) {
    return false;
  }
  if (holder?.machine === self().machine) {
    const started = startOf(holder.pid);
    if (started === undefined || started !== holder.started) {
      return false;
    }
    if (started > 0) {
      return true;
    }
  }
  const touched = await disk.touchedMillis(path);
  return touched !== undefined && Math.abs(nowMillis - touched) < STALE_MILLIS;
};

const readHolder = async (path: string, disk: LogDisk): Promise<Holder | undefined> => {
  const text = fromUtf8((await disk.read(path, 4096)) ?? new Uint8Array());
  try {
    const holder = JSON.parse(text ?? '') as Holder | null;
    return typeof holder === 'object' && holder !== null ? holder : undefined;
  } catch {
    return undefined;
  }
};

const generations = async (folder: string, disk: LogDisk): Promise<readonly number[]> =>
  (await disk.list(folder)).flatMap((name) => NAME.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);

/** Older locks, and what a killed process has left of making one. */
const clearOthers = async (folder: string, mine: number, disk: LogDisk): Promise<void> => {
  for (const name of await disk.list(folder)) {
    if (name.startsWith('lock.') || Number(NAME.exec(name)?.[1] ?? mine) < mine) {
      await disk.clear(join(folder, name)).catch(() => undefined);
    }
  }
};

const lockPath = (folder: string, generation: number): string => join(folder, `lock-${generation}`);

const self = (): Holder => ({
  machine: `${hostname()} ${orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim())} ${orEmpty(() => readlinkSync('/proc/self/ns/pid'))}`,
  pid: process.pid,
  started: startOf(process.pid) ?? 0,
  isReleased: false,
});

/** When a process was started (proc(5), field 22 of stat), 0 where the system does not say; `undefined` where there is no such process, or only what is left of a killed one. */
const startOf = (pid: number): number | undefined => {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errorCode(error) !== 'EPERM') {
      return undefined;
    }
  }
  const stat = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  // The name of a process stands in parentheses and may hold any character; the state follows.
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : Number(fields[18] ?? 0);
};

const orEmpty = (read: () => string): string => {
  try {
    return read();
  } catch {
    return '';
  }
};
