import { join } from 'node:path';
import {
  equalBytes,
  fromUtf8,
  type LogKey,
  leafHash,
  MAXIMUM_NOTE_CHARACTERS,
  type Signer,
  type TreeHead,
  utf8,
  verifyCheckpoint,
  writeNote,
  writeTreeHead,
} from '@aigc-label/core';
import { type Journal, MAXIMUM_JOURNAL_BYTES, readJournal, writeJournal } from './journal.ts';
import type { LogDisk } from './log-disk.ts';
import { logError } from './log-error.ts';
import { nodeHashing } from './node-hashing.ts';
import { putFiles } from './put-files.ts';
import { readEdge, readRecent, remember, tilesIn } from './read-edge.ts';
import { edgeRoot, emptyEdge, filledTiles, growEdge, type RightEdge } from './right-edge.ts';

/** Where a log is, and who signs it. */
export interface LogPlace {
  readonly folder: string;
  readonly stateFolder: string;
  readonly key: LogKey;
  readonly signer: Signer;
  readonly disk: LogDisk;
}

/** What the writer knows of a log whose checkpoint is published. */
export interface LogState {
  readonly checkpoint: string;
  readonly head: TreeHead;
  readonly edge: RightEdge;
  /** Hashes of the last leaves, base64url, with their indexes. */
  readonly recent: Map<string, number>;
}

const CHECKPOINT = 'checkpoint';
const JOURNAL = 'last-signed';

/**
 * Reads a log as it stands on the disk, and finishes what a crash has left half done. A log that is not there yet is begun with a signed checkpoint of no leaves.
 *
 * @throws LabelError `LOG_FAILED` with `data.reason`, where the disk fails or where anything is not what this log's key has signed last.
 */
export const readState = async (place: LogPlace): Promise<LogState> => {
  const { folder, stateFolder, disk } = place;
  const published = await readText(join(folder, CHECKPOINT), disk);
  const bytes = await disk.read(join(stateFolder, JOURNAL), MAXIMUM_JOURNAL_BYTES + 1);
  if (bytes === undefined) {
    if (published !== undefined || (await disk.list(join(folder, 'tile'))).length > 0) {
      throw logError('state_missing', 'there is a log, but not what its writer remembers of it');
    }
    return appendLeaves(place, undefined, []);
  }
  const journal = bytes.length > MAXIMUM_JOURNAL_BYTES ? undefined : readJournal(bytes);
  const next = journal === undefined ? undefined : await headOf(journal.next, place.key);
  if (journal === undefined || next === undefined) {
    throw logError('state_invalid', 'what its writer remembers was not written by it');
  }
  const readTile = tilesIn(folder, disk);
  if (published === (journal.previous === '' ? undefined : journal.previous)) {
    return finish(place, journal, next);
  }
  if (published === undefined) {
    throw logError('checkpoint_missing', 'its checkpoint is gone');
  }
  await assertLast(published, next, place.key);
  const edge = await readEdge(next, readTile);
  await clearFilled(place, next.size - journal.leaves.length, next.size);
  return { checkpoint: published, head: next, edge, recent: await readRecent(edge, readTile) };
};

/**
 * Appends leaves: sign, remember what was signed, write the tiles, publish the checkpoint, each durable before the next. Where it throws before the signature is remembered,
 * nothing has changed; afterwards `readState` finishes it.
 *
 * @param state `undefined` for a log that is not there yet.
 */
export const appendLeaves = async (place: LogPlace, state: LogState | undefined, leaves: readonly Uint8Array[]): Promise<LogState> => {
  const { edge, files } = growEdge(state?.edge ?? emptyEdge, leaves);
  const head: TreeHead = { origin: place.key.name, size: edge.size, root: edgeRoot(edge) };
  const checkpoint = await sign(head, place);
  const journal = writeJournal({ previous: state?.checkpoint ?? '', next: checkpoint, leaves });
  await putFiles(place.stateFolder, [{ path: JOURNAL, bytes: journal }], place.disk);
  await putFiles(place.folder, files, place.disk);
  await putFiles(place.folder, [{ path: CHECKPOINT, bytes: utf8(checkpoint) }], place.disk);
  await clearFilled(place, state?.head.size ?? 0, head.size);
  const recent = state?.recent ?? new Map<string, number>();
  remember(
    recent,
    leaves.map((leaf) => leafHash(leaf, nodeHashing)),
    head.size - leaves.length,
  );
  return { checkpoint, head, edge, recent };
};

/** Publishes what was signed and not published. */
const finish = async (place: LogPlace, journal: Journal, next: TreeHead): Promise<LogState> => {
  const { folder, stateFolder, disk } = place;
  const readTile = tilesIn(folder, disk);
  const previous = journal.previous === '' ? undefined : await headOf(journal.previous, place.key);
  if (journal.previous !== '' && previous === undefined) {
    throw logError('checkpoint_invalid', 'its checkpoint is not signed by its key');
  }
  const before = previous === undefined ? emptyEdge : await readEdge(previous, readTile);
  const { edge, files } = growEdge(before, journal.leaves);
  if (edge.size !== next.size || !equalBytes(edgeRoot(edge), next.root)) {
    throw logError('state_invalid', 'the leaves that its writer remembers lead to another root than it has signed');
  }
  // Once more, as a disk that failed to make it durable may be why we are here.
  await putFiles(stateFolder, [{ path: JOURNAL, bytes: writeJournal(journal) }], disk);
  await putFiles(folder, files, disk);
  await putFiles(folder, [{ path: CHECKPOINT, bytes: utf8(journal.next) }], disk);
  await clearFilled(place, before.size, next.size);
  return { checkpoint: journal.next, head: next, edge, recent: await readRecent(edge, readTile) };
};

const sign = async (head: TreeHead, { key, signer }: LogPlace): Promise<string> => {
  const text = writeTreeHead(head);
  let signature: Uint8Array;
  try {
    signature = await signer.sign(utf8(text));
  } catch (error) {
    throw logError('signing_failed', 'its checkpoint could not be signed', {}, error);
  }
  const checkpoint = writeNote(text, key, signature);
  if ((await headOf(checkpoint, key)) === undefined) {
    throw logError('signing_failed', 'the signer has another key than the log');
  }
  return checkpoint;
};

/** Whether the published checkpoint says what was signed last; a witness may have added its signature. */
const assertLast = async (published: string, last: TreeHead, key: LogKey): Promise<void> => {
  const head = await headOf(published, key);
  if (head === undefined) {
    throw logError('checkpoint_invalid', 'its checkpoint is not signed by its key');
  }
  if (head.size !== last.size) {
    throw logError('rolled_back', 'its checkpoint is not the one that was signed last', { size: head.size, lastSize: last.size });
  }
  if (!equalBytes(head.root, last.root)) {
    throw logError('forked', 'its checkpoint contradicts the one that was signed last', { size: head.size });
  }
};

const headOf = async (checkpoint: string, key: LogKey): Promise<TreeHead | undefined> => {
  const verdict = await verifyCheckpoint(checkpoint, [key]);
  return verdict.isSigned ? verdict.head : undefined;
};

const readText = async (path: string, disk: LogDisk): Promise<string | undefined> => {
  const bytes = await disk.read(path, MAXIMUM_NOTE_CHARACTERS + 1);
  // What is not UTF-8 is no checkpoint, and so not signed.
  return bytes === undefined ? undefined : (fromUtf8(bytes) ?? '?');
};

/** Partial tiles may go once they are full; where that fails they stay, and harm nobody. */
const clearFilled = async ({ folder, disk }: LogPlace, oldSize: number, size: number): Promise<void> => {
  for (const path of filledTiles(oldSize, size)) {
    await disk.clear(join(folder, path)).catch(() => undefined);
  }
};
