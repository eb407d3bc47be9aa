import { utf8 } from '../../bytes/binary.ts';
import type { Hashing } from '../../ports/hashing.ts';
import { encodeBase64url } from '../base64url.ts';

/** What a leaf commits to. */
export interface LeafContent {
  /** The producer's ReservedCode1 as it stands in the file. */
  readonly reservedCode: string;
  /** 16 to 64 random bytes, kept with the record; without them nobody can tell which leaf is whose. */
  readonly salt: Uint8Array;
}

/** The fewest bytes of salt, so that it cannot be guessed. */
export const MINIMUM_SALT_BYTES = 16;
const MAXIMUM_SALT_BYTES = 64;

/**
 * The leaf of a record (spec/log.md §2): `{"c":"<commitment>","v":1}` with the commitment SHA-256 of `{"salt":"…","sha256":"…","v":1}`, both JCS (RFC 8785), values base64url.
 * A log is public, and so are labelled files: were the salt in the leaf, anyone with a file could find its leaf. So the leaf says nothing without the record, and once
 * record and salt are gone it never will, while the tree stays valid.
 *
 * @throws TypeError where the salt has less than 16 or more than 64 bytes.
 */
export const leafOf = ({ reservedCode, salt }: LeafContent, hashing: Hashing): Uint8Array => {
  if (salt.length < MINIMUM_SALT_BYTES || salt.length > MAXIMUM_SALT_BYTES) {
    throw new TypeError(`The salt of a leaf has ${MINIMUM_SALT_BYTES} to ${MAXIMUM_SALT_BYTES} bytes.`);
  }
  const code = digest(utf8(reservedCode), hashing);
  const commitment = digest(utf8(`{"salt":"${encodeBase64url(salt)}","sha256":"${code}","v":1}`), hashing);
  return utf8(`{"c":"${commitment}","v":1}`);
};

const digest = (bytes: Uint8Array, hashing: Hashing): string => {
  const hash = hashing.sha256();
  hash.update(bytes);
  return encodeBase64url(hash.digest());
};
