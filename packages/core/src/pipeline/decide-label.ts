import { LabelError } from '../errors.ts';
import { type Entropy, freshIdentifier } from '../label/identifier.ts';
import type { Label } from '../label/label.ts';
import { makeLabel } from '../label/make-label.ts';
import type { Finding } from '../ports/vocabulary.ts';
import { agreedLabel } from './agreed-label.ts';

/** What the producer wants said; what is left out keeps its present value in a labelled file, and has the standard's default in a new one. */
export type LabelRequest = Pick<Label, 'ContentProducer'> & Partial<Label>;

/**
 * The label that a file is to hold. A label is made once: its own producer may update it, nobody may replace another's (Measures Art. 10).
 *
 * @throws LabelError `LABEL_DISAGREES` (another producer, or another ProduceID), `LABEL_AMBIGUOUS` (labels that contradict each other or cannot be read), `LABEL_INVALID`.
 */
export const decideLabel = (existing: readonly Finding[], request: LabelRequest, entropy: Entropy): Label => {
  if (existing.length === 0) {
    return makeLabel({ ...request, ProduceID: request.ProduceID ?? freshIdentifier(entropy) });
  }
  const present = agreedLabel(existing);
  if (present.ContentProducer !== request.ContentProducer || (request.ProduceID !== undefined && present.ProduceID !== request.ProduceID)) {
    throw new LabelError(
      'LABEL_DISAGREES',
      `The file already carries a label of ${present.ContentProducer || 'nobody who is named'} (ProduceID ${present.ProduceID}), which may not be replaced (Measures Art. 10).`,
      { data: { producer: present.ContentProducer, produceId: present.ProduceID } },
    );
  }
  return makeLabel({ ...present, ...request });
};
