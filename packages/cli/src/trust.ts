import { openFileSource, readBounded, readTrustList, type TrustList } from 'aigc-label';
import type { Settings } from './settings.ts';

/** A list of some thousand keys. */
const MAXIMUM_TRUST_BYTES = 16 << 20;

/**
 * The keys that the settings say are trusted: a file of this machine that the user names, never one that a label does.
 *
 * @returns `undefined` where none is named.
 * @throws LabelError `TRUST_INVALID`, `NOT_FOUND` and the like.
 */
export const readTrust = async ({ trust }: Settings): Promise<TrustList | undefined> => {
  if (trust === undefined) {
    return undefined;
  }
  const source = await openFileSource(trust);
  try {
    return await readTrustList(new TextDecoder().decode(await readBounded(source, 0, source.size, MAXIMUM_TRUST_BYTES, 'trust')));
  } finally {
    source.close();
  }
};
