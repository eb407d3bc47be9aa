import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, makeFolder, PRODUCER, removeFolder } from './run-cli.ts';

let cwd = '';
beforeEach(() => {
  cwd = makeFolder();
  writeFileSync(join(cwd, 'a.md'), 'Text.\n');
});
afterEach(() => removeFolder(cwd));

const config = (name: string, text: string): void => writeFileSync(join(cwd, name), text);

/** Plans one file, and gives the label that would be written, or the error. */
const planned = async (args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Promise<unknown> => {
  const { stdout, stderr, code } = await cli(['label', 'a.md', '--in-place', '--dry-run', '--json', ...args], { cwd, env });
  if (code !== 0) {
    return { code, stderr: stderr.trimEnd() };
  }
  const { label, mark } = JSON.parse(stdout.split('\n')[0] ?? '') as { label: Record<string, string>; mark: string | null };
  return { producer: label['ContentProducer'], label: label['Label'], mark };
};

describe('settings', () => {
  test('flags override the environment, which overrides the config file', async () => {
    config('aigc-label.config.yaml', 'producer: FromFile\nlabel: 3\nexplicit: true\n');
    expect(await planned()).toEqual({ producer: 'FromFile', label: '3', mark: 'text-notice' });
    expect(await planned([], { AIGC_LABEL_PRODUCER: 'FromEnv', AIGC_LABEL_EXPLICIT: 'no' })).toEqual({ producer: 'FromEnv', label: '3', mark: null });
    expect(await planned(['-p', 'FromFlag', '--label', '2'], { AIGC_LABEL_PRODUCER: 'FromEnv' })).toEqual({
      producer: 'FromFlag',
      label: '2',
      mark: 'text-notice',
    });
  });

  test('the file may be .yaml, .yml or .json, or be named by flag or variable', async () => {
    config('aigc-label.config.json', '{"producer":"Json"}');
    expect(await planned()).toMatchObject({ producer: 'Json' });
    config('aigc-label.config.yml', 'producer: Yml');
    expect(await planned()).toMatchObject({ producer: 'Yml' });
    mkdirSync(join(cwd, 'other'));
    config('other/x.yaml', 'producer: Other');
    expect(await planned(['--config', 'other/x.yaml'])).toMatchObject({ producer: 'Other' });
    expect(await planned([], { AIGC_LABEL_CONFIG: 'other/x.yaml' })).toMatchObject({ producer: 'Other' });
    expect(await planned(['--config', 'gone.yaml'])).toMatchObject({ code: 10, stderr: expect.stringContaining('gone.yaml') });
  });

  test.each([
    ['producr: X', 'producr', 'Unrecognized key'],
    ['producer: [1]', 'producer', 'expected string'],
    ['label: 7', 'label', '"1"|"2"|"3"'],
    ['explicitText: hello', 'explicitText', 'a notice is one line'],
    ['badgeHeight: 0.01', 'badgeHeight', '>=0.05'],
    ['concurrency: many', 'concurrency', 'expected number'],
    ['- a\n- b', '', 'expected object'],
    ['a: [', '', ''],
    ['a: &a [*a]', '', ''],
  ])('%j is told where and why, and nothing is done', async (text, key, problem) => {
    config('aigc-label.config.yaml', text);
    const { code, stderr } = (await planned(['-p', PRODUCER])) as { code: number; stderr: string };
    expect(code).toBe(10);
    expect(stderr.split('\n')).toHaveLength(1);
    expect(stderr).toContain('aigc-label.config.yaml');
    expect(stderr).toContain(key);
    expect(stderr).toContain(problem);
  });

  test('a wrong flag or variable is named as such, in the language of the run', async () => {
    expect(await planned(['-p', PRODUCER, '--badge-plate', 'pink'])).toMatchObject({ code: 10, stderr: expect.stringContaining('--badge-plate') });
    expect(await planned(['-p', PRODUCER], { AIGC_LABEL_CONCURRENCY: '0' })).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('AIGC_LABEL_CONCURRENCY'),
    });
    expect(await planned(['-p', PRODUCER, '--lang', 'zh', '--label', '9'])).toMatchObject({
      code: 10,
      stderr: expect.stringMatching(/^错误：--label .*无效/),
    });
    expect(await planned(['-p', PRODUCER, '--lang', 'fr'])).toMatchObject({ code: 10, stderr: expect.stringContaining('--lang') });
  });

  test('the producer is checked before any file is opened', async () => {
    expect(await planned()).toMatchObject({ code: 10, stderr: expect.stringContaining('--producer') });
    expect(await planned(['-p', '某公司'])).toMatchObject({ code: 10, stderr: expect.stringContaining('Annex E j)') });
    expect(await planned(['-p', PRODUCER.replace('R1', 'S1')])).toMatchObject({ code: 10, stderr: expect.stringContaining('check digit') });
    expect(await planned(['-p', PRODUCER, '--produce-id', 'a b'])).toMatchObject({ code: 10, stderr: expect.stringContaining('ProduceID') });
  });

  test('lang in the config file sets the language of results', async () => {
    config('aigc-label.config.yaml', 'lang: zh\n');
    expect((await cli(['verify', 'a.md'], { cwd })).stdout).toContain('未发现');
    expect((await cli(['verify', 'a.md', '--lang', 'en'], { cwd })).stdout).toContain('Nothing found');
    expect((await cli(['verify', 'a.md'], { cwd, env: { AIGC_LABEL_LANG: 'en' } })).stdout).toContain('Nothing found');
  });

  test('the destination must be said, once', async () => {
    const run = async (...args: readonly string[]): Promise<string> => (await cli(['label', 'a.md', '-p', PRODUCER, ...args], { cwd })).stderr;
    expect(await run()).toContain('--in-place');
    expect(await run('--in-place', '--out', 'x')).toContain('Choose one');
  });
});
