// Kills (SIGKILL) a process that appends to a log, again and again at any moment, and says whether the log ever lost what it had promised or signed what contradicts itself.
// Usage: nice -n 10 node packages/store/scripts/kill-log.mjs FOLDER [CYCLES]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { logKey, readEntries, tileHolding, tileProofs, verifyCheckpoint, verifyConsistency } from '@aigc-label/core';
import { auditLog, openLog } from '../dist/log/index.js';
import { nodeDisk } from '../dist/log/log-disk.js';
import { nodeHashing } from '../dist/log/node-hashing.js';
import { tilesIn } from '../dist/log/read-edge.js';
import { publicKey, signer } from './log-test-key.mjs';

const [folder, cycles = '1000'] = process.argv.slice(2);
const origin = 'test.example/log';
const key = logKey(origin, publicKey, nodeHashing);
const script = fileURLToPath(new URL('append-for-ever.mjs', import.meta.url));
const readTile = tilesIn(folder, nodeDisk);
mkdirSync(folder, { recursive: true });

/** Appends until it is killed; what it has acknowledged, by index. */
const killOnce = async (cycle) => {
  const child = spawn(process.execPath, [script, folder, `cycle-${cycle}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    errors += text;
  });
  const ended = once(child, 'close');
  if (cycle % 4 === 0) {
    // While it starts, opens, and finishes what the last one has left.
    await Promise.race([sleep(30 + Math.random() * 200), ended]);
  } else {
    await Promise.race([once(child.stdout, 'data'), ended]);
    await sleep(Math.random() * 60);
  }
  child.kill('SIGKILL');
  const [, signal] = await ended;
  if (signal !== 'SIGKILL') {
    throw new Error(`cycle ${cycle}: it ended by itself: ${errors}`);
  }
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => [Number(line.slice(0, line.indexOf(' '))), line.slice(line.indexOf(' ') + 1)]);
};

const checkpoint = async () => {
  const verdict = await verifyCheckpoint(readFileSync(join(folder, 'checkpoint'), 'utf8'), [key]);
  if (!verdict.isSigned) {
    throw new Error(verdict.reason);
  }
  return verdict.head;
};

/** Any reader's view at this moment, before anything has been mended. */
const assertHonest = async (head, before) => {
  const proofs = tileProofs(head.size, readTile, nodeHashing);
  if (before !== undefined && !verifyConsistency(await proofs.consistency(before.size), before.root, head.root, nodeHashing).isConsistent) {
    throw new Error(`${head.size} leaves do not begin with the ${before.size} that were signed before`);
  }
};

const leafAt = async (index, size) => {
  const tile = { ...tileHolding(0, index, size), level: 'entries' };
  return new TextDecoder().decode(readEntries(await readTile(tile))[index % 256]);
};

const promised = new Map();
let before;
let unpromised = 0;
for (let cycle = 1; cycle <= Number(cycles); cycle += 1) {
  const acknowledged = await killOnce(cycle);
  if (acknowledged.length === 0 && before === undefined) {
    continue;
  }
  const head = await checkpoint();
  await assertHonest(head, before);
  for (const [index, leaf] of acknowledged) {
    if (promised.has(index) || index >= head.size || (await leafAt(index, head.size)) !== leaf) {
      throw new Error(`cycle ${cycle}: leaf ${index} (${leaf}) was promised and is not there`);
    }
    promised.set(index, leaf);
  }
  before = head;
}
const log = await openLog({ folder, origin, signer, publicKey, nowMillis: Date.now });
unpromised = log.size - promised.size;
await assertHonest(await checkpoint(), before);
await log.close();
for (const [index, leaf] of promised) {
  if ((await leafAt(index, log.size)) !== leaf) {
    throw new Error(`leaf ${index} (${leaf}) was promised and is gone`);
  }
}
const audit = await auditLog(folder, [key]);
if (!audit.isIntact) {
  throw new Error(JSON.stringify(audit));
}
console.log(
  `${cycles} kills: ${promised.size} leaves promised, none lost; ${unpromised} more are there that nobody was told of; every checkpoint consistent; audit intact`,
);
