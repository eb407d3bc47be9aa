import { type Signer, thumbprint } from '@aigc-label/core';
import { keyInvalid, keyNotFound } from './key-error.ts';
import { type KeyMaterial, readKey } from './key-material.ts';
import type { KeyDescription } from './key-record.ts';
import { readPrivateFile } from './private-files.ts';

/** The newest active key that may sign for all of these names. @throws LabelError `KEY_NOT_FOUND`. */
export const newestFor = (keys: readonly KeyDescription[], names: readonly string[], folder: string): KeyDescription => {
  const key = keys.filter(({ status, names: own }) => status === 'active' && names.length > 0 && names.every((name) => own.includes(name))).at(-1);
  if (key === undefined) {
    throw keyNotFound(
      { names: names.join(', '), folder },
      `There is no active key for ${names.join(', ') || 'nobody'} in ${JSON.stringify(folder)}; make one with aigc-label keys new.`,
    );
  }
  return key;
};

/** @throws LabelError `KEY_INVALID` for a key that may not sign at this time. */
export const assertActive = ({ status }: KeyDescription, path: string): void => {
  if (status !== 'active') {
    throw keyInvalid(path, `it is not active but ${status.replace('_', ' ')}`);
  }
};

/** The private key of a description, opened. @throws LabelError `KEY_NOT_FOUND`, `KEY_INVALID`. */
export const readMaterial = async (path: string, { algorithm, keyId }: KeyDescription, passphrase: string | undefined): Promise<KeyMaterial> => {
  const pem = await readPrivateFile(path);
  if (pem === undefined) {
    throw keyNotFound({ keyId, path }, `The private key ${JSON.stringify(path)} is not there.`);
  }
  if (pem.includes('ENCRYPTED') && passphrase === undefined) {
    throw keyInvalid(path, 'it is encrypted, and no passphrase is given');
  }
  const material = await readKey(pem, algorithm, passphrase);
  if (material === undefined || (await thumbprint(material.jwk)) !== keyId) {
    throw keyInvalid(path, 'it is damaged, or another key than its name says, or the passphrase is wrong');
  }
  return material;
};

/** A signer that asks before each signature whether it still may. */
export const signerOf = ({ keyId, algorithm }: KeyDescription, { jwk, publicKey, sign }: KeyMaterial, assertStill: () => Promise<void>): Signer =>
  Object.freeze({
    keyId,
    algorithm,
    publicJwk: jwk,
    ...(publicKey === undefined ? {} : { publicKey }),
    // Another process may have revoked or rotated it meanwhile.
    sign: async (data: Uint8Array) => {
      await assertStill();
      return sign(data);
    },
  });
