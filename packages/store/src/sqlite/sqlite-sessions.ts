import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openSqlite, sqliteDriver } from './open-sqlite.ts';
import type { SqliteConnection, SqliteDriver } from './sqlite-driver.ts';
import { sqliteFailure } from './sqlite-errors.ts';

/** How long a call waits for other processes in all, in milliseconds, and between two tries at most. */
const PATIENCE_MILLIS = 20_000;
const PAUSE_MILLIS = 25;
/** Reasons that end when another process does. */
const PASSING: readonly unknown[] = ['busy', 'wal_unsafe'];

/** The one connection of a store. */
export interface SqliteSessions {
  /** Runs something that may be run again: it reads, or is one transaction. It finds the connection outside of any transaction. */
  use<Result>(run: (connection: SqliteConnection) => Result): Promise<Result>;
  close(): void;
}

/**
 * Opens on first use. After an error the connection is given up and opened again for the next call, so that no statement or transaction of it stays open
 * (libsql does not reset a statement that has failed); what was only busy is tried again.
 */
export const sqliteSessions = (path: string, maximumSizeBytes: number | undefined): SqliteSessions => {
  // An absolute path: libsql would take `http://…` for a server.
  const absolutePath = resolve(path);
  let driver: Promise<SqliteDriver> | undefined;
  let connection: SqliteConnection | undefined;
  const giveUp = (): void => {
    const broken = connection;
    connection = undefined;
    // One after the other: libsql frees a transaction's locks late where statements of it are still about. That either fails adds nothing to what broke the connection.
    for (const end of [() => broken?.exec('ROLLBACK'), () => broken?.close()]) {
      try {
        end();
      } catch {}
    }
  };
  return {
    use: async (run) => {
      driver ??= sqliteDriver();
      const loaded = await driver;
      const impatientAt = performance.now() + PATIENCE_MILLIS;
      for (;;) {
        try {
          connection ??= openSqlite(loaded, absolutePath, maximumSizeBytes);
          return run(connection);
        } catch (error) {
          giveUp();
          const failure = sqliteFailure(loaded, error);
          if (!PASSING.includes(failure.data['reason']) || performance.now() > impatientAt) {
            throw failure;
          }
        }
        await delay(Math.random() * PAUSE_MILLIS);
      }
    },
    close: giveUp,
  };
};
