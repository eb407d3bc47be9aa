import { execFileSync } from 'node:child_process';
import { chmod, link, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, LabelError, splicedSource } from '@aigc-label/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Disk, openFileSource, pendingFiles, sourceOf, TEMPORARY_SUFFIX, threadedDisk, writeAtomically, writeSpliced } from './index.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aigc-label-files-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});
const at = (name: string): string => join(folder, name);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const fillWith =
  (content: string) =>
  async (file: number, disk: Disk): Promise<void> => {
    await disk.write(file, text(content), 0);
  };
const plain = { mode: 0o644, mayReplace: false } as const;

describe('openFileSource', () => {
  it('reads any range, exactly, from a window or past it', async () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, index) => index % 251);
    await writeFile(at('a'), bytes);
    const source = await openFileSource(at('a'));
    for (const [offset, length] of [
      [0, 4],
      [2, 2],
      [65_530, 20],
      [199_999, 1],
      [200_000, 0],
      [10, 150_000],
      [0, 200_000],
    ] as const) {
      expect(await source.read(offset, length)).toEqual(bytes.subarray(offset, offset + length));
    }
    expect(() => source.read(199_999, 2)).toThrow(expect.objectContaining({ code: 'FILE_DAMAGED' }));
    source.close();
  });

  it('does not read a large file that is walked from header to header', async () => {
    let total = 0;
    const disk: Disk = {
      ...threadedDisk,
      read: (_, target) => {
        total += target.length;
        return target.length;
      },
    };
    const facts = { size: 4 * 2 ** 30, mode: 0, uid: 0, gid: 0, dev: 0, ino: 0, blocks: 0, mtimeMs: 0 };
    const source = sourceOf(0, 'large', facts, disk);
    for (let offset = 0; offset < facts.size; offset += 1 << 20) {
      await source.read(offset, 12);
    }
    source.releaseWindows();
    expect(total).toBeLessThan(1 << 20);
  });

  it('serves many reads at once, each its own bytes', async () => {
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, index) => (index * 7) % 251);
    await writeFile(at('a'), bytes);
    const source = await openFileSource(at('a'));
    const offsets = Array.from({ length: 200 }, (_, index) => (index * 911_111) % 2_999_000);
    const read = await Promise.all(offsets.map((offset) => source.read(offset, 1_000)));
    expect(read.every((part, index) => Buffer.compare(part, bytes.subarray(offsets[index]!, offsets[index]! + 1_000)) === 0)).toBe(true);
    source.close();
  });

  it('leaves earlier views as they were', async () => {
    await writeFile(
      at('a'),
      Uint8Array.from({ length: 300_000 }, (_, index) => index >> 12),
    );
    const source = await openFileSource(at('a'));
    const first = await source.read(0, 16);
    await source.read(250_000, 16);
    expect(first).toEqual(new Uint8Array(16));
    source.close();
  });

  it('refuses what is not a file, at once', async () => {
    await mkdir(at('folder'));
    execFileSync('mkfifo', [at('fifo')]);
    await symlink(at('loop'), at('loop'));
    await symlink(at('nowhere'), at('dangling'));
    await expect(openFileSource(at('folder'))).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(openFileSource(at('fifo'))).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(openFileSource('/dev/zero')).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(openFileSource(at('loop'))).rejects.toMatchObject({ code: 'NOT_A_FILE' });
    await expect(openFileSource(at('dangling'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(openFileSource(at('missing'))).rejects.toMatchObject({ code: 'NOT_FOUND', name: 'LabelError' });
  });

  it('says so when the file shrinks while it is read', async () => {
    await writeFile(at('a'), new Uint8Array(100_000));
    const source = await openFileSource(at('a'));
    await writeFile(at('a'), new Uint8Array(10));
    await expect(source.read(0, 90_000)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect(() => source.assertUnchanged()).toThrow(expect.objectContaining({ code: 'SOURCE_CHANGED' }));
    source.close();
  });
});

describe('writeAtomically', () => {
  it('writes with the mode asked for, and nothing else remains', async () => {
    await writeAtomically(at('out'), fillWith('new'), { ...plain, mode: 0o640 });
    expect(await readFile(at('out'), 'utf8')).toBe('new');
    expect((await stat(at('out'))).mode & 0o777).toBe(0o640);
    expect(await readdir(folder)).toEqual(['out']);
  });

  it.skipIf(process.getuid?.() !== 0)('keeps the owner that it is told (only root may give files away)', async () => {
    await writeAtomically(at('out'), fillWith('new'), { ...plain, owner: { uid: 12_345, gid: 54_321 } });
    expect(await stat(at('out'))).toMatchObject({ uid: 12_345, gid: 54_321 });
  });

  it('does not replace unless it may', async () => {
    await writeFile(at('out'), 'old');
    const fill = fillWith('new');
    await expect(writeAtomically(at('out'), fill, plain)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(await readFile(at('out'), 'utf8')).toBe('old');
    await writeAtomically(at('out'), fill, { ...plain, mayReplace: true });
    expect(await readFile(at('out'), 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it.each(['fill', 'confirm'] as const)('keeps the old file and no other when %s fails', async (stage) => {
    await writeFile(at('out'), 'old');
    const fail = async (): Promise<void> => {
      throw new LabelError('LABEL_NOT_READ_BACK', 'no');
    };
    await expect(
      writeAtomically(at('out'), stage === 'fill' ? fail : fillWith('new'), {
        ...plain,
        mayReplace: true,
        ...(stage === 'confirm' ? { confirm: fail } : {}),
      }),
    ).rejects.toMatchObject({ code: 'LABEL_NOT_READ_BACK' });
    expect(await readFile(at('out'), 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['out']);
  });

  it.each(['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'])('turns %s from the disk into an error that says what to do', async (code) => {
    const fill = async (): Promise<void> => {
      throw Object.assign(new Error('write'), { code });
    };
    const expected = { EIO: 'IO_FAILED', EROFS: 'NO_PERMISSION' }[code] ?? 'DISK_FULL';
    await expect(writeAtomically(at('out'), fill, plain)).rejects.toMatchObject({ name: 'LabelError', code: expected });
    expect(await readdir(folder)).toEqual([]);
  });

  it('shows the finished file to confirm before it has its name', async () => {
    let seen = '';
    await writeAtomically(at('out'), fillWith('whole'), {
      ...plain,
      async confirm(written) {
        expect(await readdir(folder)).toEqual([expect.stringMatching(new RegExp(`^\\.out\\..*${TEMPORARY_SUFFIX}$`))]);
        seen = new TextDecoder().decode(await written.read(0, written.size));
      },
    });
    expect(seen).toBe('whole');
  });

  it('says that a folder is missing, and that a name is too long for the disk', async () => {
    await expect(writeAtomically(at('no/out'), async () => {}, plain)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await writeAtomically(at('长'.repeat(80)), fillWith('x'), plain);
    expect(await readdir(folder)).toEqual(['长'.repeat(80)]);
  });

  it('leaves nothing behind when the process is told to end', async () => {
    let whileWriting: string[] = [];
    const writing = writeAtomically(
      at('out'),
      async (file, disk) => {
        await disk.write(file, text('half'), 0);
        whileWriting = await readdir(folder);
        pendingFiles.removeAll();
      },
      plain,
    );
    await expect(writing).rejects.toMatchObject({ name: 'LabelError' });
    expect(whileWriting).toHaveLength(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('replaces a name, not what other names of the same file hold', async () => {
    await writeFile(at('out'), 'old');
    await link(at('out'), at('other-name'));
    await writeAtomically(at('out'), fillWith('new'), { ...plain, mayReplace: true });
    expect(await readFile(at('other-name'), 'utf8')).toBe('old');
  });
});

describe('writeSpliced', () => {
  const bytes = Uint8Array.from({ length: 3_500_000 }, (_, index) => (index * 31) % 253);
  const splices = [
    { at: 0, remove: 1, insert: text('head') },
    { at: 1_048_575, remove: 2, insert: new Uint8Array(2_200_000).fill(7) },
    { at: 3_500_000, remove: 0, insert: text('tail') },
  ];

  it.each(['file', 'memory'] as const)('writes what the splices say, from a %s', async (kind) => {
    await writeFile(at('in'), bytes);
    await chmod(at('in'), 0o600);
    const file = await openFileSource(at('in'));
    const source = kind === 'file' ? file : bytesSource(bytes);
    const told: number[] = [];
    await writeAtomically(
      at('out'),
      (file, disk) => writeSpliced(source, splices, file, disk, { onProgress: (written) => told.push(written) }),
      plain,
    );
    const expected = splicedSource(bytesSource(bytes), splices);
    expect(Buffer.compare(await readFile(at('out')), await expected.read(0, expected.size))).toBe(0);
    expect(told.at(-1)).toBe(expected.size);
    file.close();
  });

  it('keeps the holes of a sparse file, and what stands between them', async () => {
    const handle = await import('node:fs/promises').then(({ open }) => open(at('sparse'), 'w'));
    await handle.write(text('first'), 0, 5, 0);
    await handle.write(text('middle'), 0, 6, 20_000_003);
    await handle.truncate(50_000_000);
    await handle.close();
    const source = await openFileSource(at('sparse'));
    await writeAtomically(at('out'), (file, disk) => writeSpliced(source, [{ at: 5, remove: 0, insert: text('!') }], file, disk), plain);
    source.close();
    const { size, blocks } = await stat(at('out'));
    expect(size).toBe(50_000_001);
    expect(blocks * 512).toBeLessThan(5_000_000);
    const written = await readFile(at('out'));
    const expected = Buffer.alloc(50_000_001);
    expected.write('first!', 0);
    expected.write('middle', 20_000_004);
    expect(written.equals(expected)).toBe(true);
  });

  it('stops when told to, and nothing is kept', async () => {
    const stop = new AbortController();
    const writing = writeAtomically(
      at('out'),
      (file, disk) => writeSpliced(bytesSource(bytes), splices, file, disk, { signal: stop.signal, onProgress: () => stop.abort() }),
      plain,
    );
    await expect(writing).rejects.toMatchObject({ code: 'ABORTED' });
    expect(await readdir(folder)).toEqual([]);
  });
});
