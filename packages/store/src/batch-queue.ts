/** What became of one job of a batch. */
export type JobOutcome<Result> = { readonly value: Result } | { readonly error: unknown };

/** Jobs that share one commit. */
export interface BatchQueue<Job, Result> {
  add(job: Job): Promise<Result>;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
}

/** The most jobs in one transaction: enough to share the cost of a commit, few enough to hold a lock only for milliseconds. */
export const MAXIMUM_BATCH = 100;

/**
 * Group commit without a timer: a job waits for the other callers of this turn of the event loop and, where as many batches as may are running already, for one of them to end.
 * A single caller therefore pays nothing, and many share each commit.
 *
 * @param run commits a batch; one outcome for each job, in their order. What it throws is the outcome of each of them.
 * @param maximumRunning how many batches may run at once.
 */
export const batchQueue = <Job, Result>(
  run: (jobs: readonly Job[]) => Promise<readonly JobOutcome<Result>[]>,
  maximumRunning: number,
): BatchQueue<Job, Result> => {
  interface Waiting {
    readonly job: Job;
    readonly settle: (outcome: JobOutcome<Result>) => void;
  }
  let waiting: Waiting[] = [];
  let running = 0;
  let isScheduled = false;
  let whenIdle: (() => void)[] = [];

  const schedule = (): void => {
    if (!isScheduled && running < maximumRunning && waiting.length > 0) {
      isScheduled = true;
      setImmediate(start);
    }
    if (running === 0 && waiting.length === 0) {
      whenIdle.forEach((resolve) => {
        resolve();
      });
      whenIdle = [];
    }
  };
  const start = (): void => {
    isScheduled = false;
    const batch = waiting.slice(0, MAXIMUM_BATCH);
    waiting = waiting.slice(MAXIMUM_BATCH);
    running += 1;
    void outcomesOf(
      run,
      batch.map(({ job }) => job),
    ).then((outcomes) => {
      running -= 1;
      batch.forEach(({ settle }, index) => {
        settle(outcomes[index] ?? { error: new Error('A batch has lost a job.') });
      });
      schedule();
    });
    schedule();
  };
  return {
    add: (job) =>
      new Promise((resolve, reject) => {
        const settle = (outcome: JobOutcome<Result>): void => ('value' in outcome ? resolve(outcome.value) : reject(outcome.error));
        waiting.push({ job, settle });
        schedule();
      }),
    idle: () =>
      new Promise((resolve) => {
        whenIdle.push(resolve);
        schedule();
      }),
  };
};

const outcomesOf = async <Job, Result>(
  run: (jobs: readonly Job[]) => Promise<readonly JobOutcome<Result>[]>,
  jobs: readonly Job[],
): Promise<readonly JobOutcome<Result>[]> => {
  try {
    return await run(jobs);
  } catch (error) {
    return jobs.map(() => ({ error }));
  }
};
