import { decodeBase64, encodeBase64 } from './base64.ts';
import { readDecimal } from './decimal.ts';
import type { LogKey } from './log-key.ts';
import { verifyNote, type WitnessSeal } from './signed-note.ts';
import { TREE_HASH_BYTES } from './tree-hash.ts';

/** The state of a log that its key has signed (c2sp.org/tlog-checkpoint). */
export interface TreeHead {
  /** Which log; the first line. */
  readonly origin: string;
  /** The number of leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/** What became of a checkpoint. */
export type CheckpointVerdict =
  | { readonly isSigned: true; readonly head: TreeHead; readonly witnesses: readonly WitnessSeal[] }
  | { readonly isSigned: false; readonly reason: string };

/** The text of a checkpoint, which is signed as a note. */
export const writeTreeHead = ({ origin, size, root }: TreeHead): string => `${origin}\n${size}\n${encodeBase64(root)}\n`;

/** Reads the text of a checkpoint; lines after the third say nothing to us. `undefined` where it is none. */
export const readTreeHead = (text: string): TreeHead | undefined => {
  const lines = text.endsWith('\n') ? text.slice(0, -1).split('\n') : [];
  const [origin = '', decimal = '', hash = ''] = lines;
  const size = readDecimal(decimal);
  const root = decodeBase64(hash);
  return lines.includes('') || size === undefined || root?.length !== TREE_HASH_BYTES ? undefined : { origin, size, root };
};

/**
 * Verifies a checkpoint: signed by the key of the log whose origin it names, and by no known key wrongly. Never throws for what it says.
 *
 * @param keys of the log and of witnesses, pinned by the caller.
 */
export const verifyCheckpoint = async (checkpoint: string, keys: readonly LogKey[]): Promise<CheckpointVerdict> => {
  const origin = checkpoint.slice(0, Math.max(0, checkpoint.indexOf('\n')));
  // A key of another log that is trusted as well says nothing of this one.
  const note = await verifyNote(
    checkpoint,
    keys.filter(({ kind, name }) => kind === 'witness' || name === origin),
  );
  if (!note.isSigned) {
    return note;
  }
  const head = readTreeHead(note.text);
  return head === undefined ? { isSigned: false, reason: 'the note is not a checkpoint' } : { isSigned: true, head, witnesses: note.witnesses };
};
