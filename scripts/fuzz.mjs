// Mutates real files and looks for what must never happen: an exception that is no LabelError, a plan that cannot be read back, a label that is added twice,
// a slow answer. Longer than the tests: node scripts/fuzz.mjs [seconds a format, 60] [seed, 1] [format]. Build first (npm run build).
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { allFormats, applySplices, bytesSource, LabelError } from '../packages/toolkit/dist/index.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const [seconds = '60', seed = '1', only] = process.argv.slice(2);
const SLOW_MILLIS = 1_000;
const LARGEST_BYTES = 128 << 10;
const slot = (id) => {
  const fields = {
    Label: '1',
    ContentProducer: '001191110000MA0000000H10001',
    ProduceID: id,
    ReservedCode1: '',
    ContentPropagator: '',
    PropagateID: '',
    ReservedCode2: '',
  };
  return { key: 'AIGC', value: JSON.stringify(fields), fields };
};
const [first, second] = [slot('the-first'), slot('another-of-another-length')];

let state = Number(seed) | 1;
const random = (below) => {
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
};

const files = ['samples', 'test-fixtures/files', '../shared/corpus']
  .map((folder) => join(root, folder))
  .filter(existsSync)
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  )
  .map((path) => new Uint8Array(readFileSync(path)));

files.push(
  ...[
    'some words\n',
    'first line\r\nsecond line\r\n',
    '一篇文章，没有结尾的换行',
    '<!doctype html><html><head><meta charset="utf-8"><title>t</title></head><body><p>words</p></body></html>',
  ].map((text) => new TextEncoder().encode(text)),
);

/** Finds that are written down for one format; one defect is often found thousands of times. */
const MAXIMUM_FINDS = 20;
const finds = join(root, 'fuzz-finds');
for (const format of allFormats.filter(({ id }) => only === undefined || id === only)) {
  const seeds = files.filter((bytes) => format.matches(bytes.subarray(0, 4096))).map((bytes) => bytes.subarray(0, LARGEST_BYTES));
  for (const bytes of [...seeds]) {
    const splices = await format.plan(bytesSource(bytes), first).catch(() => []);
    seeds.push(applySplices(bytes, splices));
  }
  const end = Date.now() + Number(seconds) * 1_000;
  let [executions, planned, slowest, found] = [0, 0, 0, 0];
  while (seeds.length > 0 && Date.now() < end) {
    const bytes = mutate(seeds[random(seeds.length)]);
    if (!format.matches(bytes.subarray(0, 4096))) {
      continue;
    }
    const started = performance.now();
    try {
      planned += await execute(format, bytes);
    } catch (error) {
      found += 1;
      process.exitCode = 1;
      if (found > MAXIMUM_FINDS) {
        continue;
      }
      mkdirSync(finds, { recursive: true });
      const path = join(finds, `${format.id}-${seed}-${executions}`);
      writeFileSync(path, bytes);
      console.log(`✗ ${path}: ${error.stack}`);
    }
    const elapsed = performance.now() - started;
    if (elapsed > SLOW_MILLIS) {
      mkdirSync(finds, { recursive: true });
      writeFileSync(join(finds, `${format.id}-slow-${executions}`), bytes);
      console.log(`✗ ${format.id}: ${elapsed.toFixed(0)} ms on ${bytes.length} bytes`);
      process.exitCode = 1;
    }
    slowest = Math.max(slowest, elapsed);
    executions += 1;
  }
  console.log(
    `${format.id}: ${executions} executions from ${seeds.length} seeds, ${planned} labelled, ${found} finds, slowest ${slowest.toFixed(0)} ms, ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`,
  );
}

/** Reads, labels, labels again, replaces; returns 1 where the file could be labelled. */
async function execute(format, bytes) {
  await orRefusal(format.read(bytesSource(bytes)));
  const splices = await orRefusal(format.plan(bytesSource(bytes), first));
  if (splices === undefined) {
    return 0;
  }
  const labelled = applySplices(bytes, splices);
  await assertOnly(format, labelled, first);
  if ((await format.plan(bytesSource(labelled), first)).length > 0) {
    throw new Error('labelling twice changes something');
  }
  // What already said the first needed no edit; damage may forbid a real one.
  const edits = await orRefusal(format.plan(bytesSource(labelled), second));
  if (edits !== undefined) {
    await assertOnly(format, applySplices(labelled, edits), second);
  }
  return 1;
}

async function assertOnly(format, bytes, { value, fields }) {
  const { found } = await format.read(bytesSource(bytes));
  const text = found[0]?.fields === undefined ? found[0]?.value : JSON.stringify(found[0].fields);
  if (found.length !== 1 || !found[0].isGuidePlace || text !== (found[0].fields === undefined ? value : JSON.stringify(fields))) {
    throw new Error(`read back ${found.length} labels: ${JSON.stringify(found).slice(0, 300)}`);
  }
}

async function orRefusal(promise) {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof LabelError) {
      return undefined;
    }
    throw error;
  }
}

function mutate(bytes) {
  let copy = bytes.slice();
  for (let times = 1 + random(4); times > 0 && copy.length > 8; times -= 1) {
    const at = random(3) > 0 ? random(Math.min(copy.length, 1024)) : random(copy.length);
    const length = 1 + random(random(2) === 0 ? 8 : 200);
    const kind = random(7);
    if (kind === 0) {
      copy[at] = random(256);
    } else if (kind === 1) {
      copy[at] ^= 1 << random(8);
    } else if (kind === 2) {
      copy.fill([0, 0xff, 0x20, 0x0a][random(4)], at, at + length);
    } else if (kind === 3 && at + 4 <= copy.length) {
      const edges = [0, 1, 7, 8, 9, 16, 0x7f, 0x80, 0xff, 0xffff, copy.length, copy.length - at, 0x7fffffff, 0x80000000, 0xffffffff];
      new DataView(copy.buffer).setUint32(at, edges[random(edges.length)], random(2) === 0);
    } else if (kind === 4) {
      copy = new Uint8Array(Buffer.concat([copy.subarray(0, at), copy.subarray(Math.min(copy.length, at + length))]));
    } else if (kind === 5) {
      copy = new Uint8Array(Buffer.concat([copy.subarray(0, Math.min(copy.length, at + length)), copy.subarray(at)]));
    } else {
      const from = random(copy.length);
      copy = new Uint8Array(Buffer.concat([copy.subarray(0, at), copy.subarray(from, from + length), copy.subarray(at)]));
    }
  }
  return copy;
}
