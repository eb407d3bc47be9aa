// Makes a log of many leaves and samples proofs of it, for a foreign verifier (foreign-check/main.go) to judge.
// Usage: nice -n 10 node packages/store/scripts/million-leaves.mjs FOLDER [LEAVES] [INCLUSIONS] [CONSISTENCIES]
// Writes FOLDER/log (the public files), FOLDER/verifier-key, FOLDER/proofs.jsonl and FOLDER/bundles/*.tlog-proof. FOLDER is made, and must not be there yet.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leafOf, readLogKey } from '@aigc-label/core';
import { auditLog, openLog } from '../dist/log/index.js';
import { nodeHashing } from '../dist/log/node-hashing.js';
import { publicKey, signer } from './log-test-key.mjs';

const [folder, leafCount = '1000000', inclusions = '10000', consistencies = '1000'] = process.argv.slice(2);
const size = Number(leafCount);
mkdirSync(folder);
const digest = (text) => createHash('sha256').update(text).digest();
const leafNumber = (number) =>
  leafOf({ reservedCode: `header.payload-${number}.signature`, salt: new Uint8Array(digest(`salt ${number}`)).subarray(0, 16) }, nodeHashing);
/** A number below `limit` that is the same in every run. */
const sample = (name, number, limit) => digest(`${name} ${number}`).readUIntBE(0, 6) % limit;
const seconds = (since) => (Number(process.hrtime.bigint() - since) / 1e9).toFixed(1);

const options = { folder: join(folder, 'log'), origin: 'test.example/million', signer, publicKey, nowMillis: Date.now };
let start = process.hrtime.bigint();
let log = await openLog(options);
const GROUP = 16_384;
for (let first = 0; first < size; first += GROUP) {
  const group = [];
  for (let number = first; number < Math.min(first + GROUP, size); number += 1) {
    group.push(log.append(leafNumber(number)));
  }
  const indexes = await Promise.all(group);
  if (indexes.some((index, at) => index !== first + at)) {
    throw new Error(`indexes after ${first} are not in order`);
  }
}
await log.close();
console.log(`${size} leaves appended in ${seconds(start)} s (${Math.round(size / Number(seconds(start)))} a second)`);

start = process.hrtime.bigint();
log = await openLog(options);
console.log(`opened again in ${seconds(start)} s`);
writeFileSync(join(folder, 'verifier-key'), log.verifierKey);

start = process.hrtime.bigint();
const proofs = createWriteStream(join(folder, 'proofs.jsonl'));
const put = async (value) => proofs.write(`${JSON.stringify(value)}\n`) || once(proofs, 'drain');
const base64 = (hashes) => hashes.map((hash) => Buffer.from(hash).toString('base64'));
for (let number = 0; number < Number(inclusions); number += 1) {
  // The first and last leaves, the borders of tiles, and the rest at random.
  const edges = [0, 255, 256, 65_535, 65_536, size - 1].filter((index) => index < size);
  const index = edges[number] ?? sample('inclusion', number, size);
  const proof = await log.inclusion(index);
  await put({ kind: 'inclusion', index, size: proof.size, leaf: Buffer.from(leafNumber(index)).toString('base64'), hashes: base64(proof.hashes) });
}
for (let number = 0; number < Number(consistencies); number += 1) {
  const edges = [1, 2, 255, 256, 257, 65_535, 65_536, 65_537, size - 1, size].filter((oldSize) => oldSize <= size);
  const oldSize = edges[number] ?? 1 + sample('consistency', number, size);
  const proof = await log.consistency(oldSize);
  await put({ kind: 'consistency', oldSize, size: proof.size, hashes: base64(proof.hashes) });
}
proofs.end();
await once(proofs, 'close');
console.log(`${inclusions} inclusion and ${consistencies} consistency proofs made in ${seconds(start)} s`);

mkdirSync(join(folder, 'bundles'));
for (let number = 0; number < 20; number += 1) {
  const index = sample('bundle', number, size);
  writeFileSync(join(folder, 'bundles', `${index}.tlog-proof`), await log.bundle(index));
}
await log.close();

start = process.hrtime.bigint();
const audit = await auditLog(options.folder, [readLogKey(log.verifierKey, nodeHashing)]);
console.log(`every file audited in ${seconds(start)} s:`, audit.isIntact ? 'intact' : audit);
process.exitCode = audit.isIntact ? 0 : 1;
console.log(`peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
