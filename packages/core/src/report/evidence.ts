import type { Label } from '../label/label.ts';
import { sameLabel } from '../label/label.ts';
import type { Anomaly, Modality } from '../ports/format.ts';
import type { FoundNotice } from '../ports/mark.ts';
import type { Signal } from '../ports/signal.ts';
import type { Finding } from '../ports/vocabulary.ts';
import type { Provenance, Recovered } from './provenance.ts';

/** All that was measured on one file; checks see this and nothing else. */
export interface Evidence {
  /** Id of the format, or `null` where the bytes are of no kind that we know. */
  readonly format: string | null;
  readonly modality: Modality | null;
  readonly sizeBytes: number;
  readonly findings: readonly Finding[];
  /** Explicit labels that were found; `null` where this kind of file cannot be looked into without decoding it. */
  readonly notices: readonly FoundNotice[] | null;
  readonly anomalies: readonly Anomaly[];
  /** What other metadata says of the origin. */
  readonly signals: readonly Signal[];
  /** What is known of the signatures of the label; `null` where there is none, or where several contradict each other. */
  readonly provenance: Provenance | null;
  /** The work's record, where its label is lost and a store knows it by its content. */
  readonly recovered: Recovered | null;
  /** Among labels that contradict each other, the one that is verified. */
  readonly verifiedLabel: Label | null;
  /** Why nothing, or less than all, could be read, where no label was found because of it. */
  readonly unreadable: 'damaged' | 'unsupported' | null;
}

/** The labels that could be read. */
export const readableLabels = (findings: readonly Finding[]): readonly Label[] => findings.flatMap(({ label }) => label ?? []);

/** Whether two readable labels say different things. */
export const disagree = (labels: readonly Label[]): boolean => labels.some((label) => !sameLabel(label, labels[0] as Label));
