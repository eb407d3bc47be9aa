import { keyFolderOf, openKeyFolder, passphraseOf } from '@aigc-label/keys';
import type { RecordLogWriter } from '@aigc-label/store';
import { decodeBase64url, LabelError, type LogAnswer, logAnswerOf, openFileSource, readBounded } from 'aigc-label';
import { UsageError } from './failure.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/**
 * Opens the tamper-evident log that the settings name; a key of the log's own name signs it.
 *
 * @returns `undefined` where none is named.
 * @throws UsageError where its name is missing; LabelError `LOG_FAILED`, `KEY_NOT_FOUND`.
 */
export const openLogOf = async ({ log, logOrigin }: Settings, { env, words }: Session): Promise<RecordLogWriter | undefined> => {
  if (log === undefined) {
    return undefined;
  }
  if (logOrigin === undefined) {
    throw new UsageError(words.usage.logNeedsOrigin);
  }
  const signer = await openKeyFolder({ folder: keyFolderOf(env), passphrase: await passphraseOf(env) }).openSigner('active', [logOrigin]);
  const publicKey = decodeBase64url(signer.publicJwk?.['x'] ?? '');
  if (signer.algorithm !== 'Ed25519' || publicKey === undefined) {
    throw new LabelError('KEY_INVALID', `The key ${signer.keyId} cannot sign a log: it must be an Ed25519 key.`, {
      data: { keyId: signer.keyId, reason: 'a log is signed with Ed25519' },
    });
  }
  const { openRecordLog } = await import('@aigc-label/store');
  // One file of a run does not wait for others that may never come.
  return openRecordLog({ folder: log, origin: logOrigin, signer, publicKey, nowMillis: Date.now, maximumDelayMillis: 20, maximumWaitMillis: 10_000 });
};

/** A checkpoint, a proof and some witnesses. */
const MAXIMUM_PROOF_BYTES = 256 << 10;
const MAXIMUM_KEY_BYTES = 4096;

/**
 * What an offline proof says, with the key of the log that the user names.
 *
 * @throws UsageError where the proof or the key is missing, or where there are several files; LabelError `NOT_FOUND` and the like, `TRUST_INVALID` where the key is none.
 */
export const proofOf = async (
  files: readonly string[],
  flags: { readonly proof?: string; readonly logKey?: string },
  { words }: Session,
): Promise<((reservedCode: string) => Promise<LogAnswer>) | undefined> => {
  if (flags.proof === undefined && flags.logKey === undefined) {
    return undefined;
  }
  if (flags.proof === undefined || flags.logKey === undefined) {
    throw new UsageError(words.usage.proofNeedsKey);
  }
  if (files.length > 1) {
    throw new UsageError(words.usage.proofTakesOne);
  }
  const proof = await textIn(flags.proof, MAXIMUM_PROOF_BYTES);
  const key = /^[^\s+]+\+[0-9a-f]{8}\+\S+$/.test(flags.logKey) ? flags.logKey : (await textIn(flags.logKey, MAXIMUM_KEY_BYTES)).trim();
  return logAnswerOf(proof, key.split(/\r?\n/));
};

const textIn = async (path: string, limit: number): Promise<string> => {
  const source = await openFileSource(path);
  try {
    return new TextDecoder().decode(await readBounded(source, 0, source.size, limit, 'proof'));
  } finally {
    source.close();
  }
};
