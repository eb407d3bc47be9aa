import { availableParallelism } from 'node:os';
import type { FileOutcome, NameOptions, WriteFileOptions } from 'aigc-label';
import { pMapIterable } from 'p-map';
import { type DestinationFlags, destinationOf } from './destination.ts';
import type { ExitCode } from './exit-codes.ts';
import { STANDARD_INPUT } from './inputs.ts';
import { jobsOf, sweep } from './label-jobs.ts';
import { labelWithProgress, weightsOf } from './label-progress.ts';
import { labelStandardInput } from './label-standard-input.ts';
import { startProgress } from './progress.ts';
import { labelPrinter } from './render-label.ts';
import type { Session } from './session.ts';
import type { Settings } from './settings.ts';

/** What is done to one file: labelling, repairing, propagating. */
export type ApplyFile = (input: string, output: string, options: NameOptions & WriteFileOptions) => Promise<FileOutcome>;

/** The flags that every command that writes files has. */
export interface FilesFlags extends DestinationFlags, Readonly<Record<string, unknown>> {
  readonly overwrite?: boolean;
  readonly produceId?: string;
  readonly propagateId?: string;
  readonly name?: string;
}

/** What else a run does. */
export interface RunOptions {
  /** Set where records are kept: then those of outputs that a stopped run has left are finished, too. */
  readonly isRecorded?: boolean;
}

/** Does `apply` to all inputs, as many at a time as the settings say, and prints each result as it comes. @throws UsageError. */
export const runFiles = async (
  args: readonly string[],
  flags: FilesFlags,
  settings: Settings,
  session: Session,
  apply: ApplyFile,
  { isRecorded = false }: RunOptions = {},
): Promise<ExitCode> => {
  const destination = await destinationOf(args, flags, session);
  const isDryRun = flags.dryRun === true;
  const printer = labelPrinter(session, {
    isDryRun,
    isJson: flags.json === true,
    isQuiet: settings.quiet === true,
    isToErr: destination.kind === 'standard-output' && !isDryRun,
  });
  if (destination.kind === 'standard-output' || args.includes(STANDARD_INPUT)) {
    const options = { name: flags.name ?? '', mayReplace: flags.overwrite === true, isDryRun };
    await printer.file(await labelStandardInput(destination, apply, options, session));
    return printer.end();
  }
  const jobs = (await jobsOf(args, destination, flags, session)).map((job) => ({ ...job, isRecorded }));
  if (!isDryRun) {
    await sweep(jobs);
  }
  const concurrency = settings.concurrency ?? availableParallelism();
  const { err, stop, words } = session;
  const weights: Awaited<ReturnType<typeof weightsOf>> = err.isTerminal ? await weightsOf(jobs) : new Map();
  const bytes = [...weights.values()].reduce((total, weight) => total + weight, 0);
  const progress = await startProgress(err, {
    files: jobs.length,
    bytes,
    format: words.progress,
    isQuiet: settings.quiet === true,
    signal: stop.signal,
  });
  for await (const result of pMapIterable(jobs, (job) => labelWithProgress(job, weights.get(job) ?? 0, apply, session, progress), {
    concurrency,
    backpressure: concurrency * 4,
  })) {
    await progress.aside(() => printer.file(result));
  }
  progress.end();
  return printer.end();
};
