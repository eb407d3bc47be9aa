import { homedir } from 'node:os';
import { join } from 'node:path';
import { keyInvalid } from './key-error.ts';
import { readPrivateFile } from './private-files.ts';

/** The environment's variables that are looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Characters that a passphrase must have; more, drawn at random, are better. */
export const MINIMUM_PASSPHRASE = 12;

/** The folder of keys: `AIGC_LABEL_KEYS`, or `aigc-label/keys` in the user's folder of settings (`XDG_CONFIG_HOME`, else `~/.config`). */
export const keyFolderOf = (env: Environment, home: string = homedir()): string => {
  const settings = env['XDG_CONFIG_HOME'];
  return env['AIGC_LABEL_KEYS'] || join(settings === undefined || settings === '' ? join(home, '.config') : settings, 'aigc-label', 'keys');
};

/**
 * The passphrase: the first line of the file that `AIGC_LABEL_KEYS_PASSPHRASE_FILE` names, which only its owner may read, or else `AIGC_LABEL_KEYS_PASSPHRASE`; `undefined` where neither is set.
 *
 * @throws LabelError `KEY_INVALID` for a file that is missing or open to others, and for a passphrase of fewer than 12 characters.
 */
export const passphraseOf = async (env: Environment): Promise<string | undefined> => {
  const path = env['AIGC_LABEL_KEYS_PASSPHRASE_FILE'];
  if (path === undefined || path === '') {
    const passphrase = env['AIGC_LABEL_KEYS_PASSPHRASE'] || undefined;
    return passphrase === undefined ? undefined : longEnough(passphrase, 'AIGC_LABEL_KEYS_PASSPHRASE');
  }
  const text = await readPrivateFile(path);
  if (text === undefined) {
    throw keyInvalid(path, 'the file of the passphrase is missing');
  }
  return longEnough(text.split(/\r?\n/, 1)[0] ?? '', path);
};

const longEnough = (passphrase: string, place: string): string => {
  if (passphrase.length < MINIMUM_PASSPHRASE) {
    throw keyInvalid(place, `the passphrase must have at least ${MINIMUM_PASSPHRASE} characters`);
  }
  return passphrase;
};
