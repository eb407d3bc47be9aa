import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { LabelError, type RecordStore } from 'aigc-label';
import { UsageError } from './failure.ts';
import type { Session } from './session.ts';
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
 * @throws LabelError `STORE_FAILED`, told once and not for every file; `NOT_FOUND` where a file is named and only looked at, and is not there. UsageError where its folder is not there.
 */
export const openRecords = async (
  { records: setting }: Settings,
  { env, words }: Pick<Session, 'env' | 'words'>,
  { isWriting }: { readonly isWriting: boolean },
): Promise<RecordStore | undefined> => {
  if (setting === 'none') {
    return undefined;
  }
  const { postgresStore, sqliteStore } = await import('@aigc-label/store');
  if (setting !== undefined && /^postgres(?:ql)?:\/\//.test(setting)) {
    return reached(postgresStore({ connectionString: setting }));
  }
  const path = setting ?? defaultRecords(env);
  if (!isWriting && !existsSync(path)) {
    // Whoever only looks makes no file; one that was named is a mistake.
    if (setting !== undefined) {
      throw new LabelError('NOT_FOUND', `There is no file ${JSON.stringify(path)}.`, { data: { path } });
    }
    return undefined;
  }
  if (setting === undefined) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  } else if (!existsSync(dirname(path))) {
    throw new UsageError(words.usage.noFolderForRecords(path));
  }
  return reached(sqliteStore(path));
};

/** Asks once, before any file is opened. */
const reached = async (store: RecordStore): Promise<RecordStore> => {
  try {
    await store.findByIdentifier('aigc-label');
    return store;
  } catch (error) {
    await store.close().catch(() => undefined);
    throw error;
  }
};
