import type { Label } from '../../label/label.ts';
import type { CodeFinding, SignatureRole } from '../../ports/signature-profile.ts';
import { decodeBase64url, encodeBase64url } from '../base64url.ts';
import { type TrustList, thumbprint } from '../trust-list.ts';
import { type Binding, decodeBinding, isOurs } from './binding.ts';
import { pointOf } from './curve.ts';
import { type Form, readPublicKey } from './forms.ts';
import { BINDING_SUBJECTS, LABEL_SUBJECTS, labelMessage, RSA_WITH_SHA_256, SM2_WITH_SM3 } from './messages.ts';
import { verifyRsa } from './rsa.ts';
import type { SecurityData, SecurityEntry } from './security-data.ts';
import { type Budget, MAXIMUM_CHECKS, type Match, trySignature } from './try-signature.ts';

/** Keys of one code that are tried. */
const MAXIMUM_KEYS = 4;

const NOTHING: Omit<CodeFinding, 'state' | 'reason'> = {
  profile: 'tc260',
  isIntact: null,
  keyId: null,
  algorithm: null,
  variant: null,
  signedAtSeconds: null,
  content: null,
  labelValue: null,
};

/** A finding that says `malformed`. */
export const malformed = (reason: string): CodeFinding => ({ ...NOTHING, state: 'malformed', reason });

/** What SecurityData proves of a label. Never throws for what the label says; at most `MAXIMUM_CHECKS` signatures are tried. */
export const judgeSecurityData = async (data: SecurityData, label: Label, role: SignatureRole, trust: TrustList): Promise<CodeFinding> => {
  const ofLabel = data.signatures.filter(({ subject }) => LABEL_SUBJECTS.has(subject));
  const [entry] = ofLabel;
  if (entry === undefined) {
    const isRsa = data.signatures.some(({ algorithm }) => algorithm === RSA_WITH_SHA_256);
    const reason = 'the label itself is not signed, and what was selected to be signed is not published';
    return { ...NOTHING, state: 'unknown_key', reason, ...(isRsa ? { algorithm: 'RS256', variant: 'honor' } : {}) };
  }
  if (ofLabel.length > 1) {
    return malformed('the label is signed more than once in it');
  }
  if (entry.algorithm === RSA_WITH_SHA_256) {
    return judgeRsa(entry, data, label, role);
  }
  return entry.algorithm === SM2_WITH_SM3
    ? judgeSm2(entry, data, label, role, trust)
    : { ...NOTHING, state: 'unknown_key', reason: 'the algorithm of the signature is not known' };
};

const judgeRsa = async (entry: SecurityEntry, { keys }: SecurityData, label: Label, role: SignatureRole): Promise<CodeFinding> => {
  const holds = await verifyRsa(labelMessage(label, role), entry.value, keys.find(({ keyId }) => keyId === entry.keyId)?.value);
  const part = { ...NOTHING, algorithm: 'RS256', variant: 'honor', isIntact: holds ?? null };
  if (holds === false) {
    return { ...part, state: 'invalid', reason: NOT_HOLDING };
  }
  const reason = holds === true ? ONLY_INTEGRITY : 'the key or the signature cannot be used';
  return { ...part, state: 'unknown_key', reason, labelValue: holds === true ? label.Label : null };
};

const NOT_HOLDING = 'the signature does not hold';
const ONLY_INTEGRITY = 'the key stands in the label and is not in the trust list: the label is as it was signed, but by whom is not proven';

const judgeSm2 = async (entry: SecurityEntry, data: SecurityData, label: Label, role: SignatureRole, trust: TrustList): Promise<CodeFinding> => {
  const keys = candidates(entry, data, role === 'producer' ? label.ContentProducer : label.ContentPropagator, trust);
  const [first] = keys;
  if (first === undefined && data.keys.length > 0) {
    return malformed('the key in it is none of SM2');
  }
  if (first === undefined) {
    return { ...NOTHING, state: 'unknown_key', reason: 'no key stands in it, and the trust list has none for this name', algorithm: 'SM2' };
  }
  const budget: Budget = { left: MAXIMUM_CHECKS };
  const match = await trySignature(labelMessage(label, role), entry.value, keys, budget);
  if (match === undefined) {
    return notHolding(entry, data, label, role, keys, budget);
  }
  const part = { ...NOTHING, isIntact: true, keyId: await idOf(match.publicKey), algorithm: 'SM2', variant: match.variant, labelValue: label.Label };
  const bound = await judgeBinding(data, label, role, match, budget);
  if (typeof bound === 'string') {
    return { ...part, isIntact: false, state: 'invalid', reason: bound };
  }
  return judgeKey({ ...part, content: bound?.content ?? null, signedAtSeconds: bound?.signedAtSeconds ?? null }, data, label, role, trust);
};

/** The keys of the label with the signature's KeyID; where no key stands in it, those of the trust list for this name. */
const candidates = (entry: SecurityEntry, data: SecurityData, name: string, trust: TrustList): readonly Form[] => {
  const present = data.keys.filter(({ algorithm, keyId }) => algorithm === SM2_WITH_SM3 && keyId === entry.keyId);
  if (data.keys.length > 0) {
    return present.flatMap(({ value }) => readPublicKey(value)).slice(0, MAXIMUM_KEYS);
  }
  return trust.keys
    .filter(({ algorithm, names }) => algorithm === 'SM2' && names.includes(name))
    .map(({ jwk }) => pointOf(decodeBase64url(jwk['x'] ?? '') ?? new Uint8Array(), decodeBase64url(jwk['y'] ?? '') ?? new Uint8Array()))
    .filter((bytes) => bytes !== undefined)
    .slice(0, MAXIMUM_KEYS)
    .map((bytes) => ({ form: 'trusted', bytes }));
};

const notHolding = async (
  entry: SecurityEntry,
  data: SecurityData,
  label: Label,
  role: SignatureRole,
  keys: readonly Form[],
  budget: Budget,
): Promise<CodeFinding> => {
  const part = { ...NOTHING, keyId: await idOf((keys[0] as Form).bytes), algorithm: 'SM2' };
  if (role === 'producer' || data.bindings.some(isOurs)) {
    return { ...part, state: 'invalid', isIntact: false, reason: NOT_HOLDING };
  }
  // Some write one code into both fields; and what StepFun signs in the second nobody has published, so that it cannot be called false.
  const repeated = await trySignature(labelMessage(label, 'producer'), entry.value, keys, budget);
  return repeated === undefined
    ? { ...part, state: 'unknown_key', reason: 'what this vendor signs for the propagator is not published' }
    : {
        ...part,
        state: 'unknown_key',
        isIntact: true,
        variant: repeated.variant,
        labelValue: label.Label,
        reason: 'it signs the fields of the producer, and so says nothing of the propagator',
      };
};

/** What is bound, `undefined` where nothing is or a vendor's way of selecting bytes is not published; a text says why it is false. */
const judgeBinding = async (
  { bindings, signatures }: SecurityData,
  label: Label,
  role: SignatureRole,
  { publicKey, variant }: Match,
  budget: Budget,
): Promise<Binding | string | undefined> => {
  const [entry] = bindings;
  if (entry === undefined || !isOurs(entry)) {
    return undefined;
  }
  const [signature, ...others] = signatures.filter(({ subject }) => BINDING_SUBJECTS.has(subject));
  const binding = decodeBinding(entry, label, role);
  if (binding === undefined || bindings.length > 1 || signature === undefined || others.length > 0) {
    return 'the content binding is not that of this label';
  }
  const match = await trySignature(JSON.stringify(entry), signature.value, [{ form: 'point', bytes: publicKey }], budget);
  return match?.variant === variant ? binding : 'the signature of the content binding does not hold';
};

type Judged = Omit<CodeFinding, 'state' | 'reason'>;

/** Whether the key may say this; where no time was signed, any time of a key that was not revoked will do. */
const judgeKey = (part: Judged, { bindings }: SecurityData, label: Label, role: SignatureRole, trust: TrustList): CodeFinding => {
  const key = trust.find(part.keyId ?? '');
  if (key === undefined) {
    return { ...part, state: 'unknown_key', reason: ONLY_INTEGRITY };
  }
  if (!key.names.includes(role === 'producer' ? label.ContentProducer : label.ContentPropagator)) {
    return { ...part, state: 'unknown_key', reason: 'the key may not sign for this name' };
  }
  const time = part.signedAtSeconds;
  if (time !== null && (time < key.notBefore || time >= key.expires)) {
    return { ...part, state: 'unknown_key', reason: 'the key was not valid at the time of the signature' };
  }
  if (key.revokedAt !== null) {
    return { ...part, state: 'revoked_key', reason: 'the key was revoked', revokedAtSeconds: key.revokedAt };
  }
  if (part.content !== null) {
    return { ...part, state: 'valid' };
  }
  const reason =
    bindings.length === 0
      ? 'the signature covers the label alone, not the content'
      : 'how this vendor selects the content that it binds is not published';
  return { ...part, state: 'valid', reason };
};

const idOf = (publicKey: Uint8Array): Promise<string> => thumbprint(sm2Jwk(publicKey));

/** An SM2 public key (`04`, x and y) as the JWK that a trust list has. */
export const sm2Jwk = (publicKey: Uint8Array): Readonly<Record<string, string>> => ({
  kty: 'EC',
  crv: 'SM2',
  x: encodeBase64url(publicKey.subarray(1, 33)),
  y: encodeBase64url(publicKey.subarray(33, 65)),
});
