import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openKeyFolder } from '@aigc-label/keys';
import { sqliteStore } from '@aigc-label/store';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cli, makeFolder, PRODUCER, type Run, removeFolder, snapshot } from './run-cli.ts';

const ORIGIN = 'example.com/log';
const LOG = ['--log', 'log', '--log-origin', ORIGIN];
const STORE = 'data/aigc-label/records.db';

let cwd = '';
let env: Readonly<Record<string, string>> = {};
let keyOfAnother = '';

const run = (...args: readonly string[]): Promise<Run> => cli(args, { cwd, env });
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

/** One signed, recorded and logged picture, and one that is signed and recorded alone. */
beforeAll(async () => {
  cwd = makeFolder();
  env = { HOME: cwd, XDG_DATA_HOME: join(cwd, 'data'), AIGC_LABEL_KEYS: join(cwd, 'keys'), AIGC_LABEL_PRODUCER: PRODUCER };
  const keys = openKeyFolder({ folder: join(cwd, 'keys') });
  await keys.createKey({ names: [PRODUCER] });
  await keys.createKey({ names: [ORIGIN] });
  keyOfAnother = (await keys.createKey({ names: ['Somebody'] })).keyId;
  writeFileSync(join(cwd, 'trust.json'), await keys.exportTrust());
  writeFileSync(join(cwd, 'others.json'), '{"keys":[]}');
  writeFileSync(join(cwd, 'a.png'), fixtureBytes('png/animated.png'));
  writeFileSync(join(cwd, 'b.md'), `# b\n${Array.from({ length: 400 }, (_, line) => `Line ${line} of a text that is long enough.\n`).join('')}`);
  expect(await run('label', 'a.png', '--out', 'out', '--sign', '--model', 'demo-1', ...LOG)).toMatchObject({ code: 0, stderr: '' });
  expect(await run('label', 'b.md', '--out', 'out', '--sign')).toMatchObject({ code: 0, stderr: '' });
});
afterAll(() => removeFolder(cwd));

describe('what is signed', () => {
  test('the store is for its owner alone', () => {
    expect(statSync(join(cwd, 'data/aigc-label')).mode & 0o777).toBe(0o700);
    expect(statSync(join(cwd, STORE)).mode & 0o777).toBe(0o600);
    expect(statSync(join(cwd, 'log.writer/salt-secret')).mode & 0o777).toBe(0o600);
  });

  test('verifies with the trust list, and counts as a violation once it was changed or the list has no such key', async () => {
    expect((await run('verify', 'out', '--trust', 'trust.json', '-q')).code).toBe(0);
    expect((await run('verify', 'out/a.png')).code).toBe(0);
    expect((await run('verify', 'out/a.png', '--trust', 'others.json')).code).toBe(1);
    const bytes = readFileSync(join(cwd, 'out/b.md'), 'utf8');
    writeFileSync(join(cwd, 'changed.md'), bytes.replace('# b', '# c'));
    const { code, stdout } = await run('verify', 'changed.md', '--trust', 'trust.json', '--on-unverified', 'generated', '--json');
    expect({ code, report: JSON.parse(stdout).report }).toMatchObject({ code: 1, report: { integrity: 'content_changed', action: 'generated' } });
  });

  test('a plan writes neither store nor log', async () => {
    const before = snapshot(cwd);
    const options = { cwd, env: { ...env, XDG_DATA_HOME: join(cwd, 'nowhere') } };
    const plan = await cli(['label', 'a.png', '--out', 'plan', '--sign', '-n', '--log', 'plan-log', '--log-origin', ORIGIN], options);
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    expect(snapshot(cwd)).toEqual(before);
  });

  test('standard input becomes a signed file that is recorded', async () => {
    const labelled = await cli(['label', '-', '--sign'], { cwd, env, input: fixtureBytes('png/animated.png') });
    expect(labelled.code).toBe(0);
    writeFileSync(join(cwd, 'piped.png'), labelled.bytes);
    const { code, stdout } = await run('trace', 'piped.png', '--trust', 'trust.json', '--json');
    expect({ code, trace: JSON.parse(stdout).trace }).toMatchObject({
      code: 0,
      trace: { certainty: 'verified', records: [{ status: 'published' }] },
    });
  });

  test('a platform signs what it adds, and the story tells both', async () => {
    expect((await run('propagate', 'out/b.md', '--out', 'spread', '-p', 'Somebody', '--sign')).code).toBe(0);
    const { stdout } = await run('trace', 'spread/b.md', '--trust', 'trust.json', '--lang', 'zh');
    expect(stdout).toContain('传播者：Somebody');
    expect(stdout).toContain('成立，由受信任的密钥签署');
    expect(lastLine(stdout)).toBe('  可信程度：文件与签署时一致，由您信任的密钥签署');
  });
});

describe('a run that was killed', () => {
  test('between the file and its record: the same command publishes what was left prepared', async () => {
    mkdirSync(join(cwd, 'killed'));
    copyFileSync(join(cwd, 'out/a.png'), join(cwd, 'killed/a.png'));
    const [produceId, left] = [JSON.parse((await run('verify', 'out/a.png', '--json')).stdout).report.label.ProduceID, join(cwd, 'left.db')];
    const store = sqliteStore(join(cwd, STORE));
    const [record] = await store.find({ producer: PRODUCER, produceId });
    await store.close();
    expect(record?.status).toBe('published');
    const crashed = sqliteStore(left);
    const { status: _, fileHash: __, sizeBytes: ___, leafIndex: ____, expiresAtMillis: _____, ...prepared } = record as NonNullable<typeof record>;
    await crashed.prepare(prepared);
    await crashed.close();
    expect((await run('label', 'a.png', '--out', 'killed', '--sign', '--records', left)).stdout).toContain('done earlier');
    const again = sqliteStore(left);
    expect((await again.find({ producer: PRODUCER, produceId })).map(({ status }) => status)).toEqual(['published']);
    await again.close();
  });

  test('in the middle of many: afterwards every file has its published record', async () => {
    mkdirSync(join(cwd, 'many'));
    for (let index = 0; index < 30; index += 1) {
      copyFileSync(join(cwd, 'a.png'), join(cwd, 'many', `${index}.png`));
    }
    const records = ['--records', 'many.db', '-q', '--sign'];
    const killed = await cli(['label', 'many', '--in-place', ...records], {
      cwd,
      env,
      onStart: (child) => {
        const timer = setInterval(() => {
          if (
            existsSync(join(cwd, 'many.db')) &&
            readdirSync(join(cwd, 'many')).some((name) => statSync(join(cwd, 'many', name)).size > statSync(join(cwd, 'a.png')).size)
          ) {
            clearInterval(timer);
            child.kill('SIGKILL');
          }
        }, 3);
        child.on('exit', () => clearInterval(timer));
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    expect((await run('label', 'many', '--in-place', ...records)).code).toBe(0);
    const names = readdirSync(join(cwd, 'many'));
    expect(names).toHaveLength(30);
    const { stdout } = await run('trace', ...names.map((name) => join('many', name)), '--records', 'many.db', '--trust', 'trust.json', '--json');
    for (const line of stdout.trim().split('\n')) {
      const { trace } = JSON.parse(line);
      expect(trace).toMatchObject({ certainty: 'verified' });
      expect(trace.records[0].status).toBe('published');
    }
  });
});

describe('a proof from the log', () => {
  test('holds for its record, for no other, and is never written over what is there', async () => {
    const proven = await run('trace', 'out/a.png', '--proof-out', 'a.tlog-proof', ...LOG);
    expect(proven.code).toBe(0);
    const logKey = /--log-key (\S+)/.exec(proven.stderr)?.[1] ?? '';
    expect(logKey.startsWith(`${ORIGIN}+`)).toBe(true);
    writeFileSync(join(cwd, 'log.key'), `${logKey}\n`);
    const verify = (file: string, key: string) => run('verify', file, '--proof', 'a.tlog-proof', '--log-key', key);
    const right = await verify('out/a.png', 'log.key');
    expect(right).toMatchObject({ code: 0 });
    expect(right.stdout).toContain('Log: the proof holds: the record stands in that log');
    const other = await verify('out/b.md', logKey);
    expect(other).toMatchObject({ code: 1 });
    expect(other.stdout).toContain('Log: the proof does not hold');
    const again = await run('trace', 'out/a.png', '--proof-out', 'a.png', ...LOG);
    expect(again.stderr).toContain('"a.png" exists already');
    expect(new Uint8Array(readFileSync(join(cwd, 'a.png')))).toEqual(new Uint8Array(fixtureBytes('png/animated.png')));
  });
});

describe('what cannot be is told in one line that says what to do', () => {
  test.each<readonly [readonly string[], string]>([
    [['label', 'a.png', '--out', 'x', '--log', 'log'], '--log needs a signature: add --sign'],
    [['label', 'a.png', '--out', 'x', '--sign', '--log', 'log'], '--log-origin'],
    [['label', 'a.png', '--out', 'x', '--sign', '-p', 'Nobody'], '可用 “aigc-label keys new” 新建'],
    [['label', 'a.png', '--out', 'x', '--key', 'KEY'], `does not sign for ${PRODUCER}`],
    [['label', 'a.png', '--out', 'x', '--sign', '--signature-profile', 'tc260'], 'needs an SM2 key'],
    [['label', 'a.png', '--out', 'x', '--sign', '--records', 'a.png'], '已损坏，或不是数据库'],
    [['label', 'a.png', '--out', 'x', '--sign', '--records', 'no/x.db'], 'The folder of "no/x.db" is not there'],
    [['label', 'a.png', '--out', 'x', '--sign', '--model', '模型'], 'printable ASCII'],
    [['verify', 'out/a.png', '--trust', 'a.png'], '信任列表无法使用：不是 JSON'],
    [['verify', 'out/a.png', '--records', 'no.db'], 'There is no file "no.db"'],
    [['verify', 'out/a.png', '--proof', 'a.png'], '--proof and --log-key go together'],
    [['verify', 'out', 'b.md', '--proof', 'a.png', '--log-key', 'x+0+y'], '请只给一个文件'],
    [['trace', 'out/a.png', '--records', 'none'], 'There is no store of records here'],
    [['trace', 'out/a.png', '--proof-out', 'p'], '--proof-out takes one subject'],
    [['trace', 'out/a.png', '--proof-out', 'p', '--log', 'no', '--log-origin', ORIGIN], '“no” 中没有日志'],
  ])('%j', async (args, sentence) => {
    const language = /\p{Script=Han}/u.test(sentence) ? 'zh' : 'en';
    const { code, stderr } = await run(...args.map((arg) => (arg === 'KEY' ? keyOfAnother : arg)), '--lang', language);
    expect(code).toBe(10);
    expect(stderr).toContain(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    for (const made of ['x', 'no', 'no.db', 'p']) {
      expect(existsSync(join(cwd, made)), made).toBe(false);
    }
  });

  test('a number that nobody knows is neither an error nor made by a person', async () => {
    const { code, stdout } = await run('trace', 'no-such-number');
    expect(code).toBe(2);
    expect(stdout).toContain('There is no file of that name, and no record of that number.');
  });
});
