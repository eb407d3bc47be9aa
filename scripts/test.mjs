// Everything that must hold before a change lands: style, types of the tests, and the suite on this Node (with --every-node on Node 24 as well).
// The last line is `N passed, N failed, N skipped`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode, runPackage } from './run-process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const OTHER_NODE = 'node@24';
/** What walks bytes alone is the same on every Node, and was tried in full on this one: there, fewer mutations, and no flipping of every byte. */
const LIGHTER = {
  args: ['--exclude=packages/*/src/content/**', '--exclude=packages/av/src/isobmff-content.test.ts'],
  env: { AIGC_LABEL_FUZZ_EXECUTIONS: '4000' },
};
const args = process.argv.slice(2);
const isEveryNode = args.includes('--every-node');
const vitestArgs = args.filter((argument) => argument !== '--every-node' && argument !== '--');
const total = { passed: 0, failed: 0, skipped: 0 };

step('style and imports (biome)', () => runNode(['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.'], { cwd: root }));
step('types of the tests (tsc)', () => runNode(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json'], { cwd: root }));
step('lists of formats', () => runNode(['scripts/formats.mjs', '--check'], { cwd: root }));
step('generated parts of the documents', () => runNode(['scripts/docs.mjs', '--check'], { cwd: root }));
suite(`Node ${process.version}`, (vitest) => runNode(vitest, { cwd: root }));
if (isEveryNode) {
  suite(`${OTHER_NODE}, without the flipping of every byte and with a fifth of the mutations`, (vitest) =>
    runPackage(OTHER_NODE, 'node', [...vitest, ...LIGHTER.args], { cwd: root, env: { ...process.env, ...LIGHTER.env } }));
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** A step without tests of its own counts as one. */
function step(name, run) {
  const started = Date.now();
  const isOk = run() === 0;
  total[isOk ? 'passed' : 'failed'] += 1;
  console.log(`${isOk ? '✓' : '✗'} ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

/** Runs vitest and adds up what it counted; a run that died before it counted is a failure. */
function suite(name, run) {
  const folder = mkdtempSync(join(tmpdir(), 'aigc-label-suite-'));
  const report = join(folder, 'report.json');
  console.log(`\nThe suite on ${name}`);
  const status = run([
    'node_modules/vitest/vitest.mjs',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...vitestArgs,
  ]);
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numFailedTestSuites, testResults } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    total.passed += numPassedTests;
    total.failed += numFailedTests > 0 || status === 0 ? numFailedTests : Math.max(1, numFailedTestSuites);
    total.skipped += numPendingTests + numTodoTests;
    tellSkipped(testResults);
    if (numPassedTests === 0) {
      total.failed += 1;
    }
  } catch (error) {
    console.error(`The suite on ${name} did not finish: ${error.message}`);
    total.failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Says which tests were skipped, and why: by their names, or by what this machine or clone lacks. */
function tellSkipped(testResults) {
  const names = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed').map(({ fullName }) => fullName),
  );
  if (names.length > 0) {
    console.log(`Skipped: ${names.length}`);
    console.log(names.map((name) => `  ${name}`).join('\n'));
    if (!existsSync(join(root, '../shared/corpus'))) {
      console.log('  Those on the corpus: ../shared/corpus is not beside this clone; its files are not ours to ship.');
    }
    if (spawnSync('perl', ['-v'], { stdio: 'ignore' }).status !== 0) {
      console.log('  Those with exiftool: it needs perl, which this machine does not have.');
    }
  }
}
