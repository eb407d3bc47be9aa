import type { Label } from '../label/label.ts';
import type { Anomaly, Modality } from '../ports/format.ts';
import type { FoundNotice } from '../ports/mark.ts';
import type { Finding } from '../ports/vocabulary.ts';
import { disagree, type Evidence, readableLabels } from './evidence.ts';
import type { ClauseOutcome } from './fold.ts';
import type { Action, Integrity } from './verdict.ts';

/** The version of the report's shape; it rises when a reader would have to change. */
export const REPORT_VERSION = 1;

/** What verifying gives: plain JSON, the same to the byte for the same input and version. */
export interface Report {
  readonly reportVersion: typeof REPORT_VERSION;
  readonly action: Action;
  readonly integrity: Integrity;
  /** Whether every clause that applies passed or needs a person; `false` where one that is no mere advice failed. */
  readonly isConformant: boolean;
  readonly format: string | null;
  readonly modality: Modality | null;
  readonly sizeBytes: number;
  /** The label, where there is one and no other contradicts it. */
  readonly label: Label | null;
  readonly findings: readonly Finding[];
  readonly notices: readonly FoundNotice[] | null;
  readonly anomalies: readonly Anomaly[];
  readonly clauses: readonly ClauseOutcome[];
}

/** Puts the report together from the evidence and the folded clauses. `isDeclared`: the user who uploads says that it is generated (Art. 6 item 2). */
export const makeReport = (evidence: Evidence, clauses: readonly ClauseOutcome[], isDeclared: boolean): Report => {
  const labels = readableLabels(evidence.findings);
  const integrity = integrityOf(evidence, labels);
  const label = integrity === 'unsigned' ? (labels[0] ?? null) : null;
  return {
    reportVersion: REPORT_VERSION,
    action: actionOf(evidence, label, isDeclared),
    integrity,
    isConformant: !clauses.some(({ outcome, isAdvice }) => outcome === 'fail' && !isAdvice),
    format: evidence.format,
    modality: evidence.modality,
    sizeBytes: evidence.sizeBytes,
    label,
    findings: evidence.findings.slice(0, MAXIMUM_LISTED),
    notices: evidence.notices,
    anomalies: listedAnomalies(evidence),
    clauses,
  };
};

/** What is listed of findings and of anomalies each; all of them are judged. A hostile file has as many as its size allows, and nobody reads more. */
const MAXIMUM_LISTED = 100;

const listedAnomalies = ({ anomalies, findings }: Evidence): readonly Anomaly[] => {
  const left = Math.max(0, anomalies.length - MAXIMUM_LISTED) + Math.max(0, findings.length - MAXIMUM_LISTED);
  return left === 0
    ? anomalies
    : [...anomalies.slice(0, MAXIMUM_LISTED), { code: 'limit', site: 'report', detail: `${left} more labels and anomalies are not listed` }];
};

const integrityOf = ({ findings, unreadable }: Evidence, labels: readonly Label[]): Integrity => {
  if (labels.length > 0) {
    return disagree(labels) || labels.length < findings.length ? 'ambiguous' : 'unsigned';
  }
  if (findings.length > 0 || unreadable === 'damaged') {
    return 'malformed';
  }
  return unreadable === 'unsupported' ? 'unsupported' : 'absent';
};

const ACTION_OF_LABEL: Readonly<Record<Label['Label'], Action>> = { '1': 'generated', '2': 'possible', '3': 'suspected' };

/** Measures Art. 6: the label decides; failing that the user's own word; failing that any trace. */
const actionOf = ({ findings, notices, anomalies }: Evidence, label: Label | null, isDeclared: boolean): Action => {
  if (label !== null) {
    return ACTION_OF_LABEL[label.Label];
  }
  const hasTraces = findings.length > 0 || (notices !== null && notices.length > 0) || anomalies.some(({ code }) => code === 'foreign_sidecar');
  return isDeclared ? 'possible' : hasTraces ? 'suspected' : 'none';
};
