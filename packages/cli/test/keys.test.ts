import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { readTrustList } from 'aigc-label';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, makeFolder, PRODUCER, removeFolder } from './run-cli.ts';

let cwd = '';
let env: Readonly<Record<string, string>> = {};
beforeEach(() => {
  cwd = makeFolder();
  env = { AIGC_LABEL_KEYS: join(cwd, 'keys'), HOME: cwd, AIGC_LABEL_RECORDS: 'none' };
});
afterEach(() => removeFolder(cwd));

const keys = (...args: readonly string[]) => cli(['keys', ...args], { cwd, env });
const made = async (...args: readonly string[]) =>
  JSON.parse((await keys('new', '--names', PRODUCER, '--json', ...args)).stdout) as { keyId: string };
const withoutIds = (text: string): string =>
  text
    .replace(/[\w-]{43}/g, 'KEY')
    .replaceAll(cwd, '.')
    .replace(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME');

describe('keys', () => {
  test('as people see it, in both languages', async () => {
    const run = await keys('new', '--names', PRODUCER, '--expires', '2999-01-01');
    expect(withoutIds(run.stdout + run.stderr)).toBe(
      'KEY\n  Ed25519 · active · from TIME · until TIME\n  001191110000TE0T0EXA0R10001\nThe private key lies in ./keys. Give the others the trust list: aigc-label keys export.\n',
    );
    expect(withoutIds((await keys('list', '--lang', 'zh')).stdout)).toBe(
      'KEY\n  Ed25519 · 启用 · 自 TIME 起 · 至 TIME 止\n  001191110000TE0T0EXA0R10001\n',
    );
  });

  test('an empty folder is no error', async () => {
    expect(await keys('list')).toMatchObject({ code: 0, stdout: '', stderr: `There are no keys in ${join(cwd, 'keys')}.\n` });
  });

  test('rotated, revoked and exported, the list is one that verifiers read', async () => {
    const first = await made('--not-before', '2026-01-01');
    const second = JSON.parse((await keys('rotate', first.keyId, '--json')).stdout);
    const sm2 = await made('--algorithm', 'sm2');
    expect(JSON.parse((await keys('revoke', sm2.keyId, '--reason', 'lost', '--at', '2026-06-01T00:00:00Z', '--json')).stdout)).toMatchObject({
      status: 'revoked',
      revokedAt: 1780272000,
    });
    expect((await keys('export', '-o', 'trust.json')).code).toBe(0);
    expect((await keys('export', '-o', 'trust.json')).code).toBe(10);
    const text = readFileSync(join(cwd, 'trust.json'), 'utf8');
    expect(text).not.toMatch(/"d"|PRIVATE/);
    const { keys: trusted } = await readTrustList(text);
    expect(trusted.map(({ keyId }) => keyId).sort()).toEqual([first.keyId, second.keyId, sm2.keyId].sort());
    expect(trusted.find(({ keyId }) => keyId === sm2.keyId)?.revokedAt).toBe(1780272000);
    const listed = (await keys('list', '--json')).stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).status);
    expect(listed.sort()).toEqual(['active', 'revoked', 'verify_only']);
  });

  test('private keys are on no stream', async () => {
    const runs = [await keys('new', '--names', PRODUCER), await keys('list', '--json'), await keys('export')];
    const folder = join(cwd, 'keys');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const [pem = ''] = readdirSync(folder).filter((name) => name.endsWith('.pem'));
    const secret = readFileSync(join(folder, pem), 'utf8').split('\n')[1] as string;
    for (const { stdout, stderr } of runs) {
      expect(stdout + stderr).not.toContain(secret.slice(-32));
    }
  });

  test.each([
    [['new'], '--names'],
    [['new', '--names', PRODUCER, '--expires', 'tomorrow'], '"tomorrow" is no time'],
    [['new', '--names', '字节'], 'Annex E j)'],
    [['revoke', 'nobody', '--reason', 'x'], 'nobody'],
    [['lose'], 'no command lose'],
  ])('%j is told in one line', async (args, sentence) => {
    const { code, stdout, stderr } = await keys(...args);
    expect({ code, stdout }).toEqual({ code: 10, stdout: '' });
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  test('a passphrase that is too short, or in a file for all, is refused', async () => {
    writeFileSync(join(cwd, 'pass'), 'a long enough passphrase\n', { mode: 0o644 });
    const common = { cwd, env: { ...env, AIGC_LABEL_KEYS_PASSPHRASE_FILE: join(cwd, 'pass') } };
    expect((await cli(['keys', 'new', '--names', PRODUCER], common)).stderr).toContain('others may open it');
    expect((await cli(['keys', 'list'], { cwd, env: { ...env, AIGC_LABEL_KEYS_PASSPHRASE: 'short' } })).stderr).toContain('at least 12 characters');
  });
});

test('a label signed with SM2 verifies with the exported list, and not once a byte has changed', async () => {
  await made('--algorithm', 'SM2');
  await keys('export', '-o', 'trust.json');
  writeFileSync(join(cwd, 'a.png'), fixtureBytes('png/animated.png'));
  expect(await cli(['label', 'a.png', '--in-place', '--sign', '-p', PRODUCER], { cwd, env })).toMatchObject({ code: 0, stderr: '' });
  const integrity = async (): Promise<unknown> => {
    const { stdout } = await cli(['verify', 'a.png', '--trust', 'trust.json', '--json'], { cwd, env });
    return JSON.parse(stdout.split('\n')[0] ?? '').report.integrity;
  };
  expect(await integrity()).toBe('verified');
  const bytes = readFileSync(join(cwd, 'a.png'));
  const at = bytes.indexOf('IDAT') + 8;
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(join(cwd, 'a.png'), bytes);
  expect(await integrity()).not.toBe('verified');
});
