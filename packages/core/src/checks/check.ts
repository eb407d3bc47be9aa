import type { Evidence } from '../report/evidence.ts';
import type { Outcome } from '../report/verdict.ts';

/** One question that is put to the evidence; what law asks it is the regime's matter. */
export interface Check {
  readonly id: CheckId;
  evaluate(evidence: Evidence): Outcome;
}

/** Every check that a regime may name. */
export type CheckId =
  | 'label-present'
  | 'label-single'
  | 'label-agreement'
  | 'label-place'
  | 'label-wrapper'
  | 'label-serialisation'
  | 'label-fields'
  | 'label-charset'
  | 'label-value'
  | 'producer-code'
  | 'propagator-code'
  | 'explicit-notice'
  | 'signature-holds'
  | 'structure-intact';
