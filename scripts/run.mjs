// The one door of the two README commands: on a machine with Node and npm and nothing else, it installs what is missing, builds, and runs the job.
// Usage: node scripts/run.mjs demo | test | bench  [arguments of the job]
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runNode, runPackage } from './run-process.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const JOBS = { demo: 'scripts/demo.mjs', test: 'scripts/test.mjs', bench: 'bench/dist/main.js' };

const [job, ...rest] = process.argv.slice(2);
if (!(job in JOBS)) {
  console.error(`Usage: node scripts/run.mjs ${Object.keys(JOBS).join(' | ')}`);
  process.exit(10);
}
install();
process.exitCode = runNode(['node_modules/typescript/bin/tsc', '-b'], { cwd: root }) || runNode([JOBS[job], ...rest], { cwd: root });

/** Installs with the pnpm that package.json names, where the lock file says something else than what is installed. */
function install() {
  const stamp = join(root, 'node_modules/.installed-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'pnpm-lock.yaml')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) {
    return;
  }
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  console.error('Installing the packages of pnpm-lock.yaml (once; about half a gigabyte, most of it the tools that judge us) …');
  const status = runPackage(packageManager, 'pnpm', ['install', '--frozen-lockfile', '--reporter=append-only', '--loglevel=warn'], { cwd: root });
  if (status !== 0) {
    console.error('The packages could not be installed: see the lines above, and whether this machine reaches its npm registry.');
    process.exit(status);
  }
  writeFileSync(stamp, lock);
}
