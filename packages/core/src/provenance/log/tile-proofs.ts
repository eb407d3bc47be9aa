import type { Hashing } from '../../ports/hashing.ts';
import type { ConsistencyProof, InclusionProof } from './merkle-proof.ts';
import { readHashTile, TILE_WIDTH, type Tile, tileHolding } from './tile.ts';
import { emptyTreeHash, largestPowerBelow, nodeHash } from './tree-hash.ts';

/** Where tiles come from: a folder, a server, a mirror. `undefined` where there is no such tile; a tile of more hashes may stand for one of fewer. */
export type ReadTile = (tile: Tile) => Promise<Uint8Array | undefined>;

/** Works out proofs from tiles. They are not verified, as whoever asks knows the roots; a tile that is missing or of another length makes the answer `undefined`. */
export interface TileProofs {
  /** The root of the first `size` leaves of the tree. */
  root(size: number): Promise<Uint8Array | undefined>;
  /** The hash of leaf `index`. */
  leaf(index: number): Promise<Uint8Array | undefined>;
  inclusion(index: number): Promise<InclusionProof | undefined>;
  consistency(oldSize: number): Promise<ConsistencyProof | undefined>;
}

/** Proofs for the tree of `size` leaves; each tile is read once in the life of the answer. */
export const tileProofs = (size: number, readTile: ReadTile, hashing: Hashing): TileProofs => {
  const tiles = new Map<string, Promise<Pyramid | undefined>>();
  const pyramidOf = (tile: Tile): Promise<Pyramid | undefined> => {
    const key = `${tile.level}/${tile.index}`;
    const known = tiles.get(key) ?? readTile(tile).then((bytes) => (bytes === undefined ? undefined : pyramid(bytes, tile.width, hashing)));
    tiles.set(key, known);
    return known;
  };

  /** The hash over `2^height` leaves from `at · 2^height`, which are all there: from the tile whose hashes are of the next lower multiple of eight. */
  const fullSubtree = async (height: number, at: number): Promise<Uint8Array> => {
    const step = height % 8;
    const count = 2 ** step;
    const tile = tileHolding(Math.floor(height / 8), at * count, size);
    const hash = (await pyramidOf(tile))?.[step]?.[at - (tile.index * TILE_WIDTH) / count];
    if (hash === undefined) {
      throw missing;
    }
    return hash;
  };

  /** MTH of the leaves from `start`, which is a multiple of a power of two not below `count` (RFC 6962 §2.1). */
  const subtree = async (start: number, count: number): Promise<Uint8Array> => {
    if (count === 0) {
      return emptyTreeHash(hashing);
    }
    const height = Math.log2(count);
    if (2 ** Math.round(height) === count) {
      return fullSubtree(Math.round(height), start / count);
    }
    const left = largestPowerBelow(count);
    return nodeHash(await subtree(start, left), await subtree(start + left, count - left), hashing);
  };

  // RFC 6962 §2.1.1, PATH.
  const path = async (index: number, start: number, count: number): Promise<readonly Uint8Array[]> => {
    if (count <= 1) {
      return [];
    }
    const left = largestPowerBelow(count);
    return index < left
      ? [...(await path(index, start, left)), await subtree(start + left, count - left)]
      : [...(await path(index - left, start + left, count - left)), await subtree(start, left)];
  };

  // RFC 6962 §2.1.2, SUBPROOF.
  const subproof = async (oldSize: number, start: number, count: number, isWhole: boolean): Promise<readonly Uint8Array[]> => {
    if (oldSize === count) {
      return isWhole ? [] : [await subtree(start, count)];
    }
    const left = largestPowerBelow(count);
    return oldSize <= left
      ? [...(await subproof(oldSize, start, left, isWhole)), await subtree(start + left, count - left)]
      : [...(await subproof(oldSize - left, start + left, count - left, false)), await subtree(start, left)];
  };

  return {
    root: (size) => orMissing(() => subtree(0, size)),
    leaf: (index) => orMissing(() => subtree(index, 1)),
    inclusion: (index) => orMissing(async () => ({ index, size, hashes: await path(index, 0, size) })),
    consistency: (oldSize) => orMissing(async () => ({ oldSize, size, hashes: oldSize === 0 ? [] : await subproof(oldSize, 0, size, true) })),
  };
};

/** The hashes of a tile, the hashes of their pairs, and so on: eight rows at most, each of full subtrees alone. */
type Pyramid = readonly (readonly Uint8Array[])[];

const pyramid = (bytes: Uint8Array, width: number, hashing: Hashing): Pyramid | undefined => {
  let row = readHashTile(bytes, width);
  const rows: (readonly Uint8Array[])[] = [];
  while (row !== undefined && row.length > 0 && rows.length < 8) {
    rows.push(row);
    const below: readonly Uint8Array[] = row;
    row = Array.from({ length: below.length >> 1 }, (_, at) => nodeHash(below[2 * at] as Uint8Array, below[2 * at + 1] as Uint8Array, hashing));
  }
  return row === undefined ? undefined : rows;
};

const missing = new Error('a tile is missing');

const orMissing = async <Value>(work: () => Promise<Value>): Promise<Value | undefined> => {
  try {
    return await work();
  } catch (error) {
    if (error === missing) {
      return undefined;
    }
    throw error;
  }
};
