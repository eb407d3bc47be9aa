import { stat } from 'node:fs/promises';
import type { Labeler } from 'aigc-label';
import type { Input } from './inputs.ts';
import { type FileResult, type LabelJob, labelOne } from './label-file.ts';
import type { Progress } from './progress.ts';
import type { Session } from './session.ts';

/** What a file costs whatever its size (opening, syncing, naming), in bytes that could be copied in that time. */
const FILE_COST_BYTES = 1 << 18;

/** What all files of a run weigh together. */
export const weightOfAll = async (jobs: readonly LabelJob[]): Promise<number> => {
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

/** As `labelOne`, and tells how far it has come. */
export const labelWithProgress = async (job: LabelJob, labeler: Labeler, session: Session, progress: Progress): Promise<FileResult> => {
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
