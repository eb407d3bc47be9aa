import type { ByteSource } from '../bytes/source.ts';
import { LabelError } from '../errors.ts';
import { sameLabel } from '../label/label.ts';
import type { Hashing } from '../ports/hashing.ts';
import { findingsIn, findingsOf } from './findings.ts';
import type { LabelParts, LabelPlan } from './label.ts';
import { readSidecar } from './sidecar.ts';
import { contentDigestOf } from './sign-label.ts';

/**
 * Reads a written label back with the ordinary reader: exactly one, in its place, saying what was planned.
 *
 * @param sidecar the written sidecar, where the plan has one.
 * @throws LabelError `LABEL_NOT_READ_BACK`: the written file must be thrown away.
 */
export const confirmLabel = async (
  written: ByteSource,
  plan: Pick<LabelPlan, 'format' | 'label' | 'outcome'> & Partial<Pick<LabelPlan, 'sidecar' | 'signed'>>,
  parts: Pick<LabelParts, 'vocabulary' | 'sidecar' | 'hashing'>,
): Promise<void> => {
  const inside = await findingsOf(written, plan.format, parts.vocabulary);
  const beside =
    plan.sidecar == null || parts.sidecar === undefined
      ? []
      : findingsIn(await readSidecar(parts.sidecar, plan.sidecar, written), [parts.vocabulary]);
  const findings = [...inside, ...beside];
  const [only] = findings;
  // A copy of a file that says all this already, where no place for it is known, is as good as the original.
  const isPlaced = only?.isGuidePlace === true || (plan.outcome === 'unchanged' && plan.format.sidecar !== undefined);
  if (findings.length !== 1 || only?.label == null || !isPlaced || !sameLabel(only.label, plan.label)) {
    throw new LabelError(
      'LABEL_NOT_READ_BACK',
      'The label could not be read back from the written file; nothing was kept. Please report this file.',
      {
        data: { format: plan.format.id, findings: findings.length },
      },
    );
  }
  await confirmContent(written, plan, parts.hashing);
};

/** The content of the written file is what was signed: or the label would be called moved or edited from the first day on. */
const confirmContent = async (
  written: ByteSource,
  { signed, format }: Pick<LabelPlan, 'format'> & Partial<Pick<LabelPlan, 'signed'>>,
  hashing: Hashing | undefined,
): Promise<void> => {
  if (signed == null || hashing === undefined) {
    return;
  }
  const { hash } = await contentDigestOf(written, format, hashing);
  if (hash !== signed.content.hash) {
    throw new LabelError(
      'LABEL_NOT_READ_BACK',
      'The content of the written file is not the one that was signed; nothing was kept. Please report this file.',
      {
        data: { format: format.id, signed: signed.content.hash, written: hash },
      },
    );
  }
};
