import { LabelError, leafHash, type TreeHead, verifyCheckpoint, verifyConsistency, verifyInclusion } from '@aigc-label/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { faultyDisk } from '../../test/faulty-disk.ts';
import { type MemoryDisk, memoryDisk, type Remains } from '../../test/memory-disk.ts';
import { leafNumber, leavesUpTo, openTestLog, testLogKey } from '../../test/test-log.ts';
import { auditLog } from './audit-log.ts';
import { type Journal, readJournal } from './journal.ts';
import type { LogDisk } from './log-disk.ts';
import { nodeHashing } from './node-hashing.ts';
import type { ProvenanceLog } from './open-log.ts';

const FOLDER = '/data/log';

/** A log of 254 leaves. */
let template: MemoryDisk;
beforeAll(async () => {
  template = memoryDisk();
  const log = await openTestLog(FOLDER, { disk: template });
  await Promise.all(leavesUpTo(254).map((leaf) => log.append(leaf)));
  await log.close();
});

/** What a log has promised to whoever appended, and to whoever read its checkpoints. */
interface Promises {
  readonly indexes: Map<number, number>;
  readonly heads: TreeHead[];
}

const headOf = async (checkpoint: string): Promise<TreeHead> => {
  const verdict = await verifyCheckpoint(checkpoint, [testLogKey]);
  return verdict.isSigned ? verdict.head : expect.fail('the checkpoint is not signed');
};

/** Appends leaves 254 to 258 in three batches, the second of which fills a tile; returns what was refused. */
const work = async (log: ProvenanceLog, base: LogDisk, { indexes, heads }: Promises): Promise<readonly unknown[]> => {
  const errors: unknown[] = [];
  for (const batch of [[254], [255, 256, 257], [258]]) {
    for (const outcome of await Promise.allSettled(batch.map(async (number) => [number, await log.append(leafNumber(number))] as const))) {
      if (outcome.status === 'rejected') {
        errors.push(outcome.reason);
      } else {
        indexes.set(...outcome.value);
      }
    }
    // What is published, and what is signed and remembered: neither may ever be contradicted.
    const journal = readJournal((await base.read(`${FOLDER}.writer/last-signed`, 1 << 20)) as Uint8Array) as Journal;
    heads.push(await headOf(log.checkpoint()), await headOf(journal.next));
  }
  return errors;
};

/** Whatever was promised is there, and every checkpoint that was seen is a beginning of what is there now. */
const assertKept = async (disk: LogDisk, { indexes, heads }: Promises): Promise<void> => {
  // As when the process that held the lock is dead; that is tested with real processes in log-kill.test.ts.
  for (const name of (await disk.list(`${FOLDER}.writer`)).filter((one) => one.startsWith('lock'))) {
    await disk.clear(`${FOLDER}.writer/${name}`);
  }
  const log = await openTestLog(FOLDER, { disk });
  const head = await headOf(log.checkpoint());
  for (const [number, index] of indexes) {
    expect(verifyInclusion(await log.inclusion(index), leafHash(leafNumber(number), nodeHashing), head.root, nodeHashing)).toEqual({
      isIncluded: true,
    });
  }
  const seen = new Map(heads.map((one) => [`${one.size} ${one.root.join()}`, one]));
  for (const old of seen.values()) {
    expect(verifyConsistency(await log.consistency(old.size), old.root, head.root, nodeHashing)).toEqual({ isConsistent: true });
  }
  // It goes on: what was refused can be appended again, and has one index.
  const again = await Promise.all([254, 255, 256, 257, 258].map((number) => log.append(leafNumber(number))));
  expect([new Set(again).size, log.size]).toEqual([5, 259]);
  expect([...indexes].map(([number]) => again[number - 254])).toEqual([...indexes.values()]);
  await log.close();
  expect(await auditLog(FOLDER, [testLogKey], disk)).toMatchObject({ isIntact: true });
};

describe('a fault at every call of the disk', () => {
  it.each(['ENOSPC', 'EIO'])('%s: nothing that was promised is lost, and the next call goes on', async (code) => {
    const seen = new Set<string>();
    for (let fails = 0; ; fails += 1) {
      const base = template.afterPowerCut('everything');
      const { disk, failed } = faultyDisk(base, fails, code, false);
      const promises: Promises = { indexes: new Map(), heads: [] };
      const errors: unknown[] = [];
      try {
        const log = await openTestLog(FOLDER, { disk });
        errors.push(...(await work(log, base, promises)));
        // The disk is well again: the same process goes on without being started anew.
        if (failed() !== undefined) {
          promises.indexes.set(254, await log.append(leafNumber(254)));
          promises.heads.push(await headOf(log.checkpoint()));
        }
        await log.close();
      } catch (error) {
        errors.push(error);
      }
      for (const error of errors) {
        expect(error).toBeInstanceOf(LabelError);
        expect(error).toMatchObject({ code: 'LOG_FAILED', data: { reason: code === 'ENOSPC' ? 'disk_full' : 'io_failed' }, cause: { code } });
      }
      await assertKept(base, promises);
      expect((await base.list(FOLDER)).filter((name) => name.startsWith('.'))).toEqual([]);
      if (failed() === undefined) {
        expect(errors).toEqual([]);
        break;
      }
      seen.add(failed() as string);
    }
    expect([...seen].sort()).toEqual(
      expect.arrayContaining(['close', 'create', 'link', 'makeFolder', 'read', 'rename', 'sync', 'syncFolder', 'write']),
    );
  });
});

describe('an end at every call of the disk', () => {
  it.each<[Remains]>([['synced'], ['names']])('after which %s remains: the log opens, and nothing that was promised is lost', async (remains) => {
    let calls = 0;
    for (let fails = 0; ; fails += 1) {
      const base = template.afterPowerCut('everything');
      const { disk, failed } = faultyDisk(base, fails, 'EIO', true);
      const promises: Promises = { indexes: new Map(), heads: [] };
      const log = await openTestLog(FOLDER, { disk }).catch(() => undefined);
      if (log !== undefined) {
        await work(log, base, promises);
        await log.close().catch(() => undefined);
      }
      const left = base.afterPowerCut(remains);
      // Of a memory that was not durable nobody has heard: it is the published heads that count.
      const journal = readJournal((await left.read(`${FOLDER}.writer/last-signed`, 1 << 20)) as Uint8Array) as Journal;
      const { size } = await headOf(journal.next);
      await assertKept(left, { ...promises, heads: promises.heads.filter((head) => head.size <= size) });
      expect(Math.max(0, ...promises.indexes.values())).toBeLessThan(size);
      if (failed() === undefined) {
        break;
      }
      calls += 1;
    }
    expect(calls).toBeGreaterThan(50);
  });

  it.each<[Remains]>([['everything'], ['synced'], ['names']])('a log that was only just begun, after which %s remains', async (remains) => {
    for (let fails = 0; ; fails += 1) {
      const base = memoryDisk();
      const { disk, failed } = faultyDisk(base, fails, 'EIO', true);
      const log = await openTestLog(FOLDER, { disk }).catch(() => undefined);
      const index = await log?.append(leafNumber(0)).catch(() => undefined);
      await log?.close().catch(() => undefined);
      const left = base.afterPowerCut(remains);
      for (const name of (await left.list(`${FOLDER}.writer`)).filter((one) => one.startsWith('lock'))) {
        await left.clear(`${FOLDER}.writer/${name}`);
      }
      const again = await openTestLog(FOLDER, { disk: left });
      expect(again.size).toBeGreaterThanOrEqual(index === undefined ? 0 : 1);
      expect(await again.append(leafNumber(0))).toBe(0);
      await again.close();
      if (failed() === undefined) {
        break;
      }
    }
  });
});
