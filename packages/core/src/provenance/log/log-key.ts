import { concat, utf8 } from '../../bytes/binary.ts';
import type { Hashing } from '../../ports/hashing.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

/** Whose notes are believed: a log, or a witness that has seen the log grow. */
export interface LogKey {
  /** The key's name in signature lines; a log's is its origin. */
  readonly name: string;
  /** `log` signs the text of a note (signature type 0x01) · `witness` signs it with the time (0x04, c2sp.org/tlog-cosignature). */
  readonly kind: LogKeyKind;
  /** Ed25519 (RFC 8032), 32 bytes. */
  readonly publicKey: Uint8Array;
  /** The first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ public key) (c2sp.org/signed-note). */
  readonly id: Uint8Array;
}

export type LogKeyKind = 'log' | 'witness';

const TYPE_OF_KIND: Readonly<Record<LogKeyKind, number>> = { log: 0x01, witness: 0x04 };
const KEY_BYTES = 32;
const MAXIMUM_NAME_CHARACTERS = 512;

/**
 * A key as c2sp.org/signed-note names it.
 *
 * @throws TypeError where the name has a space, a plus or a control character, or the key is not of 32 bytes.
 */
export const logKey = (name: string, publicKey: Uint8Array, hashing: Hashing, kind: LogKeyKind = 'log'): LogKey => {
  if (!isKeyName(name)) {
    throw new TypeError(`The name of a log has 1 to ${MAXIMUM_NAME_CHARACTERS} characters, none of them a space, a plus or a control character.`);
  }
  if (publicKey.length !== KEY_BYTES) {
    throw new TypeError(`An Ed25519 key has ${KEY_BYTES} bytes.`);
  }
  return { name, kind, publicKey, id: keyIdOf(name, TYPE_OF_KIND[kind], publicKey, hashing) };
};

/** A key in one line, to be pinned by verifiers: `name+id+base64(type ‖ public key)`, the "vkey" of c2sp.org/signed-note and of Go's `note.NewVerifier`. */
export const writeLogKey = ({ name, kind, publicKey, id }: LogKey): string =>
  `${name}+${hexOf(id)}+${encodeBase64(concat(Uint8Array.of(TYPE_OF_KIND[kind]), publicKey))}`;

/** Reads such a line; `undefined` where it is none, or of a kind that is not supported. */
export const readLogKey = (line: string, hashing: Hashing): LogKey | undefined => {
  const [, name = '', id, data = ''] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{44})$/.exec(line) ?? [];
  const bytes = decodeBase64(data);
  const kind = bytes?.[0] === TYPE_OF_KIND.log ? 'log' : bytes?.[0] === TYPE_OF_KIND.witness ? 'witness' : undefined;
  if (kind === undefined || bytes?.length !== 1 + KEY_BYTES || !isKeyName(name)) {
    return undefined;
  }
  const key = logKey(name, bytes.subarray(1), hashing, kind);
  return hexOf(key.id) === id ? key : undefined;
};

/** Whether a text can be the name of a key (c2sp.org/signed-note: no Unicode spaces, no plus); control characters are in no note at all. */
export const isKeyName = (name: string): boolean => name.length <= MAXIMUM_NAME_CHARACTERS && /^[^\s+\u0000-\u001f\u0085\p{Surrogate}]+$/u.test(name);

const keyIdOf = (name: string, type: number, publicKey: Uint8Array, hashing: Hashing): Uint8Array => {
  const hash = hashing.sha256();
  hash.update(concat(utf8(`${name}\n`), Uint8Array.of(type), publicKey));
  return hash.digest().slice(0, 4);
};

const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
