import type { Hashing } from '../../ports/hashing.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';
import { verifyCheckpoint } from './checkpoint.ts';
import { readDecimal } from './decimal.ts';
import type { LogKey } from './log-key.ts';
import { type InclusionProof, verifyInclusion } from './merkle-proof.ts';
import { MAXIMUM_NOTE_CHARACTERS, type WitnessSeal } from './signed-note.ts';
import { leafHash, TREE_HASH_BYTES } from './tree-hash.ts';

/** All that is needed to verify offline that a leaf is in a log (c2sp.org/tlog-proof). */
export interface ProofBundle {
  /** Not authenticated; ours holds the salt of the leaf (`leafOf`). */
  readonly extra?: Uint8Array;
  readonly index: number;
  readonly hashes: readonly Uint8Array[];
  /** The signed note, verbatim. */
  readonly checkpoint: string;
}

/** Whether a bundle proves that the leaf is in a log whose key is known. */
export type BundleVerdict =
  | {
      readonly isIncluded: true;
      readonly origin: string;
      readonly index: number;
      readonly size: number;
      readonly witnesses: readonly WitnessSeal[];
    }
  | { readonly isIncluded: false; readonly reason: string };

/** The ending of a file with a bundle. */
export const PROOF_EXTENSION = '.tlog-proof';

const HEADER = 'c2sp.org/tlog-proof@v1';
const MAXIMUM_EXTRA_CHARACTERS = 64 << 10;
const MAXIMUM_CHARACTERS = MAXIMUM_NOTE_CHARACTERS + MAXIMUM_EXTRA_CHARACTERS + 8192;
const MAXIMUM_HASHES = 64;

/** The text of a bundle. */
export const writeProofBundle = ({ extra, index, hashes, checkpoint }: ProofBundle): string =>
  [HEADER, ...(extra === undefined ? [] : [`extra ${encodeBase64(extra)}`]), `index ${index}`, ...hashes.map(encodeBase64), '', checkpoint].join(
    '\n',
  );

/** Reads a bundle strictly; `undefined` where it is none. Nothing of it is verified. */
export const readProofBundle = (text: string): ProofBundle | undefined => {
  const end = text.indexOf('\n\n');
  if (text.length > MAXIMUM_CHARACTERS || end < 0) {
    return undefined;
  }
  const [header, ...lines] = text.slice(0, end).split('\n');
  const extraLine = lines[0]?.startsWith('extra ') ? lines.shift() : undefined;
  const extra = extraLine === undefined ? undefined : decodeBase64(extraLine.slice(6));
  const [indexLine = '', ...proof] = lines;
  const index = indexLine.startsWith('index ') ? readDecimal(indexLine.slice(6)) : undefined;
  const hashes = proof.length > MAXIMUM_HASHES ? [undefined] : proof.map(decodeBase64);
  if (header !== HEADER || (extraLine !== undefined && extra === undefined) || index === undefined) {
    return undefined;
  }
  if (!hashes.every((hash): hash is Uint8Array => hash?.length === TREE_HASH_BYTES)) {
    return undefined;
  }
  return { ...(extra === undefined ? {} : { extra }), index, hashes, checkpoint: text.slice(end + 2) };
};

/**
 * Verifies, offline, that `leaf` is in a log: the checkpoint is signed by a key of `keys`, and the leaf leads to its root. Never throws for what the bundle says.
 *
 * @param leaf the leaf itself, not its hash; for ours `leafOf({ reservedCode, salt: bundle.extra })`.
 * @param keys of logs and witnesses, pinned by the caller; nothing is taken from the bundle.
 */
export const verifyProofBundle = async (text: string, leaf: Uint8Array, keys: readonly LogKey[], hashing: Hashing): Promise<BundleVerdict> => {
  const bundle = readProofBundle(text);
  if (bundle === undefined) {
    return { isIncluded: false, reason: 'it is not a proof of a log' };
  }
  const checkpoint = await verifyCheckpoint(bundle.checkpoint, keys);
  if (!checkpoint.isSigned) {
    return { isIncluded: false, reason: checkpoint.reason };
  }
  const { origin, size, root } = checkpoint.head;
  const proof: InclusionProof = { index: bundle.index, size, hashes: bundle.hashes };
  const verdict = verifyInclusion(proof, leafHash(leaf, hashing), root, hashing);
  return verdict.isIncluded ? { isIncluded: true, origin, index: bundle.index, size, witnesses: checkpoint.witnesses } : verdict;
};
