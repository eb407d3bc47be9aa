import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { type LogKey, logKey, type Signer, thumbprint } from '@aigc-label/core';
import { nodeHashing } from '../src/log/node-hashing.ts';
import { type OpenLogOptions, openLog, type ProvenanceLog } from '../src/log/open-log.ts';

// TEST ONLY, anyone can sign with it; the same as in scripts/log-test-key.mjs.
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
});
const { x } = createPublicKey(privateKey).export({ format: 'jwk' }) as { readonly x: string };

export const ORIGIN = 'test.example/log';

export const testPublicKey: Uint8Array = Uint8Array.from(Buffer.from(x, 'base64url'));

export const testLogSigner: Signer = {
  keyId: await thumbprint({ kty: 'OKP', crv: 'Ed25519', x }),
  algorithm: 'Ed25519',
  sign: async (data) => Uint8Array.from(sign(null, data, privateKey)),
};

export const testLogKey: LogKey = logKey(ORIGIN, testPublicKey, nodeHashing);

/** Opens a log with the test key, without waiting for more leaves. */
export const openTestLog = (folder: string, options: Partial<OpenLogOptions> = {}): Promise<ProvenanceLog> =>
  openLog({ folder, origin: ORIGIN, signer: testLogSigner, publicKey: testPublicKey, nowMillis: Date.now, maximumDelayMillis: 0, ...options });

/** Leaf `number` of every test. */
export const leafNumber = (number: number): Uint8Array => new TextEncoder().encode(`leaf ${number}`);

export const leavesUpTo = (count: number, from = 0): readonly Uint8Array[] => Array.from({ length: count - from }, (_, at) => leafNumber(from + at));
