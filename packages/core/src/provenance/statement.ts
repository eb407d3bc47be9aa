import canonicalize from 'canonicalize';
import { utf8 } from '../bytes/binary.ts';
import { hasDuplicateMember, isDeeperThan } from '../label/json-members.ts';
import type { Label } from '../label/label.ts';
import type { ContentDigest } from '../ports/content-digest.ts';
import type { SoftBinding } from '../ports/fingerprint.ts';
import type { SignatureRole, SigningStatement } from '../ports/signature-profile.ts';
import { decodeBase64url, encodeBase64url } from './base64url.ts';
import { pureHashing } from './pure-hashing.ts';

/** The version of the payload (`v`). */
export const STATEMENT_VERSION = 1;

/** What a record says, read back from its payload (spec/record.md §2). */
export interface Statement {
  readonly labelValue: string;
  /** ContentProducer, or ContentPropagator. */
  readonly name: string;
  /** ProduceID, or PropagateID. */
  readonly identifier: string;
  readonly signedAtSeconds: number;
  readonly content: ContentDigest;
  readonly soft: SoftBinding | null;
  /** For a propagator: the SHA-256 of the ReservedCode1 that it found, base64url. */
  readonly producerCodeHash: string | null;
}

/** The payload for a statement: JCS (RFC 8785), so that one statement has one spelling. */
export const encodeStatement = ({ role, label, content, signedAtSeconds, soft }: SigningStatement): string => {
  const cd = { a: content.method, h: content.hash, ...(content.excerpts === '' ? {} : { x: content.excerpts }) };
  const sb = soft === undefined ? {} : { sb: { a: soft.method, v: soft.value } };
  const common = { v: STATEMENT_VERSION, lb: label.Label, iat: signedAtSeconds, cd, ...sb };
  const payload =
    role === 'producer'
      ? { ...common, cp: label.ContentProducer, pid: label.ProduceID }
      : { ...common, pp: label.ContentPropagator, ppid: label.PropagateID, r1: hashOfCode(label.ReservedCode1) };
  return canonicalize(payload) as string;
};

/** SHA-256 of a ReservedCode1, base64url: what ties a propagator's record to the producer's. */
export const hashOfCode = (code: string): string => {
  const hash = pureHashing.sha256();
  hash.update(utf8(code));
  return encodeBase64url(hash.digest());
};

/** Reads a payload: exactly the members of its role, each of its type, in canonical form; `undefined` otherwise. */
export const decodeStatement = (json: string, role: SignatureRole): Statement | undefined => {
  const { v, lb, iat, cd, sb, ...own } = parseCanonical(json) ?? {};
  const [nameMember, idMember, ...rest] = MEMBERS[role];
  const [name, identifier] = [own[nameMember], own[idMember]];
  const [content, soft] = [contentOf(cd), softOf(sb)];
  const isComplete = Object.keys(own).sort().join() === MEMBERS[role].toSorted().join();
  const isTimed = Number.isSafeInteger(iat) && (iat as number) >= 0;
  const code = own['r1'];
  if (!isComplete || v !== STATEMENT_VERSION || !isTimed || content === undefined || soft === undefined || (rest.length > 0 && !isHash(code))) {
    return undefined;
  }
  if (typeof lb !== 'string' || typeof name !== 'string' || typeof identifier !== 'string') {
    return undefined;
  }
  return {
    labelValue: lb,
    name,
    identifier,
    signedAtSeconds: iat as number,
    content,
    soft,
    producerCodeHash: rest.length > 0 ? (code as string) : null,
  };
};

/** What each role says besides what all say. */
const MEMBERS: Readonly<Record<SignatureRole, readonly [name: string, identifier: string, ...rest: readonly string[]]>> = {
  producer: ['cp', 'pid'],
  propagator: ['pp', 'ppid', 'r1'],
};

const softOf = (value: unknown): SoftBinding | null | undefined => {
  if (value === undefined) {
    return null;
  }
  const { a, v, ...rest } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return Object.keys(rest).length === 0 && isMethod(a) && isHash(v) ? { method: a as string, value: v as string } : undefined;
};

const isMethod = (value: unknown): boolean => typeof value === 'string' && /^[a-z0-9]+(-[a-z0-9]+)*-[1-9][0-9]*$/.test(value);

/** An object in its canonical form (RFC 8785) and without doubled members; `undefined` otherwise. Nothing else is ever signed, so nothing else is looked at. */
export const parseCanonical = (json: string): Record<string, unknown> | undefined => {
  if (isDeeperThan(json, 4) || !json.startsWith('{')) {
    return undefined;
  }
  try {
    const parsed = JSON.parse(json) as Record<string, unknown>;
    return !hasDuplicateMember(json) && canonicalize(parsed) === json ? parsed : undefined;
  } catch {
    return undefined;
  }
};

const contentOf = (value: unknown): ContentDigest | undefined => {
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  const { a, h, x, ...rest } = value as Record<string, unknown>;
  if (Object.keys(rest).length > 0 || !isMethod(a) || !isHash(h)) {
    return undefined;
  }
  if (x !== undefined && (typeof x !== 'string' || x.length > 60 || decodeBase64url(x) === undefined)) {
    return undefined;
  }
  return { method: a as string, hash: h as string, excerpts: (x as string | undefined) ?? '' };
};

const isHash = (value: unknown): boolean => typeof value === 'string' && value.length === 43 && decodeBase64url(value) !== undefined;

/** Why a statement is not about this label, or `undefined` where it is. */
export const mismatchOf = (statement: Statement, label: Label, role: SignatureRole): string | undefined => {
  const expected =
    role === 'producer'
      ? { name: label.ContentProducer, identifier: label.ProduceID }
      : { name: label.ContentPropagator, identifier: label.PropagateID };
  if (statement.name !== expected.name || statement.identifier !== expected.identifier) {
    return 'the label names somebody, or a number, that was not signed';
  }
  if (role === 'propagator' && statement.producerCodeHash !== hashOfCode(label.ReservedCode1)) {
    return 'ReservedCode1 is not the one that the propagator found';
  }
  return undefined;
};
