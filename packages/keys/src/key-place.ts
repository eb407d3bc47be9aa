import { homedir } from 'node:os';
import { join } from 'node:path';
import { keyInvalid } from './key-error.ts';
import { readPrivateFile } from './private-files.ts';

/** The environment's variables that are looked at. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The folder of keys: `AIGC_LABEL_KEYS`, or `aigc-label/keys` in the user's folder of settings (`XDG_CONFIG_HOME`, else `~/.config`). */
export const keyFolderOf = (env: Environment, home: string = homedir()): string => {
  const settings = env['XDG_CONFIG_HOME'];
  return env['AIGC_LABEL_KEYS'] || join(settings === undefined || settings === '' ? join(home, '.config') : settings, 'aigc-label', 'keys');
};

/**
 * The passphrase: the first line of the file that `AIGC_LABEL_KEYS_PASSPHRASE_FILE` names, which only its owner may read, or else `AIGC_LABEL_KEYS_PASSPHRASE`; `undefined` where neither is set.
 *
 * @throws LabelError `KEY_INVALID` for a file that is missing, empty, or open to others.
 */
export const passphraseOf = async (env: Environment): Promise<string | undefined> => {
  const path = env['AIGC_LABEL_KEYS_PASSPHRASE_FILE'];
  if (path === undefined || path === '') {
    return env['AIGC_LABEL_KEYS_PASSPHRASE'] || undefined;
  }
  const text = await readPrivateFile(path);
  const line = text?.split(/\r?\n/, 1)[0];
  if (line === undefined || line === '') {
    throw keyInvalid(path, 'the file of the passphrase is missing or empty');
  }
  return line;
};
