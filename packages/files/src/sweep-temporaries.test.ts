import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sweepTemporaries } from './sweep-temporaries.ts';
import { temporaryOwner, temporaryPath } from './temporary-name.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'aigc-label-sweep-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const deadPid = (): number => spawnSync(process.execPath, ['-e', '']).pid;
const put = (path: string): string => {
  writeFileSync(path, 'half');
  return path;
};

describe('sweepTemporaries', () => {
  test('removes what a dead process left, and nothing else', async () => {
    const ours = temporaryPath(join(folder, 'a.png'));
    put(ours.replace(`.${process.pid}.`, `.${deadPid()}.`));
    put(ours);
    put(join(folder, 'a.png'));
    put(join(folder, '.mine.aigc-label-tmp'));
    const foreign = put(join(folder, '.b.png.00000000.1.000000000000.aigc-label-tmp'));
    symlinkSync('a.png', temporaryPath(join(folder, 'c.png')).replace(`.${process.pid}.`, `.${deadPid()}.`));
    const before = readdirSync(folder);
    expect(await sweepTemporaries(folder, Date.now())).toBe(1);
    expect(before.length - readdirSync(folder).length).toBe(1);
    utimesSync(foreign, new Date(0), new Date(0));
    expect(await sweepTemporaries(folder, Date.now())).toBe(1);
    expect(readdirSync(folder)).not.toContain('.b.png.00000000.1.000000000000.aigc-label-tmp');
  });

  test('a folder that is not there holds none', async () => {
    expect(await sweepTemporaries(join(folder, 'nowhere'), Date.now())).toBe(0);
  });

  test('a name as long as a name may be stays within 255 bytes, and is known again', () => {
    const path = temporaryPath(join(folder, `${'字'.repeat(85)}`));
    const name = path.slice(folder.length + 1);
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    expect(temporaryOwner(name)).toEqual({ isThisHost: true, pid: process.pid });
    expect(temporaryOwner('.a.aigc-label-tmp')).toBeUndefined();
  });
});
