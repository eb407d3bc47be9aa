// Verifies the files 0, 1, 2 … of a folder, and prints for each what it took: node --expose-gc verify-each.mjs FOLDER COUNT. For hostile.test.ts.
import { join } from 'node:path';
import { createVerifier } from '../dist/index.js';

const [folder, count] = process.argv.slice(2);
const verifier = createVerifier();
const mib = (bytes) => bytes / 2 ** 20;

const verdicts = [];
for (let index = 0; index < Number(count); index += 1) {
  globalThis.gc();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const cpu = process.cpuUsage();
  const { format, integrity } = await verifier.verifyFile(join(folder, String(index)));
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(watch);
  peak = Math.max(peak, process.memoryUsage().rss);
  verdicts.push({ format, integrity, cpuMillis: (user + system) / 1_000, growthMib: mib(peak - before) });
}
process.stdout.write(JSON.stringify(verdicts));
