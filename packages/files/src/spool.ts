import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LabelError } from '@aigc-label/core';
import { fileError } from './file-error.ts';
import { pendingFiles } from './pending-files.ts';
import { TEMPORARY_SUFFIX } from './temporary-name.ts';

/** More than this is not taken from a stream, in bytes: it has to be put on the disk first, because labels are placed by random access. */
export const MAXIMUM_SPOOLED_BYTES: number = 8 * 2 ** 30;

/** What a stream gives: Node's `Readable`, a web `ReadableStream`, or any other source of pieces. */
export type ByteStream = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A path in the system's temporary folder that nobody can guess. */
export interface BorrowedPath {
  readonly path: string;
  /** Removes the file. It is also removed when the process ends, whichever way it can notice. */
  give(): Promise<void>;
}

/** Borrows a path for a private file. */
export const borrowPath = (): BorrowedPath => {
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
 * Puts everything from a stream into a file that only this user can read.
 *
 * @param maximumBytes the default is `MAXIMUM_SPOOLED_BYTES`.
 * @throws LabelError `LIMIT_EXCEEDED`, `DISK_FULL`, `IO_FAILED`, and what the stream throws; nothing is left behind.
 */
export const spool = async (stream: ByteStream, maximumBytes: number = MAXIMUM_SPOOLED_BYTES): Promise<BorrowedPath> => {
  const borrowed = borrowPath();
  try {
    const handle = await open(borrowed.path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600).catch((error: unknown) => {
      throw fileError(error, borrowed.path);
    });
    try {
      let total = 0;
      for await (const piece of stream) {
        total += piece.length;
        if (total > maximumBytes) {
          throw new LabelError('LIMIT_EXCEEDED', `More than ${maximumBytes} bytes came from a stream; give a file instead.`, {
            data: { limitBytes: maximumBytes },
          });
        }
        for (let start = 0; start < piece.length; ) {
          start += await handle.write(piece, start, piece.length - start).then(
            ({ bytesWritten }) => bytesWritten,
            (error: unknown) => {
              throw fileError(error, borrowed.path);
            },
          );
        }
      }
    } finally {
      await handle.close();
    }
    return borrowed;
  } catch (error) {
    await borrowed.give();
    throw error;
  }
};
