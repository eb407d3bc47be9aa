import { type Carried, type FileOutcome as Done, LabelError, type NameOptions, type WriteFileOptions } from 'aigc-label';
import { type Failure, failureOf } from './failure.ts';
import type { Input } from './inputs.ts';
import { doneEarlier } from './outputs.ts';
import type { ApplyFile } from './run-files.ts';
import type { Session } from './session.ts';
import type { FileOutcome } from './words/words.ts';

/** What became of one file of a run that writes. */
export interface FileResult {
  readonly file: string;
  /** Where it was, or would be, written; `null` for standard output. */
  readonly output: string | null;
  readonly outcome: FileOutcome;
  /** `null` where it was refused or not begun. */
  readonly done: (Done & Partial<Carried>) | null;
  readonly error: Failure | null;
  /** The error as it was thrown, for AIGC_LABEL_DEBUG. */
  readonly cause?: unknown;
}

/** How one file is labelled. */
export interface LabelJob {
  readonly input: Input;
  readonly output: string;
  readonly isInPlace: boolean;
  readonly options: NameOptions & WriteFileOptions;
  readonly isRecorded?: boolean;
}

/** Does what is asked to one file; whatever stands in the way is in the result, so that one file never stops the others. */
export const labelOne = async (
  { input, output, isInPlace, options, isRecorded = false }: LabelJob,
  apply: ApplyFile,
  session: Session,
): Promise<FileResult> => {
  const file = input.path;
  if (session.stop.signal.aborted) {
    return { file, output, outcome: 'not_begun', done: null, error: null };
  }
  try {
    if (input.error !== undefined) {
      throw input.error;
    }
    const mayReplace = options.mayReplace === true;
    const earlier = isInPlace ? undefined : await doneEarlier(file, output, apply, { mayReplace, name: file });
    if (earlier !== undefined) {
      if (isRecorded && options.isDryRun !== true) {
        // It says all this already, so nothing is written but what its record still lacks.
        await apply(output, output, { name: file });
      }
      return { file, output, outcome: 'done_earlier', done: earlier, error: null };
    }
    const done = await apply(file, output, { ...options, signal: session.stop.signal });
    return { file, output, outcome: done.outcome, done, error: null };
  } catch (error) {
    return refusal(file, output, error, session);
  }
};

/** An error as a file's result; a file that Ctrl-C undid counts as not begun. */
export const refusal = (file: string, output: string | null, error: unknown, { wording, words }: Session): FileResult =>
  error instanceof LabelError && error.code === 'ABORTED'
    ? { file, output, outcome: 'not_begun', done: null, error: null }
    : { file, output, outcome: 'refused', done: null, error: failureOf(error, wording, words), cause: error };
