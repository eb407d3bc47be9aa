import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { expandInputs } from './inputs.ts';
import { outputOf } from './outputs.ts';

let cwd = '';
const at = (name: string): string => join(cwd, name);
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'aigc-label-inputs-'));
  for (const folder of ['in/b', 'in/a.d', 'in/.git', 'other']) {
    mkdirSync(at(folder), { recursive: true });
  }
  for (const name of ['in/z.png', 'in/a.png', 'in/b/x.png', 'in/a.d/y.md', 'in/.hidden.png', 'in/.git/c.png', 'in/[x].png', 'other/x.png']) {
    writeFileSync(at(name), 'x');
  }
  symlinkSync('..', at('in/b/up'));
  symlinkSync('../a.png', at('in/b/link.png'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const names = async (args: readonly string[], out?: string): Promise<readonly string[]> =>
  (await expandInputs(args.map(at), out === undefined ? undefined : at(out))).list.map(
    ({ path, error }) => `${relative(cwd, path)}${error === undefined ? '' : '!'}`,
  );

describe('expandInputs', () => {
  test('a folder: everything visible, by name, the same each time; links to folders are not followed', async () => {
    const expected = ['in/[x].png', 'in/a.d/y.md', 'in/a.png', 'in/b/link.png', 'in/b/x.png', 'in/z.png'];
    expect(await names(['in'])).toEqual(expected);
    expect(await names(['in/', 'in/a.png', 'in/b/../a.png'])).toEqual(expected);
  });

  test('a folder that is named is entered, though it be hidden or a link', async () => {
    expect(await names(['in/.git'])).toEqual(['in/.git/c.png']);
    expect(await names(['in/b/up/.hidden.png'])).toEqual(['in/b/up/.hidden.png']);
  });

  test('a path that exists wins over a glob', async () => {
    expect(await names(['in/[x].png'])).toEqual(['in/[x].png']);
    expect(await names(['in/[az].png'])).toEqual(['in/a.png', 'in/z.png']);
    expect(await names(['in/**/*.md'])).toEqual(['in/a.d/y.md']);
    expect(await names(['in/*.gif'])).toEqual(['in/*.gif!']);
  });

  test('the output folder is not entered', async () => {
    expect(await names(['in'], 'in/b')).toEqual(['in/[x].png', 'in/a.d/y.md', 'in/a.png', 'in/z.png']);
    expect(await names(['in/**/*.png'], 'in/b')).toEqual(['in/[x].png', 'in/a.png', 'in/z.png']);
  });

  test.each([
    [['in'], 'in', { 'in/b/x.png': 'b/x.png' }],
    [['in/b/x.png'], 'in/b', { 'in/b/x.png': 'x.png' }],
    [['in/b', 'other'], '', { 'in/b/x.png': 'in/b/x.png', 'other/x.png': 'other/x.png' }],
    [['in/b/*.png'], 'in/b', { 'in/b/x.png': 'x.png' }],
    [['in/*/*.png', 'in/a.png'], 'in', { 'in/b/x.png': 'b/x.png', 'in/a.png': 'a.png' }],
  ])('%j is mirrored from %j', async (args, base, outputs) => {
    const inputs = await expandInputs(args.map(at));
    expect(relative(cwd, inputs.base)).toBe(base);
    for (const [input, output] of Object.entries(outputs)) {
      expect(outputOf(at(input), inputs.base, { kind: 'folder', folder: '/out' })).toBe(join('/out', output));
    }
  });

  test('sidecars of files that are inputs, too, are passed over; those of folders and of nothing are not', async () => {
    mkdirSync(at('side/c'), { recursive: true });
    for (const name of ['side/a.csv', 'side/a.csv.xmp', 'side/a.csv.xmp.xmp', 'side/b.xmp', 'side/c.xmp', 'side/c/d.csv.xmp']) {
      writeFileSync(at(name), 'x');
    }
    const expected = ['side/a.csv', 'side/b.xmp', 'side/c.xmp', 'side/c/d.csv.xmp'];
    expect([...(await names(['side']))].sort()).toEqual(expected);
    expect([...(await names(['side/*', 'side/c/*']))].sort()).toEqual(expected);
    expect(await names(['side/a.csv.xmp', 'side/a.csv'])).toEqual(['side/a.csv']);
    expect(await names(['side/a.csv*.xmp'])).toEqual(['side/a.csv.xmp']);
    expect(await names(['side/a.csv.xmp'])).toEqual(['side/a.csv.xmp']);
  });
});
