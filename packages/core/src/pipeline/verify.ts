import type { ByteSource } from '../bytes/source.ts';
import type { CheckId } from '../checks/check.ts';
import { allChecks } from '../checks/index.ts';
import { LabelError, type LabelErrorCode } from '../errors.ts';
import type { Anomaly, Format, Slots } from '../ports/format.ts';
import type { FoundNotice, NoticeFinder } from '../ports/mark.ts';
import type { Vocabulary } from '../ports/vocabulary.ts';
import type { Regime } from '../regimes/regime.ts';
import type { Evidence } from '../report/evidence.ts';
import { foldRegime } from '../report/fold.ts';
import { makeReport, type Report } from '../report/report.ts';
import type { Outcome } from '../report/verdict.ts';
import { chooseFormat, type FormatHint } from './choose-format.ts';
import { findingsIn } from './findings.ts';
import { readSidecar, type SidecarKind, type SidecarReader } from './sidecar.ts';

/** What verifying is wired from. */
export interface VerifyParts {
  readonly formats: readonly Format[];
  readonly vocabularies: readonly Vocabulary[];
  readonly regimes: readonly Regime[];
  readonly noticeFinders: readonly NoticeFinder[];
  /** Absent where sidecars are not looked at. */
  readonly sidecar?: SidecarKind;
}

/** How to verify one file. */
export interface VerifyOptions {
  readonly hint?: FormatHint;
  /** Whether the user who uploads the file says that it is generated (Measures Art. 6 item 2). The default is `false`. */
  readonly isDeclared?: boolean;
  /** Gives the file's sidecar (`<name>.xmp`), where it has one; asked for kinds of file that cannot hold a label. */
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
  return makeReport(evidence, clauses, options.isDeclared ?? false);
};

const gather = async (source: ByteSource, parts: VerifyParts, { hint, sidecar }: VerifyOptions): Promise<Evidence> => {
  const format = source.size === 0 ? undefined : await chooseFormat(source, parts.formats, hint);
  if (format === undefined) {
    return {
      format: null,
      modality: null,
      sizeBytes: source.size,
      findings: [],
      notices: null,
      anomalies: source.size === 0 ? [{ code: 'truncated', site: 'file', offset: 0, detail: 'the file is empty' }] : [],
      unreadable: source.size === 0 ? 'damaged' : 'unsupported',
    };
  }
  const { slots, unreadable } = await readSlots(source, format);
  const beside = await readBeside(source, format, parts, sidecar);
  const { notices, anomalies } = await findNotices(source, format.id, parts.noticeFinders);
  return {
    format: format.id,
    modality: format.modality,
    sizeBytes: source.size,
    findings: findingsIn({ found: [...slots.found, ...beside.found] }, parts.vocabularies),
    notices,
    anomalies: [...slots.anomalies, ...beside.anomalies, ...anomalies],
    unreadable,
  };
};

/** Codes that speak of the outside world and so are not the file's fault. */
const OUTSIDE: ReadonlySet<LabelErrorCode> = new Set(['IO_FAILED', 'NO_PERMISSION', 'NOT_FOUND', 'NOT_A_FILE', 'SOURCE_CHANGED', 'ABORTED']);

const readSlots = async (source: ByteSource, format: Format): Promise<{ slots: Slots; unreadable: Evidence['unreadable'] }> => {
  try {
    return { slots: await format.read(source), unreadable: null };
  } catch (error) {
    const anomaly = anomalyOf(error, format.id);
    const isUnsupported = error instanceof LabelError && error.code === 'FORMAT_UNSUPPORTED_FEATURE';
    return { slots: { found: [], anomalies: [anomaly] }, unreadable: isUnsupported ? 'unsupported' : 'damaged' };
  }
};

const readBeside = async (source: ByteSource, format: Format, { sidecar: kind }: VerifyParts, reader: SidecarReader | undefined): Promise<Slots> => {
  if (format.sidecar === undefined || kind === undefined || reader === undefined) {
    return { found: [], anomalies: [] };
  }
  try {
    const sidecar = await reader();
    return sidecar === undefined ? { found: [], anomalies: [] } : await readSidecar(kind, sidecar, source);
  } catch (error) {
    return { found: [], anomalies: [anomalyOf(error, 'sidecar')] };
  }
};

/** An error as an anomaly; one of the outside world is thrown again. A reader that trips over hostile bytes in a way of its own is our defect, but the upload still gets a verdict. */
const anomalyOf = (error: unknown, site: string): Anomaly => {
  if (error instanceof LabelError && OUTSIDE.has(error.code)) {
    throw error;
  }
  return {
    code: error instanceof LabelError && error.code === 'LIMIT_EXCEEDED' ? 'limit' : 'damaged',
    site,
    detail: error instanceof LabelError ? error.message : 'the structure cannot be read',
  };
};

const findNotices = async (
  source: ByteSource,
  formatId: string,
  finders: readonly NoticeFinder[],
): Promise<{ readonly notices: readonly FoundNotice[] | null; readonly anomalies: readonly Anomaly[] }> => {
  const finder = finders.find(({ formats }) => formats.includes(formatId));
  try {
    return { notices: finder === undefined ? null : await finder.find(source, formatId), anomalies: [] };
  } catch (error) {
    return { notices: null, anomalies: [anomalyOf(error, 'notice')] };
  }
};
