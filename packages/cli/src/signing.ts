import { type KeyFolder, keyFolderOf, openKeyFolder, passphraseOf } from '@aigc-label/keys';
import { LabelError, type RecordLog, type RecordStore, type Signer } from 'aigc-label';
import { UsageError } from './failure.ts';
import { openLogOf } from './log.ts';
import { openRecords } from './records.ts';
import type { Session } from './session.ts';
import { flagOf, type Settings } from './settings.ts';

/** What a run signs and remembers with; closed at its end. */
export interface SigningTools {
  readonly signer?: Signer;
  readonly signatureProfile?: 'jws' | 'tc260';
  readonly records?: RecordStore;
  readonly log?: RecordLog;
  close(): Promise<void>;
}

/** How a run was called. */
export interface SigningCall {
  /** Who signs: the producer or the propagator. */
  readonly name: string;
  readonly flags: Readonly<Record<string, unknown>>;
}

/** Flags that mean nothing without a signature; in a config file they wait for one. */
const OF_SIGNATURES = ['signatureProfile', 'model', 'soft', 'records', 'log', 'logOrigin'] as const;

/**
 * Opens the key, the store and the log that settings ask for; nothing where they do not ask for a signature, and the key alone where nothing is to be written.
 *
 * @throws UsageError; LabelError `KEY_NOT_FOUND`, `KEY_INVALID`, `STORE_FAILED`, `LOG_FAILED`.
 */
export const openSigning = async (settings: Settings, { name, flags }: SigningCall, session: Session): Promise<SigningTools> => {
  const { words } = session;
  if (!(settings.sign ?? settings.key !== undefined)) {
    const [idle] = OF_SIGNATURES.filter((option) => flags[option] !== undefined);
    if (idle !== undefined) {
      throw new UsageError(words.usage.needsSign(flagOf(idle)));
    }
    return { close: async () => undefined };
  }
  const signer = await openSigner(settings, name, session);
  const signatureProfile = settings.signatureProfile ?? (signer.algorithm === 'SM2' ? 'tc260' : 'jws');
  if (!fits(signer.algorithm, signatureProfile)) {
    throw new UsageError(words.usage.profileNeedsKey(signatureProfile, name));
  }
  if (settings.log !== undefined && settings.logOrigin === undefined) {
    throw new UsageError(words.usage.logNeedsOrigin);
  }
  if (flags['dryRun'] === true) {
    return { signer, signatureProfile, close: async () => undefined };
  }
  const records = await openRecords(settings, session, { isWriting: true });
  try {
    const log = await openLogOf(settings, session);
    return {
      signer,
      signatureProfile,
      ...(records === undefined ? {} : { records }),
      ...(log === undefined ? {} : { log }),
      close: async () => {
        await log?.close();
        // Ends what a killed run has left, and forgets what is past its time; a bounded number of rows, and another run does the rest.
        await records?.sweep().catch(() => undefined);
        await records?.close();
      },
    };
  } catch (error) {
    await records?.close();
    throw error;
  }
};

/** TC260-PG-202511A has SM2 alone; the JWS has everything else. */
const fits = (algorithm: string, profile: 'jws' | 'tc260'): boolean => (algorithm === 'SM2') === (profile === 'tc260');

const openSigner = async ({ key, signatureProfile }: Settings, name: string, { env, words }: Session): Promise<Signer> => {
  const keys = openKeyFolder({ folder: keyFolderOf(env), passphrase: await passphraseOf(env) });
  try {
    return await keys.openSigner(key ?? (await newestFitting(keys, name, signatureProfile)) ?? 'active', [name]);
  } catch (error) {
    // The key is there, so that "there is no such key" would send people to the wrong place.
    if (error instanceof LabelError && error.code === 'KEY_NOT_FOUND' && error.data['names'] !== undefined && key !== undefined) {
      throw new UsageError(words.usage.keyOfAnother(key, name));
    }
    throw error;
  }
};

/** The newest active key that can sign in the profile; `undefined` where none can, or any may. */
const newestFitting = async (keys: KeyFolder, name: string, profile: Settings['signatureProfile']): Promise<string | undefined> =>
  profile === undefined
    ? undefined
    : (await keys.listKeys()).filter(({ status, names, algorithm }) => status === 'active' && names.includes(name) && fits(algorithm, profile)).at(-1)
        ?.keyId;
