import type { ByteSource } from '../bytes/source.ts';
import { decideRepair } from './decide-repair.ts';
import { type LabelOptions, type LabelParts, type LabelPlan, planDecided } from './label.ts';

/**
 * Plans that a deviating label stands in the guide's place and form, with its values and its ReservedCodes as they are. Writes nothing.
 *
 * @throws LabelError as `planDecided` and `decideRepair` do.
 */
export const planRepair = (source: ByteSource, parts: LabelParts, options: Omit<LabelOptions, 'explicit'> = {}): Promise<LabelPlan> =>
  planDecided(source, ({ findings }) => decideRepair(findings), parts, options);
