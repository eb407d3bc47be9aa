import { FIELD_NAMES, type Inspection } from 'aigc-label';
import { EXIT, type ExitCode, exitOfError, worstOf } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import { printable, printableJson, shortened } from './printable.ts';
import { debugTrace, failureLine, shownName } from './render-failure.ts';
import type { LookPrinter } from './render-report.ts';
import type { Session } from './session.ts';

/** More of one text out of a file is not shown; `--json` has it all. */
const SHOWN_CHARACTERS = 600;

/** Prints what stands in files, or with `isJson` `{file, inspection}`. */
export const inspectPrinter = (session: Session, { isJson }: { readonly isJson: boolean }): LookPrinter<Inspection> => {
  const codes = new Set<ExitCode>([EXIT.fine]);
  return {
    async file({ file, value: inspection, error }) {
      if (inspection !== null) {
        await session.out.line(isJson ? printableJson({ file, inspection }) : `${inspectionLines(file, inspection, session).join('\n')}\n`);
      } else if (error !== undefined) {
        const failure = failureOf(error, session.wording, session.words);
        codes.add(exitOfError(failure.code));
        await (isJson ? session.out.line(printableJson({ file, error: failure })) : session.err.line(failureLine(file, failure, session)));
        await debugTrace(failure, error, session);
      }
    },
    end: () => Promise.resolve(session.stop.code() ?? worstOf(codes)),
  };
};

const inspectionLines = (file: string, { format, sizeBytes, findings, anomalies }: Inspection, session: Session): readonly string[] => {
  const { words, wording, out } = session;
  const { inspect: names, colon } = words;
  const kind = format === null ? names.unknownKind : `${format.id} (${wording.modalities[format.modality]}, ${format.mediaType})`;
  return [
    out.style('bold', shownName(file, session)),
    `  ${names.kind}${colon}${kind}, ${names.size(sizeBytes)}`,
    ...(format === null ? [] : [`  ${names.place}${colon}${format.place.description} (${format.place.source})`]),
    `  ${names.found(findings.length)}`,
    ...findings.flatMap((finding) => findingLines(finding, session)),
    ...(anomalies.length === 0 ? [`  ${names.structure}${colon}${names.nothing}`] : []),
    ...anomalies.map(({ code, site, offset }) =>
      shortened(`  ${names.structure}${colon}${wording.anomalies[code]} (${site}${offset === undefined ? '' : `, ${offset}`})`, SHOWN_CHARACTERS),
    ),
  ];
};

const findingLines = ({ site, isGuidePlace, raw, label, deviations }: Inspection['findings'][number], session: Session): readonly string[] => {
  const { words, wording, out } = session;
  const { inspect: names, colon } = words;
  return [
    `    ${shortened(site, SHOWN_CHARACTERS)} (${isGuidePlace ? names.guidePlace : names.otherPlace})`,
    ...(label === null
      ? []
      : FIELD_NAMES.map((name) => `      ${name}${colon}${shortened(label[name], SHOWN_CHARACTERS)}${meaningOf(name, label, session)}`)),
    ...deviations.map(({ code, field }) => `      ${out.style('yellow', '!')} ${printable(wording.deviations[code](field ?? ''))}`),
    `      ${names.raw}${colon}${shortened(raw, SHOWN_CHARACTERS)}`,
  ];
};

const meaningOf = (name: string, label: NonNullable<Inspection['findings'][number]['label']>, { wording }: Session): string =>
  name === 'Label' ? ` (${wording.labelValues[label.Label]})` : '';
