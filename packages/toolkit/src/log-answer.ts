import {
  LabelError,
  type LogAnswer,
  type LogKey,
  leafOf,
  MINIMUM_SALT_BYTES,
  readLogKey,
  readProofBundle,
  verifyProofBundle,
} from '@aigc-label/core';
import { nodeHashing } from './node-hashing.ts';

/**
 * Judges records by an offline proof (`.tlog-proof`, spec/log.md): for `VerifierOptions.log`. A witness's time is evidence of when the record existed; the log's own checkpoint has none.
 *
 * @param keys of the log and its witnesses in one line each, as their operators publish them; nothing is taken from the proof.
 * @throws LabelError `TRUST_INVALID` where a key is none.
 */
export const logAnswerOf = (proof: string, keys: readonly string[]): ((reservedCode: string) => Promise<LogAnswer>) => {
  const pinned = keys.filter((line) => line !== '').map(pinnedKey);
  return async (reservedCode) => {
    const salt = readProofBundle(proof)?.extra;
    if (salt === undefined || salt.length < MINIMUM_SALT_BYTES || salt.length > 64) {
      return { state: 'failed' };
    }
    const verdict = await verifyProofBundle(proof, leafOf({ reservedCode, salt }, nodeHashing), pinned, nodeHashing);
    if (!verdict.isIncluded) {
      return { state: 'failed' };
    }
    const times = verdict.witnesses.map(({ atSeconds }) => atSeconds);
    return { state: 'included', ...(times.length === 0 ? {} : { provenSeconds: Math.min(...times) }) };
  };
};

const pinnedKey = (line: string, index: number): LogKey => {
  const key = readLogKey(line, nodeHashing);
  if (key === undefined) {
    const reason = 'the key of the log is none (NAME+ID+KEY)';
    throw new LabelError('TRUST_INVALID', `The trust list cannot be used: ${reason}.`, { data: { reason, index } });
  }
  return key;
};
