import { copyFile, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createLabeler } from 'aigc-label';
import { type Rival, startExiftool } from './exiftool.ts';
import { race, row, type Times, verdict } from './measure.ts';
import { jpegOfOneMegabyte, mp4OfHundredMegabytes, pngOfEightMegabytes, type Sample } from './samples.ts';

const PRODUCER = '001191110000MA0000000H10001';
const COLUMNS: readonly string[] = ['copy', 'label', 'label, threads', 'copy + fsync', 'label + fsync', 'exiftool'];

/** Until the JIT has settled. */
const WARM_UPS = 15;

const labeler = createLabeler({ ContentProducer: PRODUCER });

const syncFile = async (path: string): Promise<void> => {
  const handle = await open(path, 'r+');
  await handle.sync().finally(() => handle.close());
};

const measureFile = async (sample: Sample, folder: string, exiftool: Rival, rounds: number): Promise<Readonly<Record<string, Times>>> => {
  const output = join(folder, 'output');
  const value = JSON.stringify((await labeler.labelFile(sample.path, output, { isDryRun: true })).label);
  const clear = (): Promise<void> => rm(output, { force: true });
  const own = await race(
    {
      copy: async () => {
        await copyFile(sample.path, output);
      },
      label: async () => {
        await labeler.labelFile(sample.path, output, { isDurable: false });
      },
      'label, threads': async () => {
        await labeler.labelFile(sample.path, output, { isDurable: false, blockingBytes: 0 });
      },
    },
    clear,
    rounds,
    WARM_UPS,
  );
  const durable = await race(
    {
      'copy + fsync': async () => {
        await copyFile(sample.path, output);
        await syncFile(output);
      },
      'label + fsync': async () => {
        await labeler.labelFile(sample.path, output);
      },
    },
    clear,
    rounds,
    WARM_UPS,
  );
  const rival = await race({ exiftool: () => exiftool.write(sample.path, output, value) }, clear, 9);
  return { ...own, ...durable, ...rival };
};

/** Metadata labels, file to file and bytes to bytes, against copying and against exiftool kept open. */
export const benchMetadata = async (folder: string): Promise<void> => {
  const exiftool = await startExiftool(folder);
  try {
    console.log('\nMetadata label, file to file: milliseconds, median (minimum)');
    row('', ...COLUMNS);
    const samples = [
      { sample: await jpegOfOneMegabyte(folder), rounds: 101, faster: 3 },
      { sample: await pngOfEightMegabytes(folder), rounds: 41, faster: 100 },
      { sample: await mp4OfHundredMegabytes(folder), rounds: 9, faster: undefined },
    ];
    for (const { sample, rounds, faster } of samples) {
      const times = await measureFile(sample, folder, exiftool, rounds);
      const of = (name: string): Times => times[name] as Times;
      row(
        `${sample.name} (${(sample.sizeBytes / 1e6).toFixed(1)} MB)`,
        ...COLUMNS.map((name) => `${of(name).median.toFixed(2)} (${of(name).minimum.toFixed(2)})`),
      );
      verdict('label / copy', of('label').median / of('copy').median, 2, 'at most');
      verdict('label + fsync / copy + fsync', of('label + fsync').median / of('copy + fsync').median, 2, 'at most');
      if (faster !== undefined) {
        verdict('exiftool / label', of('exiftool').median / of('label').median, faster, 'at least');
      }
    }
    await benchBytes(
      samples.slice(0, 2).map(({ sample }) => sample),
      folder,
      exiftool,
    );
  } finally {
    await exiftool.end();
  }
};

const benchBytes = async (samples: readonly Sample[], folder: string, exiftool: Rival): Promise<void> => {
  console.log('\nMetadata label, bytes to bytes: milliseconds, median (minimum)');
  for (const sample of samples) {
    const bytes = new Uint8Array(await readFile(sample.path));
    const { label } = await labeler.labelBytes(bytes);
    const times = await race(
      { label: () => labeler.labelBytes(bytes), exiftool: () => exiftool.write(sample.path, join(folder, 'output'), JSON.stringify(label)) },
      () => rm(join(folder, 'output'), { force: true }),
      9,
      WARM_UPS,
    );
    row(sample.name, `${times.label.median.toFixed(2)} (${times.label.minimum.toFixed(2)})`, `${times.exiftool.median.toFixed(2)}`);
    console.log(`    exiftool / label: ${(times.exiftool.median / times.label.median).toFixed(1)} ×`);
  }
};
