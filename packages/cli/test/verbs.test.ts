import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, PRODUCER } from './run-cli.ts';

const PLATFORM = '001191110000TE0T0EXA0R20001';
let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'aigc-label-verbs-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));
const put = (name: string, text: string): void => writeFileSync(join(cwd, name), text);
const read = (name: string): string => readFileSync(join(cwd, name), 'utf8');
const json = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('repair', () => {
  test('rewrites a label that stands in the wrong form, keeps its values, and a second run changes nothing', async () => {
    put('a.md', `---\ntitle: A\nAIGC: {"Label":1,"ContentProducer":"某公司","ProduceID":"a b","ReserveCode1":"x=="}\n---\n\nWords.\n`);
    expect((await cli(['verify', 'a.md'], { cwd })).code).toBe(1);
    const first = await cli(['repair', 'a.md', '--in-place', '--json'], { cwd });
    expect(first.code).toBe(0);
    expect(json(first.stdout)[0]).toMatchObject({
      outcome: 'updated',
      label: { Label: '1', ContentProducer: '某公司', ProduceID: 'a b', ReservedCode1: 'x==' },
    });
    expect(read('a.md')).toContain('title: A\n');
    expect(json((await cli(['repair', 'a.md', '--in-place', '--json'], { cwd })).stdout)[0]).toMatchObject({ outcome: 'unchanged' });
  });

  test('leaves what has no label as it is, and says so', async () => {
    put('a.md', 'Words.\n');
    const { code, stderr } = await cli(['repair', 'a.md', '--out', 'out'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain('nothing to repair');
    expect(readdirSync(cwd)).toEqual(['a.md']);
  });
});

describe('propagate', () => {
  test('adds the fields of the platform to a label, and keeps those of the producer', async () => {
    put('a.md', 'Words.\n');
    await cli(['label', 'a.md', '--in-place', '-p', PRODUCER, '--produce-id', 'p-1'], { cwd });
    const { code, stdout } = await cli(['propagate', 'a.md', '--out', 'out', '-p', PLATFORM, '--propagate-id', 'q-1', '--json'], { cwd });
    expect(code).toBe(0);
    const expected = { Label: '1', ContentProducer: PRODUCER, ProduceID: 'p-1', ContentPropagator: PLATFORM, PropagateID: 'q-1' };
    expect(json(stdout)[0]).toMatchObject({ outcome: 'updated', label: expected });
    expect(json((await cli(['verify', 'out/a.md', '--json'], { cwd })).stdout)[0]).toMatchObject({ report: { label: expected, isConformant: true } });
    // The same command again goes on where it stopped.
    expect(
      json((await cli(['propagate', 'a.md', '--out', 'out', '-p', PLATFORM, '--propagate-id', 'q-1', '--json'], { cwd })).stdout)[0],
    ).toMatchObject({ outcome: 'done_earlier' });
  });

  test('writes what the user declares, and nothing where there is nothing', async () => {
    put('a.md', 'Words.\n');
    expect((await cli(['propagate', 'a.md', '--in-place', '-p', PLATFORM], { cwd })).code).toBe(2);
    expect(read('a.md')).toBe('Words.\n');
    const declared = await cli(['propagate', 'a.md', '--in-place', '-p', PLATFORM, '--declared', '--json'], { cwd });
    expect(json(declared.stdout)[0]).toMatchObject({ outcome: 'labelled', label: { Label: '2', ContentProducer: '', ContentPropagator: PLATFORM } });
    expect((await cli(['verify', 'a.md'], { cwd })).code).toBe(0);
  });

  test('wants to know who spreads, and takes no wrong code', async () => {
    put('a.md', 'Words.\n');
    expect(await cli(['propagate', 'a.md', '--in-place'], { cwd })).toMatchObject({ code: 10, stderr: expect.stringContaining('--propagator') });
    expect((await cli(['propagate', 'a.md', '--in-place', '-p', PLATFORM.replace('R2', 'Q2')], { cwd })).code).toBe(10);
  });
});

describe('verify --sarif', () => {
  test('gives one log for all files', async () => {
    mkdirSync(join(cwd, 'in'));
    put('in/a.md', 'Words.\n');
    put('in/b.txt', 'Words.\nAIGC:{"Label":"9"}\n');
    const { code, stdout } = await cli(['verify', 'in', '--sarif'], { cwd });
    expect(code).toBe(1);
    const [log] = json(stdout) as unknown as [
      { version: string; runs: { results: { ruleId: string; locations: { physicalLocation: { artifactLocation: { uri: string } } }[] }[] }[] },
    ];
    expect(log.version).toBe('2.1.0');
    const uris = log.runs[0]?.results.map(({ ruleId, locations }) => `${locations[0]?.physicalLocation.artifactLocation.uri} ${ruleId}`);
    expect(uris).toEqual(expect.arrayContaining(['in/a.md label-present', 'in/b.txt label-value', 'in/b.txt label-fields']));
    expect((await cli(['verify', 'in', '--sarif', '--json'], { cwd })).code).toBe(10);
    const some = await cli(['verify', 'in', 'missing.md', '--sarif'], { cwd });
    expect(some.code).toBe(10);
    expect(json(some.stdout)[0]).toMatchObject({
      runs: [
        { invocations: [{ executionSuccessful: false, toolExecutionNotifications: [{ message: { text: expect.stringContaining('missing.md') } }] }] },
      ],
    });
  });
});
