// Verifies the files 0, 1, 2 … of a folder, and prints for each what it took: node --expose-gc verify-each.mjs FOLDER COUNT KINDS. For hostile.test.ts.
// Files of the KINDS (comma-separated ids) are verified once more with explicit labels looked for.
import { join } from 'node:path';
import { createVerifier } from '../dist/index.js';

const [folder, count, kinds = ''] = process.argv.slice(2);
const verifier = createVerifier();
const mib = (bytes) => bytes / 2 ** 20;

const measured = async (path, options) => {
  globalThis.gc();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().rss);
  }, 5);
  const cpu = process.cpuUsage();
  const { format, integrity, notices } = await verifier.verifyFile(path, options);
  const { user, system } = process.cpuUsage(cpu);
  clearInterval(watch);
  peak = Math.max(peak, process.memoryUsage().rss);
  return { format, integrity, notices: notices?.length ?? 0, cpuMillis: (user + system) / 1_000, growthMib: mib(peak - before) };
};

const verdicts = [];
const warm = new Set();
for (let index = 0; index < Number(count); index += 1) {
  const path = join(folder, String(index));
  const plain = await measured(path, {});
  const isLooking = kinds.split(',').includes(plain.format);
  if (isLooking && !warm.has(plain.format)) {
    // What a finder loads when it is first asked is not what a file costs.
    warm.add(plain.format);
    await verifier.verifyFile(path, { explicit: true });
  }
  verdicts.push({ ...plain, looking: isLooking ? await measured(path, { explicit: true }) : null });
}
process.stdout.write(JSON.stringify(verdicts));
