import { isLabelValue, type Label } from '../label/label.ts';
import type { Anomaly, Modality } from '../ports/format.ts';
import type { FoundNotice } from '../ports/mark.ts';
import type { Signal } from '../ports/signal.ts';
import type { Finding } from '../ports/vocabulary.ts';
import { disagree, type Evidence, readableLabels } from './evidence.ts';
import type { ClauseOutcome } from './fold.ts';
import type { Provenance, Recovered } from './provenance.ts';
import { integrityOfSigned } from './signed-integrity.ts';
import type { Action, Integrity } from './verdict.ts';

/** The version of the report's shape; it rises when a reader would have to change. */
export const REPORT_VERSION = 2;

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
  /** The label, where there is one, no other contradicts it, and nothing speaks against whoever it names: a broken signature never accuses the named producer. */
  readonly label: Label | null;
  /** Whence the label comes, as far as it is signed; `null` where no label could be read. */
  readonly provenance: Provenance | null;
  /** What a store of records knows of content that carries no label; `null` where there is a label, no store, or no such record. */
  readonly recovered: Recovered | null;
  readonly findings: readonly Finding[];
  readonly notices: readonly FoundNotice[] | null;
  readonly anomalies: readonly Anomaly[];
  /** What other metadata says of the origin, as anybody can have written it: C2PA, IPTC, a place for a label that was emptied. */
  readonly signals: readonly Signal[];
  readonly clauses: readonly ClauseOutcome[];
}

/** What a verdict depends on besides the evidence. */
export interface VerdictPolicy {
  /** Whether the user who uploads says that it is generated (Measures Art. 6 item 2). */
  readonly isDeclared: boolean;
  /** What a label counts for whose signature speaks against it: `suspected`, a trace, or as a strict reading of Art. 6 item 1 has it, `generated`, whatever it says of itself. */
  readonly onUnverified: 'suspected' | 'generated';
}

/** Puts the report together from the evidence and the folded clauses. */
export const makeReport = (evidence: Evidence, clauses: readonly ClauseOutcome[], policy: VerdictPolicy): Report => {
  const labels = readableLabels(evidence.findings);
  const integrity = integrityOf(evidence, labels);
  const { provenance } = evidence;
  const label = isCredible(integrity, provenance) ? (labels[0] ?? null) : null;
  return {
    reportVersion: REPORT_VERSION,
    action: actionOf(evidence, label, integrity, policy),
    integrity,
    isConformant: !clauses.some(({ outcome, isAdvice }) => outcome === 'fail' && !isAdvice),
    format: evidence.format,
    modality: evidence.modality,
    sizeBytes: evidence.sizeBytes,
    label,
    provenance,
    recovered: evidence.recovered,
    findings: evidence.findings.slice(0, MAXIMUM_LISTED),
    notices: evidence.notices,
    anomalies: listedAnomalies(evidence),
    signals: evidence.signals,
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

const integrityOf = (evidence: Evidence, labels: readonly Label[]): Integrity => {
  const { findings, unreadable, provenance } = evidence;
  if (labels.length > 0) {
    return disagree(labels) || labels.length < findings.length ? 'ambiguous' : provenance === null ? 'unsigned' : ofSigned(evidence, provenance);
  }
  if (findings.length > 0 || unreadable === 'damaged') {
    return 'malformed';
  }
  return unreadable === 'unsupported' ? 'unsupported' : 'absent';
};

/**
 * A signed label of a file with foreign bytes in a place for metadata is never believed, unless they were signed with the rest: they may be what the signature was to be led around
 * (spec/provenance.md §0.4, §1.6 row 13).
 */
const ofSigned = ({ anomalies }: Evidence, provenance: Provenance): Integrity => {
  const integrity = integrityOfSigned(provenance);
  const isSigned = integrity === 'verified' || integrity === 'content_changed' || integrity === 'transplanted';
  return isSigned && anomalies.some(({ code }) => code === 'foreign_bytes') ? 'ambiguous' : integrity;
};

/** Whether a label is to be taken at its word. Where nobody gave a trust list, a signed label is worth what an unsigned one is. */
const isCredible = (integrity: Integrity, provenance: Provenance | null): boolean =>
  integrity === 'unsigned' ||
  integrity === 'verified' ||
  integrity === 'content_changed' ||
  (integrity === 'unknown_key' && provenance?.hasTrustList !== true);

const ACTION_OF_LABEL: Readonly<Record<Label['Label'], Action>> = { '1': 'generated', '2': 'possible', '3': 'suspected' };

/** Measures Art. 6: the label decides; failing that the user's own word; failing that any trace. */
const actionOf = (evidence: Evidence, label: Label | null, integrity: Integrity, { isDeclared, onUnverified }: VerdictPolicy): Action => {
  const { findings, notices, anomalies, signals, verifiedLabel, recovered } = evidence;
  const decisive = label?.Label ?? verifiedLabel?.Label ?? recovered?.labelValue;
  if (isLabelValue(decisive)) {
    return ACTION_OF_LABEL[decisive];
  }
  if (onUnverified === 'generated' && UNVERIFIED.has(integrity)) {
    return 'generated';
  }
  const hasTraces =
    findings.length > 0 ||
    (notices !== null && notices.length > 0) ||
    anomalies.some(({ code }) => code === 'foreign_sidecar') ||
    signals.some(({ code }) => code === 'generated_elsewhere' || code === 'emptied_carrier');
  return isDeclared ? 'possible' : hasTraces ? 'suspected' : 'none';
};

/** There is a label, and its signature speaks against it. */
const UNVERIFIED: ReadonlySet<Integrity> = new Set(['transplanted', 'bad_signature', 'unknown_key', 'revoked_key', 'id_conflict']);
