import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RecordStore } from 'aigc-label';
import type { Settings } from './settings.ts';

/** Where records are kept if nobody says so: `aigc-label/records.db` in the user's folder of data. */
export const defaultRecords = (env: Readonly<Record<string, string | undefined>>): string => {
  const data = env['XDG_DATA_HOME'];
  return join(data === undefined || data === '' ? join(homedir(), '.local', 'share') : data, 'aigc-label', 'records.db');
};

/**
 * Opens the store of records: a SQLite file, or PostgreSQL where the setting is a `postgres://` address, which belongs into the environment, not into the command line. `none` is none.
 *
 * @returns `undefined` where there is none, or none yet and nothing is to be written.
 * @throws LabelError `STORE_FAILED`.
 */
export const openRecords = async (
  { records: setting }: Settings,
  env: Readonly<Record<string, string | undefined>>,
  { isWriting }: { readonly isWriting: boolean },
): Promise<RecordStore | undefined> => {
  if (setting === 'none') {
    return undefined;
  }
  const { postgresStore, sqliteStore } = await import('@aigc-label/store');
  if (setting !== undefined && /^postgres(?:ql)?:\/\//.test(setting)) {
    return postgresStore({ connectionString: setting });
  }
  const path = setting ?? defaultRecords(env);
  // Whoever only looks makes no file, unless it was named: then it is a mistake that is to be told.
  if (setting === undefined && !isWriting && !existsSync(path)) {
    return undefined;
  }
  if (setting === undefined) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  }
  return sqliteStore(path);
};
