// @ts-check
import { createHash, createPublicKey } from 'node:crypto';
import { thumbprint } from 'aigc-label';

/**
 * A signer over a key management service that signs digests with ECDSA on P-256, as AWS and Google Cloud do.
 *
 * @param {{ publicKey: Uint8Array, signDigest: (digest: Uint8Array) => Promise<Uint8Array> }} options `publicKey` is its SubjectPublicKeyInfo (DER); `signDigest` calls the service and gives
 *   the signature in DER.
 * @returns {Promise<import('aigc-label').Signer>}
 */
export const kmsSigner = async ({ publicKey, signDigest }) => {
  const {
    kty = '',
    crv = '',
    x = '',
    y = '',
  } = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' }).export({ format: 'jwk' });
  const publicJwk = { kty, crv, x, y };
  return {
    keyId: await thumbprint(publicJwk),
    algorithm: 'ES256',
    publicJwk,
    sign: async (data) => joined(await signDigest(createHash('sha256').update(data).digest())),
  };
};

/** SEQUENCE { r INTEGER, s INTEGER } as r and s of 32 bytes each (RFC 7518 §3.4). @param {Uint8Array} der */
const joined = (der) => {
  const signature = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const length = der[at + 1] ?? 0;
    const digits = der.subarray(at + 2, at + 2 + length);
    const number = digits[0] === 0 ? digits.subarray(1) : digits;
    signature.set(number, end - number.length);
    at += 2 + length;
  }
  return signature;
};
