import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogKey, leafOf, readLogKey, readProofBundle, verifyProofBundle } from '@aigc-label/core';
import { expect, it } from 'vitest';
import { openTestLog } from '../../test/test-log.ts';
import { nodeHashing } from './node-hashing.ts';

interface Vector {
  readonly verifierKey: string;
  readonly leaves: readonly string[];
  readonly index: number;
  readonly proof: string;
}
const vector = JSON.parse(await readFile(new URL('../../../../spec/vectors/log.json', import.meta.url), 'utf8')) as Vector;
const leaf = (number: number, salt: Uint8Array = new Uint8Array(16).fill(number)): Uint8Array =>
  leafOf({ reservedCode: `header.payload-${number}.signature`, salt }, nodeHashing);

it('the vector of spec/log.md is what a log writes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aigc-label-log-'));
  const log = await openTestLog(join(folder, 'log'));
  for (const [number, text] of vector.leaves.entries()) {
    expect(new TextDecoder().decode(leaf(number))).toBe(text);
    expect(await log.append(leaf(number))).toBe(number);
  }
  expect(log.verifierKey).toBe(vector.verifierKey);
  expect(await log.bundle(vector.index, new Uint8Array(16).fill(vector.index))).toBe(vector.proof);
  await log.close();
  await rm(folder, { recursive: true });
});

it('and what a verifier believes, with the salt that it brings', async () => {
  const key = readLogKey(vector.verifierKey, nodeHashing) as LogKey;
  const salt = readProofBundle(vector.proof)?.extra as Uint8Array;
  const verify = (data: Uint8Array) => verifyProofBundle(vector.proof, data, [key], nodeHashing);
  expect(await verify(leaf(vector.index, salt))).toEqual({ isIncluded: true, origin: 'test.example/log', index: 1, size: 3, witnesses: [] });
  expect(await verify(leaf(0))).toMatchObject({ isIncluded: false });
});
