import { allRegimes, type FoundNotice, type Label, looksLikeProviderCode, type NoticeMeasure, parseProviderCode, type Report } from 'aigc-label';
import { printable, shortened } from './printable.ts';
import { shownName } from './render-failure.ts';
import type { Style } from './screen.ts';
import type { Session } from './session.ts';
import type { Words } from './words/words.ts';

/** More of one text out of a file is not shown; `--json` has it all. */
const SHOWN_CHARACTERS = 200;

/** A report has as many anomalies as a hostile file wants. */
const SHOWN_LINES = 8;

/** A verdict that needs no manual: what it is, who says so, how sure, what is wrong, what to do. */
export const verdictLines = (file: string, report: Report, session: Session): readonly string[] => [
  session.out.style('bold', shownName(file, session)),
  ...headline(report, session).map(indent),
  ...facts(report, session).map(indent),
];

const indent = (line: string): string => `  ${line}`;

const STYLES: Readonly<Record<Report['action'], Style>> = { generated: 'green', possible: 'yellow', suspected: 'yellow', none: 'dim' };

/** Where nothing could be looked for, "nothing found" would say too much. */
const isUndetermined = ({ action, integrity }: Report): boolean => action === 'none' && (integrity === 'unsupported' || integrity === 'malformed');

const headline = (report: Report, { wording, words, out }: Session): readonly string[] => {
  if (isUndetermined(report)) {
    return [out.style('yellow', words.verify.undetermined)];
  }
  const { title, meaning } = wording.actions[report.action];
  return [out.style(STYLES[report.action], title), meaning];
};

const facts = (report: Report, session: Session): readonly string[] => {
  const { wording, words } = session;
  const { verify: names, colon } = words;
  const say = (name: string, text: string): string => `${name}${colon}${text}`;
  const integrity = wording.integrities[report.integrity];
  const next = [isUndetermined(report) ? '' : wording.actions[report.action].next, integrity.next].filter((sentence) => sentence !== '');
  return [
    ...(report.label === null ? [] : people(report.label, session).map(([name, text]) => say(name, text))),
    say(names.howSure, integrity.meaning),
    ...origin(report, session).map(([name, text]) => say(name, text)),
    ...rules(report, session),
    ...(report.notices ?? []).slice(0, SHOWN_LINES).map((notice) => say(names.notices, noticeLine(notice, names))),
    ...report.anomalies
      .slice(0, SHOWN_LINES)
      .map(({ code, site, offset }) => say(names.structure, `${wording.anomalies[code]} (${place(site, offset)})`)),
    ...next.map((sentence) => say(names.next, sentence)),
  ];
};

/** Whence it comes: the signature, what a store knows, what other metadata says. */
const origin = ({ integrity, provenance, recovered, signals }: Report, { wording, words }: Session): readonly (readonly [string, string])[] => {
  const { verify: names, trace } = words;
  const log = provenance?.log ?? 'unasked';
  const code = provenance?.producer ?? provenance?.propagator;
  // The key was revoked, and the record is demonstrably older: then the verdict is another one.
  const isOlder = code?.state === 'revoked_key' && (integrity === 'verified' || integrity === 'content_changed');
  const by = code == null || code.keyId === null ? '' : ` (${code.algorithm ?? ''} ${shortened(code.keyId, SHOWN_CHARACTERS)})`;
  return [
    ...(code == null ? [] : [[names.signature, `${isOlder ? trace.revokedLater : trace.states[code.state]}${by}`] as const]),
    ...(log === 'unasked' ? [] : [[names.log, names.logs[log]] as const]),
    ...(recovered === null ? [] : [[names.recovered, shortened(`${recovered.producer}, ${recovered.produceId}`, SHOWN_CHARACTERS)] as const]),
    ...signals.map(({ code: signal, offset }) => [names.signal, `${wording.signals[signal]} (${offset})`] as const),
  ];
};

const noticeLine = ({ text, form, position, measures = {}, shortfalls = [] }: FoundNotice, names: Words['verify']): string => {
  const measured = Object.entries(measures).map(([measure, value]) => `${names.measures[measure as NoticeMeasure]} ${value}`);
  const broken = shortfalls.map((shortfall) => names.shortfall({ ...shortfall, measure: names.measures[shortfall.measure] }));
  const what = text === null ? names.forms[form] : `"${shortened(text, SHOWN_CHARACTERS)}"`;
  return [what, names.positions[position], ...(measured.length === 0 ? [] : [measured.join(', ')]), ...broken].join('; ');
};

const place = (site: string, offset: number | undefined): string => shortened(offset === undefined ? site : `${site}, ${offset}`, SHOWN_CHARACTERS);

const people = (label: Label, session: Session): readonly (readonly [string, string])[] => {
  const { verify: names } = session.words;
  const said = [names.saidBy, person(label.ContentProducer, label.ProduceID, session)] as const;
  const isSame = label.ContentPropagator === label.ContentProducer && label.PropagateID === label.ProduceID;
  return isSame || label.ContentPropagator === '' ? [said] : [said, [names.spreadBy, person(label.ContentPropagator, label.PropagateID, session)]];
};

const person = (name: string, number: string, { words: { verify: names } }: Session): string => {
  const { code } = parseProviderCode(name);
  const isNamed = code !== undefined && looksLikeProviderCode(name);
  // An individual's code holds a citizen number: it is shown where it stands, and not taken apart.
  const who = !isNamed ? '' : code.subject === 'individual' ? ` (${names.individual})` : ` (${names.organisation(code.identity)})`;
  return `${shortened(name, SHOWN_CHARACTERS)}${who}, ${names.number} ${shortened(number, SHOWN_CHARACTERS)}`;
};

const rules = (report: Report, session: Session): readonly string[] => {
  const { wording, words, language, out } = session;
  const { verify: names, colon } = words;
  if (report.findings.length === 0) {
    return [`${names.rules}${colon}${names.notJudged}`];
  }
  const failed = report.clauses.filter(({ outcome }) => outcome === 'fail');
  const open = report.clauses.filter(({ outcome }) => outcome === 'incomplete');
  const line = (mark: string, clauses: Report['clauses'], which: 'fail' | 'incomplete'): readonly string[] =>
    clauses.map(({ regime, clause, checks }) => {
      const title = allRegimes.find(({ id }) => id === regime)?.clauses.find(({ id }) => id === clause)?.title[language] ?? '';
      const remedies = checks.filter(({ outcome }) => outcome === which).map(({ check }) => wording.checks[check].remedy);
      return `  ${mark} ${clause} ${title}${which === 'incomplete' ? ` (${names.mustLook})` : ''}${colon}${[...new Set(remedies)].join(' ')}`;
    });
  const deviations = [
    ...new Set(report.findings.flatMap((finding) => finding.deviations.map(({ code, field }) => wording.deviations[code](field ?? '')))),
  ];
  return [
    `${names.rules}${colon}${failed.length === 0 ? names.allKept : names.violated(failed.length)}`,
    ...line(out.style('red', '✗'), failed, 'fail'),
    ...line(out.style('yellow', '?'), open, 'incomplete'),
    ...deviations.slice(0, SHOWN_LINES).map((deviation) => `  - ${printable(deviation)}`),
  ];
};
