import { stat } from 'node:fs/promises';
import { type FileResult, type LabelJob, labelOne } from './label-file.ts';
import type { Progress } from './progress.ts';
import type { ApplyFile } from './run-files.ts';
import type { Session } from './session.ts';

/** What a file costs whatever its size (opening, syncing, naming), in bytes that could be copied in that time. */
const FILE_COST_BYTES = 1 << 18;

/** What each file of a run weighs: what the bar counts. */
export const weightsOf = async (jobs: readonly LabelJob[]): Promise<ReadonlyMap<LabelJob, number>> => {
  const weights = new Map<LabelJob, number>();
  for (const job of jobs) {
    const { path, error } = job.input;
    const stats = error === undefined ? await stat(path).catch(() => undefined) : undefined;
    weights.set(job, FILE_COST_BYTES + (stats?.size ?? 0));
  }
  return weights;
};

/** As `labelOne`, and tells how far it has come. @param weight the file's, of `weightsOf`; 0 where nobody looks. */
export const labelWithProgress = async (
  job: LabelJob,
  weight: number,
  apply: ApplyFile,
  session: Session,
  progress: Progress,
): Promise<FileResult> => {
  let told = 0;
  const tell = (bytes: number): void => {
    progress.bytesDone(bytes - told);
    told = bytes;
  };
  const size = Math.max(0, weight - FILE_COST_BYTES);
  // Where a mark is made, that is what takes the time; the writing behind it adds nothing to the bar.
  const onMarkProgress = (share: number): void => tell(Math.max(told, Math.min(share, 1) * size));
  const onProgress = (written: number): void => tell(Math.max(told, Math.min(written, size)));
  const result = await labelOne({ ...job, options: { ...job.options, onProgress, onMarkProgress } }, apply, session);
  // A file that was refused or stays as it is was dealt with, too.
  tell(weight);
  progress.fileDone();
  return result;
};
