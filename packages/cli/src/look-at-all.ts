import { availableParallelism } from 'node:os';
import { pMapIterable } from 'p-map';
import { UsageError } from './failure.ts';
import { expandInputs, type Input, STANDARD_INPUT } from './inputs.ts';
import { startProgress } from './progress.ts';
import type { Session } from './session.ts';
import { withStandardInput } from './standard-input.ts';

/** What became of one file of a run that only reads. */
export interface Looked<Value> {
  readonly file: string;
  /** `null` where it failed, or where the run was stopped before it. */
  readonly value: Value | null;
  readonly error?: unknown;
}

/** How a run that only reads goes. */
export interface LookOptions<Value> {
  /** Looks at one file; `name` is set for standard input, whose path says nothing. */
  readonly look: (path: string, name: string | undefined) => Promise<Value>;
  /** Is given the results in the order of the inputs, one after the other. */
  readonly print: (looked: Looked<Value>) => Promise<void>;
  /** The file name that standard input is to be taken for. */
  readonly name: string;
  readonly concurrency: number | undefined;
  /** Whether nothing but problems is to be shown. */
  readonly isQuiet: boolean;
}

/** Looks at every input, several at a time; one that fails does not stop the others. @throws UsageError where there is none. */
export const lookAtAll = async <Value>(args: readonly string[], options: LookOptions<Value>, session: Session): Promise<void> => {
  const { print, isQuiet, concurrency = availableParallelism() } = options;
  const { list } = await expandInputs(args);
  if (list.length === 0) {
    throw new UsageError(session.words.usage.nothingFound);
  }
  const progress = await startProgress(session.err, {
    files: list.length,
    bytes: 0,
    format: session.words.progress,
    isQuiet,
    signal: session.stop.signal,
  });
  const lookAt = async (input: Input): Promise<Looked<Value>> => {
    const looked = await lookAtOne(input, options, session);
    progress.fileDone();
    return looked;
  };
  for await (const looked of pMapIterable(list, lookAt, { concurrency, backpressure: concurrency * 4 })) {
    await progress.aside(() => print(looked));
  }
  progress.end();
};

const lookAtOne = async <Value>({ path, error }: Input, { look, name }: LookOptions<Value>, { stop }: Session): Promise<Looked<Value>> => {
  if (stop.signal.aborted) {
    return { file: path, value: null };
  }
  try {
    if (error !== undefined) {
      throw error;
    }
    const value = path === STANDARD_INPUT ? await withStandardInput(stop.signal, (spooled) => look(spooled, name)) : await look(path, undefined);
    return { file: path, value };
  } catch (caught) {
    return stop.signal.aborted ? { file: path, value: null } : { file: path, value: null, error: caught };
  }
};
