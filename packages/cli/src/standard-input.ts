import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileError, LabelError, pendingFiles, TEMPORARY_SUFFIX } from 'aigc-label';

/** More than this is not taken from a pipe, in bytes: it has to be put on the disk first, because labels are placed by random access. */
export const MAXIMUM_STANDARD_INPUT_BYTES: number = 8 * 2 ** 30;

/** A path in the system's temporary folder that nobody can guess; removed when the process ends, whichever way it can notice. */
export const borrowPath = (): { readonly path: string; give(): Promise<void> } => {
  const path = join(tmpdir(), `.aigc-label-${process.pid}-${randomBytes(8).toString('hex')}${TEMPORARY_SUFFIX}`);
  const forget = pendingFiles.add(path);
  return {
    path,
    give: async () => {
      await rm(path, { force: true });
      forget();
    },
  };
};

/**
 * Puts everything from standard input into a file that only this user can read, for as long as `use` takes.
 *
 * @throws LabelError `LIMIT_EXCEEDED`, `DISK_FULL`, `IO_FAILED`, `ABORTED`, and what `use` throws.
 */
export const withStandardInput = async <Value>(signal: AbortSignal, use: (path: string) => Promise<Value>): Promise<Value> => {
  const borrowed = borrowPath();
  try {
    await spool(borrowed.path, signal);
    return await use(borrowed.path);
  } finally {
    await borrowed.give();
  }
};

const spool = async (path: string, signal: AbortSignal): Promise<void> => {
  const stop = (): void => {
    process.stdin.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const handle = await open(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      let total = 0;
      for await (const chunk of process.stdin as AsyncIterable<Uint8Array>) {
        total += chunk.length;
        if (total > MAXIMUM_STANDARD_INPUT_BYTES) {
          throw new LabelError('LIMIT_EXCEEDED', `More than ${MAXIMUM_STANDARD_INPUT_BYTES} bytes came from standard input; give a file instead.`, {
            data: { limitBytes: MAXIMUM_STANDARD_INPUT_BYTES },
          });
        }
        for (let start = 0; start < chunk.length; ) {
          start += (await handle.write(chunk, start, chunk.length - start)).bytesWritten;
        }
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw signal.aborted ? new LabelError('ABORTED', 'Stopped.', { cause: error }) : fileError(error, path);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (signal.aborted) {
    throw new LabelError('ABORTED', 'Stopped.');
  }
};
