import { generateKeyPairSync, sign } from 'node:crypto';
import { readTrustList, type Signer, type TrustList, thumbprint } from '../src/index.ts';

/** A key of one test's own: as a signer, and as the public key that others may trust. */
export interface TestKey {
  readonly signer: Signer;
  /** A JWK for a trust list. */
  readonly trusted: Readonly<Record<string, unknown>>;
}

/** A fresh key. `more` goes into its entry of the trust list: `nbf`, `exp`, `revoked_at`. */
export const testKey = async (
  names: readonly string[],
  more: Readonly<Record<string, unknown>> = {},
  algorithm: 'Ed25519' | 'ES256' = 'Ed25519',
): Promise<TestKey> => {
  const { privateKey, publicKey } = algorithm === 'Ed25519' ? generateKeyPairSync('ed25519') : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' });
  const publicJwk = { kty, crv, x, ...(y === undefined ? {} : { y }) } as Record<string, string>;
  const keyId = await thumbprint(publicJwk);
  const signWith = async (data: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(algorithm === 'Ed25519' ? sign(null, data, privateKey) : sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }));
  return { signer: { keyId, algorithm, publicJwk, sign: signWith }, trusted: { ...publicJwk, names, ...more } };
};

/** A trust list of these keys. */
export const trustIn = (...keys: readonly Readonly<Record<string, unknown>>[]): Promise<TrustList> => readTrustList(JSON.stringify({ keys }));
