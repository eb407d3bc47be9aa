import { join } from 'node:path';
import { assertFields, readTrustList, type SignatureAlgorithm, type Signer, thumbprint } from '@aigc-label/core';
import { keyInvalid, keyNotFound } from './key-error.ts';
import { generateKey, type KeyMaterial, readKey } from './key-material.ts';
import { MINIMUM_PASSPHRASE } from './key-place.ts';
import { describeKey, isSeconds, type KeyDescription, type KeyFacts, readFacts, readRetirement, readRevocation, trustedKeyOf } from './key-record.ts';
import { namesIn, openPrivateFolder, readPrivateFile, writePrivateFile } from './private-files.ts';

/** Where keys lie, and how they are kept. */
export interface KeyFolderOptions {
  /** The folder; made (0700) when the first key is. */
  readonly folder: string;
  /** Encrypts new private keys (PKCS#8, PBES2) and opens encrypted ones; the default is none. At least 12 characters, best drawn at random. */
  readonly passphrase?: string | undefined;
  /** Seconds since 1970-01-01 UTC; the default is this machine's clock. */
  readonly nowSeconds?: () => number;
}

/** What a new key is made from. */
export interface NewKey {
  /** The default is `Ed25519`. */
  readonly algorithm?: SignatureAlgorithm | undefined;
  /** For whom it signs: the names or codes in `ContentProducer` and `ContentPropagator`; 1 to 64. */
  readonly names: readonly string[];
  /** Seconds, the first at which it may sign; the default is now. */
  readonly notBefore?: number | undefined;
  /** Seconds, the first at which it may not; the default is never. */
  readonly expires?: number | undefined;
}

/** A folder of signing keys. Its files are written once each; private keys never leave it but as signatures. */
export interface KeyFolder {
  /** @throws LabelError `LABEL_INVALID` for a name that no label may hold, `KEY_INVALID` for a folder that others can open, and as the disk does. */
  createKey(request: NewKey): Promise<KeyDescription>;
  /** Oldest first. @throws LabelError `KEY_INVALID` for a damaged file. */
  listKeys(): Promise<readonly KeyDescription[]>;
  /**
   * Makes a key of the same algorithm and names; from its first second on the old one only verifies.
   *
   * @throws LabelError `KEY_NOT_FOUND`; `KEY_INVALID` for a key that is revoked or has a successor.
   */
  rotateKey(keyId: string, window?: Pick<NewKey, 'notBefore' | 'expires'>): Promise<KeyDescription>;
  /**
   * Marks a key as not to be trusted from a time on (half-open). It cannot be taken back; a later call can only set an earlier time.
   *
   * @throws LabelError `KEY_NOT_FOUND`.
   */
  revokeKey(keyId: string, revocation: { readonly at?: number | undefined; readonly reason: string }): Promise<KeyDescription>;
  /** The public keys as a JWKS that `readTrustList` reads; deterministic. */
  exportTrust(): Promise<string>;
  /**
   * A signer with this key, or with the newest active one that may sign for all of `names`. It asks before it signs whether the key still may.
   *
   * @throws LabelError `KEY_NOT_FOUND`; `KEY_INVALID` for a key that is open to others, damaged, encrypted with another passphrase, or not active.
   */
  openSigner(keyId: string, names?: readonly string[]): Promise<Signer>;
}

const KEY_FILE = /^key-([A-Za-z0-9_-]{43})\.json$/;
const MAXIMUM_NAMES = 64;

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
      const key = await createKey({ algorithm, names, ...window });
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

const assertRequest = (names: readonly string[], notBefore: number, expires: number | undefined): void => {
  if (!Array.isArray(names) || names.length === 0 || names.length > MAXIMUM_NAMES) {
    throw new TypeError(`a key has 1 to ${MAXIMUM_NAMES} names that it signs for`);
  }
  for (const name of names) {
    assertFields({ ContentProducer: name });
  }
  if (!isSeconds(notBefore) || (expires !== undefined && (!isSeconds(expires) || expires <= notBefore))) {
    throw new TypeError('times are whole seconds, and a key expires after its first');
  }
};

const newestFor = (keys: readonly KeyDescription[], names: readonly string[], folder: string): KeyDescription => {
  const key = keys.filter(({ status, names: own }) => status === 'active' && names.length > 0 && names.every((name) => own.includes(name))).at(-1);
  if (key === undefined) {
    throw keyNotFound(
      { keyId: names.join(', '), names, folder },
      `There is no active key for ${names.join(', ') || 'nobody'} in ${JSON.stringify(folder)}; make one with aigc-label keys new.`,
    );
  }
  return key;
};

const assertActive = ({ status }: KeyDescription, path: string): void => {
  if (status !== 'active') {
    throw keyInvalid(path, `it is not active but ${status.replace('_', ' ')}`);
  }
};

const readMaterial = async (path: string, { algorithm, keyId }: KeyDescription, passphrase: string | undefined): Promise<KeyMaterial> => {
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

const signerOf = ({ keyId, algorithm }: KeyDescription, { jwk, publicKey, sign }: KeyMaterial, assertStill: () => Promise<void>): Signer =>
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
