import { integrityOfSigned } from '../report/signed-integrity.ts';
import type { Outcome } from '../report/verdict.ts';
import type { Check } from './check.ts';

/** The label is signed, and its signature speaks for it; an unsigned label is allowed, and one whose key nobody could look up is for a person to judge. */
export const signatureHolds: Check = {
  id: 'signature-holds',
  evaluate: ({ provenance }): Outcome => {
    if (provenance === null) {
      return 'inapplicable';
    }
    const integrity = integrityOfSigned(provenance);
    if (integrity === 'unsigned') {
      return 'inapplicable';
    }
    if (integrity === 'unknown_key' && !provenance.hasTrustList) {
      return 'incomplete';
    }
    return integrity === 'verified' ? 'pass' : 'fail';
  },
};
