import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { leafOf, readProofBundle, verifyProofBundle } from '@aigc-label/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ORIGIN, testLogKey, testLogSigner, testPublicKey } from '../../test/test-log.ts';
import { nodeHashing } from './node-hashing.ts';
import { openRecordLog, type RecordLogWriter } from './record-log.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'aigc-label-log-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));
const open = (): Promise<RecordLogWriter> =>
  openRecordLog({
    folder: join(parent, 'log'),
    origin: ORIGIN,
    signer: testLogSigner,
    publicKey: testPublicKey,
    nowMillis: Date.now,
    maximumDelayMillis: 0,
  });
const secret = (): string => join(parent, 'log.writer', 'salt-secret');

it('a record has one index, however often and whenever it is appended, and a proof that brings its salt', async () => {
  let log = await open();
  expect([await log.append('a.b.c'), await log.append('d.e.f'), await log.append('a.b.c')]).toEqual([0, 1, 0]);
  await log.close();
  log = await open();
  expect(await log.append('d.e.f')).toBe(1);
  const text = await log.bundle(1, 'd.e.f');
  await log.close();
  const salt = readProofBundle(text)?.extra as Uint8Array;
  const verify = (reservedCode: string) => verifyProofBundle(text, leafOf({ reservedCode, salt }, nodeHashing), [testLogKey], nodeHashing);
  expect(await verify('d.e.f')).toMatchObject({ isIncluded: true, index: 1 });
  expect(await verify('a.b.c')).toMatchObject({ isIncluded: false });
});

it('its secret is for the owner alone, is not served, and is never made anew under leaves that it belongs to', async () => {
  const log = await open();
  await log.append('a.b.c');
  await log.close();
  expect((await stat(secret())).mode & 0o777).toBe(process.platform === 'win32' ? 0o666 : 0o600);
  await writeFile(secret(), new Uint8Array(31));
  await expect(open()).rejects.toMatchObject({ code: 'LOG_FAILED', data: { reason: 'state_invalid' } });
  await rm(secret());
  await expect(open()).rejects.toMatchObject({ code: 'LOG_FAILED', data: { reason: 'state_missing' } });
  // Whoever was refused holds no lock.
  await expect(open()).rejects.toMatchObject({ data: { reason: 'state_missing' } });
});
