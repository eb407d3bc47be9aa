// The long run of the mutation fuzzer that the tests run shortly: node scripts/fuzz.mjs [executions a format, 1000000] [seed, 1] [format, all].
// It runs the mutation tests of `testFormat` with more executions; finds are written to fuzz-finds/. A find becomes a fixture.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from './run-process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [executions = '1000000', seed = '1', format = '\\S+'] = process.argv.slice(2);
process.env.AIGC_LABEL_FUZZ_EXECUTIONS = executions;
process.env.AIGC_LABEL_FUZZ_SEED = seed;
process.exitCode = runNode(
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    'packages',
    '--reporter=verbose',
    '--disable-console-intercept',
    '-t',
    `format ${format} keeps the contract.*mutations`,
  ],
  { cwd: root },
);
