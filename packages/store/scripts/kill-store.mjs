// Kills processes that write to one store, again and again, and looks whether anything that was acknowledged is lost. Needs the built package.
// Usage: node packages/store/scripts/kill-store.mjs sqlite|postgres [cycles, 1000 by default] [processes at once, 2 by default]
// Prints one line of JSON; exit code 1 where anything was lost, 3 where there is no PostgreSQL.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqlite, sqliteDriver } from '../dist/sqlite/open-sqlite.js';
import { openStore, recordOf } from './killed-works.mjs';
import { startPostgres } from './postgres-server.mjs';

/** How long a process lives after its first acknowledgement, in milliseconds, at most. */
const LIFE_MILLIS = 60;
/** After how many cycles a file is looked through as a whole. */
const CHECK_CYCLES = 50;

const [kind = 'sqlite', cycles = '1000', processes = '2'] = process.argv.slice(2);
const child = fileURLToPath(new URL('prepare-until-killed.mjs', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'aigc-label-kill-'));
const works = mkdtempSync(join(folder, 'works-'));
const server = kind === 'postgres' ? await startPostgres() : undefined;
if (server !== undefined && 'reason' in server) {
  console.error(`PostgreSQL: ${server.reason}`);
  process.exit(3);
}
const place = server?.connectionString ?? join(folder, 'store.db');
const outcome = { kind, cycles: 0, killed: 0, acknowledged: 0, lost: 0, publishedLost: 0, filesWithoutRecord: 0, unsound: 0, seconds: 0 };
const started = performance.now();
// Open all the time, as another process of the same service would have it.
const store = openStore(kind, place);
try {
  for (let cycle = 1; cycle <= Number(cycles); cycle += 1) {
    const told = await Promise.all(Array.from({ length: Number(processes) }, (_, index) => killed(`${cycle}-${index}`)));
    await judge(told.flat());
    outcome.cycles = cycle;
    if (cycle % CHECK_CYCLES === 0) {
      console.error(`${cycle} cycles, ${outcome.acknowledged} acknowledged, ${outcome.lost} lost`);
    }
    if (kind === 'sqlite' && (cycle % CHECK_CYCLES === 0 || cycle === Number(cycles))) {
      await lookThrough();
    }
  }
} finally {
  await store.close();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
}
outcome.seconds = Math.round((performance.now() - started) / 1_000);
console.log(JSON.stringify(outcome));
process.exitCode = outcome.lost + outcome.publishedLost + outcome.filesWithoutRecord + outcome.unsound === 0 ? 0 : 1;

/** Lets a process work, and kills it at some moment. Gives the lines that it told. */
function killed(prefix) {
  return new Promise((resolve, reject) => {
    const running = spawn(process.execPath, [child, kind, place, works, prefix], { stdio: ['ignore', 'pipe', 'pipe'] });
    let told = '';
    let complaint = '';
    running.stderr.setEncoding('utf8').on('data', (text) => {
      complaint += text;
    });
    running.stdout.setEncoding('utf8').on('data', (text) => {
      if (told === '') {
        setTimeout(() => running.kill('SIGKILL'), Math.random() * LIFE_MILLIS);
      }
      told += text;
    });
    running.once('error', reject);
    running.once('close', (code, signal) => {
      if (signal !== 'SIGKILL') {
        reject(new Error(`A process ended by itself (${code}): ${complaint}`));
      }
      outcome.killed += 1;
      resolve(told.split('\n').slice(0, -1));
    });
  });
}

async function judge(lines) {
  const published = new Set(lines.filter((line) => line.startsWith('published ')).map((line) => line.slice('published '.length)));
  for (const id of lines.filter((line) => line.startsWith('prepared ')).map((line) => line.slice('prepared '.length))) {
    outcome.acknowledged += 1;
    const { contentHash, reservedCode } = recordOf(id);
    const [found] = await store.find(recordOf(id));
    if (found?.contentHash !== contentHash || found.reservedCode !== reservedCode) {
      outcome.lost += 1;
    } else if (published.has(id) && found.status !== 'published') {
      outcome.publishedLost += 1;
    }
  }
  // Every work that is in place has its record, acknowledged or not.
  for (const id of readdirSync(works).filter((name) => !name.endsWith('.part'))) {
    if ((await store.find(recordOf(id))).length === 0) {
      outcome.filesWithoutRecord += 1;
    }
    rmSync(join(works, id));
  }
}

async function lookThrough() {
  const connection = openSqlite(await sqliteDriver(), place, undefined);
  const answer = connection.all('PRAGMA integrity_check')[0]?.['integrity_check'];
  connection.close();
  if (answer !== 'ok') {
    outcome.unsound += 1;
    console.error(answer);
  }
}
