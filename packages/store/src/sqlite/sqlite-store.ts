import { LabelError } from '@aigc-label/core';
import { batchQueue, type JobOutcome } from '../batch-queue.ts';
import { certificateOf } from '../certificate-row.ts';
import { type CertifiedStore, MAXIMUM_CERTIFICATES } from '../certified-store.ts';
import { checkedStore } from '../checked-store.ts';
import { ofIdentifier, propagationOf, recipientOf, recordOf } from '../record-row.ts';
import { MAXIMUM_PROPAGATIONS, MAXIMUM_RECIPIENTS, MAXIMUM_RECORDS, type StoreOptions, storePolicy } from '../store-options.ts';
import { toStoredText } from '../stored-text.ts';
import { digestOf, workOf } from '../work.ts';
import { refuseUnsafeLog } from './open-sqlite.ts';
import type { SqliteConnection, SqliteValue } from './sqlite-driver.ts';
import { sqliteSessions } from './sqlite-sessions.ts';
import { sweepSqlite } from './sqlite-sweep.ts';
import { abandonRecord, addPropagation, addRecipient, holdWork, placeInLog, prepareRecord, publishRecord } from './sqlite-writes.ts';

/** What a store in a file can be told besides. */
export interface SqliteStoreOptions extends StoreOptions {
  /** How large the file may grow, in bytes, so that the disk keeps room for others; a write beyond it is `STORE_FAILED`, reason `disk_full`. No bound by default. */
  readonly maximumSizeBytes?: number;
}

/** One write: it changes rows, throws what the caller did wrong before it changes any, and may be run again from the start. */
type Write = (connection: SqliteConnection) => unknown;

const RECORDS = 'SELECT record.*, EXISTS (SELECT 1 FROM hold WHERE hold.work = record.work) AS is_held FROM record';

/**
 * A store in one file on a local disk, by SQLite: durable when a call returns, shared by the processes of one machine. The file is made on first use, readable for its owner alone.
 * Writes that come together share a commit.
 *
 * @param path of the file; its folder must be there.
 * @throws TypeError where a retention is shorter than the law's.
 */
export const sqliteStore = (path: string, options: SqliteStoreOptions = {}): CertifiedStore => {
  if (typeof path !== 'string' || path === '') {
    throw new TypeError('The store needs the path of a file.');
  }
  const policy = storePolicy(options);
  const sessions = sqliteSessions(path, maximumSizeOf(options));
  const writes = batchQueue<Write, unknown>((batch) => sessions.use((connection) => commit(connection, batch)), 1);
  const write = async <Result>(run: (connection: SqliteConnection) => Result): Promise<Result> => (await writes.add(run)) as Result;
  const rows = (sql: string, values: readonly SqliteValue[] = []) => sessions.use((connection) => connection.all(sql, values));

  return checkedStore({
    prepare: (record, { maySupersede = false } = {}) => write((connection) => prepareRecord(connection, record, maySupersede, policy)),
    publish: (key, contentHash, file) => write((connection) => publishRecord(connection, key, contentHash, file)),
    abandon: (key, contentHash) => write((connection) => abandonRecord(connection, key, contentHash)),
    setLeafIndex: (key, contentHash, leafIndex) => write((connection) => placeInLog(connection, key, contentHash, leafIndex)),
    addPropagation: (record) => write((connection) => addPropagation(connection, record, policy)),
    addRecipient: (record) => write((connection) => addRecipient(connection, record, policy)),
    setHold: (key, isHeld) => write((connection) => holdWork(connection, key, isHeld, policy)),
    sweep: (limit) => write((connection) => sweepSqlite(connection, limit, policy)),
    find: async (key) => (await rows(`${RECORDS} WHERE work = ? ORDER BY version DESC LIMIT ${MAXIMUM_RECORDS}`, [workOf(key)])).map(recordOf),
    findByIdentifier: async (identifier) =>
      (await rows(`${RECORDS} WHERE ${ofIdentifier('', '?1')} ORDER BY seq DESC LIMIT ${MAXIMUM_RECORDS}`, [digestOf(identifier)])).map(recordOf),
    findByContent: async (method, hash) =>
      (
        await rows(`${RECORDS} WHERE content_hash = ? AND content_method = ? ORDER BY seq DESC LIMIT ${MAXIMUM_RECORDS}`, [
          toStoredText(hash),
          toStoredText(method),
        ])
      ).map(recordOf),
    findByFile: async (hash) =>
      (await rows(`${RECORDS} WHERE file_hash = ? ORDER BY seq DESC LIMIT ${MAXIMUM_RECORDS}`, [toStoredText(hash)])).map(recordOf),
    propagationsOf: async (key) =>
      (await rows(`SELECT * FROM propagation WHERE work = ? ORDER BY at, rowid LIMIT ${MAXIMUM_PROPAGATIONS}`, [workOf(key)])).map(propagationOf),
    recipientsOf: async (key) =>
      (await rows(`SELECT * FROM recipient WHERE work = ? ORDER BY at, rowid LIMIT ${MAXIMUM_RECIPIENTS}`, [workOf(key)])).map(recipientOf),
    certificates: async () =>
      (await rows(`SELECT at, data FROM event WHERE kind = 'sweep' ORDER BY seq DESC LIMIT ${MAXIMUM_CERTIFICATES}`)).map(certificateOf),
    close: async () => {
      await writes.idle();
      sessions.close();
    },
  });
};

/** All of a batch in one transaction: what the store itself refuses is that write's own outcome, any other error is everybody's and nothing is written. */
const commit = (connection: SqliteConnection, batch: readonly Write[]): readonly JobOutcome<unknown>[] => {
  connection.exec('BEGIN IMMEDIATE');
  refuseUnsafeLog(connection);
  const outcomes = batch.map((run): JobOutcome<unknown> => {
    try {
      return { value: run(connection) };
    } catch (error) {
      if (error instanceof LabelError) {
        return { error };
      }
      throw error;
    }
  });
  // What is thrown before here is rolled back when the connection is given up.
  connection.exec('COMMIT');
  return outcomes;
};

const maximumSizeOf = ({ maximumSizeBytes }: SqliteStoreOptions): number | undefined => {
  if (maximumSizeBytes !== undefined && !(Number.isSafeInteger(maximumSizeBytes) && maximumSizeBytes >= 262_144)) {
    throw new TypeError('maximumSizeBytes is a whole number from 262,144 on.');
  }
  return maximumSizeBytes;
};
