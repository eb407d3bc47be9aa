import type { CodeFinding } from '../ports/signature-profile.ts';
import type { Provenance } from './provenance.ts';
import type { Integrity } from './verdict.ts';

/**
 * How far one label can be trusted (spec/provenance.md §1.6), from what is known of its signatures.
 *
 * A producer's signature decides; a propagator's counts where the label names no producer, and where it vouches for content that was edited after the producer signed.
 */
export const integrityOfSigned = (provenance: Provenance): Integrity => {
  const { producer, propagator, binding } = provenance;
  if (propagator !== null && isBroken(propagator)) {
    return 'bad_signature';
  }
  const decisive = producer ?? propagator;
  if (decisive === null) {
    return 'unsigned';
  }
  if (isBroken(decisive)) {
    return 'bad_signature';
  }
  if (decisive.state === 'malformed') {
    // Another vendor's form that we cannot read: nothing is known, and nobody is accused.
    return 'unsigned';
  }
  if (decisive.state === 'unknown_key') {
    return 'unknown_key';
  }
  if (decisive.state === 'revoked_key' && !isBeforeRevocation(decisive, provenance)) {
    return 'revoked_key';
  }
  if (binding === 'label_only') {
    return 'unsigned';
  }
  return provenance.record === 'conflict' ? 'id_conflict' : integrityOfBinding(provenance);
};

/** Signed by us and no longer what was signed. An unreadable code of a profile that vendors vary is not broken. */
const isBroken = ({ state, profile }: CodeFinding): boolean => state === 'invalid' || (state === 'malformed' && profile === 'jws');

/** Half-open: what demonstrably existed before the revocation counts (spec/provenance.md §2). */
const isBeforeRevocation = ({ revokedAtSeconds }: CodeFinding, { provenSeconds }: Provenance): boolean =>
  revokedAtSeconds !== undefined && provenSeconds !== null && provenSeconds < revokedAtSeconds;

const integrityOfBinding = ({ binding, propagator, propagatorBinding, softMatch }: Provenance): Integrity => {
  if (binding === 'same') {
    return 'verified';
  }
  const isVouchedFor = propagator?.state === 'valid' && propagatorBinding === 'same';
  return (binding === 'edited' && softMatch !== 'mismatch') || softMatch === 'match' || isVouchedFor ? 'content_changed' : 'transplanted';
};
