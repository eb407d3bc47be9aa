// Appends leaves to the log of a folder until it is killed, and says which are acknowledged: for tests that kill it.
// Usage: node append-for-ever.mjs FOLDER NAME
import { openLog } from '../dist/log/index.js';
import { publicKey, signer } from './log-test-key.mjs';

const [folder, name] = process.argv.slice(2);
const log = await openLog({ folder, origin: 'test.example/log', signer, publicKey, nowMillis: Date.now, maximumDelayMillis: 0 });
for (let number = 0; ; number += 3) {
  const leaves = [0, 1, 2].map((at) => `leaf ${name} ${number + at}`);
  const indexes = await Promise.all(leaves.map((leaf) => log.append(new TextEncoder().encode(leaf))));
  process.stdout.write(leaves.map((leaf, at) => `${indexes[at]} ${leaf}\n`).join(''));
}
