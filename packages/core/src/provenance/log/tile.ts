import { concat, u16be } from '../../bytes/binary.ts';
import { TREE_HASH_BYTES } from './tree-hash.ts';

/** How many hashes, or leaves, a full tile holds (c2sp.org/tlog-tiles). */
export const TILE_WIDTH = 256;

/** The longest leaf, in bytes: its length stands before it in 16 bits (c2sp.org/tlog-tiles). */
export const MAXIMUM_LEAF_BYTES = 65_535;

/** A tile of hashes at a level from 0, or of the leaves themselves. */
export interface Tile {
  readonly level: number | 'entries';
  /** Its place in the level, from 0. */
  readonly index: number;
  /** 1 to 256; a tile that is not full is another file. */
  readonly width: number;
}

/** Where a tile stands below the log's prefix: `tile/0/x001/x234/067.p/12` (c2sp.org/tlog-tiles). */
export const tilePath = ({ level, index, width }: Tile): string => {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  const place = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${place}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
};

/** The tile of a level that holds hash `at` of it, as wide as a tree of `size` leaves has it. */
export const tileHolding = (level: number, at: number, size: number): Tile => {
  const index = Math.floor(at / TILE_WIDTH);
  return { level, index, width: Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH) };
};

/** The hashes of a tile, or `undefined` where its length is another one. */
export const readHashTile = (bytes: Uint8Array, width: number): readonly Uint8Array[] | undefined =>
  bytes.length < width * TREE_HASH_BYTES || bytes.length % TREE_HASH_BYTES !== 0
    ? undefined
    : Array.from({ length: width }, (_, at) => bytes.subarray(at * TREE_HASH_BYTES, (at + 1) * TREE_HASH_BYTES));

/** Leaves as an entry bundle: each after its length, 16 bits, big-endian. */
export const writeEntries = (leaves: readonly Uint8Array[]): Uint8Array => concat(...leaves.flatMap((leaf) => [u16be(leaf.length), leaf]));

/** The leaves of an entry bundle, at most `limit`; `undefined` where it is none. */
export const readEntries = (bytes: Uint8Array, limit: number = TILE_WIDTH): readonly Uint8Array[] | undefined => {
  const leaves: Uint8Array[] = [];
  let position = 0;
  while (position < bytes.length) {
    const start = position + 2;
    const end = start + (((bytes[position] as number) << 8) | (bytes[position + 1] ?? 0));
    if (start > bytes.length || end > bytes.length || leaves.length === limit) {
      return undefined;
    }
    leaves.push(bytes.subarray(start, end));
    position = end;
  }
  return leaves;
};
