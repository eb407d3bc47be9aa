import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFiles, corpusMissing } from '@aigc-label/test-fixtures';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cli, makeFolder, PRODUCER, removeFolder, snapshot } from './run-cli.ts';

let cwd = '';
beforeEach(() => {
  cwd = makeFolder();
});
afterEach(() => removeFolder(cwd));

interface Line {
  readonly file: string;
  readonly outcome: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly report?: { readonly integrity: string; readonly isConformant: boolean };
}

const linesOf = (stdout: string): readonly Line[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line)
    .filter(({ file }) => file !== undefined);

describe.skipIf(corpusMissing !== undefined)('files that nobody here made', () => {
  test('are labelled and conformant, or refused with a reason, and the originals stay', async () => {
    for (const { name, path } of corpusFiles()) {
      cpSync(path, join(cwd, 'in', name));
    }
    const before = snapshot(join(cwd, 'in'));
    const run = await cli(['label', 'in', '--out', 'out', '-p', PRODUCER, '--json'], { cwd });
    const results = linesOf(run.stdout);
    expect({ code: run.code, stderr: run.stderr, count: results.length }).toEqual({ code: 1, stderr: '', count: corpusFiles().length });
    for (const { file, outcome, error } of results) {
      expect(
        outcome === 'labelled' || (error !== undefined && error.code !== 'UNEXPECTED' && error.message.length > 20),
        `${file} ${error?.code}`,
      ).toBe(true);
    }
    expect(snapshot(join(cwd, 'in'))).toEqual(before);
    const labelled = results.filter(({ outcome }) => outcome === 'labelled');
    const verdicts = linesOf((await cli(['verify', 'out', '--json'], { cwd })).stdout);
    expect(verdicts.map(({ report }) => [report?.integrity, report?.isConformant])).toEqual(labelled.map(() => ['unsigned', true]));
  });
});
