import { describe, expect, it } from 'vitest';
import { pureHashing as hashing } from '../pure-hashing.ts';
import { verifyConsistency, verifyInclusion } from './merkle-proof.ts';
import { emptyTreeHash, leafHash, treeHash } from './tree-hash.ts';

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

// The tree of eight leaves that implementations of RFC 6962 are tested with: github.com/transparency-dev/merkle, proof/verify_test.go (read 2026-11-24). Facts, not code.
const LEAVES = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'].map(bytes);
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(bytes);
const A = '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7';
const B = '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e';
const C = '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4';
const D = 'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b';
const E = 'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0';
const F = 'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7';
const G = '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a';
const H = 'b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f';

const root = (size: number): Uint8Array => ROOTS[size - 1] as Uint8Array;

describe('the published vectors of RFC 6962', () => {
  it('roots', () => {
    const hashes = LEAVES.map((leaf) => leafHash(leaf, hashing));
    expect(ROOTS.map((_, at) => treeHash(hashes.slice(0, at + 1), hashing))).toEqual(ROOTS);
    expect(Buffer.from(emptyTreeHash(hashing)).toString('hex')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it.each([
    [0, 1, []],
    [0, 8, [A, B, C]],
    [5, 8, [D, E, F]],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [1, 5, ['6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d', B, D]],
  ])('inclusion of leaf %i in %i, and of nothing that is a little different', (index, size, path) => {
    const hashes = path.map(bytes);
    const leaf = leafHash(LEAVES[index] as Uint8Array, hashing);
    expect(verifyInclusion({ index, size, hashes }, leaf, root(size), hashing)).toEqual({ isIncluded: true });
    const wrong = [
      verifyInclusion({ index: index + 1, size, hashes }, leaf, root(size), hashing),
      verifyInclusion({ index: index - 1, size, hashes }, leaf, root(size), hashing),
      verifyInclusion({ index: index + 0.5, size, hashes }, leaf, root(size), hashing),
      verifyInclusion({ index, size: size * 2, hashes }, leaf, root(size), hashing),
      verifyInclusion({ index, size: Number.NaN, hashes }, leaf, root(size), hashing),
      verifyInclusion({ index, size: 2 ** 60, hashes }, leaf, root(size), hashing),
      verifyInclusion({ index, size, hashes: [...hashes, root(size)] }, leaf, root(size), hashing),
      verifyInclusion({ index, size, hashes: [root(size), ...hashes] }, leaf, root(size), hashing),
      verifyInclusion({ index, size, hashes: [...hashes, new Uint8Array()] }, leaf, root(size), hashing),
      verifyInclusion({ index, size, hashes: Array(1_000).fill(root(size)) }, leaf, root(size), hashing),
      verifyInclusion({ index, size, hashes }, root(7), root(size), hashing),
      verifyInclusion({ index, size, hashes }, leaf, leafHash(leaf, hashing), hashing),
      verifyInclusion({ index, size, hashes }, leaf.subarray(1), root(size), hashing),
      ...(hashes.length === 0 ? [] : [verifyInclusion({ index, size, hashes: hashes.slice(1) }, leaf, root(size), hashing)]),
      ...(hashes.length === 0 ? [] : [verifyInclusion({ index, size, hashes: hashes.slice(0, -1) }, leaf, root(size), hashing)]),
    ];
    expect(wrong.map(({ isIncluded }) => isIncluded)).not.toContain(true);
  });

  it.each([
    [1, 8, [A, B, C]],
    [6, 8, [G, E, F]],
    [2, 5, [B, D]],
    [6, 7, [G, H, F]],
  ])('consistency of %i with %i, and with nothing that is a little different', (oldSize, size, path) => {
    const hashes = path.map(bytes);
    expect(verifyConsistency({ oldSize, size, hashes }, root(oldSize), root(size), hashing)).toEqual({ isConsistent: true });
    const wrong = [
      verifyConsistency({ oldSize: oldSize + 1, size, hashes }, root(oldSize), root(size), hashing),
      verifyConsistency({ oldSize: oldSize - 1, size, hashes }, root(oldSize), root(size), hashing),
      verifyConsistency({ oldSize, size: size * 2, hashes }, root(oldSize), root(size), hashing),
      verifyConsistency({ oldSize: size + 1, size, hashes }, root(oldSize), root(size), hashing),
      verifyConsistency({ oldSize, size, hashes }, root(size), root(oldSize), hashing),
      verifyConsistency({ oldSize, size, hashes }, root(oldSize), leafHash(root(size), hashing), hashing),
      verifyConsistency({ oldSize, size, hashes }, leafHash(root(oldSize), hashing), root(size), hashing),
      verifyConsistency({ oldSize, size, hashes: [] }, root(oldSize), root(size), hashing),
      verifyConsistency({ oldSize, size, hashes: hashes.slice(1) }, root(oldSize), root(size), hashing),
      verifyConsistency({ oldSize, size, hashes: hashes.slice(0, -1) }, root(oldSize), root(size), hashing),
      verifyConsistency({ oldSize, size, hashes: [...hashes, root(oldSize)] }, root(oldSize), root(size), hashing),
      verifyConsistency({ oldSize, size, hashes: [root(oldSize), ...hashes] }, root(oldSize), root(size), hashing),
      ...hashes.map((hash, at) =>
        verifyConsistency({ oldSize, size, hashes: hashes.with(at, leafHash(hash, hashing)) }, root(oldSize), root(size), hashing),
      ),
    ];
    expect(wrong.map(({ isConsistent }) => isConsistent)).not.toContain(true);
  });

  it('a tree begins with nothing, and with itself', () => {
    const empty = emptyTreeHash(hashing);
    expect(verifyConsistency({ oldSize: 0, size: 8, hashes: [] }, empty, root(8), hashing).isConsistent).toBe(true);
    expect(verifyConsistency({ oldSize: 8, size: 8, hashes: [] }, root(8), root(8), hashing).isConsistent).toBe(true);
    expect(verifyConsistency({ oldSize: 8, size: 8, hashes: [] }, root(7), root(8), hashing).isConsistent).toBe(false);
    expect(verifyConsistency({ oldSize: 0, size: 8, hashes: [root(1)] }, empty, root(8), hashing).isConsistent).toBe(false);
    expect(verifyConsistency({ oldSize: 0, size: 8, hashes: [] }, root(1), root(8), hashing).isConsistent).toBe(false);
  });
});
