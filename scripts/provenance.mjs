// The long campaigns behind docs/provenance.md: node scripts/provenance.mjs [tamper|transplant|survival|kill|faults, all].
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode } from './run-process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const [name = ''] = process.argv.slice(2);
const filter = name === '' ? [] : [`long/${name}`];
process.exitCode = runNode(
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...filter, '--config=vitest.long.config.ts', '--disable-console-intercept'],
  {
    cwd: root,
  },
);
