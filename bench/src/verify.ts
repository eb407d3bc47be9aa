import { join } from 'node:path';
import { createLabeler, createVerifier } from 'aigc-label';
import { race, row } from './measure.ts';
import { jpegOfOneMegabyte, mp4OfHundredMegabytes, pngOfEightMegabytes } from './samples.ts';

const ROUNDS = 200;

/** Verifying labelled files from disk, one after another, in one process. */
export const benchVerify = async (folder: string): Promise<void> => {
  const labeler = createLabeler({ ContentProducer: '001191110000MA0000000H10001' });
  const verifier = createVerifier();
  console.log('\nVerify, from a file in the page cache');
  row('', 'milliseconds', 'files a minute');
  for (const make of [jpegOfOneMegabyte, pngOfEightMegabytes, mp4OfHundredMegabytes]) {
    const sample = await make(folder);
    const labelled = join(folder, 'labelled');
    await labeler.labelFile(sample.path, labelled, { mayReplace: true });
    const { verify } = await race({ verify: () => verifier.verifyFile(labelled) }, () => Promise.resolve(), ROUNDS, ROUNDS);
    row(sample.name, verify.median, 60_000 / verify.median);
  }
};
