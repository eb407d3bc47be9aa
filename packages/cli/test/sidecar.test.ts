import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asNobody, canBeNobody, cli, makeFolder, PRODUCER, removeFolder, snapshot } from './run-cli.ts';

const WHO = ['-p', PRODUCER];
const PLATFORM = '001191110000TE0T0EXA0R20001';
const CSV = 'name,words\na,"x, y"\n';
const PACKET =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">' +
  '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="3"/></rdf:RDF></x:xmpmeta>\n';

let cwd = '';
beforeEach(() => {
  cwd = makeFolder();
});
afterEach(() => removeFolder(cwd));

const put = (name: string, content: string | Uint8Array = CSV): void => writeFileSync(join(cwd, name), content);
const text = (name: string): string => readFileSync(join(cwd, name), 'utf8');
const names = (folder = '.'): readonly string[] => Object.keys(snapshot(join(cwd, folder)));

interface Line {
  readonly file: string;
  readonly outcome: string;
  readonly sidecar: string | null;
  readonly label: Readonly<Record<string, string>>;
  readonly report: { readonly action: string; readonly isConformant: boolean; readonly label: unknown };
  readonly inspection: { readonly findings: readonly unknown[] };
  readonly error: { readonly code: string; readonly data: Readonly<Record<string, unknown>> };
  readonly summary?: Readonly<Record<string, number>>;
}

/** A run with `--json`: its lines without the summary. */
const json = async (...args: readonly string[]): Promise<{ readonly code: number | null; readonly lines: readonly Line[] }> => {
  const { code, stdout } = await cli([...args, '--json'], { cwd });
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  return { code, lines: lines.map((line) => JSON.parse(line) as Line).filter(({ summary }) => summary === undefined) };
};
const outcomes = ({ lines }: { readonly lines: readonly Line[] }): readonly string[] => lines.map(({ file, outcome }) => `${file} ${outcome}`);

describe('a folder of files that cannot hold a label', () => {
  const KINDS = ['array.json', 'film.ts', 'rows.jsonl', 'table.csv', 'table.tsv', 'voice.amr', 'x.ico'];
  beforeEach(() => {
    mkdirSync(join(cwd, 'in'));
    put('in/array.json', '[1,2]\n');
    put('in/film.ts', fixtureBytes('ts/film.ts'));
    put('in/rows.jsonl', '{"a":1}\n{"b":2}\n');
    put('in/table.csv');
    put('in/table.tsv', 'a\tb\n1\t2\n');
    put('in/voice.amr', Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(32 * 8, 0x3c)]));
    put('in/x.ico', Buffer.concat([Buffer.from([0, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, 32, 0, 4, 0, 0, 0, 22, 0, 0, 0]), Buffer.alloc(4)]));
  });
  const withSidecars = KINDS.flatMap((name) => [name, `${name}.xmp`]).sort();

  test('is labelled, gone on with, verified, inspected, repaired and spread, each file with its sidecar', async () => {
    const before = snapshot(join(cwd, 'in'));
    const first = await json('label', 'in', '--out', 'out', ...WHO);
    expect(outcomes(first)).toEqual(KINDS.map((name) => `in/${name} labelled`));
    expect(first.lines.map(({ sidecar }) => sidecar)).toEqual(KINDS.map((name) => `out/${name}.xmp`));
    expect(names('out')).toEqual(withSidecars);
    const labelled = snapshot(join(cwd, 'out'));
    for (const name of KINDS) {
      expect(labelled[name]).toBe(before[name]);
    }
    expect(outcomes(await json('label', 'in', '--out', 'out', ...WHO))).toEqual(KINDS.map((name) => `in/${name} done_earlier`));
    expect(outcomes(await json('label', 'out', '--in-place', ...WHO))).toEqual(KINDS.map((name) => `out/${name} unchanged`));
    expect(outcomes(await json('repair', 'out', '--in-place'))).toEqual(KINDS.map((name) => `out/${name} unchanged`));
    expect(snapshot(join(cwd, 'out'))).toEqual(labelled);

    const { code, lines } = await json('verify', 'out');
    expect(code).toBe(0);
    expect(lines.map(({ file, report }) => [file, report.action, report.isConformant])).toEqual(
      KINDS.map((name) => [`out/${name}`, 'generated', true]),
    );
    const looked = await json('inspect', 'out');
    expect(looked.lines.map(({ inspection }) => inspection.findings)).toEqual(
      KINDS.map(() => [expect.objectContaining({ site: 'sidecar/xmp/TC260:AIGC', isGuidePlace: true })]),
    );
    const spread = await json('propagate', 'out', '--out', 'spread', '-p', PLATFORM);
    expect(outcomes(spread)).toEqual(KINDS.map((name) => `out/${name} updated`));
    expect(spread.lines.map(({ label }) => label['ProduceID'])).toEqual(first.lines.map(({ label }) => label['ProduceID']));
    expect((await cli(['verify', 'spread'], { cwd })).code).toBe(0);
    expect(snapshot(join(cwd, 'in'))).toEqual(before);
  });

  test('the text that people read names the sidecar; --dry-run writes nothing', async () => {
    const before = snapshot(cwd);
    expect((await cli(['label', 'in/table.csv', '--in-place', '--dry-run', '--lang', 'zh', ...WHO], { cwd })).stdout).toContain(
      '边车文件 in/table.csv.xmp',
    );
    expect(snapshot(cwd)).toEqual(before);
    expect((await cli(['label', 'in/table.csv', '--in-place', ...WHO], { cwd })).stdout).toContain(
      '(csv, +0 bytes, in the sidecar in/table.csv.xmp)',
    );
    expect((await cli(['inspect', 'in/table.csv'], { cwd })).stdout).toContain('sidecar/xmp/TC260:AIGC (the right place)');
    put('in/table.csv', `${CSV}b,z\n`);
    const other = await cli(['verify', 'in/table.csv', '--lang', 'zh'], { cwd });
    expect(other).toMatchObject({ code: 2, stdout: expect.stringContaining('随文件的边车文件属于其他内容') });
  });
});

describe('which files are sidecars', () => {
  beforeEach(() => {
    mkdirSync(join(cwd, 'in'));
    put('in/a.csv');
    put('in/a.csv.xmp', PACKET);
    put('in/alone.xmp', PACKET);
  });

  test('those of files that are inputs, too, as in label *; any other is a file of its own', async () => {
    mkdirSync(join(cwd, 'in/alone'));
    put('in/alone/b.csv.xmp');
    // A table that is called .xmp is text of a kind that is not known, and nothing is written beside it.
    const expected = ['in/a.csv labelled', 'in/alone.xmp labelled', 'in/alone/b.csv.xmp refused'];
    expect(outcomes(await json('label', 'in/*', 'in/alone', '--in-place', ...WHO))).toEqual(expected);
    expect(text('in/a.csv.xmp')).toContain('xmp:Rating="3"');
    expect(names('in')).toEqual(['a.csv', 'a.csv.xmp', 'alone/', 'alone/b.csv.xmp', 'alone.xmp']);
    expect((await cli(['verify', 'in/*'], { cwd })).code).toBe(0);
  });

  test('x and x.xmp: the second is the sidecar of the first', async () => {
    put('in/x', fixtureBytes('ts/film.ts'));
    put('in/x.xmp', PACKET);
    expect(outcomes(await json('label', 'in/x*', '--out', 'out', ...WHO))).toEqual(['in/x labelled']);
    expect(names('out')).toEqual(['x', 'x.xmp']);
    expect(text('out/x.xmp')).toContain('xmp:Rating="3"');
    expect(text('in/x.xmp')).toBe(PACKET);
  });
});

describe('standard input', () => {
  test('goes to a file with its sidecar, which everyone may read who may read the file', async () => {
    const run = await cli(['label', '-', '--name', 'a.csv', '-o', 'out.csv', ...WHO], { cwd, input: CSV });
    expect(run.code).toBe(0);
    expect(text('out.csv')).toBe(CSV);
    expect(statSync(join(cwd, 'out.csv.xmp')).mode & 0o777).toBe(statSync(join(cwd, 'out.csv')).mode & 0o777);
    expect((await cli(['verify', 'out.csv'], { cwd })).code).toBe(0);
  });

  test('has no place for a sidecar on standard output, and says so', async () => {
    const run = await cli(['label', '-', '--name', 'a.csv', '--lang', 'zh', ...WHO], { cwd, input: CSV });
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('边车') });
    expect(names()).toEqual([]);
  });
});

describe('carry', () => {
  test('from and into files with sidecars, and goes on where it stopped', async () => {
    const words = Array.from({ length: 200 }, (_, index) => `word${index * 7919}`).join(' ');
    put('a.md', `${words}\n`);
    await cli(['label', 'a.md', '--in-place', ...WHO], { cwd });
    put('b.txt', `${words}\n`);
    const args = ['carry', 'a.md', 'b.txt', '-o', 'out.txt'];
    expect(outcomes(await json(...args))).toEqual(['b.txt labelled']);
    expect(outcomes(await json(...args))).toEqual(['b.txt done_earlier']);
    expect(names()).toEqual(['a.md', 'b.txt', 'out.txt']);
  });
});

describe('what stands in the way', () => {
  /** A run that must be refused: one line, nothing changed. */
  const refused = async (args: readonly string[], through: readonly string[] = []) => {
    const before = snapshot(cwd);
    const { code, stderr } = await cli(args, { cwd, through });
    expect(snapshot(cwd)).toEqual(before);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    return { code, message: stderr.trimEnd() };
  };

  test('a folder, a pipe or 20 MB in the place of the sidecar', async () => {
    put('a.csv');
    const place = join(cwd, 'a.csv.xmp');
    const run = (lang = 'en') => refused(['label', 'a.csv', '--in-place', '--lang', lang, ...WHO]);
    mkdirSync(place);
    expect(await run()).toEqual({
      code: 10,
      message:
        '✗ a.csv: The path "a.csv.xmp" is no regular file (a folder, link, pipe or device). Move it away: the label of the file beside it belongs there.',
    });
    rmSync(place, { recursive: true });
    execFileSync('mkfifo', [place]);
    expect(await run('zh')).toMatchObject({ code: 10, message: expect.stringContaining('请将其移走') });
    expect((await cli(['verify', 'a.csv'], { cwd })).code).toBe(2);
    rmSync(place);
    writeFileSync(place, 'x');
    truncateSync(place, 20 << 20);
    expect(await run()).toMatchObject({ code: 1, message: expect.stringContaining('a.csv.xmp') });
    expect((await cli(['verify', 'a.csv'], { cwd })).code).toBe(3);
  });

  test('somebody’s file where the sidecar of a new output belongs', async () => {
    mkdirSync(join(cwd, 'out'));
    put('a.csv');
    put('out/a.csv.xmp', PACKET);
    expect(await refused(['label', 'a.csv', '--out', 'out', ...WHO])).toMatchObject({ code: 1, message: expect.stringContaining('"out/a.csv.xmp"') });
    expect((await cli(['label', 'a.csv', '--out', 'out', '--overwrite', ...WHO], { cwd })).code).toBe(0);
  });

  test('a name that leaves no room for .xmp', async () => {
    const long = `${'长'.repeat(83)}.csv`;
    put(long);
    expect(await refused(['label', long, '--in-place', '--lang', 'zh', ...WHO])).toMatchObject({
      code: 10,
      message: expect.stringContaining('请缩短文件名'),
    });
    expect((await cli(['verify', long], { cwd })).code).toBe(2);
  });

  test('a sidecar that is no XMP: the message names the sidecar, not the file', async () => {
    put('a.csv');
    put('a.csv.xmp', 'no packet <');
    expect(await refused(['label', 'a.csv', '--in-place', '--lang', 'zh', ...WHO])).toMatchObject({
      code: 1,
      message: expect.stringContaining('sidecar'),
    });
  });

  test.skipIf(!canBeNobody())('a folder, and a sidecar, of somebody else', async () => {
    chmodSync(cwd, 0o755);
    put('a.csv');
    const through = asNobody();
    expect(await refused(['label', 'a.csv', '--in-place', ...WHO], through)).toMatchObject({
      code: 10,
      message: expect.stringContaining('"a.csv.xmp"'),
    });
    put('a.csv.xmp', PACKET);
    chmodSync(join(cwd, 'a.csv.xmp'), 0o600);
    expect(await refused(['verify', 'a.csv'], through)).toMatchObject({ code: 10, message: expect.stringContaining('"a.csv.xmp"') });
  });
});

test('names with a newline, an escape, a space and Chinese keep their sidecars, and harm no terminal', async () => {
  mkdirSync(join(cwd, 'in'));
  const odd = ['a b.csv', '表 格.csv', 'new\nline.csv', '\u001b[31mred.csv'];
  for (const name of odd) {
    put(`in/${name}`);
  }
  const { code, stdout } = await cli(['label', 'in', '--out', 'out', ...WHO], { cwd });
  expect(code).toBe(0);
  expect(stdout).not.toContain('\u001b[31mred');
  expect(stdout).toContain('out/new\\nline.csv.xmp');
  expect(names('out')).toEqual(odd.flatMap((name) => [name, `${name}.xmp`]).sort());
  expect((await cli(['verify', 'out'], { cwd })).code).toBe(0);
});

describe('a process that is killed between the sidecar and the file', () => {
  /** Dies in place of giving a name to anything but a sidecar. */
  const hook = `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    for (const call of ['link', 'linkSync', 'rename', 'renameSync']) {
      const original = fs[call];
      fs[call] = (...args) => {
        if (!args[1].endsWith('.xmp')) process.kill(process.pid, 'SIGKILL');
        return original(...args);
      };
    }
    syncBuiltinESMExports();`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };

  test('leaves a label without a file, which the next run goes on from', async () => {
    put('a.csv');
    const args = ['label', 'a.csv', '--out', 'out', ...WHO];
    expect(await cli(args, { cwd, env })).toMatchObject({ signal: 'SIGKILL' });
    const left = names('out');
    expect(left.filter((name) => !name.startsWith('.'))).toEqual(['a.csv.xmp']);
    expect(left.filter((name) => name.endsWith('.aigc-label-tmp'))).toHaveLength(1);
    expect(text('a.csv')).toBe(CSV);
    expect((await cli(args, { cwd })).code).toBe(0);
    expect(names('out')).toEqual(['a.csv', 'a.csv.xmp']);
    expect((await cli(['verify', 'out'], { cwd })).code).toBe(0);
    expect(outcomes(await json(...args))).toEqual(['a.csv done_earlier']);
  });
});
