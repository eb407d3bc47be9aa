import { EXIT, type ExitCode, exitOfError } from './exit-codes.ts';
import { type Failure, failureOf } from './failure.ts';
import { STANDARD_INPUT } from './inputs.ts';
import { printable } from './printable.ts';
import type { Session } from './session.ts';

/** A file's name as it is shown to people. */
export const shownName = (file: string, { words }: Pick<Session, 'words'>): string =>
  file === STANDARD_INPUT ? words.standardInput : printable(file);

/** One line on standard error for a file that failed. */
export const failureLine = (file: string, failure: Failure, session: Session): string =>
  `${session.err.style('red', '✗')} ${shownName(file, session)}${session.words.colon}${printable(failure.message)}`;

/** Prints the stack of a defect of ours, where AIGC_LABEL_DEBUG=1 asks for it, and nothing otherwise. */
export const debugTrace = async (failure: Failure, error: unknown, { env, err }: Session): Promise<void> => {
  if (failure.code === 'UNEXPECTED' && env['AIGC_LABEL_DEBUG'] === '1') {
    await err.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
};

/** What ends a whole run before it began, in one line. Returns the exit code. */
export const tellFatal = async (error: unknown, session: Session): Promise<ExitCode> => {
  if (error instanceof Error && error.name === 'UsageError') {
    await session.err.line(`${session.err.style('red', session.words.error)}${session.words.colon}${printable(error.message)}`);
    return EXIT.error;
  }
  const failure = failureOf(error, session.wording, session.words);
  await session.err.line(`${session.err.style('red', session.words.error)}${session.words.colon}${printable(failure.message)}`);
  await debugTrace(failure, error, session);
  return exitOfError(failure.code) === EXIT.refused ? EXIT.error : exitOfError(failure.code);
};
