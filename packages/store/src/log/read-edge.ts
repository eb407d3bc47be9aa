import { join } from 'node:path';
import {
  encodeBase64url,
  equalBytes,
  leafHash,
  MAXIMUM_LEAF_BYTES,
  type ReadTile,
  readEntries,
  readHashTile,
  TILE_WIDTH,
  type Tile,
  TREE_HASH_BYTES,
  type TreeHead,
  tilePath,
  treeHash,
} from '@aigc-label/core';
import type { LogDisk } from './log-disk.ts';
import { logError } from './log-error.ts';
import { nodeHashing } from './node-hashing.ts';
import { edgeRoot, type RightEdge } from './right-edge.ts';

/** How many full tiles of leaves are remembered, so that a leaf that is appended again is known: 16,384 leaves. */
export const RECENT_TILES = 64;

const MAXIMUM_BUNDLE_BYTES = TILE_WIDTH * (MAXIMUM_LEAF_BYTES + 2);

/** Tiles of a folder; where a partial one has gone, the full one stands for it (c2sp.org/tlog-tiles, Partial Tiles). */
export const tilesIn =
  (folder: string, disk: LogDisk): ReadTile =>
  async (tile) => {
    const limit = tile.level === 'entries' ? MAXIMUM_BUNDLE_BYTES : TILE_WIDTH * TREE_HASH_BYTES;
    const read = (width: number): Promise<Uint8Array | undefined> => disk.read(join(folder, tilePath({ ...tile, width })), limit + 1);
    return (await read(tile.width)) ?? (tile.width === TILE_WIDTH ? undefined : read(TILE_WIDTH));
  };

/**
 * Reads the right edge of the tree of a checkpoint, and verifies that it leads to its root.
 *
 * @throws LabelError `LOG_FAILED`: `tile_missing`, `tile_damaged`, `root_mismatch`, `io_failed`.
 */
export const readEdge = async ({ size, root }: TreeHead, readTile: ReadTile): Promise<RightEdge> => {
  const levels: (readonly Uint8Array[])[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    const width = Math.floor(size / TILE_WIDTH ** level) % TILE_WIDTH;
    levels.push(width === 0 ? [] : await hashesOf({ level, index: Math.floor(size / TILE_WIDTH ** (level + 1)), width }, readTile));
  }
  if (!equalBytes(edgeRoot({ size, levels, entries: [] }), root)) {
    throw logError('root_mismatch', 'the tiles lead to another root than the checkpoint says', { size });
  }
  return { size, levels, entries: await lastEntries(size, levels[0] ?? [], readTile) };
};

/** The hashes of the last leaves, base64url, with their indexes; of full tiles only those that the edge itself vouches for, at most `RECENT_TILES`. */
export const readRecent = async ({ size, levels }: RightEdge, readTile: ReadTile): Promise<Map<string, number>> => {
  const vouched = [...(await lastFullTile(1, size, levels, readTile)), ...(levels[1] ?? [])];
  const end = Math.floor(size / TILE_WIDTH);
  const recent = new Map<string, number>();
  for (let index = end - Math.min(vouched.length, RECENT_TILES); index < end; index += 1) {
    const tile: Tile = { level: 0, index, width: TILE_WIDTH };
    const hashes = await hashesOf(tile, readTile);
    if (!equalBytes(treeHash(hashes, nodeHashing), vouched[vouched.length - (end - index)] as Uint8Array)) {
      throw damagedTile(tile);
    }
    remember(recent, hashes, index * TILE_WIDTH);
  }
  remember(recent, levels[0] ?? [], end * TILE_WIDTH);
  return recent;
};

/** The last full tile of a level, which the edge of the level above vouches for; nothing where that one has only just begun a tile. */
const lastFullTile = async (level: number, size: number, levels: RightEdge['levels'], readTile: ReadTile): Promise<readonly Uint8Array[]> => {
  const voucher = levels[level + 1]?.at(-1);
  if (voucher === undefined) {
    return [];
  }
  const tile: Tile = { level, index: Math.floor(size / TILE_WIDTH ** (level + 1)) - 1, width: TILE_WIDTH };
  const hashes = await hashesOf(tile, readTile);
  if (!equalBytes(treeHash(hashes, nodeHashing), voucher)) {
    throw damagedTile(tile);
  }
  return hashes;
};

/** Adds leaves by their hashes, and forgets the oldest. */
export const remember = (recent: Map<string, number>, hashes: readonly Uint8Array[], firstIndex: number): void => {
  for (const [at, hash] of hashes.entries()) {
    recent.set(encodeBase64url(hash), firstIndex + at);
  }
  for (const key of recent.keys()) {
    if (recent.size <= (RECENT_TILES + 1) * TILE_WIDTH) {
      break;
    }
    recent.delete(key);
  }
};

const hashesOf = async (tile: Tile, readTile: ReadTile): Promise<readonly Uint8Array[]> => {
  const hashes = readHashTile(await presentTile(tile, readTile), tile.width);
  if (hashes === undefined) {
    throw damagedTile(tile);
  }
  return hashes;
};

const lastEntries = async (size: number, hashes: readonly Uint8Array[], readTile: ReadTile): Promise<readonly Uint8Array[]> => {
  if (hashes.length === 0) {
    return [];
  }
  const tile: Tile = { level: 'entries', index: Math.floor(size / TILE_WIDTH), width: hashes.length };
  const entries = readEntries(await presentTile(tile, readTile))?.slice(0, tile.width);
  if (entries?.length !== tile.width || !entries.every((entry, at) => equalBytes(leafHash(entry, nodeHashing), hashes[at] as Uint8Array))) {
    throw damagedTile(tile);
  }
  return entries;
};

const presentTile = async (tile: Tile, readTile: ReadTile): Promise<Uint8Array> => {
  const bytes = await readTile(tile);
  if (bytes === undefined) {
    throw logError('tile_missing', `${tilePath(tile)} is missing`, { tile: tilePath(tile) });
  }
  return bytes;
};

const damagedTile = (tile: Tile): Error => logError('tile_damaged', `${tilePath(tile)} is not what was logged`, { tile: tilePath(tile) });
