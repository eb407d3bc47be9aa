/** A value as SQLite takes it. */
export type SqliteValue = string | number | Uint8Array | null;

/** One connection to one file; synchronous, because SQLite is. */
export interface SqliteConnection {
  /** Runs statements that answer nothing. */
  exec(sql: string): void;
  /** Every row. The statement is kept prepared. */
  all(sql: string, values?: readonly SqliteValue[]): readonly Readonly<Record<string, unknown>>[];
  /** @returns how many rows were changed. The statement is kept prepared. */
  run(sql: string, values?: readonly SqliteValue[]): number;
  close(): void;
}

/**
 * A SQLite library: its locks are those of the operating system, so that the end of a process, however sudden, frees them. (node-sqlite3-wasm is none for us: its lock is a folder that a
 * killed process leaves behind, and what that process had half written is never rolled back; README.md tells how that was seen.)
 */
export interface SqliteDriver {
  /** @param path an absolute path, never an address. */
  open(path: string): SqliteConnection;
  /** The primary result code of SQLite in what a connection throws (https://www.sqlite.org/rescode.html); `undefined` where it is no error of SQLite. */
  codeOf(error: unknown): number | undefined;
}

/** What both libraries have in common. */
interface PreparedStatement {
  all(...values: readonly unknown[]): readonly unknown[];
  run(...values: readonly unknown[]): { readonly changes: number | bigint };
}

/** A database handle as node:sqlite and libsql have it. */
export interface DatabaseHandle {
  exec(sql: string): unknown;
  prepare(sql: string): PreparedStatement;
  close(): unknown;
}

/** A connection that keeps its statements. */
export const connectionOver = (handle: DatabaseHandle): SqliteConnection => {
  const statements = new Map<string, PreparedStatement>();
  const prepared = (sql: string): PreparedStatement => {
    const statement = statements.get(sql) ?? handle.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return {
    exec: (sql) => {
      handle.exec(sql);
    },
    all: (sql, values = []) => prepared(sql).all(...values) as readonly Readonly<Record<string, unknown>>[],
    run: (sql, values = []) => Number(prepared(sql).run(...values).changes),
    close: () => {
      statements.clear();
      handle.close();
    },
  };
};
