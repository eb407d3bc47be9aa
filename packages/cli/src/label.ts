import { realpath, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, resolve } from 'node:path';
import { createLabeler, LabelError, type Labeler, sweepTemporaries } from 'aigc-label';
import { pMapIterable } from 'p-map';
import { loadSettings } from './config.ts';
import { type DestinationFlags, destinationOf } from './destination.ts';
import type { ExitCode } from './exit-codes.ts';
import { UsageError } from './failure.ts';
import { expandInputs, type Input, STANDARD_INPUT } from './inputs.ts';
import { type FileResult, type LabelJob, labelOne } from './label-file.ts';
import { requestOf } from './label-request.ts';
import { labelStandardInput } from './label-standard-input.ts';
import { type Destination, outputOf } from './outputs.ts';
import { type Progress, startProgress } from './progress.ts';
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
  const bytes = err.isTerminal ? await weightOfAll(jobs) : 0;
  const progress = await startProgress(err, { files: jobs.length, bytes, format: words.progress, signal: stop.signal });
  for await (const result of pMapIterable(jobs, (job) => labelWithProgress(job, labeler, session, progress), {
    concurrency,
    backpressure: concurrency * 4,
  })) {
    await progress.aside(() => printer.file(result));
  }
  progress.end();
  return printer.end();
};

const jobsOf = async (
  args: readonly string[],
  destination: Exclude<Destination, { kind: 'standard-output' }>,
  flags: LabelFlags,
  { words: { usage }, err }: Session,
): Promise<readonly LabelJob[]> => {
  const folder = destination.kind === 'folder' ? destination.folder : undefined;
  const { list, base, leftOut } = await expandInputs(args, folder);
  if (folder !== undefined && (await realPathOf(folder)) === (await realPathOf(base))) {
    throw new LabelError('OUTPUT_IS_INPUT', 'The output folder is the input folder.', { data: { path: folder } });
  }
  if (leftOut > 0) {
    await err.line(usage.leftOut(leftOut));
  }
  if (list.length === 0) {
    throw new UsageError(usage.nothingFound);
  }
  if (list.length > 1 && destination.kind === 'file') {
    throw new UsageError(usage.outFileTakesOne);
  }
  if (list.length > 1 && flags.produceId !== undefined) {
    throw new UsageError(usage.produceIdTakesOne);
  }
  const isInPlace = destination.kind === 'in-place';
  const options = { mayReplace: flags.overwrite === true, makesFolders: !isInPlace, isDryRun: flags.dryRun === true };
  return list.map((input) => ({ input, output: outputOf(input.path, base, destination), isInPlace, options }));
};

const realPathOf = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/** Removes what a killed run left in the folders that this one writes to. */
const sweep = async (jobs: readonly LabelJob[]): Promise<void> => {
  for (const folder of new Set(jobs.map(({ output }) => dirname(output)))) {
    await sweepTemporaries(folder, Date.now());
  }
};

/** What a file costs whatever its size (opening, syncing, naming), in bytes that could be copied in that time. */
const FILE_COST_BYTES = 1 << 18;

const weightOfAll = async (jobs: readonly LabelJob[]): Promise<number> => {
  let total = 0;
  for (const { input } of jobs) {
    total += await weightOf(input);
  }
  return total;
};

const weightOf = async ({ path, error }: Input): Promise<number> => {
  const stats = error === undefined ? await stat(path).catch(() => undefined) : undefined;
  return FILE_COST_BYTES + (stats?.size ?? 0);
};

const labelWithProgress = async (job: LabelJob, labeler: Labeler, session: Session, progress: Progress): Promise<FileResult> => {
  const weight = session.err.isTerminal ? await weightOf(job.input) : 0;
  let told = 0;
  const tell = (bytes: number): void => {
    progress.bytesDone(bytes - told);
    told = bytes;
  };
  const onProgress = (written: number): void => tell(Math.min(written, Math.max(0, weight - FILE_COST_BYTES)));
  const result = await labelOne({ ...job, options: { ...job.options, onProgress } }, labeler, session);
  // A file that was refused or stays as it is was dealt with, too.
  tell(weight);
  progress.fileDone();
  return result;
};
