import type { ByteSource } from '../bytes/source.ts';
import type { CheckId } from '../checks/check.ts';
import { allChecks } from '../checks/index.ts';
import { LabelError } from '../errors.ts';
import type { Anomaly, Format, Slots } from '../ports/format.ts';
import type { FoundNotice, NoticeFinder, NoticeSearch } from '../ports/mark.ts';
import type { Vocabulary } from '../ports/vocabulary.ts';
import type { Regime } from '../regimes/regime.ts';
import type { Evidence } from '../report/evidence.ts';
import { foldRegime } from '../report/fold.ts';
import { makeReport, type Report, type VerdictPolicy } from '../report/report.ts';
import type { Outcome } from '../report/verdict.ts';
import { anomalyOf } from './anomaly-of.ts';
import { chooseFormat, type FormatHint } from './choose-format.ts';
import { findingsIn } from './findings.ts';
import { judgeLabels, planReader, signalsIn } from './judge-labels.ts';
import type { ProvenanceOptions, ProvenanceParts } from './judge-provenance.ts';
import { readBeside, type SidecarKind, type SidecarReader } from './sidecar.ts';

/** What verifying is wired from. */
export interface VerifyParts {
  readonly formats: readonly Format[];
  readonly vocabularies: readonly Vocabulary[];
  readonly regimes: readonly Regime[];
  readonly noticeFinders: readonly NoticeFinder[];
  /** Absent where sidecars are not looked at. */
  readonly sidecar?: SidecarKind;
  /** Absent where signatures are not looked at: every label counts as unsigned then. */
  readonly provenance?: ProvenanceParts;
}

/** How to verify one file. */
export interface VerifyOptions extends ProvenanceOptions {
  /** What a label counts for whose signature speaks against it; the default is `suspected`. */
  readonly onUnverified?: VerdictPolicy['onUnverified'];
  readonly hint?: FormatHint;
  /** Whether the user who uploads the file says that it is generated (Measures Art. 6 item 2). The default is `false`. */
  readonly isDeclared?: boolean;
  /**
   * Set where explicit labels are to be looked for in pixels and sound, too, which takes time; words in texts are always looked for. The default is not to, and the answer
   * on pictures and recordings is `incomplete` then.
   */
  readonly explicit?: NoticeSearch;
  /** Gives the file's sidecar (`<name>.xmp`), where it has one; asked for kinds of file that cannot hold a label, where none stands inside. */
  readonly sidecar?: SidecarReader;
}

/**
 * Verifies a file: reads, asks every check, folds by regime. Whatever the bytes say, the answer is a report.
 *
 * @throws LabelError `IO_FAILED`, `ABORTED` and the like where the source itself cannot be read; never for what is in it.
 */
export const verify = async (source: ByteSource, parts: VerifyParts, options: VerifyOptions = {}): Promise<Report> => {
  const evidence = await gather(source, parts, options);
  const outcomes = new Map<CheckId, Outcome>(allChecks.map((check) => [check.id, check.evaluate(evidence)]));
  const clauses = parts.regimes.flatMap((regime) => foldRegime(regime, outcomes));
  return makeReport(evidence, clauses, { isDeclared: options.isDeclared ?? false, onUnverified: options.onUnverified ?? 'suspected' });
};

const gather = async (source: ByteSource, parts: VerifyParts, options: VerifyOptions): Promise<Evidence> => {
  const { hint, sidecar, explicit } = options;
  const format = source.size === 0 ? undefined : await chooseFormat(source, parts.formats, hint);
  if (format === undefined) {
    return {
      format: null,
      modality: null,
      sizeBytes: source.size,
      findings: [],
      notices: null,
      signals: [],
      provenance: null,
      recovered: null,
      verifiedLabel: null,
      anomalies: source.size === 0 ? [{ code: 'truncated', site: 'file', offset: 0, detail: 'the file is empty' }] : [],
      unreadable: source.size === 0 ? 'damaged' : 'unsupported',
    };
  }
  const { slots, unreadable } = await readSlots(source, format);
  const inside = findingsIn(slots, parts.vocabularies);
  // What stands inside is the label of the file; a sidecar is asked where nothing does.
  const beside = await readBeside(source, format, parts.sidecar, inside.length > 0 ? undefined : sidecar);
  const { notices, anomalies } = await findNotices(source, format.id, parts.noticeFinders, explicit);
  const found = [...slots.found, ...beside.found];
  const obstacles = [...slots.anomalies, ...beside.anomalies];
  const findings = findingsIn({ found }, parts.vocabularies);
  const planOf = planReader(source, format);
  const signed = await judgeLabels(source, format, planOf, findings, parts.provenance, options);
  return {
    format: format.id,
    modality: format.modality,
    sizeBytes: source.size,
    findings,
    notices,
    signals: obstacles.some(isFlood) || isLongText(source, format) ? [] : await signalsIn(source, format, planOf, findings.length > 0),
    provenance: signed.provenance,
    recovered: signed.recovered,
    verifiedLabel: signed.verifiedLabel,
    anomalies: [...obstacles, ...anomalies, ...signed.anomalies],
    unreadable: unreadable ?? (found.length === 0 ? obstacleIn(obstacles) : null),
  };
};

/**
 * Where there is more than is read, or the same thing over and over, nothing is looked for besides: the report says so already, and a second walk would double what a hostile file costs.
 */
const isFlood = ({ code }: Anomaly): boolean => code === 'limit' || code === 'duplicate_structure';

/** Text is walked from end to end to tell what in it is metadata; that much of it has better places to say who made it. */
const MAXIMUM_TEXT_BYTES = 4 << 20;

const isLongText = ({ size }: ByteSource, { modality, mediaTypes }: Format): boolean =>
  size > MAXIMUM_TEXT_BYTES && (modality === 'text' || mediaTypes[0]?.endsWith('+xml') === true);

/** What may have kept a label from being found: where nothing was, such a file is never called unlabelled (spec/provenance.md §4.4). */
const obstacleIn = (anomalies: readonly Anomaly[]): Evidence['unreadable'] => {
  if (anomalies.some(({ code }) => code === 'truncated' || code === 'damaged' || code === 'undecodable')) {
    return 'damaged';
  }
  return anomalies.some(({ code }) => code === 'limit') ? 'unsupported' : null;
};

const readSlots = async (source: ByteSource, format: Format): Promise<{ slots: Slots; unreadable: Evidence['unreadable'] }> => {
  try {
    return { slots: await format.read(source), unreadable: null };
  } catch (error) {
    const anomaly = anomalyOf(error, format.id);
    const isUnsupported = error instanceof LabelError && error.code === 'FORMAT_UNSUPPORTED_FEATURE';
    return { slots: { found: [], anomalies: [anomaly] }, unreadable: isUnsupported ? 'unsupported' : 'damaged' };
  }
};

const findNotices = async (
  source: ByteSource,
  formatId: string,
  finders: readonly NoticeFinder[],
  explicit: NoticeSearch | undefined,
): Promise<{ readonly notices: readonly FoundNotice[] | null; readonly anomalies: readonly Anomaly[] }> => {
  const finder = finders.find(({ formats, isDecoding }) => formats.includes(formatId) && (isDecoding !== true || explicit !== undefined));
  try {
    return { notices: finder === undefined ? null : await finder.find(source, formatId, explicit), anomalies: [] };
  } catch (error) {
    return { notices: null, anomalies: [anomalyOf(error, 'notice')] };
  }
};
