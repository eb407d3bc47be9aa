import { readTrustList, type SignatureAlgorithm, thumbprint } from '@aigc-label/core';

/** What is known of a key; nothing of it is secret. */
export interface KeyDescription {
  /** RFC 7638 thumbprint of the public key. */
  readonly keyId: string;
  readonly algorithm: SignatureAlgorithm;
  /** For whom it signs: names or codes (`ContentProducer`, `ContentPropagator`). */
  readonly names: readonly string[];
  /** `pending` before its time, `expired` after it; `verify_only` was followed by another; `revoked` must not be trusted any more. */
  readonly status: 'active' | 'pending' | 'verify_only' | 'expired' | 'revoked';
  /** Seconds, the first at which it may sign. */
  readonly notBefore: number;
  /** Seconds, the first at which it may not; `null` where no end is set. */
  readonly expires: number | null;
  /** Seconds; set with `revoked`. */
  readonly revokedAt: number | null;
  readonly revocationReason: string | null;
  /** The key that followed it. */
  readonly successor: string | null;
  /** The public members alone. */
  readonly jwk: Readonly<Record<string, string>>;
}

/** What stands in `key-<id>.json`: written once, with the key. */
export interface KeyFacts extends Pick<KeyDescription, 'keyId' | 'algorithm' | 'names' | 'notBefore' | 'expires' | 'jwk'> {}

/** What stands in `key-<id>.retired.json`, once there is a successor. */
export interface Retirement {
  readonly at: number;
  readonly successor: string;
}

/** What stands in `key-<id>.revoked.json`. */
export interface Revocation {
  readonly at: number;
  readonly reason: string;
}

/** A key as it stands at a time. */
export const describeKey = (
  { keyId, algorithm, names, notBefore, expires, jwk }: KeyFacts,
  retired: Retirement | undefined,
  revoked: Revocation | undefined,
  nowSeconds: number,
): KeyDescription => {
  // A retired key has an end: nobody can sign with it later and be believed.
  const end = Math.min(expires ?? Number.MAX_SAFE_INTEGER, retired?.at ?? Number.MAX_SAFE_INTEGER);
  return {
    keyId,
    algorithm,
    names,
    status: statusOf(revoked !== undefined, retired !== undefined && nowSeconds >= retired.at, notBefore, end, nowSeconds),
    notBefore,
    expires: end === Number.MAX_SAFE_INTEGER ? null : end,
    revokedAt: revoked?.at ?? null,
    revocationReason: revoked?.reason ?? null,
    successor: retired?.successor ?? null,
    jwk,
  };
};

const statusOf = (isRevoked: boolean, isRetired: boolean, notBefore: number, end: number, now: number): KeyDescription['status'] => {
  if (isRevoked || isRetired) {
    return isRevoked ? 'revoked' : 'verify_only';
  }
  return now < notBefore ? 'pending' : now >= end ? 'expired' : 'active';
};

/** A key as a member of a JWKS that `readTrustList` reads (RFC 7517, spec/record.md §6). */
export const trustedKeyOf = (key: KeyDescription): Readonly<Record<string, unknown>> => ({
  ...key.jwk,
  kid: key.keyId,
  alg: key.algorithm,
  use: 'sig',
  names: key.names,
  nbf: key.notBefore,
  ...(key.expires === null ? {} : { exp: key.expires }),
  status: key.revokedAt === null ? (key.successor === null ? 'active' : 'verify_only') : 'revoked',
  ...(key.revokedAt === null ? {} : { revoked_at: key.revokedAt, reason: key.revocationReason }),
});

/** Reads `key-<id>.json`; `undefined` where it is damaged or of another key than its name says. */
export const readFacts = async (text: string, keyId: string): Promise<KeyFacts | undefined> => {
  const { algorithm, names, notBefore, expires, jwk } = parsed(text) ?? {};
  try {
    const [key] = (
      await readTrustList(
        JSON.stringify({ keys: [{ ...(jwk as object), alg: algorithm, names, nbf: notBefore, ...(expires === null ? {} : { exp: expires }) }] }),
      )
    ).keys;
    return key === undefined || key.keyId !== keyId || (await thumbprint(key.jwk)) !== keyId || !isSeconds(notBefore)
      ? undefined
      : { keyId, algorithm: key.algorithm, names: key.names, notBefore: key.notBefore, expires: expires === null ? null : key.expires, jwk: key.jwk };
  } catch {
    return undefined;
  }
};

/** Reads `key-<id>.retired.json`. */
export const readRetirement = (text: string): Retirement | undefined => {
  const { at, successor } = parsed(text) ?? {};
  return isSeconds(at) && typeof successor === 'string' ? { at, successor } : undefined;
};

/** Reads `key-<id>.revoked.json`. */
export const readRevocation = (text: string): Revocation | undefined => {
  const { at, reason } = parsed(text) ?? {};
  return isSeconds(at) && typeof reason === 'string' ? { at, reason } : undefined;
};

/** Whether a value is a time in whole seconds. */
export const isSeconds = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const parsed = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
};
