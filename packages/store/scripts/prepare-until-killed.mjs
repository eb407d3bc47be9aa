// One process of kill-store.mjs: labels works, in the order that core's RecordStore prescribes, until it is killed. Tells on stdout what was acknowledged, at once.
// Usage: node prepare-until-killed.mjs sqlite|postgres <path or address> <folder of the works> <prefix of their numbers>
import { renameSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, recordOf } from './killed-works.mjs';

const WORKERS = 8;
const [kind, place, folder, prefix] = process.argv.slice(2);
const store = openStore(kind, place);
let count = 0;
const tell = (word, id) => {
  for (;;) {
    try {
      // A line is far shorter than what a pipe takes at once, so that it is written whole or not at all.
      return writeSync(1, `${word} ${id}\n`);
    } catch (error) {
      // The pipe is full until the one who kills us has read: what is acknowledged must be told.
      if (error.code !== 'EAGAIN') {
        throw error;
      }
    }
  }
};

await Promise.all(
  Array.from({ length: WORKERS }, async () => {
    for (;;) {
      count += 1;
      const id = `${prefix}-${count}`;
      const record = recordOf(id);
      await store.prepare(record);
      tell('prepared', id);
      const file = join(folder, id);
      writeFileSync(`${file}.part`, id);
      renameSync(`${file}.part`, file);
      await store.publish(record, record.contentHash, { hash: record.contentHash, sizeBytes: id.length });
      tell('published', id);
    }
  }),
);
