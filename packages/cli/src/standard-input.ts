import { LabelError, spool } from 'aigc-label';

/**
 * Puts everything from standard input into a file that only this user can read, for as long as `use` takes.
 *
 * @throws LabelError `LIMIT_EXCEEDED`, `DISK_FULL`, `IO_FAILED`, `ABORTED`, and what `use` throws.
 */
export const withStandardInput = async <Value>(signal: AbortSignal, use: (path: string) => Promise<Value>): Promise<Value> => {
  const borrowed = await spoolStandardInput(signal);
  try {
    return await use(borrowed.path);
  } finally {
    await borrowed.give();
  }
};

const spoolStandardInput = async (signal: AbortSignal): ReturnType<typeof spool> => {
  const stop = (): void => {
    process.stdin.destroy();
  };
  signal.addEventListener('abort', stop, { once: true });
  try {
    const borrowed = await spool(process.stdin as AsyncIterable<Uint8Array>);
    if (signal.aborted) {
      await borrowed.give();
      throw new LabelError('ABORTED', 'Stopped.');
    }
    return borrowed;
  } catch (error) {
    throw signal.aborted ? new LabelError('ABORTED', 'Stopped.', { cause: error }) : error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
};
