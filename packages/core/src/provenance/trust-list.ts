import { calculateJwkThumbprint, type JWK } from 'jose';
import { LabelError } from '../errors.ts';
import { hasDuplicateMember, isDeeperThan } from '../label/json-members.ts';
import type { SignatureAlgorithm } from '../ports/signer.ts';

/** A public key that a verifier trusts, and for what. */
export interface TrustedKey {
  /** RFC 7638 thumbprint; worked out from the key itself, never taken on trust. */
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  /** The public members alone. */
  readonly jwk: Readonly<Record<string, string>>;
  /** The names or codes (`ContentProducer`, `ContentPropagator`) that it may sign for; a key may sign for nobody else. */
  readonly names: readonly string[];
  /** Seconds, the first at which it may sign and the first at which it may not. */
  readonly notBefore: number;
  readonly expires: number;
  /** Seconds; what was demonstrably signed before counts (half-open). */
  readonly revokedAt: number | null;
}

/** Keys by their id. */
export interface TrustList {
  find(keyId: string): TrustedKey | undefined;
  readonly keys: readonly TrustedKey[];
}

/** A trust list without keys: every signature is by an unknown key. */
export const noTrust: TrustList = { keys: [], find: () => undefined };

const MAXIMUM_KEYS = 10_000;
const MAXIMUM_CHARACTERS = 16 << 20;
const ALGORITHM_OF_CURVE: Readonly<Record<string, SignatureAlgorithm>> = { Ed25519: 'Ed25519', 'P-256': 'ES256', SM2: 'SM2' };

/**
 * Reads a trust list: a JWKS (RFC 7517) whose keys have `names`, a window (`nbf`, `exp`) and where revoked `revoked_at`, seconds (spec/record.md §6).
 *
 * @throws LabelError `TRUST_INVALID` with `data.reason` and `data.index` of the key.
 */
export const readTrustList = async (json: string): Promise<TrustList> => {
  const keys = await Promise.all(keysOf(json).map(readKey));
  const byId = new Map(keys.map((key) => [key.keyId, key]));
  if (byId.size < keys.length) {
    throw invalid('a key stands in it twice');
  }
  return { keys, find: (keyId) => byId.get(keyId) };
};

const keysOf = (json: string): readonly unknown[] => {
  if (json.length > MAXIMUM_CHARACTERS || isDeeperThan(json, 16)) {
    throw invalid('it is too large');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch (error) {
    throw invalid('it is not JSON', undefined, error);
  }
  if (hasDuplicateMember(json)) {
    throw invalid('a member stands in it twice');
  }
  const keys = isObject(parsed) ? parsed['keys'] : undefined;
  if (!Array.isArray(keys) || keys.length > MAXIMUM_KEYS) {
    throw invalid(`it has no list "keys" of at most ${MAXIMUM_KEYS}`);
  }
  return keys;
};

const readKey = async (value: unknown, index: number): Promise<TrustedKey> => {
  if (!isObject(value)) {
    throw invalid('the key is not an object', index);
  }
  if (['d', 'p', 'q', 'k'].some((member) => member in value)) {
    throw invalid('the key is a private one: take it out at once, and revoke it', index);
  }
  const { kty, crv, x, y, kid, alg, names, nbf, exp, status, revoked_at: revokedAt } = value;
  const algorithm = typeof crv === 'string' ? ALGORITHM_OF_CURVE[crv] : undefined;
  const jwk = { kty, crv, x, ...(algorithm === 'Ed25519' ? {} : { y }) };
  if (
    algorithm === undefined ||
    kty !== (algorithm === 'Ed25519' ? 'OKP' : 'EC') ||
    !Object.values(jwk).every((member) => typeof member === 'string')
  ) {
    throw invalid('the key is neither Ed25519 nor P-256 nor SM2', index);
  }
  if (alg !== undefined && alg !== algorithm && !(alg === 'EdDSA' && algorithm === 'Ed25519')) {
    throw invalid('"alg" does not fit the curve', index);
  }
  const keyId = await thumbprint(jwk as Record<string, string>);
  if (kid !== undefined && kid !== keyId) {
    throw invalid('"kid" is not the thumbprint of the key (RFC 7638)', index);
  }
  if (!Array.isArray(names) || names.length === 0 || !names.every((name) => typeof name === 'string' && name !== '')) {
    throw invalid('"names" does not say for whom the key may sign (ContentProducer or ContentPropagator)', index);
  }
  if (![nbf, exp, revokedAt].every((time) => time === undefined || time === null || Number.isSafeInteger(time))) {
    throw invalid('a time is not a whole number of seconds', index);
  }
  if (status === 'revoked' && typeof revokedAt !== 'number') {
    throw invalid('a revoked key has no "revoked_at"', index);
  }
  return {
    keyId,
    algorithm,
    jwk: jwk as Record<string, string>,
    names,
    notBefore: typeof nbf === 'number' ? nbf : 0,
    expires: typeof exp === 'number' ? exp : Number.MAX_SAFE_INTEGER,
    revokedAt: typeof revokedAt === 'number' ? revokedAt : null,
  };
};

/** The id of a public key: its RFC 7638 thumbprint with SHA-256, base64url. */
export const thumbprint = (jwk: Readonly<Record<string, string>>): Promise<string> => calculateJwkThumbprint(jwk as JWK, 'sha256');

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

const invalid = (reason: string, index?: number, cause?: unknown): LabelError =>
  new LabelError('TRUST_INVALID', `The trust list cannot be used: ${index === undefined ? '' : `key ${index + 1}: `}${reason}.`, {
    data: { reason, ...(index === undefined ? {} : { index }) },
    ...(cause === undefined ? {} : { cause }),
  });
