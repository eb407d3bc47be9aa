import canonicalize from 'canonicalize';
import { flattenedVerify, importJWK, type JWK } from 'jose';
import { utf8 } from '../bytes/binary.ts';
import { LabelError } from '../errors.ts';
import type { Label } from '../label/label.ts';
import type { CodeFinding, SignatureProfile, SignatureRole } from '../ports/signature-profile.ts';
import type { Signer } from '../ports/signer.ts';
import { decodeBase64url, decodeBase64urlText, encodeBase64url, encodeBase64urlText } from './base64url.ts';
import { decodeStatement, encodeStatement, mismatchOf, parseCanonical, type Statement } from './statement.ts';
import type { TrustedKey, TrustList } from './trust-list.ts';

/** `typ` of a producer's record and of a propagator's: one can never stand for the other. */
const TYPES: Readonly<Record<SignatureRole, string>> = { producer: 'aigc-prov+jws', propagator: 'aigc-propagation+jws' };
const SIGNATURE_BYTES = 64;
const ALGORITHMS: ReadonlySet<string> = new Set(['Ed25519', 'ES256']);
/** The longest code that is looked at; ours have about 520 characters. */
const MAXIMUM_CHARACTERS = 8192;

/** A compact JWS (RFC 7515) over a payload in JCS (RFC 8785): spec/record.md §2. */
export const jwsProfile: SignatureProfile = {
  id: 'jws',
  verify: async (label, role, trust) => {
    const code = role === 'producer' ? label.ReservedCode1 : label.ReservedCode2;
    if (!/^eyJ[\w-]*\.[\w-]*\.[\w-]*$/.test(code) || code.length > MAXIMUM_CHARACTERS) {
      return undefined;
    }
    return judge(code, label, role, trust);
  },
  sign: async (statement, signer) => {
    const { algorithm, keyId, publicJwk } = signer;
    if (!ALGORITHMS.has(algorithm)) {
      throw new TypeError(`the profile "jws" signs with Ed25519 or ES256, not with ${algorithm}; SM2 is for the profile "tc260"`);
    }
    const header = canonicalize({ alg: algorithm, kid: keyId, typ: TYPES[statement.role] }) as string;
    const input = `${encodeBase64urlText(header)}.${encodeBase64urlText(encodeStatement(statement))}`;
    const signature = await signatureOf(signer, utf8(input));
    const code = `${input}.${encodeBase64url(signature)}`;
    if (publicJwk !== undefined && !(await holds(code, algorithm, publicJwk))) {
      throw failed('the signature does not fit the public key');
    }
    return code;
  },
};

/** What a signer answers for `data`, looked at before it is used. @throws LabelError `SIGNING_FAILED`. */
export const signatureOf = async (signer: Signer, data: Uint8Array): Promise<Uint8Array> => {
  let signature: Uint8Array;
  try {
    signature = await signer.sign(data);
  } catch (error) {
    throw failed(`the signer with key ${signer.keyId} gave no signature`, error);
  }
  if (!(signature instanceof Uint8Array) || signature.length !== SIGNATURE_BYTES) {
    throw failed(`the signer must answer with ${SIGNATURE_BYTES} bytes (r and s side by side, not DER)`);
  }
  return signature;
};

const failed = (reason: string, cause?: unknown): LabelError =>
  new LabelError('SIGNING_FAILED', `The label could not be signed: ${reason}. Nothing was written.`, { data: { reason }, cause });

type Part = Omit<CodeFinding, 'state' | 'reason' | 'isIntact' | 'profile' | 'variant'>;
const NOTHING: Part = { keyId: null, algorithm: null, signedAtSeconds: null, content: null, labelValue: null };

const judge = async (code: string, label: Label, role: SignatureRole, trust: TrustList): Promise<CodeFinding | undefined> => {
  const [headerPart = '', payloadPart = ''] = code.split('.');
  const header = parseCanonical(decodeBase64urlText(headerPart) ?? '');
  if (header !== undefined && header['typ'] !== TYPES[role] && !Object.values(TYPES).includes(String(header['typ']))) {
    return undefined;
  }
  const { alg, kid, typ } = header ?? {};
  const statement = decodeStatement(decodeBase64urlText(payloadPart) ?? '', role);
  if (
    Object.keys(header ?? {})
      .sort()
      .join() !== 'alg,kid,typ' ||
    typ !== TYPES[role] ||
    typeof kid !== 'string' ||
    statement === undefined ||
    !ALGORITHMS.has(String(alg))
  ) {
    return finding('malformed', 'the record is not in its canonical form', null, NOTHING);
  }
  const part = partOf(statement, kid, String(alg));
  const key = trust.find(kid);
  if (key === undefined) {
    return finding('unknown_key', 'the key is not in the trust list', null, part);
  }
  if (key.algorithm !== alg || !(await holds(code, key.algorithm, key.jwk))) {
    return finding('invalid', 'the signature does not hold', false, part);
  }
  const mismatch = mismatchOf(statement, label, role);
  return mismatch === undefined ? judgeKey(key, statement, part) : finding('invalid', mismatch, true, part);
};

const partOf = ({ signedAtSeconds, content, labelValue, soft }: Statement, keyId: string, algorithm: string): Part => ({
  keyId,
  algorithm,
  signedAtSeconds,
  content,
  ...(soft === null ? {} : { soft }),
  labelValue,
});

/** Whether this key may say this, at the time at which it says that it does. */
const judgeKey = (key: TrustedKey, { name, signedAtSeconds }: Statement, part: Part): CodeFinding => {
  if (!key.names.includes(name)) {
    return finding('unknown_key', 'the key may not sign for this name', true, part);
  }
  if (signedAtSeconds < key.notBefore || signedAtSeconds >= key.expires) {
    return finding('unknown_key', 'the key was not valid at the time of the signature', true, part);
  }
  if (key.revokedAt !== null) {
    return { ...finding('revoked_key', 'the key was revoked', true, part), revokedAtSeconds: key.revokedAt };
  }
  return finding('valid', undefined, true, part);
};

const finding = (state: CodeFinding['state'], reason: string | undefined, isIntact: boolean | null, part: Part): CodeFinding => ({
  profile: 'jws',
  state,
  ...(reason === undefined ? {} : { reason }),
  isIntact,
  variant: null,
  ...part,
});

/** Imported keys by their JWK; an object in a trust list lives as long as the list. */
const imported = new WeakMap<object, Promise<CryptoKey | Uint8Array>>();

const holds = async (code: string, algorithm: string, jwk: Readonly<Record<string, string>>): Promise<boolean> => {
  const [protectedPart = '', payload = '', signature = ''] = code.split('.');
  if (decodeBase64url(signature)?.length !== SIGNATURE_BYTES) {
    return false;
  }
  try {
    let key = imported.get(jwk);
    if (key === undefined) {
      key = importJWK(jwk as JWK, algorithm);
      imported.set(jwk, key);
    }
    await flattenedVerify({ protected: protectedPart, payload, signature }, await key, { algorithms: [algorithm] });
    return true;
  } catch {
    return false;
  }
};
