import type { ByteSource } from '../bytes/source.ts';
import type { Label } from '../label/label.ts';
import type { ContentPlan } from '../ports/content.ts';
import type { ContentDigest } from '../ports/content-digest.ts';
import type { Fingerprint } from '../ports/fingerprint.ts';
import type { Anomaly, Format } from '../ports/format.ts';
import type { Hashing } from '../ports/hashing.ts';
import type { RecordLookup } from '../ports/record-store.ts';
import type { CodeFinding, SignatureProfile, SignatureRole } from '../ports/signature-profile.ts';
import { decodeBase64url } from '../provenance/base64url.ts';
import { digestContent } from '../provenance/digest-content.ts';
import { isSameWork, strideExponent } from '../provenance/excerpts.ts';
import { noTrust, type TrustList } from '../provenance/trust-list.ts';
import { type Binding, noProvenance, type Provenance, type RecordState } from '../report/provenance.ts';
import { integrityOfSigned } from '../report/signed-integrity.ts';
import { anomalyOf } from './anomaly-of.ts';

/** What judging signatures is wired from. */
export interface ProvenanceParts {
  readonly profiles: readonly SignatureProfile[];
  readonly hashing: Hashing;
  /** Milliseconds since 1970-01-01 UTC; it decides nothing but whether a signature comes from the future. */
  nowMillis(): number;
}

/** What a verifier brings along. Nothing of it is ever taken from the file. */
export interface ProvenanceOptions {
  /** The keys that it trusts; none where it has no list, and then every key is unknown. */
  readonly trust?: TrustList;
  /** A store of records, its own or one that it asks. */
  readonly records?: RecordLookup;
  /** Looks at content whose bytes are not those that were signed; absent where nothing is to be decoded. */
  readonly fingerprints?: readonly Fingerprint[];
  /** Says whether a record stands in a tamper-evident log, and since when. */
  readonly log?: (reservedCode: string) => Promise<LogAnswer>;
}

/** Gives the content plan of the file that is verified, made once. @throws as `Format.content` does. */
export type PlanReader = () => Promise<ContentPlan>;

/** What the log says of a record. */
export interface LogAnswer {
  readonly state: 'included' | 'failed';
  /** Seconds, of the checkpoint or its witness. */
  readonly provenSeconds?: number;
}

/** How far ahead of ours a signer's clock may be, in seconds. */
const MAXIMUM_AHEAD_SECONDS = 300;

/** What is known of the signatures of a label in this file, and what was noticed on the way. Never throws for what the file says. */
export const judgeProvenance = async (
  source: ByteSource,
  format: Format,
  planOf: PlanReader,
  label: Label,
  parts: ProvenanceParts,
  options: ProvenanceOptions,
): Promise<{ readonly provenance: Provenance; readonly anomalies: readonly Anomaly[] }> => {
  const { trust, records, log } = options;
  const judged = async (role: SignatureRole): Promise<CodeFinding | null> =>
    fromThePast(await judgeCode(label, role, parts.profiles, trust ?? noTrust), parts);
  const [producer, propagator] = [await judged('producer'), await judged('propagator')];
  const base: Provenance = { ...noProvenance, hasTrustList: trust !== undefined, producer, propagator };
  const decisive = producer ?? propagator;
  if (decisive === null) {
    return { provenance: base, anomalies: [] };
  }
  const found = await digestFor(source, format, planOf, [producer?.content, propagator?.content], parts.hashing);
  const binding = bindingOf(decisive, found.digest);
  const provenance: Provenance = {
    ...base,
    binding,
    softMatch: binding === 'edited' || binding === 'other' ? await softMatchOf(source, format, decisive, options.fingerprints ?? []) : null,
    propagatorBinding: propagator === null ? 'none' : bindingOf(propagator, found.digest),
    ...(await recordStateOf(label, decisive, records)),
    ...(log === undefined ? {} : await logStateOf(label.ReservedCode1, log)),
  };
  return { provenance, anomalies: found.anomalies };
};

const judgeCode = async (label: Label, role: SignatureRole, profiles: readonly SignatureProfile[], trust: TrustList): Promise<CodeFinding | null> => {
  for (const profile of profiles) {
    const finding = await profile.verify(label, role, trust);
    if (finding !== undefined) {
      return role === 'producer' && finding.state === 'valid' && finding.labelValue !== null && finding.labelValue !== label.Label
        ? await withPropagatorsValue(finding, label, profiles, trust)
        : finding;
    }
  }
  return null;
};

/** `Label` is the producer's word, but a propagator may better it where its user declares (Measures Art. 6), and signs that it did. */
const withPropagatorsValue = async (
  finding: CodeFinding,
  label: Label,
  profiles: readonly SignatureProfile[],
  trust: TrustList,
): Promise<CodeFinding> => {
  const propagator = await judgeCode(label, 'propagator', profiles, trust);
  return propagator?.state === 'valid' && propagator.labelValue === label.Label
    ? finding
    : { ...finding, state: 'invalid', reason: 'the value of Label is not the one that was signed' };
};

const fromThePast = (finding: CodeFinding | null, { nowMillis }: ProvenanceParts): CodeFinding | null =>
  finding !== null && finding.state === 'valid' && (finding.signedAtSeconds ?? 0) > nowMillis() / 1000 + MAXIMUM_AHEAD_SECONDS
    ? { ...finding, state: 'invalid', reason: 'it says that it was signed in the future' }
    : finding;

interface Found {
  /** `undefined` where it cannot be said what is content here; `null` where nobody asks. */
  readonly digest: ContentDigest | undefined | null;
  readonly anomalies: readonly Anomaly[];
}

/**
 * The digest of this file by its format's rule, with excerpts for the first of the signatures that names this very rule; another rule cannot be followed here, and what it covers counts as
 * other content.
 */
const digestFor = async (
  source: ByteSource,
  format: Format,
  planOf: PlanReader,
  signatures: readonly (ContentDigest | null | undefined)[],
  hashing: Hashing,
): Promise<Found> => {
  const signed = signatures.filter((content) => content != null);
  if (signed.length === 0) {
    return { digest: null, anomalies: [] };
  }
  try {
    const plan = await planOf();
    const followed = signed.find(({ method }) => method === plan.method);
    const digest =
      followed === undefined
        ? { method: plan.method, hash: '', excerpts: '' }
        : await digestContent(source, plan, hashing, strideExponent(followed.excerpts));
    // Foreign bytes that were signed with the rest are the signer's matter.
    const isSame = signed.some(({ hash }) => hash === digest.hash);
    const foreign = (plan.anomalies ?? []).filter(({ isCovered }) => isCovered !== true || !isSame);
    return { digest, anomalies: foreign.map(({ site, offset, detail }) => ({ code: 'foreign_bytes', site, offset, detail })) };
  } catch (error) {
    return { digest: undefined, anomalies: [anomalyOf(error, `${format.id}/content`)] };
  }
};

const bindingOf = ({ content }: CodeFinding, found: Found['digest']): Binding => {
  if (content === null) {
    return 'label_only';
  }
  if (found == null) {
    return 'unreadable';
  }
  if (found.method === content.method && found.hash === content.hash) {
    return 'same';
  }
  return isSameWork(content.excerpts, found.excerpts) ? 'edited' : 'other';
};

/** Whether what is perceived is like what was signed; `null` where that was not signed, or cannot be looked at. Damage is nothing to be told here: the content is another one already. */
const softMatchOf = async (
  source: ByteSource,
  format: Format,
  { soft }: CodeFinding,
  fingerprints: readonly Fingerprint[],
): Promise<'match' | 'mismatch' | null> => {
  const fingerprint = fingerprints.find(({ method, formats }) => method === soft?.method && formats.includes(format.id));
  const signed = soft === undefined ? undefined : decodeBase64url(soft.value);
  if (fingerprint === undefined || signed === undefined) {
    return null;
  }
  try {
    const found = await fingerprint.of(source, format.id);
    // Too little to be seen: nobody can tell.
    return found === undefined ? null : fingerprint.isMatch(signed, found) ? 'match' : 'mismatch';
  } catch (error) {
    anomalyOf(error, format.id);
    return null;
  }
};

/** What the store says of the producer's record. A store that fails is the outside world's failure, and is thrown. */
const recordStateOf = async (
  label: Label,
  { content }: CodeFinding,
  records: RecordLookup | undefined,
): Promise<{ readonly record: RecordState; readonly provenSeconds: number | null }> => {
  if (records === undefined || content === null) {
    return { record: 'unasked', provenSeconds: null };
  }
  const found = await records.find({ producer: label.ContentProducer, produceId: label.ProduceID });
  const same = found.find(({ contentHash, status }) => contentHash === content.hash && status !== 'failed');
  const isConflict = same === undefined && found.some(({ status }) => status !== 'failed');
  return {
    record: same !== undefined ? 'known' : isConflict ? 'conflict' : 'unknown',
    provenSeconds: same === undefined ? null : Math.floor(same.createdAtMillis / 1000),
  };
};

const logStateOf = async (
  reservedCode: string,
  log: NonNullable<ProvenanceOptions['log']>,
): Promise<{ readonly log: 'included' | 'failed'; readonly provenSeconds?: number }> => {
  const { state, provenSeconds } = await log(reservedCode);
  return { log: state, ...(state === 'included' && provenSeconds !== undefined ? { provenSeconds } : {}) };
};

/** Whether a signed label is verified, for choosing among labels that contradict each other. */
export const isVerified = (provenance: Provenance): boolean => integrityOfSigned(provenance) === 'verified';
