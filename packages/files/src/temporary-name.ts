import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';

/** The ending of files that are still being written; nothing else uses it. */
export const TEMPORARY_SUFFIX = '.aigc-label-tmp';

/** Tells machines (and containers) apart that write to the same disk: process numbers mean something on one of them only. */
const HOST: string = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** Chance once for each process, and a count: what asks for a name that is taken fails, so it need not be guessed to be safe. */
const PROCESS: string = randomBytes(3).toString('hex');
let count = 0;

const nextNumber = (): string => {
  count = (count + 1) % 0x1000000;
  return count.toString(16).padStart(6, '0');
};

/** A path of at most 255 bytes in its last part, beside the final one: hidden, and it says whose it is. */
export const temporaryPath = (path: string): string => {
  const stem = Buffer.from(basename(path))
    .subarray(0, 180)
    .toString('latin1')
    .replace(/[^0-9A-Za-z._-]/g, '_');
  return join(dirname(path), `.${stem}.${HOST}.${process.pid}.${PROCESS}${nextNumber()}${TEMPORARY_SUFFIX}`);
};

/** Who made a temporary file, by its name; `undefined` where it is none of ours. */
export const temporaryOwner = (name: string): { readonly isThisHost: boolean; readonly pid: number } | undefined => {
  const match = /^\..{1,180}\.([0-9a-f]{8})\.([0-9]{1,10})\.[0-9a-f]{12}\.aigc-label-tmp$/.exec(name);
  return match === null ? undefined : { isThisHost: match[1] === HOST, pid: Number(match[2]) };
};
