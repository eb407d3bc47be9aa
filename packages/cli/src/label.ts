import { availableParallelism } from 'node:os';
import { createLabeler } from 'aigc-label';
import { pMapIterable } from 'p-map';
import { loadSettings } from './config.ts';
import { type DestinationFlags, destinationOf } from './destination.ts';
import type { ExitCode } from './exit-codes.ts';
import { STANDARD_INPUT } from './inputs.ts';
import { jobsOf, sweep } from './label-jobs.ts';
import { labelWithProgress, weightsOf } from './label-progress.ts';
import { requestOf } from './label-request.ts';
import { labelStandardInput } from './label-standard-input.ts';
import { startProgress } from './progress.ts';
import { labelPrinter } from './render-label.ts';
import { type Session, sessionFor } from './session.ts';

/** The flags of `label`; those of settings are read by `loadSettings`. */
export interface LabelFlags extends DestinationFlags, Readonly<Record<string, unknown>> {
  readonly overwrite?: boolean;
  readonly produceId?: string;
  readonly name?: string;
}

/** `aigc-label label`. @throws UsageError, and LabelError for settings and fields that cannot be. */
export const label = async (args: readonly string[], flags: LabelFlags, called: Session): Promise<ExitCode> => {
  const settings = await loadSettings({ flags, env: called.env, folder: called.folder, language: called.language });
  const session = sessionFor(called, settings);
  const labeler = createLabeler(requestOf(settings, flags.produceId, session.words));
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
    await printer.file(await labelStandardInput(destination, labeler, options, session));
    return printer.end();
  }
  const jobs = await jobsOf(args, destination, flags, session);
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
  for await (const result of pMapIterable(jobs, (job) => labelWithProgress(job, weights.get(job) ?? 0, labeler, session, progress), {
    concurrency,
    backpressure: concurrency * 4,
  })) {
    await progress.aside(() => printer.file(result));
  }
  progress.end();
  return printer.end();
};
