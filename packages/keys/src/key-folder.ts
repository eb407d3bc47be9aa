import { join } from 'node:path';
import { readTrustList, type SignatureAlgorithm, thumbprint } from '@aigc-label/core';
import { keyInvalid, keyNotFound } from './key-error.ts';
import { assertRequest, type KeyFolder, type KeyFolderOptions, type NewKey } from './key-folder-contract.ts';
import { generateKey, type KeyMaterial } from './key-material.ts';
import { MINIMUM_PASSPHRASE } from './key-place.ts';
import { describeKey, isSeconds, type KeyDescription, type KeyFacts, readFacts, readRetirement, readRevocation, trustedKeyOf } from './key-record.ts';
import { assertActive, newestFor, readMaterial, signerOf } from './key-signer.ts';
import { namesIn, openPrivateFolder, readPrivateFile, writePrivateFile } from './private-files.ts';

const KEY_FILE = /^key-([A-Za-z0-9_-]{43})\.json$/;

/** Opens a folder of keys; nothing is read or made yet. @throws TypeError for a passphrase that is too short. */
export const openKeyFolder = ({ folder, passphrase, nowSeconds = () => Math.floor(Date.now() / 1000) }: KeyFolderOptions): KeyFolder => {
  if (passphrase !== undefined && passphrase.length < MINIMUM_PASSPHRASE) {
    throw new TypeError(`the passphrase must have at least ${MINIMUM_PASSPHRASE} characters`);
  }
  const at = (keyId: string, ending: string): string => join(folder, `key-${keyId}.${ending}`);

  const describe = async (keyId: string): Promise<KeyDescription | undefined> => {
    const text = await readPrivateFile(at(keyId, 'json'));
    if (text === undefined) {
      return undefined;
    }
    const facts = await readFacts(text, keyId);
    if (facts === undefined) {
      throw keyInvalid(at(keyId, 'json'), 'the file is damaged, or of another key');
    }
    const [retired, revoked] = [await readNote(at(keyId, 'retired.json'), readRetirement), await readNote(at(keyId, 'revoked.json'), readRevocation)];
    return describeKey(facts, retired, revoked, nowSeconds());
  };

  const find = async (keyId: string): Promise<KeyDescription> => {
    const key = KEY_FILE.test(`key-${keyId}.json`) ? await describe(keyId) : undefined;
    if (key === undefined) {
      throw keyNotFound({ keyId, folder }, `There is no key ${JSON.stringify(keyId.slice(0, 64))} in ${JSON.stringify(folder)}.`);
    }
    return key;
  };

  const listKeys = async (): Promise<readonly KeyDescription[]> => {
    const names = await namesIn(folder);
    if (names.length > 0) {
      await openPrivateFolder(folder);
    }
    const ids = names.map((name) => KEY_FILE.exec(name)?.[1]).filter((id) => id !== undefined);
    const keys = await Promise.all(ids.map(find));
    return keys.sort((a, b) => a.notBefore - b.notBefore || (a.keyId < b.keyId ? -1 : 1));
  };

  const createKey = async (request: NewKey): Promise<KeyDescription> => {
    const { algorithm = 'Ed25519', names, notBefore = nowSeconds(), expires } = request;
    assertRequest(names, notBefore, expires);
    await openPrivateFolder(folder);
    const { keyId, material } = await freshKey(algorithm);
    const { jwk } = material;
    const facts: KeyFacts = { keyId, algorithm, names, notBefore, expires: expires ?? null, jwk };
    // The private key first: what is listed can be used.
    await writePrivateFile(at(keyId, 'pem'), material.toPem(passphrase));
    await writePrivateFile(at(keyId, 'json'), `${JSON.stringify(facts, undefined, 2)}\n`);
    return describeKey(facts, undefined, undefined, nowSeconds());
  };

  return {
    createKey,
    listKeys,
    rotateKey: async (keyId, window = {}) => {
      await openPrivateFolder(folder);
      const { algorithm, names, status, successor } = await find(keyId);
      if (status === 'revoked' || successor !== null) {
        throw keyInvalid(at(keyId, 'json'), status === 'revoked' ? 'it is revoked; make a new key' : `it has a successor already: ${successor}`);
      }
      const { notBefore = nowSeconds() + 1, expires } = window;
      if (notBefore <= nowSeconds()) {
        throw new TypeError('a successor begins after this second, so that what the old key has signed stays valid');
      }
      const key = await createKey({ algorithm, names, notBefore, expires });
      if (!(await writePrivateFile(at(keyId, 'retired.json'), `${JSON.stringify({ at: key.notBefore, successor: key.keyId })}\n`))) {
        throw keyInvalid(at(keyId, 'json'), 'somebody else has rotated it just now; both new keys are active');
      }
      return key;
    },
    revokeKey: async (keyId, { at: time = nowSeconds(), reason }) => {
      if (!isSeconds(time) || !/^[^\p{Cc}]{1,200}$/u.test(reason)) {
        throw new TypeError('a revocation has a time in whole seconds and a reason of 1 to 200 characters');
      }
      await openPrivateFolder(folder);
      const { revokedAt } = await find(keyId);
      if (revokedAt === null || time < revokedAt) {
        await writePrivateFile(at(keyId, 'revoked.json'), `${JSON.stringify({ at: time, reason })}\n`, true);
      }
      return find(keyId);
    },
    exportTrust: async () => {
      const text = `${JSON.stringify({ keys: (await listKeys()).map(trustedKeyOf) }, undefined, 2)}\n`;
      await readTrustList(text);
      return text;
    },
    openSigner: async (wanted, names = []) => {
      const key = wanted === 'active' ? newestFor(await listKeys(), names, folder) : await find(wanted);
      if (!names.every((name) => key.names.includes(name))) {
        throw keyNotFound({ keyId: key.keyId, names }, `The key ${key.keyId} does not sign for ${names.join(', ')}.`);
      }
      assertActive(key, at(key.keyId, 'json'));
      await openPrivateFolder(folder);
      const material = await readMaterial(at(key.keyId, 'pem'), key, passphrase);
      return signerOf(key, material, async () => assertActive(await find(key.keyId), at(key.keyId, 'json')));
    },
  };
};

/** A new key whose id does not begin like an option of a command line. */
const freshKey = async (algorithm: SignatureAlgorithm): Promise<{ readonly keyId: string; readonly material: KeyMaterial }> => {
  for (;;) {
    const material = await generateKey(algorithm);
    const keyId = await thumbprint(material.jwk);
    if (!keyId.startsWith('-')) {
      return { keyId, material };
    }
  }
};

const readNote = async <Note>(path: string, read: (text: string) => Note | undefined): Promise<Note | undefined> => {
  const text = await readPrivateFile(path);
  const note = text === undefined ? undefined : read(text);
  if (text !== undefined && note === undefined) {
    // A revocation that cannot be read is not one that never was.
    throw keyInvalid(path, 'the file is damaged');
  }
  return note;
};
