import { allFormats } from 'aigc-label';
import { EXIT, type ExitCode, exitOfError, worstOf } from './exit-codes.ts';
import type { FileResult } from './label-file.ts';
import { printable, printableJson } from './printable.ts';
import { debugTrace, failureLine, shownName } from './render-failure.ts';
import type { Session } from './session.ts';
import type { FileOutcome } from './words/words.ts';

/** How the results of a `label` run are printed. */
export interface LabelPrinterOptions {
  readonly isDryRun: boolean;
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  /** Set where standard output is taken by the labelled file itself. */
  readonly isToErr: boolean;
}

/** Prints each result as it comes, and a summary at the end. */
export interface LabelPrinter {
  file(result: FileResult): Promise<void>;
  /** The exit code of the run. */
  end(): Promise<ExitCode>;
}

/** A printer for people, or with `isJson` for machines. */
export const labelPrinter = (session: Session, options: LabelPrinterOptions): LabelPrinter => {
  const counts: Record<FileOutcome, number> = { labelled: 0, updated: 0, unchanged: 0, done_earlier: 0, refused: 0, not_begun: 0 };
  const codes = new Set<ExitCode>();
  const screen = options.isToErr ? session.err : session.out;
  return {
    async file(result) {
      counts[result.outcome] += 1;
      codes.add(result.error === null ? EXIT.fine : exitOfError(result.error.code));
      if (options.isJson) {
        await screen.line(printableJson(jsonOf(result, options.isDryRun)));
      } else if (result.error !== null) {
        await session.err.line(failureLine(result.file, result.error, session));
      } else if (!options.isQuiet && result.outcome !== 'not_begun') {
        await screen.line(resultLine(result, session, options.isDryRun));
      }
      if (result.error !== null) {
        await debugTrace(result.error, result.cause, session);
      }
    },
    async end() {
      const exitCode = session.stop.code() ?? worstOf(codes);
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      if (options.isJson) {
        await screen.line(printableJson({ summary: { ...counts, dryRun: options.isDryRun, exitCode } }));
      } else if (!options.isQuiet && (total > 1 || options.isDryRun || session.stop.code() !== undefined)) {
        await screen.line(session.words.label.summary(counts, options.isDryRun));
      }
      if (session.stop.code() !== undefined && counts.not_begun > 0) {
        await session.err.line(session.words.label.goOn);
      }
      return exitCode;
    },
  };
};

const jsonOf = ({ file, output, outcome, done, error }: FileResult, dryRun: boolean): unknown => ({
  file,
  output,
  outcome,
  dryRun,
  ...(done === null
    ? {}
    : {
        format: done.format,
        place: placeOf(done.format),
        label: done.label,
        mark: done.mark,
        remarks: done.remarks,
        sidecar: done.sidecar,
        ...(done.likeness === undefined ? {} : { likeness: done.likeness }),
        sizeBefore: done.sizeBefore,
        sizeAfter: done.sizeAfter,
      }),
  ...(error === null ? {} : { error }),
});

const placeOf = (format: string): string => allFormats.find(({ id }) => id === format)?.place.description ?? '';

const resultLine = ({ file, output, outcome, done }: FileResult, session: Session, isDryRun: boolean): string => {
  const { label: words, colon } = session.words;
  const target = output === null || output === file ? '' : ` → ${printable(output)}`;
  const added = done === null ? 0 : done.sizeAfter - done.sizeBefore;
  const facts = [
    done?.format ?? '',
    isDryRun && done !== null ? placeOf(done.format) : '',
    outcome === 'labelled' || outcome === 'updated' ? words.bytes(`${added < 0 ? '' : '+'}${added}`) : '',
    done?.mark == null ? '' : words.marked,
    ...(done?.remarks ?? []).map(({ code, data }) => printable(session.wording.remarks[code](data))),
    done?.likeness === undefined ? '' : words.alike(done.likeness.similarity.toFixed(2)),
    done?.sidecar == null ? '' : words.beside(printable(done.sidecar)),
  ].filter((fact) => fact !== '');
  const verb = isDryRun ? words.plans[outcome] : words.outcomes[outcome];
  return `${session.out.style('green', '✓')} ${shownName(file, session)}${target}${colon}${verb} ${session.out.style('dim', `(${facts.join(', ')})`)}`;
};
