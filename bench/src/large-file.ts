import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLabeler } from 'aigc-label';
import { race, row, verdict } from './measure.ts';
import { mp4OfFourGibibytes } from './samples.ts';

const run = promisify(execFile);
const MEBIBYTE = 1 << 20;

/** A 4 GiB MP4 against `cp` and `sha256sum`, in processes of their own, with the peak memory of ours. */
export const benchLargeFile = async (folder: string): Promise<void> => {
  const sample = await mp4OfFourGibibytes(folder);
  const output = join(folder, 'output.mp4');
  let peakBytes = 0;
  console.log('\nMetadata label of a large file, in a process of its own: milliseconds, median');
  const times = await race(
    {
      'cp + sha256sum': async () => {
        await run('cp', [sample.path, output]);
        await run('sha256sum', [output]);
      },
      label: async () => {
        const { stdout } = await run(process.execPath, [new URL('label-once.js', import.meta.url).pathname, sample.path, output]);
        peakBytes = Math.max(peakBytes, Number(stdout));
      },
    },
    () => rm(output, { force: true }),
    3,
  );
  await rm(output, { force: true });
  row('', 'cp+sha256sum', 'label');
  row(sample.name, times['cp + sha256sum'].median, times.label.median);
  verdict('label / (cp + sha256sum)', times.label.median / times['cp + sha256sum'].median, 1.5, 'at most');
  console.log(`  ${peakBytes <= 200 * MEBIBYTE ? '✓' : '✗'} peak memory: ${(peakBytes / MEBIBYTE).toFixed(0)} MiB (at most 200 MiB)`);
};

/** Labels one file and prints this process's peak memory in bytes. */
export const labelOnce = async (input: string, output: string): Promise<void> => {
  await createLabeler({ ContentProducer: '001191110000MA0000000H10001' }).labelFile(input, output);
  process.stdout.write(String(await peakBytesOfProcess()));
};

/** What this process itself held at most. Linux counts what the parent held at the fork into `maxRSS`, and tells the truth in VmHWM. */
const peakBytesOfProcess = async (): Promise<number> => {
  const status = await readFile('/proc/self/status', 'latin1').catch(() => '');
  const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? process.resourceUsage().maxRSS * 1024 : Number(kibibytes) * 1024;
};
