import type { ByteSource } from '../bytes/source.ts';
import { type Label, sameLabel } from '../label/label.ts';
import type { Format } from '../ports/format.ts';
import type { Signal } from '../ports/signal.ts';
import type { Finding } from '../ports/vocabulary.ts';
import { type Evidence, readableLabels } from '../report/evidence.ts';
import { anomalyOf } from './anomaly-of.ts';
import { findSignals } from './find-signals.ts';
import { isVerified, judgeProvenance, type PlanReader, type ProvenanceOptions, type ProvenanceParts } from './judge-provenance.ts';
import { recover } from './recover.ts';

/** The content plan of a file, made when it is first asked for. */
export const planReader = (source: ByteSource, format: Format): PlanReader => {
  let plan: ReturnType<PlanReader> | undefined;
  return () => {
    plan ??= (async () => format.content(source))();
    return plan;
  };
};

/** Damage keeps nobody from a verdict: where no metadata can be told from content, nothing is looked for in it. */
export const signalsIn = async (source: ByteSource, format: Format, planOf: PlanReader, hasLabel: boolean): Promise<readonly Signal[]> => {
  try {
    const plan = await planOf();
    return await findSignals(source, plan.carriers, hasLabel);
  } catch (error) {
    anomalyOf(error, format.id);
    return [];
  }
};

/** Labels that contradict each other and whose signatures are looked at; a hostile file has as many as its size allows. */
const MAXIMUM_JUDGED = 4;

/** What is known of the origin of a file. */
export type Judged = Pick<Evidence, 'provenance' | 'recovered' | 'verifiedLabel' | 'anomalies'>;

/** What the signatures of a file's labels say, and what a store knows where there is none. */
export const judgeLabels = async (
  source: ByteSource,
  format: Format,
  planOf: PlanReader,
  findings: readonly Finding[],
  parts: ProvenanceParts | undefined,
  options: ProvenanceOptions,
): Promise<Judged> => {
  const labels = distinctLabels(readableLabels(findings));
  const nothing: Judged = { provenance: null, recovered: null, verifiedLabel: null, anomalies: [] };
  if (parts === undefined) {
    return nothing;
  }
  if (labels.length === 0) {
    return options.records === undefined ? nothing : { ...nothing, recovered: await recover(source, format, parts.hashing, options.records) };
  }
  const judged = await Promise.all(
    labels.slice(0, MAXIMUM_JUDGED).map(async (label) => ({ label, ...(await judgeProvenance(source, format, planOf, label, parts, options)) })),
  );
  const [only] = judged;
  if (labels.length === 1 && only !== undefined) {
    return { ...nothing, provenance: only.provenance, anomalies: only.anomalies };
  }
  return { ...nothing, verifiedLabel: judged.find(({ provenance }) => isVerified(provenance))?.label ?? null };
};

/** At most one more than are judged: two are enough to contradict each other. */
const distinctLabels = (labels: readonly Label[]): readonly Label[] => {
  const distinct: Label[] = [];
  for (const label of labels) {
    if (distinct.length <= MAXIMUM_JUDGED && !distinct.some((other) => sameLabel(label, other))) {
      distinct.push(label);
    }
  }
  return distinct;
};
