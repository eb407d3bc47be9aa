import { concat, emptyTreeHash, leafHash, nodeHash, TILE_WIDTH, tilePath, treeHash, writeEntries } from '@aigc-label/core';
import { nodeHashing } from './node-hashing.ts';
import type { LogFile } from './put-files.ts';

/** What a writer must know to append: the tiles of the right edge that are not full. */
export interface RightEdge {
  readonly size: number;
  /** By level, the hashes of its last tile, fewer than 256. */
  readonly levels: readonly (readonly Uint8Array[])[];
  /** The leaves of the last entry bundle, fewer than 256. */
  readonly entries: readonly Uint8Array[];
}

/** What appending makes of an edge. */
export interface GrownEdge {
  readonly edge: RightEdge;
  /** Every tile that is new or wider than before. */
  readonly files: readonly LogFile[];
}

/** The edge of a log without leaves. */
export const emptyEdge: RightEdge = { size: 0, levels: [], entries: [] };

/** Appends leaves, in memory alone. */
export const growEdge = (edge: RightEdge, leaves: readonly Uint8Array[]): GrownEdge => {
  const files: LogFile[] = [];
  const levels = [...edge.levels];
  const entries = [...edge.entries, ...leaves];
  for (const [at, bundle] of cut(leaves.length === 0 ? [] : entries).entries()) {
    const index = Math.floor(edge.size / TILE_WIDTH) + at;
    files.push({ path: tilePath({ level: 'entries', index, width: bundle.length }), bytes: writeEntries(bundle) });
  }
  let added: readonly Uint8Array[] = leaves.map((leaf) => leafHash(leaf, nodeHashing));
  for (let level = 0; added.length > 0; level += 1) {
    const hashes = [...(levels[level] ?? []), ...added];
    const tiles = cut(hashes);
    for (const [at, tile] of tiles.entries()) {
      const index = Math.floor(edge.size / TILE_WIDTH ** (level + 1)) + at;
      files.push({ path: tilePath({ level, index, width: tile.length }), bytes: concat(...tile) });
    }
    levels[level] = remainder(hashes);
    // A tile that is not full is in no tile of the level above (c2sp.org/tlog-tiles, Partial Tiles).
    added = tiles.filter(({ length }) => length === TILE_WIDTH).map((tile) => treeHash(tile, nodeHashing));
  }
  return { edge: { size: edge.size + leaves.length, levels, entries: remainder(entries) }, files };
};

/** The root of the tree: its full subtrees, the smallest of them first, joined from the right (RFC 6962 §2.1). */
export const edgeRoot = ({ levels }: RightEdge): Uint8Array => {
  const subtrees: Uint8Array[] = [];
  for (const hashes of [...levels].reverse()) {
    let start = 0;
    for (let count = TILE_WIDTH / 2; count >= 1; count /= 2) {
      if ((hashes.length & count) !== 0) {
        subtrees.push(treeHash(hashes.slice(start, start + count), nodeHashing));
        start += count;
      }
    }
  }
  const last = subtrees.pop();
  return last === undefined ? emptyTreeHash(nodeHashing) : subtrees.reduceRight((right, left) => nodeHash(left, right, nodeHashing), last);
};

/**
 * The folders of partial tiles that are full in a tree of `size` leaves and were not in one of `oldSize`: they may go once the larger tree is published
 * (c2sp.org/tlog-tiles, Partial Tiles).
 */
export const filledTiles = (oldSize: number, size: number): readonly string[] => {
  const folders: string[] = [];
  for (let level = 0; TILE_WIDTH ** level <= oldSize; level += 1) {
    const index = Math.floor(oldSize / TILE_WIDTH ** (level + 1));
    const isPartial = Math.floor(oldSize / TILE_WIDTH ** level) % TILE_WIDTH > 0;
    if (isPartial && index < Math.floor(size / TILE_WIDTH ** (level + 1))) {
      const kinds = level === 0 ? (['entries', 0] as const) : [level];
      folders.push(...kinds.map((kind) => `${tilePath({ level: kind, index, width: TILE_WIDTH })}.p`));
    }
  }
  return folders;
};

const cut = (values: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] =>
  Array.from({ length: Math.ceil(values.length / TILE_WIDTH) }, (_, at) => values.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH));

const remainder = (values: readonly Uint8Array[]): readonly Uint8Array[] => values.slice(values.length - (values.length % TILE_WIDTH));
