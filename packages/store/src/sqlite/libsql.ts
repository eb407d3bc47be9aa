import { storeFailed } from '../store-errors.ts';
import { connectionOver, type DatabaseHandle, type SqliteDriver } from './sqlite-driver.ts';

type LibsqlDatabase = new (path: string) => DatabaseHandle;

const CANNOT_OPEN = 14;

/**
 * SQLite as the package libsql has it, prebuilt for the usual machines, for a Node that has none.
 *
 * @throws LabelError `STORE_FAILED`, reason `driver_missing`, where it is not installed or not built for this machine.
 */
export const libsql = async (): Promise<SqliteDriver> => {
  const Database = await databaseOf();
  return {
    open: (path) => connectionOver(new Database(path)),
    codeOf: (error) => {
      const { rawCode, message } = error as { readonly rawCode?: unknown; readonly message?: unknown };
      if (typeof rawCode === 'number') {
        return rawCode & 0xff;
      }
      // What cannot be opened is told in words only.
      return typeof message === 'string' && message.startsWith('ConnectionFailed') ? CANNOT_OPEN : undefined;
    },
  };
};

const databaseOf = async (): Promise<LibsqlDatabase> => {
  try {
    const { default: Database } = await import('libsql');
    return Database as unknown as LibsqlDatabase;
  } catch (error) {
    throw storeFailed('driver_missing', error);
  }
};
