import { LabelError } from '../errors.ts';
import { type Entropy, freshIdentifier } from '../label/identifier.ts';
import type { Label, LabelValue } from '../label/label.ts';
import { assertFields } from '../label/make-label.ts';
import type { Finding } from '../ports/vocabulary.ts';
import { agreedLabel } from './agreed-label.ts';

/** What a platform says when it publishes (Measures Art. 6, last paragraph). */
export interface PropagationRequest extends Pick<Label, 'ContentPropagator'>, Partial<Pick<Label, 'PropagateID' | 'ReservedCode2'>> {
  /** Whether the user who uploads says that it is generated (Art. 6 item 2). The default is `false`. */
  readonly isDeclared?: boolean;
  /** Whether the platform's own detection finds traces of generation (Art. 6 item 3). The default is `false`. */
  readonly isSuspected?: boolean;
}

/**
 * The label that a file is to hold when a platform publishes it: the producer's fields and ReservedCode1 as they stood, the propagator's replaced, and `Label` as
 * Measures Art. 6 has it: 1 where the metadata says so, else 2 where the user declares it, else what the metadata says, else 3 where there are traces.
 *
 * @param hasTraces whether an explicit label was found in the content, or a sidecar of other content beside it (Art. 6 item 3).
 * @throws LabelError `NOTHING_TO_PROPAGATE` where there is no label, declaration or trace; `LABEL_AMBIGUOUS`; `LABEL_INVALID` for the propagator's own fields.
 */
export const decidePropagation = (existing: readonly Finding[], request: PropagationRequest, hasTraces: boolean, entropy: Entropy): Label => {
  const present = existing.length === 0 ? UNKNOWN_PRODUCER : agreedLabel(existing);
  const Label = labelValue(existing.length === 0 ? undefined : present.Label, request, hasTraces);
  if (Label === undefined) {
    throw new LabelError(
      'NOTHING_TO_PROPAGATE',
      'There is no label, no declaration and no trace of generation, so there is nothing to add (Measures Art. 6); this does not mean that a person made it.',
    );
  }
  const isOwn = present.ContentPropagator === request.ContentPropagator && present.PropagateID !== '';
  const own = {
    ContentPropagator: request.ContentPropagator,
    PropagateID: request.PropagateID ?? (isOwn ? present.PropagateID : freshIdentifier(entropy)),
    ReservedCode2: request.ReservedCode2 ?? (isOwn ? present.ReservedCode2 : ''),
  };
  if (own.ContentPropagator === '') {
    throw new LabelError('LABEL_INVALID', 'ContentPropagator cannot be written: it must not be empty.', {
      data: { field: 'ContentPropagator', reason: 'empty', value: '' },
    });
  }
  assertFields(own);
  return { ...present, Label, ...own };
};

/** Where no label names the producer, nobody may be named. */
const UNKNOWN_PRODUCER: Label = {
  Label: '3',
  ContentProducer: '',
  ProduceID: '',
  ReservedCode1: '',
  ContentPropagator: '',
  PropagateID: '',
  ReservedCode2: '',
};

const labelValue = (
  present: LabelValue | undefined,
  { isDeclared = false, isSuspected = false }: PropagationRequest,
  hasTraces: boolean,
): LabelValue | undefined => {
  if (present === '1') {
    return '1';
  }
  if (isDeclared) {
    return '2';
  }
  return present ?? (isSuspected || hasTraces ? '3' : undefined);
};
