import type { Label } from '../label/label.ts';
import type { TrustList } from '../provenance/trust-list.ts';
import type { ContentDigest } from './content-digest.ts';
import type { SoftBinding } from './fingerprint.ts';
import type { Signer } from './signer.ts';

/** Whose field: `ReservedCode1` is the producer's, `ReservedCode2` the propagator's. */
export type SignatureRole = 'producer' | 'propagator';

/** A way in which a ReservedCode holds a signature. A new one is one new file. */
export interface SignatureProfile {
  /** Stable: `jws`, `tc260`. */
  readonly id: string;
  /** What a ReservedCode says: `undefined` where it is not of this profile. Bounded; never throws for what the label says. */
  verify(label: Label, role: SignatureRole, trust: TrustList): Promise<CodeFinding | undefined>;
  /** The ReservedCode of `role` for this label (whose own ReservedCode of that role is ignored). @throws LabelError `SIGNING_FAILED`, `LABEL_INVALID`. */
  sign(statement: SigningStatement, signer: Signer): Promise<string>;
}

/** What is signed. */
export interface SigningStatement {
  readonly role: SignatureRole;
  readonly label: Label;
  readonly content: ContentDigest;
  /** Seconds since 1970-01-01 UTC. */
  readonly signedAtSeconds: number;
  /** What the work looks like, where that is to be known again after a transcode; profiles that have no place for it leave it out. */
  readonly soft?: SoftBinding;
}

/**
 * `valid` by a key that the trust list has for whoever the label names, in its time · `unknown_key` the key is not in the list, or not for this name, or not at this time; where the key stands
 * in the label itself the signature holds, which proves that nobody touched the label since, not who made it · `revoked_key` · `invalid` it does not hold, or says something other than the
 * label · `malformed` meant as this profile, but not to be read.
 */
export type CodeState = 'valid' | 'unknown_key' | 'revoked_key' | 'invalid' | 'malformed';

/** What became of one ReservedCode. */
export interface CodeFinding {
  readonly profile: string;
  readonly state: CodeState;
  /** For machines and people, English, why it is not `valid`: `the signature does not hold`, `kid is not in the trust list`. */
  readonly reason?: string;
  /** Whether the mathematics hold, with whatever key; `null` where it could not be tried. */
  readonly isIntact: boolean | null;
  readonly keyId: string | null;
  readonly algorithm: string | null;
  /** The vendor's variant of `tc260`: `stepfun`, `minimax`; `null` where there is but one. */
  readonly variant: string | null;
  /** What the signer says of the time; a claim. */
  readonly signedAtSeconds: number | null;
  /** When the key was revoked, seconds; set with `revoked_key`, which earlier evidence of the time may undo. */
  readonly revokedAtSeconds?: number;
  /** What was signed of the content; `null` where the signature covers the label alone, so that anyone may copy it. */
  readonly content: ContentDigest | null;
  /** What the work looked like, where that was signed. */
  readonly soft?: SoftBinding;
  /** The value of `Label` that was signed. */
  readonly labelValue: string | null;
}
