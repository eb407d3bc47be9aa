import { generateKeyPairSync, sign } from 'node:crypto';
import { fixtureBytes } from '@aigc-label/test-fixtures';
import { createLabeler, createVerifier, jwsProfile, makeLabel, readTrustList } from 'aigc-label';
import { expect, it } from 'vitest';
import { kmsSigner } from './kms-signer.mjs';

const PRODUCER = '001191110000TE0T0EXA0R10001';
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));

it('turns what a service signs into what a label holds, whatever the lengths of r and s', async () => {
  const messages: Uint8Array[] = [];
  const signer = await kmsSigner({
    publicKey: spki,
    signDigest: async (digest) => {
      expect(digest).toHaveLength(32);
      // The service signs the digest of `data`; here the same is signed from `data`.
      return new Uint8Array(sign('sha256', messages.at(-1) as Uint8Array, privateKey));
    },
  });
  const recording = {
    ...signer,
    sign: (data: Uint8Array) => {
      messages.push(data);
      return signer.sign(data);
    },
  };
  const label = makeLabel({ ContentProducer: PRODUCER, ProduceID: 'id' });
  // One in 128 has a number of fewer than 32 bytes.
  for (let round = 0; round < 600; round += 1) {
    const content = { method: 'png-1', hash: 'A'.repeat(43), excerpts: '' };
    await jwsProfile.sign({ role: 'producer', label, content, signedAtSeconds: round }, recording);
  }
  const trust = await readTrustList(JSON.stringify({ keys: [{ ...signer.publicJwk, names: [PRODUCER] }] }));
  const { bytes } = await createLabeler({ ContentProducer: PRODUCER, signer: recording }).labelBytes(fixtureBytes('png/animated.png'));
  expect((await createVerifier({ trust }).verifyBytes(bytes)).integrity).toBe('verified');
});
