import { encodeHex } from './hex.ts';

/** GB/T 32918.5 §2: the recommended curve (sm2p256v1). Named here because keys in labels must be unpacked and looked at before any library sees them. */
const PRIME = 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn;
const A = 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn;
const B = 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n;

/** The order of the base point; r, s and private keys lie between 1 and it. */
export const SM2_ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** A point on the curve, uncompressed: `04`, x and y, 65 bytes; `undefined` where these coordinates are not on it. */
export const pointOf = (x: Uint8Array, y: Uint8Array): Uint8Array | undefined => {
  const [left, right] = [toNumber(y), toNumber(x)];
  return x.length === 32 && y.length === 32 && left < PRIME && right < PRIME && (left * left) % PRIME === heightSquared(right)
    ? Uint8Array.of(4, ...x, ...y)
    : undefined;
};

/** The point with this x whose y is odd or even; `undefined` where there is none. */
export const pointWithX = (x: Uint8Array, isOdd: boolean): Uint8Array | undefined => {
  const abscissa = toNumber(x);
  if (x.length !== 32 || abscissa >= PRIME) {
    return undefined;
  }
  // The prime is 3 modulo 4, so that a root is a power.
  const root = power(heightSquared(abscissa), (PRIME + 1n) / 4n);
  const ordinate = (root & 1n) === (isOdd ? 1n : 0n) ? root : PRIME - root;
  return pointOf(x, toBytes(ordinate));
};

/** Whether a private key, r or s has a value that it may have. */
export const isScalar = (bytes: Uint8Array): boolean => {
  const value = toNumber(bytes);
  return bytes.length === 32 && value > 0n && value < SM2_ORDER;
};

const heightSquared = (x: bigint): bigint => (x * x * x + A * x + B) % PRIME;

const power = (base: bigint, exponent: bigint): bigint => {
  let [result, square] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    result = (rest & 1n) === 1n ? (result * square) % PRIME : result;
    square = (square * square) % PRIME;
  }
  return result;
};

const toNumber = (bytes: Uint8Array): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${encodeHex(bytes)}`));

const toBytes = (value: bigint): Uint8Array => Uint8Array.from({ length: 32 }, (_, index) => Number((value >> BigInt(8 * (31 - index))) & 0xffn));
