import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LabelError, sweepTemporaries } from 'aigc-label';
import { UsageError } from './failure.ts';
import { expandInputs, type Input } from './inputs.ts';
import type { LabelJob } from './label-file.ts';
import { type Destination, outputOf } from './outputs.ts';
import type { Session } from './session.ts';

/** The flags that concern every file of a run. */
export interface JobFlags {
  readonly overwrite?: boolean;
  readonly dryRun?: boolean;
  readonly produceId?: string;
  readonly propagateId?: string;
}

/** Which file is to be labelled to where. @throws UsageError where there is none, or too many; LabelError `OUTPUT_IS_INPUT`. */
export const jobsOf = async (
  args: readonly string[],
  destination: Exclude<Destination, { kind: 'standard-output' }>,
  flags: JobFlags,
  { words: { usage }, err }: Session,
): Promise<readonly LabelJob[]> => {
  const folder = destination.kind === 'folder' ? destination.folder : undefined;
  const { list: found, base, leftOut } = await expandInputs(args, folder);
  const isInPlace = destination.kind === 'in-place';
  // In place, two names of one file (through a link to its folder) would be labelled against each other.
  const list = isInPlace ? await withoutTwins(found) : found;
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
  if (list.length > 1 && (flags.produceId ?? flags.propagateId) !== undefined) {
    throw new UsageError(usage.produceIdTakesOne);
  }
  const options = { mayReplace: flags.overwrite === true, makesFolders: !isInPlace, isDryRun: flags.dryRun === true };
  return list.map((input) => ({ input, output: outputOf(input.path, base, destination), isInPlace, options }));
};

const withoutTwins = async (inputs: readonly Input[]): Promise<readonly Input[]> => {
  const folders = new Map<string, string>();
  const byRealPath = new Map<string, Input>();
  for (const input of inputs) {
    const folder = dirname(input.path);
    const real = folders.get(folder) ?? (await realPathOf(folder));
    folders.set(folder, real);
    const path = join(real, basename(input.path));
    byRealPath.set(path, byRealPath.get(path) ?? input);
  }
  return [...byRealPath.values()];
};

const realPathOf = (path: string): Promise<string> => realpath(path).catch(() => resolve(path));

/** Removes what a killed run left in the folders that this one writes to. */
export const sweep = async (jobs: readonly LabelJob[]): Promise<void> => {
  for (const folder of new Set(jobs.map(({ output }) => dirname(output)))) {
    await sweepTemporaries(folder, Date.now());
  }
};
