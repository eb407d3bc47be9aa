import { assertFields, type SignatureAlgorithm, type Signer } from '@aigc-label/core';
import { isSeconds, type KeyDescription } from './key-record.ts';

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
   * Makes a key of the same algorithm and names; from its first second on (by default the next one) the old one only verifies.
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

const MAXIMUM_NAMES = 64;

/** Checks a request for a key. @throws TypeError for names and times that cannot be; LabelError `LABEL_INVALID` for a name that no label may hold. */
export const assertRequest = (names: readonly string[], notBefore: number, expires: number | undefined): void => {
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
