import { keyFolderOf, openKeyFolder, passphraseOf } from '@aigc-label/keys';
import type { RecordLog, RecordStore, Signer } from 'aigc-label';
import { openLogOf } from './log.ts';
import { openRecords } from './records.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/** What a run signs and remembers with; closed at its end. */
export interface SigningTools {
  readonly signer?: Signer;
  readonly signatureProfile?: 'jws' | 'tc260';
  readonly records?: RecordStore;
  readonly log?: RecordLog;
  close(): Promise<void>;
}

/**
 * Opens the key, the store and the log that settings ask for; nothing where they do not ask for a signature.
 *
 * @param name who signs: the producer or the propagator.
 * @throws LabelError `KEY_NOT_FOUND`, `KEY_INVALID`, `STORE_FAILED`, `LOG_FAILED`.
 */
export const openSigning = async (settings: Settings, name: string, session: Session): Promise<SigningTools> => {
  if (!(settings.sign ?? settings.key !== undefined)) {
    return { close: async () => undefined };
  }
  const { env } = session;
  const folder = keyFolderOf(env);
  const signer = await openKeyFolder({ folder, passphrase: await passphraseOf(env) }).openSigner(settings.key ?? 'active', [name]);
  const records = await openRecords(settings, env, { isWriting: true });
  const log = await openLogOf(settings, session);
  return {
    signer,
    signatureProfile: settings.signatureProfile ?? (signer.algorithm === 'SM2' ? 'tc260' : 'jws'),
    ...(records === undefined ? {} : { records }),
    ...(log === undefined ? {} : { log }),
    close: async () => {
      await log?.close();
      await records?.close();
    },
  };
};
