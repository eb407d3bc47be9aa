import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BIN, cli, makeFolder, PRODUCER, removeFolder } from './run-cli.ts';

const hasScript = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

let cwd = '';
beforeEach(() => {
  cwd = makeFolder();
  mkdirSync(join(cwd, 'in'));
  for (let index = 0; index < 40; index += 1) {
    writeFileSync(join(cwd, 'in', `${index}.png`), fixtureBytes('png/animated.png'));
  }
});
afterEach(() => removeFolder(cwd));

/** What a terminal is sent. */
const onTerminal = (args: readonly string[]): string =>
  spawnSync('script', ['-qec', [process.execPath, BIN, ...args].map((arg) => `'${arg}'`).join(' '), '/dev/null'], {
    cwd,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', LANG: 'C', TERM: 'xterm' },
  }).stdout;

describe.skipIf(!hasScript)('on a terminal', () => {
  test('a bar with an ETA is shown, keeps to its own line, and is gone at the end', () => {
    const sent = onTerminal(['label', 'in', '--out', 'out', '-p', PRODUCER]);
    expect(sent).toMatch(/ \d+% · \d+ of 40 files · .*left/);
    // The cursor is only ever put back to a place on the same line.
    for (const back of sent.split('\u001b8').slice(0, -1)) {
      expect(back.slice(back.lastIndexOf('\u001b7'))).not.toContain('\n');
    }
    expect(sent.trimEnd().split('\n').at(-1)).toMatch(/40 labelled\.$/);
    expect(sent.slice(sent.lastIndexOf('\u001b8'))).not.toContain('%');
  });

  test('with --quiet there is no bar either', () => {
    expect(onTerminal(['label', 'in', '--out', 'out', '-p', PRODUCER, '--quiet'])).toBe('');
    expect(onTerminal(['verify', 'out', '--quiet'])).toBe('');
  });

  test('a labelled file is not printed on it', () => {
    expect(onTerminal(['label', '-', '-p', PRODUCER])).toContain('The result would be printed on this terminal');
  });
});

test('elsewhere there is no bar, and there are no colours', async () => {
  const { stdout, stderr } = await cli(['label', 'in', '--out', 'out', '-p', PRODUCER], { cwd });
  expect(stderr).toBe('');
  expect(stdout).not.toContain('\u001b');
});

test('the formats are known without loading what draws pixels', () => {
  const url = new URL('../../toolkit/dist/index.js', import.meta.url).href;
  const probe = `await import(${JSON.stringify(url)}); const { createRequire } = await import('node:module');
    console.log(Object.keys(createRequire(import.meta.url).cache).filter((path) => /[\\\\/](sharp|fontkit)[\\\\/]/.test(path)).length);`;
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', probe], { encoding: 'utf8' }).stdout.trim()).toBe('0');
});
