import { describe, expect, it } from 'vitest';
import { equalBytes, utf8 } from '../../bytes/binary.ts';
import { pureHashing as hashing } from '../pure-hashing.ts';
import { encodeBase64 } from './base64.ts';
import { leafOf } from './leaf.ts';
import { readProofBundle, verifyProofBundle, writeProofBundle } from './proof-bundle.ts';
import { readEntries, tileHolding, tilePath, writeEntries } from './tile.ts';

describe('a leaf', () => {
  it('is the one of spec/log.md, and says neither salt nor record', () => {
    const leaf = new TextDecoder().decode(leafOf({ reservedCode: 'header.payload.signature', salt: new Uint8Array(16) }, hashing));
    expect(leaf).toBe('{"c":"qoywZ9jXKnlUeLZZ-B1zza89BNp9xBv7wmEruQzsz4Y","v":1}');
  });

  it('is another one with another salt or record', () => {
    const leaf = leafOf({ reservedCode: 'a', salt: new Uint8Array(16) }, hashing);
    expect(equalBytes(leaf, leafOf({ reservedCode: 'b', salt: new Uint8Array(16) }, hashing))).toBe(false);
    expect(equalBytes(leaf, leafOf({ reservedCode: 'a', salt: new Uint8Array(17) }, hashing))).toBe(false);
    expect(() => leafOf({ reservedCode: 'a', salt: new Uint8Array(15) }, hashing)).toThrow(TypeError);
    expect(() => leafOf({ reservedCode: 'a', salt: new Uint8Array(65) }, hashing)).toThrow(TypeError);
  });
});

describe('a tile', () => {
  it.each([
    [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
    [{ level: 1, index: 5, width: 7 }, 'tile/1/005.p/7'],
    [{ level: 0, index: 1_234_067, width: 256 }, 'tile/0/x001/x234/067'],
    [{ level: 'entries', index: 1_000, width: 255 }, 'tile/entries/x001/000.p/255'],
  ] as const)('%j stands at %s', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
  });

  it('is as wide as the tree has it: the example of c2sp.org/tlog-tiles', () => {
    expect([tileHolding(0, 69_999, 70_000), tileHolding(1, 272, 70_000), tileHolding(2, 0, 70_000)]).toEqual([
      { level: 0, index: 273, width: 112 },
      { level: 1, index: 1, width: 17 },
      { level: 2, index: 0, width: 1 },
    ]);
  });

  it('of entries is read as it was written, and damage is none', () => {
    const leaves = [utf8('a'), new Uint8Array(), new Uint8Array(65_535)];
    const bytes = writeEntries(leaves);
    expect(readEntries(bytes)).toEqual(leaves);
    expect(readEntries(bytes.subarray(0, -1))).toBeUndefined();
    expect(readEntries(bytes.subarray(0, 4))).toBeUndefined();
    expect(readEntries(bytes, 2)).toBeUndefined();
  });
});

describe('the text of a proof', () => {
  const hash = encodeBase64(new Uint8Array(32));
  const text = `c2sp.org/tlog-proof@v1\nextra AAAA\nindex 7\n${hash}\n${hash}\n\ncheckpoint`;

  it('is read as it was written', () => {
    expect(writeProofBundle(readProofBundle(text) as NonNullable<ReturnType<typeof readProofBundle>>)).toBe(text);
    expect(readProofBundle(text.replace('extra AAAA\n', ''))).not.toHaveProperty('extra');
  });

  it.each([
    '',
    'c2sp.org/tlog-proof@v1',
    text.replace('@v1', '@v2'),
    text.replace('extra AAAA', 'extra AAA'),
    text.replace('extra AAAA', 'extra'),
    text.replace('index 7', 'index 07'),
    text.replace('index 7', 'index -7'),
    text.replace('index 7\n', ''),
    text.replace(hash, hash.slice(4)),
    text.replace(hash, hash.replace('A=', 'B=')),
    text.replace(hash, ` ${hash}`),
    text.replace(`${hash}\n`, `${hash}\n`.repeat(65)),
    text + 'x'.repeat(1 << 20),
  ])('that is none is none, and never an exception (%#)', async (hostile) => {
    expect(readProofBundle(hostile)).toBeUndefined();
    expect(await verifyProofBundle(hostile, new Uint8Array(), [], hashing)).toEqual({ isIncluded: false, reason: 'it is not a proof of a log' });
  });
});
