import {
  type CodeFinding,
  type Label,
  makeLabel,
  noTrust,
  type PropagationRecord,
  type ProvenanceRecord,
  type RecordKey,
  type RecordLookup,
  type Report,
  type SignatureRole,
  type TrustList,
} from '@aigc-label/core';
import { allProfiles } from './parts.ts';
import { createVerifier, type VerifyCallOptions } from './verifier.ts';

/** What tracing asks. Nothing is fetched, and no key is taken from a file or a record. */
export interface TraceOptions extends Omit<VerifyCallOptions, 'records' | 'trust'> {
  readonly records: RecordLookup;
  readonly trust?: TrustList;
}

/**
 * How sure the story is, from the best: `verified` the file is what was signed, by a trusted key · `signed` a record is signed by a trusted key, the file is not it, or there is none ·
 * `recorded` a store says so, no trusted signature does · `label_only` the label says so · `nothing` nobody says anything.
 */
export type Certainty = 'verified' | 'signed' | 'recorded' | 'label_only' | 'nothing';

/** Everything that is known of a work: who made it, when, with which model, who has spread it, and how sure that is. */
export interface Trace {
  /** The verdict on the file; `null` where only a number was given. */
  readonly report: Report | null;
  /** The newest first. */
  readonly records: readonly TracedRecord[];
  /** The oldest first. */
  readonly propagations: readonly TracedPropagation[];
  readonly certainty: Certainty;
}

/** A record, and what its signature is worth to whoever asks. */
export interface TracedRecord extends ProvenanceRecord {
  readonly signature: CodeFinding | null;
  /** Whether it is the record of just this content; `null` where only a number was given. */
  readonly isThisContent: boolean | null;
}

/** A propagation, and what its signature is worth. */
export interface TracedPropagation extends PropagationRecord {
  readonly signature: CodeFinding | null;
}

/** Traces a file on the disk back to its origin. @throws LabelError as `Verifier.verifyFile` does, and `STORE_FAILED`. */
export const traceFile = async (path: string, options: TraceOptions): Promise<Trace> => {
  const report = await createVerifier().verifyFile(path, options);
  return storyOf(report, await recordsOf(report, options.records), options);
};

/** Traces a ProduceID or PropagateID. @throws LabelError `STORE_FAILED`. */
export const traceIdentifier = async (identifier: string, options: TraceOptions): Promise<Trace> =>
  storyOf(null, await options.records.findByIdentifier(identifier), options);

/** By the number that the label names, whether it is believed or not, and by the content. */
const recordsOf = async ({ findings, recovered, provenance }: Report, records: RecordLookup): Promise<readonly ProvenanceRecord[]> => {
  const [label] = findings.flatMap((finding) => finding.label ?? []);
  const named: RecordKey | undefined =
    label === undefined ? (recovered ?? undefined) : { producer: label.ContentProducer, produceId: label.ProduceID };
  const found = named === undefined ? [] : await records.find(named);
  const content = provenance?.producer?.content;
  return found.length > 0 || content == null ? found : records.findByContent(content.method, content.hash);
};

const storyOf = async (report: Report | null, found: readonly ProvenanceRecord[], { records, trust = noTrust }: TraceOptions): Promise<Trace> => {
  const signedHash = report?.provenance?.producer?.content?.hash;
  const traced = await Promise.all(
    found.map(async (record): Promise<TracedRecord> => {
      const signature = await signatureOf(labelOf(record), 'producer', trust);
      return { ...record, signature, isThisContent: report === null ? null : isRecordOf(record, report, signedHash) };
    }),
  );
  const keys = [...new Map(found.map((record) => [JSON.stringify([record.producer, record.produceId]), record])).values()];
  const propagations = (await Promise.all(keys.map((key) => records.propagationsOf(key)))).flat();
  return {
    report,
    records: traced,
    propagations: await Promise.all(propagations.map((propagation) => withSignature(propagation, found, trust))),
    certainty: certaintyOf(report, traced),
  };
};

const isRecordOf = (record: ProvenanceRecord, { provenance, recovered }: Report, signedHash: string | undefined): boolean =>
  recovered !== null || (provenance?.binding === 'same' && record.contentHash === signedHash);

const withSignature = async (propagation: PropagationRecord, found: readonly ProvenanceRecord[], trust: TrustList): Promise<TracedPropagation> => {
  const record = found.find(({ producer, produceId }) => producer === propagation.producer && produceId === propagation.produceId);
  const label: Label = {
    ...labelOf(record ?? { ...propagation, reservedCode: '', labelValue: '1' }),
    ContentPropagator: propagation.propagator,
    PropagateID: propagation.propagateId,
    ReservedCode2: propagation.reservedCode,
  };
  return { ...propagation, signature: await signatureOf(label, 'propagator', trust) };
};

const labelOf = ({
  producer,
  produceId,
  reservedCode,
  labelValue,
}: Pick<ProvenanceRecord, 'producer' | 'produceId' | 'reservedCode' | 'labelValue'>): Label => ({
  ...makeLabel({ ContentProducer: 'x', ProduceID: 'x' }),
  Label: labelValue === '2' || labelValue === '3' ? labelValue : '1',
  ContentProducer: producer,
  ProduceID: produceId,
  ReservedCode1: reservedCode,
});

const signatureOf = async (label: Label, role: SignatureRole, trust: TrustList): Promise<CodeFinding | null> => {
  for (const profile of allProfiles) {
    const finding = await profile.verify(label, role, trust);
    if (finding !== undefined) {
      return finding;
    }
  }
  return null;
};

const certaintyOf = (report: Report | null, records: readonly TracedRecord[]): Certainty => {
  if (report?.integrity === 'verified') {
    return 'verified';
  }
  if (records.some(({ signature }) => signature?.state === 'valid')) {
    return 'signed';
  }
  return records.length > 0 ? 'recorded' : (report?.findings.length ?? 0) > 0 ? 'label_only' : 'nothing';
};
