import type { RecordStore, SweepOutcome } from '@aigc-label/core';

/** A dated row that says what a sweep has forgotten; written in the same transaction (spec/provenance.md §3.5). */
export interface DeletionCertificate extends SweepOutcome {
  readonly forgottenPropagations: number;
  /** When it was swept; what had expired by then and was not held is what was forgotten. */
  readonly atMillis: number;
}

/** What the stores of this package can do beyond `RecordStore`. */
export interface CertifiedStore extends RecordStore {
  /** The certificates of what was forgotten, the newest first; at most 1,000. A sweep that forgot nothing has none. */
  certificates(): Promise<readonly DeletionCertificate[]>;
}

export const MAXIMUM_CERTIFICATES = 1_000;
