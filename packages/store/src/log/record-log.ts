import { createHmac, randomBytes } from 'node:crypto';
import { chmod, link, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { leafOf } from '@aigc-label/core';
import { nodeDisk } from './log-disk.ts';
import { logError, logErrorOf } from './log-error.ts';
import { nodeHashing } from './node-hashing.ts';
import { type OpenLogOptions, openLog, type ProvenanceLog, stateFolderOf } from './open-log.ts';

/** A log of records, by their ReservedCode1: the salt of every leaf is worked out from a secret that lies beside what the writer remembers, so that no store need keep it. */
export interface RecordLogWriter {
  /** When this returns, the record is durable in the log. @returns its index. @throws LabelError `LOG_FAILED`. */
  append(reservedCode: string): Promise<number>;
  /** The offline proof that a record stands at `index`; its `extra` is the salt. @throws LabelError `LOG_FAILED`; TypeError where there is no such leaf. */
  bundle(index: number, reservedCode: string): Promise<string>;
  readonly log: ProvenanceLog;
  close(): Promise<void>;
}

const SECRET_BYTES = 32;
const SALT_BYTES = 16;

/** Opens the log of a folder for records. @throws LabelError `LOG_FAILED`, as `openLog` does. */
export const openRecordLog = async (options: OpenLogOptions): Promise<RecordLogWriter> => {
  const log = await openLog(options);
  try {
    const secret = await secretIn(stateFolderOf(options), log.size > 0);
    const saltOf = (reservedCode: string): Uint8Array =>
      new Uint8Array(createHmac('sha256', secret).update(reservedCode).digest()).subarray(0, SALT_BYTES);
    return {
      append: (reservedCode) => log.append(leafOf({ reservedCode, salt: saltOf(reservedCode) }, nodeHashing)),
      bundle: (index, reservedCode) => log.bundle(index, saltOf(reservedCode)),
      log,
      close: () => log.close(),
    };
  } catch (error) {
    await log.close().catch(() => undefined);
    throw error;
  }
};

/** The secret of a log; made once, whole or not at all, before its first leaf: a log that has leaves and no secret could prove none of them. */
const secretIn = async (stateFolder: string, hasLeaves: boolean): Promise<Uint8Array> => {
  const path = join(stateFolder, 'salt-secret');
  try {
    const present = await nodeDisk.read(path, SECRET_BYTES + 1);
    if (present === undefined && hasLeaves) {
      throw logError('state_missing', 'its secret is gone, which the salts of its leaves are worked out from');
    }
    if (present === undefined) {
      const temporary = `${path}.${process.pid}`;
      await writeFile(temporary, randomBytes(SECRET_BYTES), { mode: 0o600, flush: true });
      await chmod(temporary, 0o600);
      // Another process cannot be here (the log is locked); a secret that is there is never replaced.
      await link(temporary, path);
      await rm(temporary, { force: true });
      // Without it no proof can be made: it is durable before any leaf is.
      await nodeDisk.syncFolder(stateFolder);
      return await secretIn(stateFolder, hasLeaves);
    }
    if (present.length !== SECRET_BYTES) {
      throw logError('state_invalid', 'the secret of the log is damaged');
    }
    return new Uint8Array(present);
  } catch (error) {
    throw logErrorOf(error);
  }
};
