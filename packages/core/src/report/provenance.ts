import type { CodeFinding } from '../ports/signature-profile.ts';

/**
 * How the content stands to what was signed: `same` to the bit, its label and metadata aside · `edited` most of it stands where it stood · `other` nothing shows that it is the same work ·
 * `label_only` the signature covers the label alone · `unreadable` it cannot be said what is content here · `none` nothing was signed.
 */
export type Binding = 'same' | 'edited' | 'other' | 'label_only' | 'unreadable' | 'none';

/** What the store knows: `unasked` no store was given · `unknown` · `known` this very content is recorded under this number · `conflict` other content is. */
export type RecordState = 'unasked' | 'unknown' | 'known' | 'conflict';

/** What the tamper-evident log says: `unasked` no proof was given · `included` · `failed` the proof does not hold, or is of another record. */
export type LogState = 'unasked' | 'included' | 'failed';

/** All that is known of a signed label: the part of the report that leads back to its origin. */
export interface Provenance {
  /** Whether the caller gave a trust list; without one every key is unknown. */
  readonly hasTrustList: boolean;
  /** ReservedCode1; `null` where it holds nothing that we know as a signature. */
  readonly producer: CodeFinding | null;
  /** ReservedCode2. */
  readonly propagator: CodeFinding | null;
  /** The content against what the producer signed, or, where there is no producer's signature, the propagator. */
  readonly binding: Binding;
  /** The content against what the propagator signed. */
  readonly propagatorBinding: Binding;
  readonly record: RecordState;
  readonly log: LogState;
  /** Seconds: the record demonstrably existed then, by the log's checkpoint or the store. */
  readonly provenSeconds: number | null;
  /** Whether what is perceived is like the signed work where its bytes are not; `null` where it was not looked at. */
  readonly softMatch: 'match' | 'mismatch' | null;
}

/** A work whose label is lost, and which a store of records knows by its content. */
export interface Recovered {
  readonly producer: string;
  readonly produceId: string;
  readonly labelValue: string;
  readonly signedAtSeconds: number;
}

/** Nothing was signed, or nobody looked. */
export const noProvenance: Provenance = {
  hasTrustList: false,
  producer: null,
  propagator: null,
  binding: 'none',
  propagatorBinding: 'none',
  record: 'unasked',
  log: 'unasked',
  provenSeconds: null,
  softMatch: null,
};
