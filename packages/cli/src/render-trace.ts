import type { CodeFinding, Trace, TracedPropagation, TracedRecord } from 'aigc-label';
import { shortened } from './printable.ts';
import { shownName } from './render-failure.ts';
import { verdictLines } from './render-verdict.ts';
import type { Session } from './session.ts';

/** More of one text is not shown; `--json` has it all. */
const SHOWN_CHARACTERS = 200;

/** A story that needs no manual: the verdict on the file, then each record, then who has spread it, then how sure all that is. */
export const traceLines = (subject: string, trace: Trace, session: Session): readonly string[] => {
  const { words, out } = session;
  const { report, records, propagations, certainty } = trace;
  return [
    ...(report === null ? [out.style('bold', shownName(subject, session))] : verdictLines(subject, report, session)),
    ...(records.length === 0
      ? [`  ${report === null ? words.trace.noSuchThing : words.trace.noRecord}`]
      : records.flatMap((record) => recordLines(record, session))),
    ...propagations.map((propagation) => propagationLine(propagation, session)),
    `  ${words.trace.howSure}${words.colon}${words.trace.certainties[certainty]}`,
  ];
};

const recordLines = (record: TracedRecord, session: Session): readonly string[] => {
  const { trace: names } = session.words;
  const { colon } = session.words;
  const facts: readonly (readonly [string, string])[] = [
    [names.producer, `${shown(record.producer)}, ${shown(record.produceId)}`],
    [names.signedAt, timeOf(record.signedAtSeconds * 1000)],
    ...(record.model === undefined ? [] : [[names.model, shown(record.model)] as const]),
    [names.content, `${record.format}, ${record.mediaType}${record.sizeBytes === null ? '' : `, ${names.bytes(record.sizeBytes)}`}`],
    [names.status, names.statuses[record.status]],
    [names.signature, signatureWords(record.signature, session)],
    ...(record.isThisContent === null ? [] : [[names.sameContent, record.isThisContent ? names.yes : names.no] as const]),
    ...(record.leafIndex === null ? [] : [[names.leaf, String(record.leafIndex)] as const]),
    [names.keptUntil, timeOf(record.expiresAtMillis)],
  ];
  return [`  ${names.record}`, ...facts.map(([name, text]) => `    ${name}${colon}${text}`)];
};

const propagationLine = ({ propagator, propagateId, atMillis, signature }: TracedPropagation, session: Session): string => {
  const { words } = session;
  return `  ${words.verify.spreadBy}${words.colon}${shown(propagator)}, ${shown(propagateId)}, ${timeOf(atMillis)}; ${signatureWords(signature, session)}`;
};

const signatureWords = (signature: CodeFinding | null, { words: { trace: names } }: Session): string =>
  signature === null ? names.unsigned : `${names.states[signature.state]}${signature.keyId === null ? '' : ` (${shown(signature.keyId)})`}`;

const shown = (text: string): string => shortened(text, SHOWN_CHARACTERS);

/** ISO 8601, which is the same in every language. */
const timeOf = (millis: number): string => new Date(millis).toISOString().replace(/\.\d+Z$/, 'Z');
