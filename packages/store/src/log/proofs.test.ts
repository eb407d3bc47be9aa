import { createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import {
  type InclusionProof,
  leafHash,
  type ReadTile,
  tilePath,
  tileProofs,
  treeHash,
  verifyConsistency,
  verifyInclusion,
  writeNote,
  writeTreeHead,
} from '@aigc-label/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { leafNumber, leavesUpTo, ORIGIN, testLogKey, testLogSigner, testPublicKey } from '../../test/test-log.ts';
import { nodeHashing } from './node-hashing.ts';
import { edgeRoot, emptyEdge, growEdge } from './right-edge.ts';

/** The files of a log that has got one leaf after the other, and its roots by size. */
const grow = (leaves: readonly Uint8Array[], step: number): { readonly tiles: Map<string, Uint8Array>; readonly roots: Map<number, Uint8Array> } => {
  const tiles = new Map<string, Uint8Array>();
  let edge = emptyEdge;
  const roots = new Map([[0, edgeRoot(edge)]]);
  for (let first = 0; first < leaves.length; first += step) {
    const grown = growEdge(edge, leaves.slice(first, first + step));
    for (const { path, bytes } of grown.files) {
      tiles.set(path, bytes);
    }
    edge = grown.edge;
    roots.set(edge.size, edgeRoot(edge));
  }
  return { tiles, roots };
};

const small = grow(leavesUpTo(300), 1);
const hashes = leavesUpTo(300).map((leaf) => leafHash(leaf, nodeHashing));
const readIn =
  (tiles: Map<string, Uint8Array>): ReadTile =>
  async (tile) =>
    tiles.get(tilePath(tile));

describe('small logs', () => {
  it('have the roots of RFC 6962, at every size', () => {
    expect([...small.roots.keys()].every((size) => Buffer.compare(small.roots.get(size)!, treeHash(hashes.slice(0, size), nodeHashing)) === 0)).toBe(
      true,
    );
    expect(small.roots.size).toBe(301);
  });

  it('prove every leaf of every size from 1 to 300', async () => {
    let count = 0;
    const wrong: string[] = [];
    for (let size = 1; size <= 300; size += 1) {
      const proofs = tileProofs(size, readIn(small.tiles), nodeHashing);
      const root = small.roots.get(size)!;
      for (let index = 0; index < size; index += 1) {
        const proof = await proofs.inclusion(index);
        count += 1;
        if (proof === undefined || !verifyInclusion(proof, hashes[index]!, root, nodeHashing).isIncluded) {
          wrong.push(`${index} in ${size}`);
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBe(45_150);
  });

  it('prove every older size up to 64, and no other beginning', async () => {
    const wrong: string[] = [];
    for (let size = 0; size <= 64; size += 1) {
      const proofs = tileProofs(size, readIn(small.tiles), nodeHashing);
      for (let oldSize = 0; oldSize <= size; oldSize += 1) {
        const proof = (await proofs.consistency(oldSize))!;
        const verify = (oldRoot: Uint8Array, changed = proof) =>
          verifyConsistency(changed, oldRoot, small.roots.get(size)!, nodeHashing).isConsistent;
        const others = [oldSize - 1, oldSize + 1].flatMap((other) => (other < 0 ? [] : [small.roots.get(other)!]));
        if (!verify(small.roots.get(oldSize)!) || others.some((root) => verify(root))) {
          wrong.push(`${oldSize} of ${size}`);
        }
        const changed = proof.hashes.map((hash, at) => ({ ...proof, hashes: proof.hashes.with(at, leafHash(hash, nodeHashing)) }));
        if (changed.some((one) => verify(small.roots.get(oldSize)!, one))) {
          wrong.push(`${oldSize} of ${size}, changed`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });

  it('are missing a tile: there is no proof, not a wrong one', async () => {
    const without = new Map(small.tiles);
    without.delete('tile/0/000');
    const proofs = tileProofs(300, readIn(without), nodeHashing);
    expect([await proofs.inclusion(3), await proofs.leaf(3), await proofs.consistency(200)]).toEqual([undefined, undefined, undefined]);
    // What the level above knows of it is enough for the others.
    expect(await proofs.inclusion(299)).toBeDefined();
  });
});

describe('where a third level of tiles begins', () => {
  const large = grow(leavesUpTo(65_600), 32);

  it.each([65_504, 65_536, 65_568, 65_600])('a log of %i leaves proves its leaves and its older sizes', async (size) => {
    const proofs = tileProofs(size, readIn(large.tiles), nodeHashing);
    const root = large.roots.get(size)!;
    for (const index of [0, 1, 255, 256, 32_767, 32_768, 65_279, 65_280, 65_503, size - 1]) {
      expect(verifyInclusion((await proofs.inclusion(index))!, leafHash(leafNumber(index), nodeHashing), root, nodeHashing)).toEqual({
        isIncluded: true,
      });
    }
    for (const oldSize of [32, 256, 512, 32_768, 65_472, 65_504]) {
      const proof = (await proofs.consistency(oldSize))!;
      expect(verifyConsistency(proof, large.roots.get(oldSize)!, root, nodeHashing)).toEqual({ isConsistent: true });
    }
  });
});

// Another implementation: sigstore's, which verifies the logs of public releases. It has no consistency proofs; those are judged by published vectors (core) and by Go (scripts/foreign-check).
describe('sigstore', () => {
  const require = createRequire(import.meta.url);
  const load = (name: string): Record<string, (...args: readonly unknown[]) => unknown> =>
    require(require.resolve('@sigstore/verify').replace(/index\.js$/, `tlog/${name}.js`));
  let verifyMerkleInclusion: (...args: readonly unknown[]) => unknown;
  let verifyCheckpoint: (...args: readonly unknown[]) => unknown;
  beforeAll(() => {
    verifyMerkleInclusion = load('merkle')['verifyMerkleInclusion']!;
    verifyCheckpoint = load('checkpoint')['verifyCheckpoint']!;
  });

  /** Throws where sigstore does not believe it. */
  const judge = (proof: InclusionProof, leaf: Uint8Array, root: Uint8Array): unknown =>
    verifyMerkleInclusion(
      { canonicalizedBody: Buffer.from(leaf), inclusionProof: { logIndex: proof.index, hashes: proof.hashes.map((hash) => Buffer.from(hash)) } },
      { logSize: BigInt(proof.size), logHash: Buffer.from(root) },
    );

  it('verifies our proofs of every leaf of many sizes', async () => {
    for (const size of [1, 2, 3, 7, 8, 9, 63, 64, 65, 127, 128, 200, 255, 256, 257, 300]) {
      const proofs = tileProofs(size, readIn(small.tiles), nodeHashing);
      for (let index = 0; index < size; index += 1) {
        const proof = (await proofs.inclusion(index))!;
        judge(proof, leafNumber(index), small.roots.get(size)!);
        expect(() => judge(proof, leafNumber(index + 1), small.roots.get(size)!)).toThrow();
      }
    }
  });

  it('verifies our checkpoint', async () => {
    const text = writeTreeHead({ origin: ORIGIN, size: 300, root: small.roots.get(300)! });
    const envelope = writeNote(text, testLogKey, await testLogSigner.sign(new TextEncoder().encode(text)));
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(testPublicKey).toString('base64url') }, format: 'jwk' });
    const trusted = [{ logID: Buffer.from(testLogKey.id), baseURL: ORIGIN, publicKey: key }];
    expect(verifyCheckpoint({ inclusionProof: { checkpoint: { envelope } } }, trusted)).toMatchObject({ origin: ORIGIN, logSize: 300n });
    const forged = envelope.replace('\n300\n', '\n301\n');
    expect(() => verifyCheckpoint({ inclusionProof: { checkpoint: { envelope: forged } } }, trusted)).toThrow();
  });
});
