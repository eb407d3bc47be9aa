import { type KeyFolder, keyFolderOf, openKeyFolder, passphraseOf } from '@aigc-label/keys';
import { UsageError } from './failure.ts';
import { type KeysWords, keysWords } from './keys-words.ts';
import { type Session, sessionFor } from './session.ts';

/** The flags that every command of `keys` has. */
export interface KeysFlags extends Readonly<Record<string, unknown>> {
  readonly folder?: string;
  readonly json?: boolean;
  readonly lang?: string;
}

/** The folder of keys, and in which language to speak of it. */
export interface KeysSession {
  readonly session: Session;
  readonly words: KeysWords;
  readonly folder: string;
  readonly keys: KeyFolder;
  readonly isJson: boolean;
}

/** Opens the folder that the flags or the environment name. @throws LabelError `KEY_INVALID` for a passphrase that cannot be read. */
export const openKeys = async (flags: KeysFlags, called: Session): Promise<KeysSession> => {
  const { lang } = flags;
  const session = lang === 'en' || lang === 'zh' ? sessionFor(called, { lang }) : called;
  const folder = flags.folder ?? keyFolderOf(session.env);
  const keys = openKeyFolder({ folder, passphrase: await passphraseOf(session.env) });
  return { session, words: keysWords[session.language], folder, keys, isJson: flags.json === true };
};

/** A time as it is written in flags, in seconds: a date (UTC), an RFC 3339 time, or seconds; `undefined` where none is given. @throws UsageError for anything else. */
export const secondsOf = (option: string, text: unknown, words: KeysWords): number | undefined => {
  if (text === undefined) {
    return undefined;
  }
  const written = String(text);
  if (/^\d{1,12}$/.test(written)) {
    return Number(written);
  }
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d))?$/.test(written);
  const millis = isTime ? Date.parse(written) : Number.NaN;
  if (!Number.isFinite(millis) || millis < 0) {
    throw new UsageError(words.badTime(option, written));
  }
  return Math.floor(millis / 1000);
};

/** What a request says that can only be a mistake in the call, told as one. */
export const asUsage = async <Answer>(work: Promise<Answer>, { badRequest }: KeysWords): Promise<Answer> => {
  try {
    return await work;
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(badRequest) : error;
  }
};
