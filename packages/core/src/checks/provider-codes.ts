import type { Label } from '../label/label.ts';
import { looksLikeProviderCode, parseProviderCode } from '../label/provider-code.ts';
import { type Evidence, readableLabels } from '../report/evidence.ts';
import type { Outcome } from '../report/verdict.ts';
import type { Check } from './check.ts';

/** A producer that is given as a code has a valid one; a name is allowed and not judged. */
export const producerCode: Check = { id: 'producer-code', evaluate: (evidence) => codesOf(evidence, 'ContentProducer') };

/** The same for the propagator. */
export const propagatorCode: Check = { id: 'propagator-code', evaluate: (evidence) => codesOf(evidence, 'ContentPropagator') };

const codesOf = ({ findings }: Evidence, field: keyof Label): Outcome => {
  const codes = readableLabels(findings)
    .map((label) => label[field])
    .filter(looksLikeProviderCode);
  if (codes.length === 0) {
    return 'inapplicable';
  }
  return codes.every((code) => parseProviderCode(code).problems.length === 0) ? 'pass' : 'fail';
};
