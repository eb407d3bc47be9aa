import { fstatSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Splice } from '@aigc-label/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  blockingDisk,
  type Disk,
  openFileSource,
  READING,
  readWhole,
  sourceOf,
  threadedDisk,
  writeAtomically,
  writeSpliced,
  writeWhole,
} from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-faults-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A disk whose call number `fails` goes wrong; a write that goes wrong has written half. */
const faultyDisk = (disk: Disk, fails: number, code: string): { readonly disk: Disk; readonly failed: () => string | undefined } => {
  let count = 0;
  let failed: string | undefined;
  const faulty = <Arguments extends readonly unknown[], Value>(name: string, call: (...args: Arguments) => Value | Promise<Value>) => {
    return async (...args: Arguments): Promise<Value> => {
      count += 1;
      if (count - 1 === fails) {
        failed = name;
        if (name === 'write') {
          const [file, bytes, offset] = args as unknown as [number, Uint8Array, number];
          await disk.write(file, bytes.subarray(0, bytes.length >> 1), offset);
        }
        throw Object.assign(new Error(`${code}: ${name}`), { code });
      }
      return call(...args);
    };
  };
  return {
    failed: () => failed,
    disk: {
      open: faulty('open', disk.open),
      read: faulty('read', disk.read),
      write: faulty('write', disk.write),
      writeParts: faulty('writeParts', disk.writeParts),
      close: faulty('close', disk.close),
      link: faulty('link', disk.link),
      rename: faulty('rename', disk.rename),
      unlink: faulty('unlink', disk.unlink),
      sync: faulty('sync', disk.sync),
    },
  };
};

const original = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7) % 251);
const splices: readonly Splice[] = [{ at: 10, remove: 5, insert: new TextEncoder().encode('a label') }];
const labelled = Buffer.concat([original.subarray(0, 10), splices[0]!.insert, original.subarray(15)]);

describe.each([
  ['from threads', threadedDisk],
  ['at once', blockingDisk],
] as const)('a fault at every call of the disk, %s', (_, base) => {
  it.each(['ENOSPC', 'EIO', 'EDQUOT', 'EROFS'] as const)('%s: what stood under the name is whole, and nothing else remains', async (code) => {
    for (const isWhole of [true, false]) {
      for (const mayReplace of [true, false]) {
        const seen = new Set<string>();
        for (let fails = 0; ; fails += 1) {
          const input = join(folder, 'input');
          const output = mayReplace ? input : join(folder, 'output');
          await rm(join(folder, 'output'), { force: true });
          await writeFile(input, original);
          const { disk, failed } = faultyDisk(base, fails, code);
          const source = await openFileSource(input);
          const whole = await readWhole(source);
          const outcome = await writeAtomically(
            output,
            (file, used) => (isWhole ? writeWhole(whole.bytes, splices, file, used) : writeSpliced(source, splices, file, used)),
            {
              mode: 0o644,
              mayReplace,
              disk,
              async confirm(written) {
                await written.read(0, 16);
              },
            },
          ).then(
            () => undefined,
            (error: unknown) => error,
          );
          whole.release();
          source.close();
          const present = await readFile(output).catch(() => undefined);
          expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
          if (failed() === undefined) {
            expect(outcome).toBeUndefined();
            expect(present?.equals(labelled)).toBe(true);
            break;
          }
          seen.add(failed() as string);
          expect(outcome, `${failed()} number ${fails}`).toMatchObject({ name: 'LabelError' });
          // Until the new file has its name, the old one stands; afterwards the new one does, whole.
          const before = mayReplace ? original : undefined;
          expect(present === undefined ? before === undefined : present.equals(labelled) || (before !== undefined && present.equals(before))).toBe(
            true,
          );
          expect(Buffer.compare(await readFile(input), mayReplace && present?.equals(labelled) === true ? labelled : original)).toBe(0);
        }
        expect([...seen].sort()).toEqual(
          expect.arrayContaining([
            'open',
            'read',
            isWhole ? 'writeParts' : 'write',
            'close',
            'sync',
            ...(mayReplace ? ['rename'] : ['link', 'unlink']),
          ]),
        );
      }
    }
  });
});

describe.each([
  ['from threads', threadedDisk],
  ['at once', blockingDisk],
] as const)('a disk that does less than it is asked for, %s', (_, base) => {
  it.each([true, false])('is asked again until all is written (whole file at once: %s)', async (isWhole) => {
    let calls = 0;
    const part = (bytes: Uint8Array): Uint8Array => {
      calls += 1;
      return bytes.subarray(0, Math.max(1, Math.floor(bytes.length / 3) + (calls % 5)));
    };
    const short: Disk = {
      ...base,
      read: (file, target, offset) => base.read(file, part(target), offset),
      write: (file, bytes, offset) => base.write(file, part(bytes), offset),
      writeParts: (file, parts, offset) => base.write(file, part(parts[0] as Uint8Array), offset),
    };
    await writeFile(join(folder, 'input'), original);
    const source = await openFileSource(join(folder, 'input'));
    const whole = await readWhole(source);
    await writeAtomically(
      join(folder, 'output'),
      (file, disk) => (isWhole ? writeWhole(whole.bytes, splices, file, disk) : writeSpliced(source, splices, file, disk)),
      {
        mode: 0o644,
        mayReplace: false,
        disk: short,
        async confirm(written) {
          expect(Buffer.compare(await written.read(0, written.size), labelled)).toBe(0);
          expect(await written.read(100, 40)).toEqual(Uint8Array.from(labelled.subarray(100, 140)));
        },
      },
    );
    expect((await readFile(join(folder, 'output'))).equals(labelled)).toBe(true);
    expect(calls).toBeGreaterThan(6);
    source.close();
    whole.release();
  });
});

it('a disk that gives nothing although the file is unchanged is an error, not an endless wait', async () => {
  await writeFile(join(folder, 'input'), original);
  const file = await threadedDisk.open(join(folder, 'input'), READING);
  const source = sourceOf(file, join(folder, 'input'), fstatSync(file), { ...threadedDisk, read: () => 0 });
  await expect(readWhole(source)).rejects.toMatchObject({ code: 'IO_FAILED' });
  await expect(source.read(0, 8)).rejects.toMatchObject({ code: 'IO_FAILED' });
  await expect(source.read(0, 100_000)).rejects.toMatchObject({ code: 'IO_FAILED' });
  source.close();
});
