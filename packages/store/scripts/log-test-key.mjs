// The key of every log that scripts and tests make: TEST ONLY, anyone can sign with it.
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, Buffer.alloc(32, 7)]), format: 'der', type: 'pkcs8' });
const { x } = createPublicKey(privateKey).export({ format: 'jwk' });

export const publicKey = Uint8Array.from(Buffer.from(x, 'base64url'));

export const signer = {
  // RFC 7638.
  keyId: createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url'),
  algorithm: 'Ed25519',
  sign: async (data) => Uint8Array.from(sign(null, data, privateKey)),
};
