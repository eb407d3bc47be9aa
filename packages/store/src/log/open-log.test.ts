import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leafHash, leafOf, readLogKey, readProofBundle, type Signer, verifyCheckpoint, verifyProofBundle } from '@aigc-label/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hastyDisk } from '../../test/faulty-disk.ts';
import { memoryDisk } from '../../test/memory-disk.ts';
import { leafNumber, leavesUpTo, ORIGIN, openTestLog, testLogKey, testLogSigner, testPublicKey } from '../../test/test-log.ts';
import { auditLog } from './audit-log.ts';
import { nodeHashing } from './node-hashing.ts';
import { openLog, type ProvenanceLog } from './open-log.ts';

let parent: string;
let folder: string;
const opened: ProvenanceLog[] = [];
const open: typeof openTestLog = async (where, options) => {
  const log = await openTestLog(where, { disk: hastyDisk, ...options });
  opened.push(log);
  return log;
};
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'aigc-label-log-'));
  folder = join(parent, 'log');
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((log) => log.close().catch(() => undefined)));
  await rm(parent, { recursive: true, force: true });
});
const appendAll = (log: ProvenanceLog, leaves: readonly Uint8Array[]): Promise<readonly number[]> =>
  Promise.all(leaves.map((leaf) => log.append(leaf)));

describe('a log', () => {
  it('begins with a signed checkpoint of no leaves, and goes on where it was closed', async () => {
    const log = await open(folder);
    expect(await verifyCheckpoint(log.checkpoint(), [testLogKey])).toMatchObject({ head: { origin: ORIGIN, size: 0 } });
    expect(readLogKey(log.verifierKey, nodeHashing)).toEqual(testLogKey);
    expect(await appendAll(log, leavesUpTo(300))).toEqual(Array.from({ length: 300 }, (_, at) => at));
    const before = log.checkpoint();
    await log.close();
    const again = await open(folder);
    expect([again.checkpoint(), again.size]).toEqual([before, 300]);
    expect(await again.append(leafNumber(300))).toBe(300);
    expect((await again.consistency(300)).hashes.length).toBeGreaterThan(0);
    expect(await auditLog(folder, [testLogKey])).toMatchObject({ isIntact: true, head: { size: 301 } });
  });

  it('has just the files of c2sp.org/tlog-tiles', async () => {
    const log = await open(folder);
    await appendAll(log, leavesUpTo(250));
    await appendAll(log, leavesUpTo(520, 250));
    await log.close();
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    // Partial tiles of 250 leaves have gone, as their tiles are full.
    expect(files.map((file) => join(file.parentPath, file.name).slice(folder.length + 1)).sort()).toEqual([
      'checkpoint',
      'tile/0/000',
      'tile/0/001',
      'tile/0/002.p/8',
      'tile/1/000.p/2',
      'tile/entries/000',
      'tile/entries/001',
      'tile/entries/002.p/8',
    ]);
  });

  it('gives a proof that is verified offline with the key, the file and nothing else', async () => {
    const salt = new Uint8Array(16).fill(9);
    const reservedCode = 'header.payload.signature';
    const log = await open(folder);
    await appendAll(log, leavesUpTo(5));
    const index = await log.append(leafOf({ reservedCode, salt }, nodeHashing));
    await appendAll(log, leavesUpTo(20, 5));
    const bundle = await log.bundle(index, salt);
    const verify = (text: string, keys = [testLogKey]) => {
      const { extra } = readProofBundle(text) ?? {};
      const hasSalt = extra !== undefined && extra.length >= 16 && extra.length <= 64;
      return verifyProofBundle(text, hasSalt ? leafOf({ reservedCode, salt: extra }, nodeHashing) : new Uint8Array(), keys, nodeHashing);
    };
    expect(await verify(bundle)).toEqual({ isIncluded: true, origin: ORIGIN, index: 5, size: 21, witnesses: [] });
    expect(await verify(bundle, [])).toMatchObject({ isIncluded: false });
    // Every byte of it counts.
    const bytes = new TextEncoder().encode(bundle);
    const believed: number[] = [];
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = bytes.with(at, (bytes[at] as number) ^ 1);
      if (
        (await verify(new TextDecoder().decode(changed))).isIncluded ||
        (await verify(new TextDecoder().decode(bytes.subarray(0, at)))).isIncluded
      ) {
        believed.push(at);
      }
    }
    expect(believed).toEqual([]);
  });

  it('gives the same leaf its first index, at once, in the same batch and after it was closed', async () => {
    const log = await open(folder);
    expect(await appendAll(log, [leafNumber(0), leafNumber(1), leafNumber(0), leafNumber(1)])).toEqual([0, 1, 0, 1]);
    expect(await log.append(leafNumber(1))).toBe(1);
    await appendAll(log, leavesUpTo(700, 2));
    await log.close();
    const again = await open(folder);
    expect(await appendAll(again, [leafNumber(1), leafNumber(400), leafNumber(699), leafNumber(700)])).toEqual([1, 400, 699, 700]);
    expect(again.size).toBe(701);
  });

  it('knows the last leaves again where a higher level of tiles has just begun', async () => {
    const disk = memoryDisk();
    const log = await openTestLog('/log', { disk });
    await appendAll(log, leavesUpTo(65_540));
    await log.close();
    const again = await openTestLog('/log', { disk });
    expect(await appendAll(again, [leafNumber(50_000), leafNumber(65_535), leafNumber(65_539), leafNumber(65_540)])).toEqual([
      50_000, 65_535, 65_539, 65_540,
    ]);
    await again.close();
    expect(await auditLog('/log', [testLogKey], disk)).toMatchObject({ isIntact: true, head: { size: 65_541 } });
  });

  it('groups what waits: one checkpoint for many leaves, within the delay', async () => {
    let signatures = 0;
    const signer: Signer = {
      ...testLogSigner,
      sign: (data) => {
        signatures += 1;
        return testLogSigner.sign(data);
      },
    };
    const log = await open(folder, { maximumDelayMillis: 40, signer });
    signatures = 0;
    const started = performance.now();
    await appendAll(log, leavesUpTo(1_000));
    expect(signatures).toBe(1);
    expect(performance.now() - started).toBeGreaterThan(35);
    await appendAll(log, leavesUpTo(10_000, 1_000));
    expect(signatures).toBe(1 + Math.ceil(9_000 / 4_096));
  });

  it('holds leaves of every length that the format allows', async () => {
    const log = await open(folder);
    const leaves = [new Uint8Array(), new Uint8Array(65_535).fill(1), ...Array.from({ length: 100 }, (_, at) => new Uint8Array(60_000).fill(at))];
    expect(await appendAll(log, leaves)).toEqual(leaves.map((_, at) => at));
    await expect(log.append(new Uint8Array(65_536))).rejects.toThrow(TypeError);
    await log.close();
    expect((await open(folder)).size).toBe(102);
    expect(await auditLog(folder, [testLogKey])).toMatchObject({ isIntact: true });
  });

  it('keeps its own copy of a leaf', async () => {
    const log = await open(folder);
    const leaf = leafNumber(0);
    const appended = log.append(leaf);
    leaf.fill(0);
    await appended;
    expect((await verifyProofBundle(await log.bundle(0), leafNumber(0), [testLogKey], nodeHashing)).isIncluded).toBe(true);
  });

  it('says what is the caller\u2019s mistake, and what is over', async () => {
    const log = await open(folder);
    await log.append(leafNumber(0));
    for (const wrong of [-1, 1, 0.5, Number.NaN]) {
      await expect(log.inclusion(wrong)).rejects.toThrow(TypeError);
      await expect(log.bundle(wrong)).rejects.toThrow(TypeError);
    }
    await expect(log.consistency(2)).rejects.toThrow(TypeError);
    await log.close();
    await expect(log.append(leafNumber(1))).rejects.toMatchObject({ code: 'LOG_FAILED', data: { reason: 'closed' } });
    const options = { folder, origin: ORIGIN, signer: testLogSigner, publicKey: testPublicKey, nowMillis: Date.now };
    await expect(openLog({ ...options, origin: 'a log' })).rejects.toThrow(TypeError);
    await expect(openLog({ ...options, publicKey: testPublicKey.toReversed() })).rejects.toThrow(TypeError);
    await expect(openLog({ ...options, signer: { ...testLogSigner, algorithm: 'ES256' } })).rejects.toThrow(TypeError);
    await expect(openLog({ ...options, maximumDelayMillis: 5_000 })).rejects.toThrow(TypeError);
  });

  it('whose signer fails, or signs with another key, is as it was', async () => {
    let sign = testLogSigner.sign;
    const log = await open(folder, { signer: { ...testLogSigner, sign: (data) => sign(data) } });
    await log.append(leafNumber(0));
    sign = async () => {
      throw new Error('the HSM is gone');
    };
    await expect(log.append(leafNumber(1))).rejects.toMatchObject({
      code: 'LOG_FAILED',
      data: { reason: 'signing_failed' },
      cause: { message: 'the HSM is gone' },
    });
    sign = async () => new Uint8Array(64);
    await expect(log.append(leafNumber(2))).rejects.toMatchObject({ code: 'LOG_FAILED', data: { reason: 'signing_failed' } });
    sign = testLogSigner.sign;
    expect(await log.append(leafNumber(3))).toBe(1);
  });
});

describe('the lock', () => {
  it('lets one write at a time, and goes with it', async () => {
    const log = await open(folder);
    await expect(open(folder)).rejects.toMatchObject({ code: 'LOG_FAILED', data: { reason: 'locked', pid: process.pid } });
    await log.close();
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => open(folder)));
    expect(tries.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    expect(tries.flatMap((one) => (one.status === 'rejected' ? [one.reason.data.reason] : []))).toEqual(Array(7).fill('locked'));
  });

  it('is waited for, where that is asked for', async () => {
    const logs = await Promise.all(
      leavesUpTo(6).map(async (leaf) => {
        const log = await open(folder, { maximumWaitMillis: 20_000 });
        await log.append(leaf);
        await log.close();
        return log;
      }),
    );
    expect(logs.map(({ size }) => size).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    const log = await open(folder);
    await expect(open(folder, { maximumWaitMillis: 60 })).rejects.toMatchObject({ data: { reason: 'locked' } });
    await log.close();
  });

  it('of another machine is believed while it is renewed, and no longer', async () => {
    const log = await open(folder);
    await log.close();
    const state = `${folder}.writer`;
    await writeFile(join(state, 'lock-7'), JSON.stringify({ machine: 'elsewhere', pid: 1, started: 5, isReleased: false }));
    await expect(open(folder)).rejects.toMatchObject({ data: { reason: 'locked' } });
    const later = await open(folder, { nowMillis: () => Date.now() + 60_000 });
    expect(await later.append(leafNumber(0))).toBe(0);
    // The other machine was only asleep: whoever lost the lock writes nothing.
    await writeFile(join(state, 'lock-9'), JSON.stringify({ machine: 'elsewhere', pid: 1, started: 5, isReleased: false }));
    await expect(later.append(leafNumber(1))).rejects.toMatchObject({ data: { reason: 'lock_lost' } });
  });

  it.each(['', 'x', '{}', '[]', 'null', '{"pid":-1}', '{"machine":1,"pid":"1"}'])('that says nothing (%j) is over after a while', async (content) => {
    await (await open(folder)).close();
    await writeFile(join(`${folder}.writer`, 'lock-3'), content);
    await open(folder, { nowMillis: () => Date.now() + 60_000 });
  });
});

it('the hash of a leaf is what its tile says', async () => {
  const log = await open(folder);
  await appendAll(log, leavesUpTo(3));
  const tile = await hastyDisk.read(join(folder, 'tile/0/000.p/3'), 1_000);
  expect(tile?.slice(64)).toEqual(Uint8Array.from(leafHash(leafNumber(2), nodeHashing)));
});
