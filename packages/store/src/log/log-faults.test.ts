import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabelError, leafHash, type TreeHead, verifyCheckpoint, verifyConsistency, verifyInclusion } from '@aigc-label/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { faultyDisk, hastyDisk } from '../../test/faulty-disk.ts';
import { leafNumber, leavesUpTo, openTestLog, testLogKey } from '../../test/test-log.ts';
import { auditLog } from './audit-log.ts';
import { nodeHashing } from './node-hashing.ts';
import type { ProvenanceLog } from './open-log.ts';

let parent: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'aigc-label-log-'));
  const log = await openTestLog(join(parent, 'template'), { disk: hastyDisk });
  await Promise.all(leavesUpTo(254).map((leaf) => log.append(leaf)));
  await log.close();
});
afterAll(() => rm(parent, { recursive: true, force: true }));

let count = 0;
const copy = async (): Promise<string> => {
  count += 1;
  const folder = join(parent, `copy-${count}`);
  await cp(join(parent, 'template'), folder, { recursive: true });
  await cp(join(parent, 'template.writer'), `${folder}.writer`, { recursive: true });
  return folder;
};

const headOf = async (log: ProvenanceLog): Promise<TreeHead> => {
  const verdict = await verifyCheckpoint(log.checkpoint(), [testLogKey]);
  return verdict.isSigned ? verdict.head : expect.fail('the checkpoint is not signed');
};

/** Appends leaves 254 to 256 in three batches, the second of which fills a tile; remembers what was promised. */
const work = async (log: ProvenanceLog, promised: Map<number, number>, heads: TreeHead[]): Promise<readonly unknown[]> => {
  const errors: unknown[] = [];
  for (const batch of [[254], [255, 256, 257], [258]]) {
    for (const outcome of await Promise.allSettled(batch.map(async (number) => [number, await log.append(leafNumber(number))] as const))) {
      if (outcome.status === 'rejected') {
        errors.push(outcome.reason);
      } else {
        promised.set(...outcome.value);
      }
    }
    heads.push(await headOf(log));
  }
  return errors;
};

/** Whatever was promised is there, and every checkpoint that was ever seen is a beginning of what is there now. */
const assertKept = async (folder: string, promised: Map<number, number>, heads: readonly TreeHead[]): Promise<void> => {
  const log = await openTestLog(folder, { disk: hastyDisk });
  const head = await headOf(log);
  for (const [number, index] of promised) {
    expect(verifyInclusion(await log.inclusion(index), leafHash(leafNumber(number), nodeHashing), head.root, nodeHashing)).toEqual({
      isIncluded: true,
    });
  }
  for (const old of heads) {
    expect(verifyConsistency(await log.consistency(old.size), old.root, head.root, nodeHashing)).toEqual({ isConsistent: true });
  }
  // It goes on: what was refused can be appended again, and has one index.
  const again = await Promise.all([254, 255, 256, 257, 258].map((number) => log.append(leafNumber(number))));
  expect(new Set(again).size).toBe(5);
  expect(log.size).toBe(259);
  for (const [number, index] of promised) {
    expect(again[number - 254]).toBe(index);
  }
  await log.close();
  expect(await auditLog(folder, [testLogKey])).toMatchObject({ isIntact: true });
  expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
};

it.each(['ENOSPC', 'EIO'])('%s at every call of the disk: nothing that was promised is lost, and the next call goes on', async (code) => {
  const seen = new Set<string>();
  for (let fails = 0; ; fails += 1) {
    const folder = await copy();
    const { disk, failed } = faultyDisk(fails, code, false);
    const promised = new Map<number, number>();
    const heads: TreeHead[] = [];
    const errors: unknown[] = [];
    try {
      const log = await openTestLog(folder, { disk });
      errors.push(...(await work(log, promised, heads)));
      // The disk is well again: the same process goes on without being started anew.
      if (errors.length > 0) {
        const index = await log.append(leafNumber(254));
        promised.set(254, index);
        heads.push(await headOf(log));
      }
      await log.close();
    } catch (error) {
      errors.push(error);
    }
    for (const error of errors) {
      expect(error).toBeInstanceOf(LabelError);
      expect(error).toMatchObject({ code: 'LOG_FAILED', data: { reason: code === 'ENOSPC' ? 'disk_full' : 'io_failed' }, cause: { code } });
    }
    if (failed() === 'rename' || failed() === 'create' || failed() === 'write') {
      seen.add(failed() as string);
    }
    // Where the lock could not be let go, this process holds it still.
    await freeLock(folder);
    await assertKept(folder, promised, heads);
    if (failed() === undefined) {
      expect(errors).toEqual([]);
      break;
    }
  }
  expect([...seen].sort()).toEqual(['create', 'rename', 'write']);
});

it('a crash at every call of the disk: the log opens again, and nothing that was promised is lost', async () => {
  let calls = 0;
  for (let fails = 0; ; fails += 1) {
    const folder = await copy();
    const { disk, failed } = faultyDisk(fails, 'EIO', true);
    const promised = new Map<number, number>();
    const heads: TreeHead[] = [];
    const log = await openTestLog(folder, { disk }).catch(() => undefined);
    if (log !== undefined) {
      await work(log, promised, heads);
      await log.close().catch(() => undefined);
    }
    await freeLock(folder);
    await assertKept(folder, promised, heads);
    if (failed() === undefined) {
      break;
    }
    calls += 1;
  }
  expect(calls).toBeGreaterThan(50);
});

/** As when the process that held it is dead; that is tested with real processes in log-kill.test.ts. */
const freeLock = async (folder: string): Promise<void> => {
  for (const name of await readdir(`${folder}.writer`)) {
    if (name.startsWith('lock')) {
      await rm(join(`${folder}.writer`, name));
    }
  }
};
