import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asNobody, BIN, canBeNobody, cli, makeFolder, PRODUCER, type RunOptions, removeFolder, snapshot } from './run-cli.ts';

const PNG = fixtureBytes('png/animated.png');
const WHO = ['-p', PRODUCER];

let cwd = '';
beforeEach(() => {
  cwd = makeFolder();
});
afterEach(() => removeFolder(cwd));

const put = (name: string, bytes: string | Uint8Array = PNG): void => writeFileSync(join(cwd, name), bytes);

/** Runs a command that must fail: one clear line, no stack, nothing changed, nothing left. */
const refused = async (args: readonly string[], options: Partial<RunOptions> = {}): Promise<{ code: number | null; message: string }> => {
  const before = snapshot(cwd);
  const { code, stdout, stderr } = await cli(args, { cwd, ...options });
  expect(snapshot(cwd)).toEqual(before);
  expect(stdout).toBe('');
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  return { code, message: stderr.trimEnd() };
};

describe('files that are not there or cannot be read', () => {
  test('a missing file, in both languages', async () => {
    expect(await refused(['label', 'no.png', '--out', 'out', ...WHO])).toEqual({
      code: 10,
      message: '✗ no.png: There is no file "no.png" here. Check the name.',
    });
    expect(await refused(['verify', 'no.png', '--lang', 'zh'])).toEqual({ code: 10, message: '✗ no.png：找不到文件 "no.png"。请检查名称。' });
  });

  test('a glob that matches nothing, and a folder without files', async () => {
    mkdirSync(join(cwd, 'empty'));
    expect((await refused(['label', '*.png', '--in-place', ...WHO])).message).toContain('"*.png"');
    expect(await refused(['verify', 'empty'])).toEqual({ code: 10, message: 'Error: No files were found there.' });
  });

  test.skipIf(!canBeNobody())('no permission, as a user who has none', async () => {
    put('secret.png');
    chmodSync(cwd, 0o755);
    chmodSync(join(cwd, 'secret.png'), 0o600);
    mkdirSync(join(cwd, 'open'), { mode: 0o777 });
    chmodSync(join(cwd, 'open'), 0o777);
    const through = asNobody();
    const message = '✗ secret.png: You may not read or write "secret.png" as this user. Check the permissions of the file and its folder.';
    expect(await refused(['label', 'secret.png', '--out', 'open', ...WHO], { through })).toEqual({ code: 10, message });
    expect(await refused(['verify', 'secret.png'], { through })).toEqual({ code: 10, message });
    chmodSync(join(cwd, 'secret.png'), 0o644);
    expect(await refused(['label', 'secret.png', '--in-place', ...WHO], { through })).toEqual({ code: 10, message });
  });

  test('a folder where a file is needed', async () => {
    put('a.png');
    mkdirSync(join(cwd, 'folder'));
    for (const more of [[], ['--overwrite']]) {
      expect(await refused(['label', 'a.png', '-o', 'folder', ...more, ...WHO])).toEqual({
        code: 10,
        message: '✗ a.png: The path "folder" is no regular file (a folder, link, pipe or device). Give a file.',
      });
    }
    expect(await refused(['label', 'a.png', '--out', 'a.png', ...WHO])).toEqual({
      code: 10,
      message: 'Error: --out needs a folder, and "a.png" is none.',
    });
  });

  test('a FIFO does not hang', async () => {
    execFileSync('mkfifo', [join(cwd, 'pipe.png')]);
    expect(await refused(['label', 'pipe.png', '--out', 'out', ...WHO])).toMatchObject({
      code: 10,
      message: expect.stringContaining('no regular file'),
    });
    expect(await refused(['verify', '.'])).toMatchObject({ code: 10, message: expect.stringContaining('no regular file') });
  });

  test('links: dangling, in a loop, and in place; to a file they are followed', async () => {
    put('a.png');
    symlinkSync('gone', join(cwd, 'dangling.png'));
    symlinkSync('loop.png', join(cwd, 'loop.png'));
    symlinkSync('a.png', join(cwd, 'link.png'));
    expect(await refused(['label', 'dangling.png', '--out', 'out', ...WHO])).toMatchObject({
      code: 10,
      message: expect.stringContaining('There is no file'),
    });
    expect(await refused(['verify', 'loop.png'])).toMatchObject({ code: 10, message: expect.stringContaining('no regular file') });
    expect(await refused(['label', 'link.png', '--in-place', ...WHO])).toMatchObject({
      code: 10,
      message: expect.stringContaining('no regular file'),
    });
    expect((await cli(['label', 'link.png', '--out', 'out', ...WHO], { cwd })).code).toBe(0);
    expect((await cli(['verify', 'out/link.png'], { cwd })).code).toBe(0);
  });

  test('a link to a folder is not followed on the way, so a loop of folders ends', async () => {
    mkdirSync(join(cwd, 'in/deep'), { recursive: true });
    put('in/deep/a.png');
    symlinkSync('..', join(cwd, 'in/deep/up'));
    const { stdout } = await cli(['label', 'in', '--out', 'out', ...WHO], { cwd });
    expect(stdout.split('\n').filter((line) => line.startsWith('✓'))).toHaveLength(1);
  });
});

describe('files that hold what cannot be labelled', () => {
  test('of an unknown kind, empty, and cut off', async () => {
    put('odd.bin', new Uint8Array([0, 1, 2, 3, 255, 254, 0, 9]));
    put('empty.png', '');
    put('cut.png');
    truncateSync(join(cwd, 'cut.png'), PNG.length - 40);
    expect(await refused(['label', 'odd.bin', '--out', 'out', ...WHO])).toMatchObject({ code: 1, message: expect.stringContaining('not known') });
    expect(await refused(['label', 'empty.png', '--in-place', ...WHO])).toMatchObject({ code: 1, message: expect.stringContaining('is empty') });
    expect(await refused(['label', 'cut.png', '--in-place', ...WHO])).toMatchObject({ code: 1, message: expect.stringMatching(/damaged|ends/) });
    expect(await refused(['label', 'cut.png', '--in-place', '--lang', 'zh', ...WHO])).toMatchObject({
      code: 1,
      message: expect.stringContaining('损坏'),
    });
    const verdicts = await cli(['verify', 'odd.bin', 'empty.png', 'cut.png'], { cwd });
    expect(verdicts.stdout).toContain('Undetermined');
    expect(verdicts.stdout).toContain('the file ends too early');
    expect(verdicts).toMatchObject({ code: 1, stderr: '' });
    expect((await cli(['inspect', 'empty.png'], { cwd })).code).toBe(1);
  });

  test('a wrong extension decides nothing', async () => {
    put('picture.jpg');
    const { stdout, code } = await cli(['label', 'picture.jpg', '--in-place', ...WHO], { cwd });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('(png, ') });
  });

  test('a label of someone else, and labels that contradict each other', async () => {
    put('a.png');
    put('b.md', '---\nAIGC:\n  Label: nonsense\n---\n\nText.\n');
    await cli(['label', 'a.png', '--in-place', '-p', 'SomeoneElse'], { cwd });
    const { code, message } = await refused(['label', 'a.png', '--in-place', ...WHO]);
    expect({ code, message }).toMatchObject({ code: 1, message: expect.stringContaining('already carries a label of SomeoneElse') });
    expect(await refused(['label', 'b.md', '--in-place', ...WHO])).toMatchObject({ code: 1, message: expect.stringContaining('contradict') });
  });
});

describe('names', () => {
  test('that begin with - or hold a newline, an escape or a bidi control: harmless on the terminal, right in JSON', async () => {
    const names = ['-x.png', 'two\nlines.png', 'red\u001b[31m.png', 'gnp.\u202exe.png', '[a]*.png', 'spaces and "quotes".png'];
    for (const name of names) {
      put(name);
    }
    const { stdout, stderr, code } = await cli(['label', '--out', 'out', ...WHO, '--', ...names], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    expect(stdout).toContain('two\\nlines.png');
    expect(stdout).toContain('red\\u{1b}[31m.png');
    expect(stdout.trimEnd().split('\n')).toHaveLength(names.length + 1);
    const json = await cli(['verify', '--json', 'out'], { cwd });
    expect(json.stdout).not.toMatch(/[\u001b\u202e]/);
    const found = json.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { file: string }).file);
    expect(new Set(found)).toEqual(new Set(names.map((name) => `out/${name}`)));
  });

  test('a name with - needs --, and the message says so', async () => {
    expect((await refused(['verify', '-x.png'])).message).toContain('goes after --');
  });

  test.skipIf(process.platform !== 'linux')('that are not UTF-8 cannot be opened, and are told of', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${cwd}/`), Buffer.from([0x66, 0xff, 0x2e, 0x70, 0x6e, 0x67])]), PNG);
    put('good.png');
    const { stdout, stderr, code } = await cli(['verify', '.'], { cwd });
    expect({ code, stderr: stderr.includes('not valid UTF-8') }).toEqual({ code: 10, stderr: true });
    expect(stdout).toContain('good.png');
  });

  test('values in a label cannot reach the terminal as they are', async () => {
    put('a.md', '---\nAIGC:\n  Label: "1"\n  ContentProducer: "\\e[31mred\\u202E"\n  ProduceID: "x\\ny"\n---\nText.\n');
    for (const command of ['verify', 'inspect']) {
      const { stdout } = await cli([command, 'a.md'], { cwd });
      expect(stdout).not.toMatch(/[\u001b\u202e]/);
      expect(stdout).toContain('a.md');
    }
  });
});

describe('outputs', () => {
  test('that are the input itself, by the same or another name', async () => {
    put('a.png');
    symlinkSync('.', join(cwd, 'here'));
    execFileSync('ln', [join(cwd, 'a.png'), join(cwd, 'hard.png')]);
    for (const args of [
      ['-o', 'a.png'],
      ['-o', 'hard.png'],
      ['--out', '.'],
      ['-o', 'here/a.png', '--overwrite'],
      ['--out', 'here'],
    ]) {
      expect(await refused(['label', 'a.png', ...args, ...WHO]), args.join(' ')).toMatchObject({
        code: 10,
        message: expect.stringContaining('The output is the input itself'),
      });
    }
  });

  test('below the input folder are not labelled again', async () => {
    mkdirSync(join(cwd, 'in/out'), { recursive: true });
    put('in/a.png');
    for (let round = 0; round < 2; round += 1) {
      expect((await cli(['label', 'in', '--out', 'in/out', ...WHO], { cwd })).code).toBe(0);
      expect((await cli(['label', 'in/**/*.png', '--out', 'in/out', ...WHO], { cwd })).code).toBe(0);
    }
    const { stderr, code } = await cli(['label', 'in/a.png', 'in/out/a.png', '--out', 'in/out', ...WHO], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '1 file below the output folder was left out.\n' });
    expect(Object.keys(snapshot(cwd))).toEqual(['in/', 'in/a.png', 'in/out/', 'in/out/a.png']);
  });

  test('in place, one file by two names is labelled once', async () => {
    mkdirSync(join(cwd, 'in'));
    put('in/a.png');
    symlinkSync('in', join(cwd, 'same'));
    const { stdout } = await cli(['label', 'in', 'same', 'same/a.png', '--in-place', ...WHO], { cwd });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  });

  test('that exist and hold something else are kept, unless --overwrite', async () => {
    put('a.png');
    mkdirSync(join(cwd, 'out'));
    put('out/a.png', 'mine');
    expect(await refused(['label', 'a.png', '--out', 'out', ...WHO])).toMatchObject({ code: 1, message: expect.stringContaining('--overwrite') });
    expect((await cli(['label', 'a.png', '--out', 'out', '--overwrite', ...WHO], { cwd })).code).toBe(0);
    expect((await cli(['verify', 'out/a.png'], { cwd })).code).toBe(0);
  });

  test('of two inputs never meet: the tree is mirrored from the folder that holds them all', async () => {
    mkdirSync(join(cwd, 'a'));
    mkdirSync(join(cwd, 'b'));
    put('a/x.png');
    put('b/x.png');
    expect((await cli(['label', 'a', 'b/x.png', 'a/x.png', './a/', '--out', 'out', ...WHO], { cwd })).code).toBe(0);
    expect(Object.keys(snapshot(join(cwd, 'out')))).toEqual(['a/', 'a/x.png', 'b/', 'b/x.png']);
    expect(await refused(['label', 'a', 'b', '-o', 'one.png', ...WHO])).toMatchObject({
      code: 10,
      message: expect.stringContaining('takes one file'),
    });
    expect(await refused(['label', 'a', 'b', '--in-place', '--produce-id', 'x', ...WHO])).toMatchObject({ code: 10 });
  });

  test('a full disk: one sentence, the original as it was, nothing left', async () => {
    put('big.md', `# T\n\n${'Text. '.repeat(20_000)}\n`);
    const through = ['sh', '-c', 'ulimit -f 16; exec "$@"', 'sh'];
    for (const where of [['--in-place'], ['--out', '.hidden-out']]) {
      mkdirSync(join(cwd, '.hidden-out'), { recursive: true });
      expect(await refused(['label', 'big.md', ...where, ...WHO], { through })).toMatchObject({
        code: 10,
        message: expect.stringContaining('no room'),
      });
    }
    expect(await refused(['label', '-', ...WHO], { through, input: 'x'.repeat(100_000) })).toMatchObject({
      code: 10,
      message: expect.stringContaining('no room'),
    });
  });

  test.skipIf(!canMount())('a really full disk', async () => {
    const disk = join(cwd, '.disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', disk]);
    try {
      put('big.md', `# T\n\n${'Text. '.repeat(20_000)}\n`);
      const { code, stderr } = await cli(['label', 'big.md', '--out', '.disk', ...WHO], { cwd });
      expect({ code, stderr }).toMatchObject({ code: 10, stderr: expect.stringContaining('no room') });
      expect(snapshot(disk)).toEqual({});
    } finally {
      execFileSync('umount', [disk]);
    }
  });

  test.skipIf(!existsSync('/dev/full'))('standard output that takes nothing', async () => {
    put('a.png');
    mkdirSync(join(cwd, 'tmp'));
    for (const args of [
      ['label', '-', ...WHO],
      ['verify', 'a.png'],
    ]) {
      const { status, stderr } = spawnSync('sh', ['-c', '"$@" < a.png > /dev/full', 'sh', process.execPath, BIN, ...args], {
        cwd,
        encoding: 'utf8',
        env: { ...process.env, LANG: 'C', LC_ALL: 'C', TMPDIR: join(cwd, 'tmp') },
      });
      expect({ status, stderr }, args[0]).toMatchObject({ status: 10, stderr: expect.stringContaining('no room') });
      expect(stderr).not.toMatch(/^\s+at /m);
    }
    expect(Object.keys(snapshot(cwd))).toEqual(['a.png', 'tmp/']);
  });

  test('a reader that goes away ends the run quietly', () => {
    for (let index = 0; index < 40; index += 1) {
      put(`${index}.png`);
    }
    const { stdout, stderr } = spawnSync('sh', ['-c', '"$@" | head -1', 'sh', process.execPath, BIN, 'verify', '.'], { cwd, encoding: 'utf8' });
    expect({ stdout: stdout.trimEnd(), stderr }).toEqual({ stdout: '0.png', stderr: '' });
  });
});

test('a defect of ours is one line, exit 10, and a stack only on request', async () => {
  put('a.md');
  // A hook that breaks the toolkit from the inside stands for any defect.
  put(
    'broken.mjs',
    "import fs from 'node:fs/promises'; fs.lstat = () => { throw new TypeError('boom'); }; (await import('node:module')).syncBuiltinESMExports();",
  );
  const env = { NODE_OPTIONS: `--import=${join(cwd, 'broken.mjs')}` };
  const { code, message } = await refused(['verify', 'a.md'], { env });
  expect({ code, message }).toMatchObject({ code: 10, message: expect.stringContaining('Please report it') });
  const { stderr } = await cli(['verify', 'a.md'], { cwd, env: { ...env, AIGC_LABEL_DEBUG: '1' } });
  expect(stderr).toMatch(/^\s+at /m);
});

function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return false;
  }
  const folder = makeFolder();
  const isMounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder]).status === 0;
  if (isMounted) {
    spawnSync('umount', [folder]);
  }
  rmSync(folder, { recursive: true });
  return isMounted;
}
