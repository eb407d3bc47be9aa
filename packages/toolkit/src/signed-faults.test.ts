// Every call to the disk fails once, each in its turn: the original stays, nothing half-written is left, and no labelled file is without its record.
import fs from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryStore } from '@aigc-label/store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testKey, trustIn } from '../../core/test/test-keys.ts';
import { createLabeler } from './labeler.ts';
import { createVerifier } from './verifier.ts';

const producer = '001191110000MA0000000H10001';
const CALLS = [
  'openSync',
  'writeSync',
  'writevSync',
  'closeSync',
  'fsync',
  'linkSync',
  'renameSync',
  'unlinkSync',
  'readSync',
  'fchmodSync',
] as const;
type Call = (typeof CALLS)[number];

const real = new Map(CALLS.map((name) => [name, fs[name] as (...args: never[]) => unknown]));
/** Lets the `turn`-th call fail with this error; returns how many calls there were. */
const failing = (turn: number, code: string): (() => number) => {
  let count = 0;
  for (const [name, call] of real) {
    (fs as unknown as Record<Call, unknown>)[name] = (...args: never[]) => {
      count += 1;
      if (count !== turn) {
        return call(...args);
      }
      const error = Object.assign(new Error(`${code}: injected, ${name}`), { code, errno: -1, syscall: name });
      const last = args.at(-1) as unknown;
      if (name === 'fsync' && typeof last === 'function') {
        last(error);
        return undefined;
      }
      throw error;
    };
  }
  syncBuiltinESMExports();
  return () => {
    for (const [name, call] of real) {
      (fs as unknown as Record<Call, unknown>)[name] = call;
    }
    syncBuiltinESMExports();
    return count;
  };
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-faults-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a fault at every call', async () => {
  const { signer, trusted } = await testKey([producer]);
  const verifier = createVerifier({ trust: await trustIn(trusted) });
  const original = new Uint8Array(await readFile(new URL('../../../samples/song.mp3', import.meta.url)));

  for (const isInPlace of [true, false]) {
    for (const code of ['ENOSPC', 'EIO']) {
      it(`${code}, ${isInPlace ? 'in place' : 'into another file'}`, async () => {
        const [input, output] = [join(folder, 'in.mp3'), join(folder, isInPlace ? 'in.mp3' : 'out.mp3')];
        let turns = Number.POSITIVE_INFINITY;
        let failures = 0;
        for (let turn = 1; turn <= turns + 1; turn += 1) {
          await rm(output, { force: true });
          await writeFile(input, original);
          const records = memoryStore();
          const labeler = createLabeler({ ContentProducer: producer, signer, records, ProduceID: `n-${turn}` });
          const restore = failing(turn, code);
          const error = await labeler.labelFile(input, output).then(
            () => undefined,
            (thrown: unknown) => thrown,
          );
          const count = restore();
          turns = error === undefined ? Math.min(turns, count) : turns;
          failures += error === undefined ? 0 : 1;
          const [record] = await records.find({ producer, produceId: `n-${turn}` });
          const written = await readFile(output).catch(() => undefined);
          const isLabelled = written !== undefined && Buffer.compare(written, original) !== 0;
          // A fault of what comes after the name was given (syncing the folder) leaves a whole labelled file, with its record.
          expect(isLabelled ? (await verifier.verifyBytes(new Uint8Array(written))).integrity : 'none').toBe(isLabelled ? 'verified' : 'none');
          expect(isLabelled && record === undefined).toBe(false);
          expect(record?.status === 'published' && !isLabelled).toBe(false);
          if (!isInPlace || !isLabelled) {
            expect(Buffer.compare(await readFile(input), original)).toBe(0);
          }
          expect((await readdir(folder)).filter((name) => name !== 'in.mp3' && name !== 'out.mp3')).toEqual([]);
          if (error !== undefined) {
            expect(error).toMatchObject({ name: 'LabelError' });
          }
        }
        expect(failures).toBeGreaterThanOrEqual(4);
      });
    }
  }
});
