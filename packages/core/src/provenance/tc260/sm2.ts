import { utf8 } from '../../bytes/binary.ts';
import { pureHashing } from '../pure-hashing.ts';
import { isScalar } from './curve.ts';
import { decodeHex, encodeHex } from './hex.ts';

/**
 * The one place where SM2 and SM3 (GB/T 32918, GB/T 32905) are computed. Always the signature of SM3(Z || message) with the standard's default identity: the library's own default signs a raw
 * number, which anyone can forge. node:crypto has SM2 too, but no way to set the identity (spec/provenance.md §0 item 3).
 */
const OPTIONS = { hash: true, der: false, userId: '1234567812345678' } as const;

/** Answers of earlier checks that are kept: one costs about 10 ms, and a label is looked at more than once. */
const MAXIMUM_REMEMBERED = 1024;
/**
 * Keys for which tables are kept, and after how many checks one is built: it costs as much as about 20 checks and makes each four times as fast. Counted anew once a table had to go, so that
 * labels with many keys of their own cannot have tables built all the time.
 */
const MAXIMUM_TABLES = 4;
const CHECKS_BEFORE_TABLE = 64;

type Library = typeof import('sm-crypto-v2');
type Table = ReturnType<Library['sm2']['precomputePublicKey']>;

const remembered = new Map<string, boolean>();
const checksOfKey = new Map<string, number>();
const tables = new Map<string, Table>();

// Loaded where a label asks for it: most never do.
const load = (): Promise<Library> => import('sm-crypto-v2');

/**
 * Whether an SM2 signature holds. Never throws for what its arguments say.
 *
 * @param publicKey `04`, x and y, 65 bytes, of a point on the curve.
 * @param signature r and s, 64 bytes.
 */
export const verifySm2 = async (message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): Promise<boolean> => {
  if (signature.length !== 64 || !isScalar(signature.subarray(0, 32)) || !isScalar(signature.subarray(32))) {
    return false;
  }
  const [key, hex] = [encodeHex(publicKey), encodeHex(signature)];
  const hash = pureHashing.sha256();
  hash.update(message);
  const question = `${key} ${hex} ${encodeHex(hash.digest())}`;
  const known = remembered.get(question);
  if (known !== undefined) {
    return known;
  }
  const { sm2 } = await load();
  let holds = false;
  try {
    holds = sm2.doVerifySignature(message, hex, tableOf(sm2, key) ?? key, OPTIONS);
  } catch {
    // The library throws for numbers that it cannot use, and such a signature does not hold.
  }
  keep(remembered, question, holds, MAXIMUM_REMEMBERED);
  return holds;
};

/**
 * Signs with SM2: r and s, 64 bytes.
 *
 * @param privateKey 32 bytes. @throws TypeError where it is none.
 */
export const signSm2 = async (message: Uint8Array, privateKey: Uint8Array): Promise<Uint8Array> => {
  assertPrivateKey(privateKey);
  const { sm2 } = await load();
  return decodeHex(sm2.doSignature(message, encodeHex(privateKey), OPTIONS), 64) as Uint8Array;
};

/**
 * The public key of a private one: `04`, x and y, 65 bytes.
 *
 * @param privateKey 32 bytes. @throws TypeError where it is none.
 */
export const sm2PublicKey = async (privateKey: Uint8Array): Promise<Uint8Array> => {
  assertPrivateKey(privateKey);
  const { sm2 } = await load();
  return decodeHex(sm2.getPublicKeyFromPrivateKey(encodeHex(privateKey)), 65) as Uint8Array;
};

/** SM3 of bytes or of a text's UTF-8: 32 bytes. */
export const sm3 = async (data: Uint8Array | string): Promise<Uint8Array> => {
  const library = await load();
  return decodeHex(library.sm3(typeof data === 'string' ? utf8(data) : data), 32) as Uint8Array;
};

const assertPrivateKey = (privateKey: Uint8Array): void => {
  if (!isScalar(privateKey)) {
    throw new TypeError('an SM2 private key has 32 bytes and lies between 1 and the order of the curve');
  }
};

/** Built for a key that keeps coming; without one it is the slow way. */
const tableOf = (sm2: Library['sm2'], key: string): Table | undefined => {
  const present = tables.get(key);
  if (present !== undefined) {
    return present;
  }
  const checks = (checksOfKey.get(key) ?? 0) + 1;
  keep(checksOfKey, key, checks, MAXIMUM_REMEMBERED);
  if (checks <= CHECKS_BEFORE_TABLE) {
    return undefined;
  }
  checksOfKey.delete(key);
  const table = sm2.precomputePublicKey(key);
  keep(tables, key, table, MAXIMUM_TABLES);
  return table;
};

/** Puts into a map that holds a bounded number; the oldest goes first. */
const keep = <Value>(map: Map<string, Value>, key: string, value: Value, maximum: number): void => {
  map.delete(key);
  const oldest = map.keys().next();
  if (map.size >= maximum && oldest.done !== true) {
    map.delete(oldest.value);
  }
  map.set(key, value);
};
