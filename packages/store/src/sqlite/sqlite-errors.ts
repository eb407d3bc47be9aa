import { LabelError } from '@aigc-label/core';
import { type StoreFailure, storeFailed } from '../store-errors.ts';
import type { SqliteDriver } from './sqlite-driver.ts';

// https://www.sqlite.org/rescode.html
const REASONS: Readonly<Record<number, StoreFailure>> = {
  3: 'not_permitted', // SQLITE_PERM
  5: 'busy',
  6: 'busy', // SQLITE_LOCKED
  8: 'not_permitted', // SQLITE_READONLY
  11: 'damaged', // SQLITE_CORRUPT
  13: 'disk_full',
  14: 'not_permitted', // SQLITE_CANTOPEN
  15: 'busy', // SQLITE_PROTOCOL: too many have raced for a lock
  26: 'damaged', // SQLITE_NOTADB
};

// Of the file that is made before SQLite opens it.
const SYSTEM_REASONS: Readonly<Record<string, StoreFailure>> = {
  EACCES: 'not_permitted',
  EPERM: 'not_permitted',
  EROFS: 'not_permitted',
  ENOENT: 'not_permitted',
  ENOTDIR: 'not_permitted',
  EISDIR: 'not_permitted',
  ENOSPC: 'disk_full',
  EDQUOT: 'disk_full',
};

/** Whatever was thrown as a `LabelError`. */
export const sqliteFailure = (driver: SqliteDriver | undefined, error: unknown): LabelError => {
  if (error instanceof LabelError) {
    return error;
  }
  const code = driver?.codeOf(error);
  const { code: systemCode } = error as { readonly code?: unknown };
  return storeFailed((code === undefined ? SYSTEM_REASONS[String(systemCode)] : REASONS[code]) ?? 'failed', error);
};
