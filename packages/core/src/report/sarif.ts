// SARIF 2.1.0 (OASIS): what verifying found, for code scanners and review tools.
import type { CheckId } from '../checks/check.ts';
import type { Regime } from '../regimes/regime.ts';
import type { Wording } from '../wording/wording.ts';
import type { Report } from './report.ts';

/** A file with its report. */
export interface ReportedFile {
  /** The path as it was asked for. */
  readonly file: string;
  readonly report: Report;
}

/** A file that could not be looked at, and why. */
export interface UnreadFile {
  readonly file: string;
  /** In the language of the log. */
  readonly message: string;
}

/** What a log is made with. */
export interface SarifOptions {
  readonly wording: Wording;
  /** Their clauses are named beside each rule. */
  readonly regimes: readonly Regime[];
  /** The version of the program that verified. */
  readonly version: string;
  /** Files without a report; a log that left them out would look as if nothing were wrong with them. */
  readonly unread?: readonly UnreadFile[];
}

/**
 * One SARIF 2.1.0 log: a rule for each check with the clauses that ask it, a result for each check that failed (`error`, or `warning` for mere advice) or that a person must
 * look at (kind `review`), a notification for each file that could not be looked at. The same input gives the same text.
 */
export const sarifLog = (files: readonly ReportedFile[], { wording, regimes, version, unread = [] }: SarifOptions): unknown => ({
  $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
  version: '2.1.0',
  runs: [
    {
      tool: { driver: { name: 'aigc-label', semanticVersion: version, rules: rulesOf(wording, regimes) } },
      invocations: [
        {
          executionSuccessful: unread.length === 0,
          toolExecutionNotifications: unread.map(({ file, message }) => ({ level: 'error', message: { text: message }, locations: [placeOf(file)] })),
        },
      ],
      // Paths are as they were asked for: relative to where the program ran.
      results: files.flatMap((file) => resultsOf(file, wording)),
    },
  ],
});

const rulesOf = (wording: Wording, regimes: readonly Regime[]): readonly unknown[] =>
  checksOf(wording).map((id) => ({
    id,
    shortDescription: { text: wording.checks[id].title },
    help: { text: wording.checks[id].remedy },
    properties: {
      clauses: regimes.flatMap((regime) => regime.clauses.filter(({ checks }) => checks.includes(id)).map((clause) => `${regime.id} ${clause.id}`)),
    },
  }));

const checksOf = (wording: Wording): readonly CheckId[] => Object.keys(wording.checks) as CheckId[];

const resultsOf = ({ file, report }: ReportedFile, wording: Wording): readonly unknown[] =>
  checksOf(wording).flatMap((id, ruleIndex) => {
    const asking = report.clauses.filter(({ checks }) => checks.some(({ check }) => check === id));
    const outcome = asking[0]?.checks.find(({ check }) => check === id)?.outcome;
    if (outcome !== 'fail' && outcome !== 'incomplete') {
      return [];
    }
    const level = asking.every(({ isAdvice }) => isAdvice) ? 'warning' : 'error';
    return [
      {
        ruleId: id,
        ruleIndex,
        ...(outcome === 'fail' ? { kind: 'fail', level } : { kind: 'review', level: 'none' }),
        message: { text: messageOf(id, report, wording) },
        locations: [locationOf(file, report)],
        properties: { clauses: asking.map(({ regime, clause }) => `${regime} ${clause}`), action: report.action, integrity: report.integrity },
      },
    ];
  });

const messageOf = (id: CheckId, { findings }: Report, wording: Wording): string => {
  const { title, remedy } = wording.checks[id];
  const told = [...new Set(findings.flatMap(({ deviations }) => deviations.map(({ code, field }) => wording.deviations[code](field ?? ''))))];
  const details = id.startsWith('label-') && told.length > 0 ? ` (${told.slice(0, MAXIMUM_DETAILS).join('; ')})` : '';
  return `${title}${details}: ${remedy}`;
};

/** Deviations that are told in one message. */
const MAXIMUM_DETAILS = 8;

const placeOf = (file: string): { readonly physicalLocation: unknown } => ({ physicalLocation: { artifactLocation: { uri: uriOf(file) } } });

const locationOf = (file: string, { findings }: Report): unknown => ({
  ...placeOf(file),
  ...(findings.length === 0
    ? {}
    : { logicalLocations: findings.slice(0, MAXIMUM_DETAILS).map(({ site }) => ({ fullyQualifiedName: site, kind: 'member' })) }),
});

/** A path as a relative reference (RFC 3986): each part percent-encoded, so that no name can be taken for a scheme. */
const uriOf = (file: string): string => {
  const encoded = file
    .replaceAll('\\', '/')
    .split('/')
    .map((part) => encodeURIComponent(wellFormed(part)))
    .join('/');
  return encoded.startsWith('/') ? `file://${encoded}` : encoded;
};

/** Halves of surrogate pairs, which file names may hold, as U+FFFD: nothing else can be encoded. */
const wellFormed = (text: string): string => new TextDecoder().decode(new TextEncoder().encode(text));
