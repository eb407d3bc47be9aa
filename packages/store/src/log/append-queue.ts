import { MAXIMUM_BATCH_BYTES, MAXIMUM_BATCH_LEAVES } from './journal.ts';
import { logErrorOf } from './log-error.ts';

/** Leaves that wait for a checkpoint. */
export interface AppendQueue {
  /** The leaf's index, once it is published. */
  append(leaf: Uint8Array): Promise<number>;
  /** Writes what is waiting, at once. */
  drain(): Promise<void>;
}

interface Waiting {
  readonly leaf: Uint8Array;
  readonly resolve: (index: number) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Groups leaves, one batch after the other: a batch begins when the first of its leaves has waited `delayMillis`, or when it is full.
 *
 * @param write appends a batch and returns the index of each leaf; where it throws, every leaf of the batch is told.
 */
export const appendQueue = (write: (leaves: readonly Uint8Array[]) => Promise<readonly number[]>, delayMillis: number): AppendQueue => {
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let isDraining = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const take = (): readonly Waiting[] => {
    let bytes = 0;
    const end = waiting.findIndex(({ leaf }, at) => {
      bytes += leaf.length;
      return at === MAXIMUM_BATCH_LEAVES || (at > 0 && bytes > MAXIMUM_BATCH_BYTES);
    });
    const batch = end < 0 ? waiting : waiting.slice(0, end);
    waiting = end < 0 ? [] : waiting.slice(end);
    waitingBytes -= batch.reduce((sum, { leaf }) => sum + leaf.length, 0);
    return batch;
  };

  const run = async (): Promise<void> => {
    const batch = take();
    try {
      const indexes = await write(batch.map(({ leaf }) => leaf));
      for (const [at, { resolve }] of batch.entries()) {
        resolve(indexes[at] as number);
      }
    } catch (error) {
      for (const { reject } of batch) {
        reject(logErrorOf(error));
      }
    }
  };

  const start = (): void => {
    clearTimeout(timer);
    timer = undefined;
    running = run().finally(() => {
      running = undefined;
      schedule();
    });
  };

  const schedule = (): void => {
    if (running !== undefined || waiting.length === 0) {
      return;
    }
    if (isDraining || waiting.length >= MAXIMUM_BATCH_LEAVES || waitingBytes >= MAXIMUM_BATCH_BYTES) {
      start();
    } else {
      timer ??= setTimeout(start, delayMillis);
    }
  };

  return {
    append: (leaf) =>
      new Promise((resolve, reject) => {
        waiting.push({ leaf, resolve, reject });
        waitingBytes += leaf.length;
        schedule();
      }),
    drain: async () => {
      isDraining = true;
      for (schedule(); running !== undefined; schedule()) {
        await running;
      }
    },
  };
};
