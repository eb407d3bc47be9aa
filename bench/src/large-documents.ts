import { execFile } from 'node:child_process';
import { copyFile, rm } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { docxOfHundredMegabytes, mkvOfTwoGigabytes, wavOfOneGibibyte } from './large-samples.ts';
import { race, row } from './measure.ts';

const run = promisify(execFile);
const MEBIBYTE = 1 << 20;

/** Labelling large files of other kinds, in a process of its own, against copying them, with the peak memory. */
export const benchLargeDocuments = async (folder: string): Promise<void> => {
  console.log('\nMetadata label of large files, in a process of its own (which takes its time to start): milliseconds, median');
  row('', 'copy', 'label', 'label/copy', 'peak memory');
  for (const make of [docxOfHundredMegabytes, mkvOfTwoGigabytes, wavOfOneGibibyte]) {
    const sample = await make(folder);
    const output = join(folder, `output${extname(sample.path)}`);
    let peakBytes = 0;
    const times = await race(
      {
        copy: () => copyFile(sample.path, output),
        label: async () => {
          const { stdout } = await run(process.execPath, [new URL('label-once.js', import.meta.url).pathname, sample.path, output]);
          peakBytes = Math.max(peakBytes, Number(stdout));
        },
      },
      () => rm(output, { force: true }),
      3,
      1,
    );
    row(
      sample.name,
      times.copy.median,
      times.label.median,
      `${(times.label.median / times.copy.median).toFixed(2)} ×`,
      `${(peakBytes / MEBIBYTE).toFixed(0)} MiB`,
    );
    await rm(output, { force: true });
    await rm(sample.path);
  }
};
