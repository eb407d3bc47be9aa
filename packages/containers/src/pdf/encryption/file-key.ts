// ISO 32000-1 §7.6.3 and ISO 32000-2 §7.6.4: the key of a file that opens without a password.
import { ascii, concat, equalBytes } from '@aigc-label/core';
import { md5 } from '../../md5.ts';
import { aesDecryptBlocks, aesEncryptBlocks, sha2 } from './aes.ts';
import { rc4 } from './rc4.ts';

/** What the encryption dictionary says of the key (table 21). */
export interface PdfKeyFacts {
  readonly revision: number;
  readonly keyBytes: number;
  readonly owner: Uint8Array;
  readonly user: Uint8Array;
  /** `/UE`, of revisions 5 and 6. */
  readonly userKey: Uint8Array;
  /** `/P`, as a signed number of 32 bits. */
  readonly permissions: number;
  /** The first part of `/ID`. */
  readonly identifier: Uint8Array;
  readonly encryptsMetadata: boolean;
}

/** What an empty password is filled up with (§7.6.3.3). */
const PADDING = Uint8Array.from([
  0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08, 0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80,
  0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
]);
const NO_PASSWORD = ascii('');

/** By then any last byte is small enough. */
const MAXIMUM_ROUNDS = 288;

/** The key; `undefined` where a password is needed, or the facts are wrong. */
export const pdfFileKey = async (facts: PdfKeyFacts): Promise<Uint8Array | undefined> => (facts.revision >= 5 ? keyOf256(facts) : keyOf128(facts));

/** Algorithms 2, 4 and 5. */
const keyOf128 = ({ revision, keyBytes, owner, user, permissions, identifier, encryptsMetadata }: PdfKeyFacts): Uint8Array | undefined => {
  const rights = Uint8Array.of(permissions, permissions >> 8, permissions >> 16, permissions >> 24);
  const clear = revision >= 4 && !encryptsMetadata ? Uint8Array.of(0xff, 0xff, 0xff, 0xff) : new Uint8Array();
  let key = md5(concat(PADDING, owner.subarray(0, 32), rights, identifier, clear)).subarray(0, keyBytes);
  for (let round = 0; revision >= 3 && round < 50; round += 1) {
    key = md5(key).subarray(0, keyBytes);
  }
  if (revision === 2) {
    return equalBytes(rc4(key, PADDING), user.subarray(0, 32)) ? key : undefined;
  }
  let proof = md5(concat(PADDING, identifier));
  for (let round = 0; round < 20; round += 1) {
    proof = rc4(
      key.map((byte) => byte ^ round),
      proof,
    );
  }
  return equalBytes(proof, user.subarray(0, 16)) ? key : undefined;
};

/** Algorithm 2.A, for the user's password. */
const keyOf256 = async ({ revision, user, userKey }: PdfKeyFacts): Promise<Uint8Array | undefined> => {
  const digest = (salt: Uint8Array): Promise<Uint8Array | undefined> => (revision === 5 ? sha2(256, salt) : hardened(salt));
  const proof = await digest(user.subarray(32, 40));
  if (user.length < 48 || userKey.length < 32 || proof === undefined || !equalBytes(proof, user.subarray(0, 32))) {
    return undefined;
  }
  const between = await digest(user.subarray(40, 48));
  return between === undefined ? undefined : aesDecryptBlocks(between, new Uint8Array(16), userKey.subarray(0, 32));
};

/** Algorithm 2.B, for no password. */
const hardened = async (salt: Uint8Array): Promise<Uint8Array | undefined> => {
  let key = await sha2(256, concat(NO_PASSWORD, salt));
  for (let round = 0; round < MAXIMUM_ROUNDS; round += 1) {
    const repeated = new Uint8Array(64 * key.length);
    for (let index = 0; index < 64; index += 1) {
      repeated.set(key, index * key.length);
    }
    const mixed = await aesEncryptBlocks(key.subarray(0, 16), key.subarray(16, 32), repeated);
    // The first 16 bytes as a number, modulo 3: 256 is 1 modulo 3, so the sum of the bytes will do.
    const remainder = mixed.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    key = await sha2(remainder === 0 ? 256 : remainder === 1 ? 384 : 512, mixed);
    if (round >= 63 && (mixed.at(-1) as number) <= round - 31) {
      return key.subarray(0, 32);
    }
  }
  return undefined;
};
