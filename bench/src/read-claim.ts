import { join } from 'node:path';
import { createLabeler, createVerifier } from 'aigc-label';
import { startExiftool } from './exiftool.ts';
import { bytesReadSoFar, docxOfHundredMegabytes, mkvOfTwoGigabytes, pdfOfThreeHundredPages, wavOfOneGibibyte } from './large-samples.ts';
import { race, row } from './measure.ts';
import { jpegOfOneMegabyte, mp4OfFourGibibytes, mp4OfOneGibibyte, type Sample } from './samples.ts';

const ROUNDS = 31;
/** spec of issue 3: reading a claim touches only the structure. */
const MAXIMUM_READ_BYTES = 1 << 20;

/** Reading the label of a file, against exiftool kept open, and how many bytes of the file were asked for. */
export const benchReadClaim = async (folder: string): Promise<void> => {
  const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001' });
  const verifier = createVerifier();
  const exiftool = await startExiftool(folder);
  try {
    console.log('\nReading the label of a file: milliseconds, median; bytes read');
    row('', 'inspect', 'exiftool', 'exiftool/inspect', 'bytes read');
    const makers: readonly ((folder: string) => Promise<Sample>)[] = [
      jpegOfOneMegabyte,
      pdfOfThreeHundredPages,
      mp4OfOneGibibyte,
      mp4OfFourGibibytes,
      mkvOfTwoGigabytes,
      wavOfOneGibibyte,
      docxOfHundredMegabytes,
    ];
    for (const make of makers) {
      const sample = await make(folder);
      const labelled = join(folder, `labelled${sample.path.slice(sample.path.lastIndexOf('.'))}`);
      await labeler.labelFile(sample.path, labelled, { mayReplace: true, isDurable: false });
      const inspect = async (): Promise<void> => {
        const { findings } = await verifier.inspectFile(labelled);
        if (findings[0]?.status !== 'conformant') {
          throw new Error(`${sample.name}: the label was not read`);
        }
      };
      const times = await race({ inspect, exiftool: () => exiftool.read(labelled) }, () => Promise.resolve(), ROUNDS, 5);
      const before = await bytesReadSoFar();
      await inspect();
      const after = await bytesReadSoFar();
      const read = before === undefined || after === undefined ? undefined : after - before;
      const ratio = times.exiftool.median / times.inspect.median;
      row(sample.name, times.inspect.median, times.exiftool.median, `${ratio.toFixed(1)} ×`, read === undefined ? 'not told' : String(read));
      if (read !== undefined) {
        console.log(`  ${read < MAXIMUM_READ_BYTES ? '✓' : '✗'} less than 1 MiB is read`);
      }
    }
  } finally {
    await exiftool.end();
  }
};
