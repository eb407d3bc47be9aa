import type { SignatureAlgorithm } from 'aigc-label';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { showKey } from './keys-render.ts';
import { asUsage, type KeysFlags, openKeys, secondsOf } from './keys-session.ts';
import { printable } from './printable.ts';
import type { Session } from './session.ts';

/** The flags of `keys new`. */
export interface KeysNewFlags extends KeysFlags {
  readonly algorithm?: string;
  readonly names?: string;
  readonly notBefore?: string;
  readonly expires?: string;
}

const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = { ed25519: 'Ed25519', es256: 'ES256', sm2: 'SM2' };

/** `aigc-label keys new`. @throws UsageError, and LabelError as `createKey` does. */
export const keysNew = async (flags: KeysNewFlags, called: Session): Promise<ExitCode> => {
  const opened = await openKeys(flags, called);
  const { keys, words, session, folder, isJson } = opened;
  const algorithm = ALGORITHMS[(flags.algorithm ?? 'Ed25519').toLowerCase()];
  if (algorithm === undefined) {
    throw new UsageError(words.badAlgorithm);
  }
  const key = await asUsage(
    keys.createKey({
      algorithm,
      names: namesOf(flags.names),
      notBefore: secondsOf('--not-before', flags.notBefore, words),
      expires: secondsOf('--expires', flags.expires, words),
    }),
    words,
  );
  await showKey(key, opened);
  if (!isJson) {
    await session.err.line(words.made(printable(folder)));
  }
  return EXIT.fine;
};

const namesOf = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
