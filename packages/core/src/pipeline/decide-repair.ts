import { LabelError } from '../errors.ts';
import type { Label } from '../label/label.ts';
import type { Finding } from '../ports/vocabulary.ts';
import { agreedLabel } from './agreed-label.ts';

/**
 * The label that a deviating file is to hold in the guide's place and form: what it says already, every value and both ReservedCodes as they stood.
 * A repair never says anything new, so anyone may do it.
 *
 * @throws LabelError `NOTHING_TO_REPAIR` where there is no label, `LABEL_AMBIGUOUS` where labels contradict each other or cannot be read.
 */
export const decideRepair = (existing: readonly Finding[]): Label => {
  if (existing.length === 0) {
    throw new LabelError('NOTHING_TO_REPAIR', 'There is no label in this file, so there is nothing to repair; if you made it with AI, label it.');
  }
  return agreedLabel(existing);
};
