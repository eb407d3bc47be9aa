import { EXIT, type ExitCode } from './exit-codes.ts';
import { showKey } from './keys-render.ts';
import { asUsage, type KeysFlags, openKeys, secondsOf } from './keys-session.ts';
import type { Session } from './session.ts';

/** The flags of `keys rotate`. */
export interface KeysRotateFlags extends KeysFlags {
  readonly notBefore?: string;
  readonly expires?: string;
}

/** `aigc-label keys rotate`. @throws UsageError, and LabelError as `rotateKey` does. */
export const keysRotate = async (keyId: string, flags: KeysRotateFlags, called: Session): Promise<ExitCode> => {
  const opened = await openKeys(flags, called);
  const { keys, words } = opened;
  const window = { notBefore: secondsOf('--not-before', flags.notBefore, words), expires: secondsOf('--expires', flags.expires, words) };
  await showKey(await asUsage(keys.rotateKey(keyId, window), words), opened);
  return EXIT.fine;
};
