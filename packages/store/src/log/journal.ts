import { concat, fromUtf8, readEntries, utf8, writeEntries } from '@aigc-label/core';

/**
 * What the writer has signed last, written before anything of it is published: after a crash the tiles and the checkpoint are made from it again, so that a log never signs two
 * trees that contradict each other; and a checkpoint that is neither `next` nor, for the moment of a crash, `previous` has been put there by someone else.
 */
export interface Journal {
  /** The checkpoint that was published before; empty for the first. */
  readonly previous: string;
  readonly next: string;
  /** The leaves between the two. */
  readonly leaves: readonly Uint8Array[];
}

/** How many leaves, and bytes of them, one checkpoint adds at most. */
export const MAXIMUM_BATCH_LEAVES = 4096;
export const MAXIMUM_BATCH_BYTES: number = 4 << 20;

/** The longest journal, in bytes: a batch may hold one leaf more than its limit. */
export const MAXIMUM_JOURNAL_BYTES: number = MAXIMUM_BATCH_BYTES + 2 * MAXIMUM_BATCH_LEAVES + (1 << 20);

const HEADER = /^aigc-label log 1 ([0-9]{1,7}) ([0-9]{1,7})\n/;

/** The bytes of a journal: a line with the lengths of both checkpoints, the checkpoints, the leaves as an entry bundle. */
export const writeJournal = ({ previous, next, leaves }: Journal): Uint8Array => {
  const notes = [utf8(previous), utf8(next)] as const;
  return concat(utf8(`aigc-label log 1 ${notes[0].length} ${notes[1].length}\n`), ...notes, writeEntries(leaves));
};

/** Reads a journal; `undefined` where it is none. */
export const readJournal = (bytes: Uint8Array): Journal | undefined => {
  const head = String.fromCharCode(...bytes.subarray(0, 40));
  const [line = '', previousBytes, nextBytes] = HEADER.exec(head) ?? [];
  if (line === '') {
    return undefined;
  }
  const middle = line.length + Number(previousBytes);
  const end = middle + Number(nextBytes);
  const previous = fromUtf8(bytes.subarray(line.length, middle));
  const next = fromUtf8(bytes.subarray(middle, end));
  const leaves = readEntries(bytes.subarray(end), MAXIMUM_BATCH_LEAVES);
  return previous === undefined || next === undefined || leaves === undefined || end > bytes.length ? undefined : { previous, next, leaves };
};
