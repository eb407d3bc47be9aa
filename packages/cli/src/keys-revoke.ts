import { EXIT, type ExitCode } from './exit-codes.ts';
import { showKey } from './keys-render.ts';
import { asUsage, type KeysFlags, openKeys, secondsOf } from './keys-session.ts';
import type { Session } from './session.ts';

/** The flags of `keys revoke`. */
export interface KeysRevokeFlags extends KeysFlags {
  readonly at?: string;
  readonly reason?: string;
}

/** `aigc-label keys revoke`. @throws UsageError, and LabelError as `revokeKey` does. */
export const keysRevoke = async (keyId: string, flags: KeysRevokeFlags, called: Session): Promise<ExitCode> => {
  const opened = await openKeys(flags, called);
  const { keys, words } = opened;
  const revocation = { at: secondsOf('--at', flags.at, words), reason: flags.reason ?? '' };
  await showKey(await asUsage(keys.revokeKey(keyId, revocation), words), opened);
  return EXIT.fine;
};
