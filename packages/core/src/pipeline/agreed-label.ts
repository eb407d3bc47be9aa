import { LabelError } from '../errors.ts';
import type { Label } from '../label/label.ts';
import type { Finding } from '../ports/vocabulary.ts';
import { disagree, readableLabels } from '../report/evidence.ts';

/**
 * What all labels of a file say in one voice.
 *
 * @throws LabelError `LABEL_AMBIGUOUS` where one cannot be read, or two contradict each other.
 */
export const agreedLabel = (existing: readonly Finding[]): Label => {
  const labels = readableLabels(existing);
  const [present] = labels;
  if (present === undefined || labels.length < existing.length || disagree(labels)) {
    throw new LabelError(
      'LABEL_AMBIGUOUS',
      'The file already holds labels that contradict each other or cannot be read; find out with "inspect" which one is true, and label the original again.',
      { data: { sites: existing.map(({ site }) => site) } },
    );
  }
  return present;
};
