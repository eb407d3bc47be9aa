import type { ByteSource } from '../bytes/source.ts';
import { decidePropagation, type PropagationRequest } from './decide-propagation.ts';
import { type LabelOptions, type LabelParts, type LabelPlan, planDecided } from './label.ts';

/**
 * Plans what a platform adds when it publishes (Measures Art. 6, last paragraph). Writes nothing.
 *
 * @throws LabelError as `planDecided` and `decidePropagation` do.
 */
export const planPropagation = (
  source: ByteSource,
  request: PropagationRequest,
  parts: LabelParts,
  options: Omit<LabelOptions, 'explicit'> = {},
): Promise<LabelPlan> =>
  planDecided(
    source,
    async ({ findings, hasTraces }) =>
      decidePropagation(findings, request, findings.length === 0 && request.isSuspected !== true && (await hasTraces()), parts.entropy),
    parts,
    options,
  );
