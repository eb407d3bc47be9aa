import { closeSync, openSync } from 'node:fs';
import { storeFailed } from '../store-errors.ts';
import { libsql } from './libsql.ts';
import { nodeSqlite } from './node-sqlite.ts';
import type { SqliteConnection, SqliteDriver } from './sqlite-driver.ts';
import { ensureSqliteSchema } from './sqlite-schema.ts';

/** How long SQLite itself waits for a lock, in milliseconds: this blocks the event loop, so longer waits are ours. */
const BUSY_MILLIS = 500;
const PAGE_BYTES = 4_096;
const BUSY = 5;
/** The first SQLite whose write-ahead log is safe with several connections; before it, a reset of the log can lose pages (https://www.sqlite.org/changes.html, 3.51.3). */
const SAFE_WAL: readonly number[] = [3, 51, 3];

/** The SQLite of this process. */
export const sqliteDriver = async (): Promise<SqliteDriver> => nodeSqlite() ?? (await libsql());

/**
 * Opens a store's file, and makes it where there is none.
 *
 * @param maximumSizeBytes how large it may grow; `undefined` for no bound but the disk's.
 * @throws LabelError `STORE_FAILED`, or what the driver throws.
 */
export const openSqlite = (driver: SqliteDriver, path: string, maximumSizeBytes: number | undefined): SqliteConnection => {
  makePrivateFile(path);
  const connection = driver.open(path);
  try {
    connection.exec(`PRAGMA busy_timeout = ${BUSY_MILLIS}`);
    chooseJournal(driver, connection);
    // FULL: a commit is on the disk when it returns. Forgotten rows are overwritten, not only unlinked.
    connection.exec('PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF');
    if (maximumSizeBytes !== undefined) {
      connection.exec(`PRAGMA max_page_count = ${Math.floor(maximumSizeBytes / PAGE_BYTES)}`);
    }
    ensureSqliteSchema(connection);
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
};

/**
 * For its owner alone; the journals take the file's permissions over. A file that is there already keeps its own, and is not opened here: to close it again would free the locks
 * that SQLite holds on it in this process (https://www.sqlite.org/howtocorrupt.html §2.2).
 */
const makePrivateFile = (path: string): void => {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'EEXIST') {
      throw error;
    }
  }
};

const chooseJournal = (driver: SqliteDriver, connection: SqliteConnection): void => {
  const wanted = isLogSafe(connection) ? 'wal' : 'delete';
  if (journalOf(connection) === wanted) {
    return;
  }
  try {
    connection.exec(`PRAGMA journal_mode = ${wanted}`);
  } catch (error) {
    throw driver.codeOf(error) === BUSY && wanted === 'delete' ? storeFailed('wal_unsafe', error) : error;
  }
  refuseUnsafeLog(connection);
};

/**
 * To be called inside a transaction: another process with a newer SQLite may have turned its log on since the file was opened.
 *
 * @throws LabelError `STORE_FAILED`, reason `wal_unsafe`.
 */
export const refuseUnsafeLog = (connection: SqliteConnection): void => {
  if (!isLogSafe(connection) && journalOf(connection) === 'wal') {
    throw storeFailed('wal_unsafe');
  }
};

const journalOf = (connection: SqliteConnection): unknown => connection.all('PRAGMA journal_mode')[0]?.['journal_mode'];

const isLogSafe = (connection: SqliteConnection): boolean =>
  isAtLeast(String(connection.all('SELECT sqlite_version() AS version')[0]?.['version']), SAFE_WAL);

const isAtLeast = (version: string, least: readonly number[]): boolean => {
  const parts = version.split('.').map(Number);
  const different = least.findIndex((part, index) => part !== parts[index]);
  return different === -1 || (parts[different] ?? 0) > (least[different] as number);
};
