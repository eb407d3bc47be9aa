import { allRegimes, type Report, type ReportedFile, sarifLog, type UnreadFile } from 'aigc-label';
import { EXIT, type ExitCode, exitOfError, exitOfReport, worstOf } from './exit-codes.ts';
import { failureOf } from './failure.ts';
import type { Looked } from './look-at-all.ts';
import { printableJson } from './printable.ts';
import { debugTrace, failureLine } from './render-failure.ts';
import { verdictLines } from './render-verdict.ts';
import type { Session } from './session.ts';
import { version } from './version.ts';

/** Prints reports as they come; `end` gives the exit code of the run. */
export interface LookPrinter<Value> {
  file(looked: Looked<Value>): Promise<void>;
  end(): Promise<ExitCode>;
}

type Column = 'labelled' | 'violations' | 'unlabelled' | 'undetermined' | 'errors';

const COLUMNS: ReadonlyMap<ExitCode, Column> = new Map([
  [EXIT.fine, 'labelled'],
  [EXIT.refused, 'violations'],
  [EXIT.unlabelled, 'unlabelled'],
  [EXIT.undetermined, 'undetermined'],
]);

/** A printer of verdicts: `text` for people, `json` one `{file, report}` a line, `sarif` one log at the end. `isQuiet` leaves out what is labelled and conformant; with `needsProof` a file counts as such only where the proof from a log holds. */
export const verifyPrinter = (
  session: Session,
  { form, isQuiet, needsProof }: { readonly form: 'text' | 'json' | 'sarif'; readonly isQuiet: boolean; readonly needsProof: boolean },
): LookPrinter<Report> => {
  const counts: Record<Column, number> = { labelled: 0, violations: 0, unlabelled: 0, undetermined: 0, errors: 0 };
  const codes = new Set<ExitCode>();
  const reported: ReportedFile[] = [];
  const unread: UnreadFile[] = [];
  const isJson = form === 'json';
  return {
    async file({ file, value: report, error }) {
      if (report !== null) {
        const code = exitOfReport(report, { needsProof });
        codes.add(code);
        counts[COLUMNS.get(code) ?? 'errors'] += 1;
        if (form === 'sarif') {
          reported.push({ file, report });
        } else if (isJson) {
          await session.out.line(printableJson({ file, report }));
        } else if (!isQuiet || code !== EXIT.fine) {
          await session.out.line(`${verdictLines(file, report, session).join('\n')}\n`);
        }
      } else if (error !== undefined) {
        const failure = failureOf(error, session.wording, session.words);
        codes.add(exitOfError(failure.code));
        counts.errors += 1;
        unread.push({ file, message: failure.message });
        await (isJson ? session.out.line(printableJson({ file, error: failure })) : session.err.line(failureLine(file, failure, session)));
        await debugTrace(failure, error, session);
      }
    },
    async end() {
      if (form === 'sarif') {
        await session.out.line(printableJson(sarifLog(reported, { wording: session.wording, regimes: allRegimes, version: version(), unread })));
      }
      const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
      if (form === 'text' && !isQuiet && total > 1) {
        await session.out.line(session.words.verify.summary(counts));
      }
      return session.stop.code() ?? worstOf(codes);
    },
  };
};
