import { join } from 'node:path';
import {
  concat,
  equalBytes,
  fromUtf8,
  type LogKey,
  MAXIMUM_NOTE_CHARACTERS,
  readEntries,
  TILE_WIDTH,
  type Tile,
  type TreeHead,
  tilePath,
  verifyCheckpoint,
} from '@aigc-label/core';
import { type LogDisk, nodeDisk } from './log-disk.ts';
import type { LogFile } from './put-files.ts';
import { tilesIn } from './read-edge.ts';
import { edgeRoot, emptyEdge, growEdge } from './right-edge.ts';

/** Whether every file of a log is what its checkpoint says; `path` names the first that is not. */
export type LogAudit =
  | { readonly isIntact: true; readonly head: TreeHead }
  | { readonly isIntact: false; readonly path: string; readonly reason: string };

/**
 * Reads a log from its first leaf, works out every tile anew, and compares: for mirrors, backups and the operator's peace. Memory is bounded; 256 leaves at a time.
 * What the files say is never an exception.
 *
 * @param keys of the log, pinned by the caller (`readLogKey`).
 * @throws LabelError or a system error where the disk itself fails.
 */
export const auditLog = async (folder: string, keys: readonly LogKey[], disk: LogDisk = nodeDisk): Promise<LogAudit> => {
  const note = await disk.read(join(folder, 'checkpoint'), MAXIMUM_NOTE_CHARACTERS);
  const checkpoint = await verifyCheckpoint(note === undefined ? '' : (fromUtf8(note) ?? ''), keys);
  if (!checkpoint.isSigned) {
    return { isIntact: false, path: 'checkpoint', reason: checkpoint.reason };
  }
  const { head } = checkpoint;
  const readTile = tilesIn(folder, disk);
  let edge = emptyEdge;
  while (edge.size < head.size) {
    const tile: Tile = { level: 'entries', index: edge.size / TILE_WIDTH, width: Math.min(TILE_WIDTH, head.size - edge.size) };
    const leaves = readEntries((await readTile(tile)) ?? new Uint8Array())?.slice(0, tile.width);
    const grown = growEdge(edge, leaves ?? []);
    if (leaves?.length !== tile.width) {
      return { isIntact: false, path: `tile/entries number ${tile.index}`, reason: 'it is missing or damaged' };
    }
    // What is partial on the way there, an older checkpoint needed, and may have gone.
    const full = grown.files.filter(({ path }) => !path.includes('.p/'));
    const wrong = await firstOther(full, (path, limit) => disk.read(join(folder, path), limit));
    if (wrong !== undefined) {
      return wrong;
    }
    edge = grown.edge;
  }
  for (const [level, hashes] of edge.levels.entries()) {
    const tile: Tile = { level, index: Math.floor(head.size / TILE_WIDTH ** (level + 1)), width: hashes.length };
    const file = { path: tilePath(tile), bytes: concat(...hashes) };
    const wrong = hashes.length === 0 ? undefined : await firstOther([file], async (_, limit) => (await readTile(tile))?.subarray(0, limit - 1));
    if (wrong !== undefined) {
      return wrong;
    }
  }
  return equalBytes(edgeRoot(edge), head.root)
    ? { isIntact: true, head }
    : { isIntact: false, path: 'checkpoint', reason: 'the leaves lead to another root' };
};

/** The first file that is not what it is to be. */
const firstOther = async (
  files: readonly LogFile[],
  read: (path: string, limit: number) => Promise<Uint8Array | undefined>,
): Promise<LogAudit | undefined> => {
  for (const { path, bytes } of files) {
    const found = await read(path, bytes.length + 1);
    if (found === undefined || !equalBytes(found, bytes)) {
      return { isIntact: false, path, reason: found === undefined ? 'it is missing' : 'it is not what the leaves lead to' };
    }
  }
  return undefined;
};
