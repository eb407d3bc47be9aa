import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LabelError, utf8, writeNote, writeTreeHead } from '@aigc-label/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hastyDisk } from '../../test/faulty-disk.ts';
import { leavesUpTo, ORIGIN, openTestLog, testLogKey, testLogSigner } from '../../test/test-log.ts';
import { auditLog } from './audit-log.ts';

let parent: string;
/** A log of 260 leaves, closed, and what stood in its folders at 255 and 257 leaves. */
const SIZES = [255, 257, 260];
const folderOf = (size: number): string => join(parent, `at-${size}`, 'log');
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'aigc-label-log-'));
  const folder = join(parent, 'log');
  let size = 0;
  for (const next of SIZES) {
    const log = await openTestLog(folder, { disk: hastyDisk });
    await Promise.all(leavesUpTo(next, size).map((leaf) => log.append(leaf)));
    await log.close();
    size = next;
    await cp(folder, folderOf(size), { recursive: true });
    await cp(`${folder}.writer`, `${folderOf(size)}.writer`, { recursive: true });
  }
});
afterAll(() => rm(parent, { recursive: true, force: true }));

let count = 0;
/** A copy of the log of 260 leaves, to be harmed. */
const copy = async (size = 260): Promise<string> => {
  count += 1;
  const folder = join(parent, `copy-${count}`, 'log');
  await cp(dirname(folderOf(size)), dirname(folder), { recursive: true });
  return folder;
};
/** Why a log cannot be opened; `undefined` where it can. */
const refusal = async (folder: string): Promise<string | undefined> => {
  try {
    await (await openTestLog(folder, { disk: hastyDisk })).close();
    return undefined;
  } catch (error) {
    if (!(error instanceof LabelError) || error.code !== 'LOG_FAILED') {
      throw error;
    }
    return String(error.data['reason']);
  }
};
const signed = async (text: string): Promise<string> => writeNote(text, testLogKey, await testLogSigner.sign(utf8(text)));

it('a log that nobody has touched is opened', async () => {
  expect(await refusal(await copy())).toBeUndefined();
});

describe('every byte', () => {
  it.each([
    ['checkpoint', ['checkpoint_invalid']],
    ['tile/0/001.p/4', ['root_mismatch']],
    ['tile/1/000.p/1', ['root_mismatch']],
    ['tile/entries/001.p/4', ['tile_damaged']],
    ['tile/0/000', ['tile_damaged']],
  ])('of %s counts when the log is opened', async (path, reasons) => {
    const folder = await copy();
    const bytes = new Uint8Array(await readFile(join(folder, path)));
    const step = bytes.length > 1_000 ? 97 : 1;
    const seen = new Set<string | undefined>();
    for (let at = 0; at < bytes.length; at += step) {
      await writeFile(join(folder, path), bytes.with(at, (bytes[at] as number) ^ 1));
      seen.add(await refusal(folder));
    }
    expect([...seen].sort()).toEqual(reasons);
    for (const length of [0, 1, bytes.length - 1]) {
      await writeFile(join(folder, path), bytes.subarray(0, length));
      expect(await refusal(folder)).toMatch(/invalid|damaged|mismatch/);
    }
    await writeFile(join(folder, path), bytes);
    expect(await refusal(folder)).toBeUndefined();
  });

  it('of a tile that is full counts when a leaf is proved', async () => {
    const folder = await copy();
    const log = await openTestLog(folder, { disk: hastyDisk });
    const path = join(folder, 'tile/0/000');
    const bytes = new Uint8Array(await readFile(path));
    for (let at = 0; at < bytes.length; at += 127) {
      await writeFile(path, bytes.with(at, (bytes[at] as number) ^ 0x80));
      await expect(log.bundle(77)).rejects.toMatchObject({ code: 'LOG_FAILED', data: { reason: 'tile_damaged' } });
      await expect(log.consistency(77)).rejects.toMatchObject({ code: 'LOG_FAILED', data: { reason: 'tile_damaged' } });
    }
    await rm(path);
    await expect(log.inclusion(77)).rejects.toMatchObject({ data: { reason: 'tile_damaged' } });
    await log.close();
  });

  it('of any file counts when the log is audited', async () => {
    const folder = await copy();
    expect(await auditLog(folder, [testLogKey])).toMatchObject({ isIntact: true, head: { size: 260 } });
    const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    // A partial tile of an older checkpoint is not part of this one.
    const paths = files.map((file) => join(file.parentPath, file.name)).filter((path) => !path.endsWith('.p/1'));
    expect(paths.length).toBe(5);
    for (const path of [...paths, join(folder, 'tile/1/000.p/1')]) {
      const bytes = new Uint8Array(await readFile(path));
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        await writeFile(path, bytes.with(at, (bytes[at] as number) ^ 4));
        expect(await auditLog(folder, [testLogKey])).toMatchObject({ isIntact: false });
      }
      await rm(path);
      expect(await auditLog(folder, [testLogKey])).toMatchObject({ isIntact: false });
      await writeFile(path, bytes);
    }
    expect(await auditLog(folder, [])).toMatchObject({ isIntact: false, path: 'checkpoint' });
  });
});

describe('going back', () => {
  it('an older checkpoint that the log has signed itself is noticed', async () => {
    const folder = await copy();
    await cp(join(folderOf(255), 'checkpoint'), join(folder, 'checkpoint'));
    expect(await refusal(folder)).toBe('rolled_back');
  });

  it('an older state of the whole public folder is noticed', async () => {
    const folder = await copy();
    await rm(folder, { recursive: true });
    await cp(folderOf(255), folder, { recursive: true });
    expect(await refusal(folder)).toBe('rolled_back');
  });

  it('the one before the last is what a crash leaves: it is published again', async () => {
    const folder = await copy();
    await rm(folder, { recursive: true });
    await cp(folderOf(257), folder, { recursive: true });
    expect(await refusal(folder)).toBeUndefined();
    expect(await readFile(join(folder, 'checkpoint'), 'utf8')).toBe(await readFile(join(folderOf(260), 'checkpoint'), 'utf8'));
    expect(await auditLog(folder, [testLogKey])).toMatchObject({ isIntact: true, head: { size: 260 } });
  });

  it('an older state of what the writer remembers is noticed', async () => {
    const folder = await copy();
    await cp(`${folderOf(255)}.writer/last-signed`, `${folder}.writer/last-signed`);
    expect(await refusal(folder)).toBe('rolled_back');
  });
});

describe('what is gone, or was put there', () => {
  const cases: readonly (readonly [string, string, (folder: string) => Promise<unknown>])[] = [
    ['the checkpoint', 'checkpoint_missing', (folder) => rm(join(folder, 'checkpoint'))],
    ['what the writer remembers', 'state_missing', (folder) => rm(`${folder}.writer`, { recursive: true })],
    [
      'both, so that the log would begin anew',
      'state_missing',
      async (folder) => {
        await rm(`${folder}.writer`, { recursive: true });
        await rm(join(folder, 'checkpoint'));
      },
    ],
    ['a tile of the edge', 'tile_missing', (folder) => rm(join(folder, 'tile/0/001.p'), { recursive: true })],
    ['the last leaves', 'tile_missing', (folder) => rm(join(folder, 'tile/entries/001.p'), { recursive: true })],
    ['a memory that is none', 'state_invalid', (folder) => writeFile(`${folder}.writer/last-signed`, 'aigc-label log 1 9999999 9999999\n')],
    ['an empty memory', 'state_invalid', (folder) => writeFile(`${folder}.writer/last-signed`, '')],
    [
      'a checkpoint that is too long',
      'checkpoint_invalid',
      async (folder) => writeFile(join(folder, 'checkpoint'), (await readFile(join(folder, 'checkpoint'), 'utf8')).padStart(1 << 20, 'x')),
    ],
    ['a checkpoint that is not text', 'checkpoint_invalid', (folder) => writeFile(join(folder, 'checkpoint'), Uint8Array.of(0xff, 0xfe))],
    [
      'another history of the same length, signed with the same key',
      'forked',
      async (folder) => writeFile(join(folder, 'checkpoint'), await signed(writeTreeHead({ origin: ORIGIN, size: 260, root: new Uint8Array(32) }))),
    ],
    [
      'a later history, signed with the same key',
      'rolled_back',
      async (folder) => writeFile(join(folder, 'checkpoint'), await signed(writeTreeHead({ origin: ORIGIN, size: 300, root: new Uint8Array(32) }))),
    ],
    [
      'the checkpoint of another log with the same key',
      'checkpoint_invalid',
      async (folder) => {
        const text = writeTreeHead({ origin: 'test.example/other', size: 260, root: new Uint8Array(32) });
        return writeFile(join(folder, 'checkpoint'), writeNote(text, testLogKey, await testLogSigner.sign(utf8(text))));
      },
    ],
  ];

  it.each(cases)('%s: %s', async (_, reason, harm) => {
    const folder = await copy();
    await harm(folder);
    expect(await refusal(folder)).toBe(reason);
    // It is no better at the second try, and nothing was mended behind anyone's back.
    expect(await refusal(folder)).toBe(reason);
  });

  it('every byte of what the writer remembers either counts, or changes nothing', async () => {
    const folder = await copy();
    // As after a crash: what it remembers is now all that there is of the last leaves.
    await rm(folder, { recursive: true });
    await cp(folderOf(257), folder, { recursive: true });
    const path = `${folder}.writer/last-signed`;
    const bytes = new Uint8Array(await readFile(path));
    for (let at = 0; at < bytes.length; at += at < 20 ? 1 : 3) {
      await writeFile(path, bytes.with(at, (bytes[at] as number) ^ 1));
      expect(await refusal(folder), `byte ${at}`).toMatch(/^(?:state_invalid|checkpoint_invalid|rolled_back)$/);
    }
    await writeFile(path, bytes);
    expect(await refusal(folder)).toBeUndefined();
  });
});

it('a signature that a witness has added to the checkpoint does no harm', async () => {
  const folder = await copy();
  const path = join(folder, 'checkpoint');
  await writeFile(path, `${await readFile(path, 'utf8')}\u2014 witness.example ${Buffer.alloc(76, 1).toString('base64')}\n`);
  expect(await refusal(folder)).toBeUndefined();
});
