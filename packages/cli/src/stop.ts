import { pendingFiles } from 'aigc-label';
import { EXIT, type ExitCode } from './exit-codes.ts';

/** How long what is begun may take to end by itself, in milliseconds. */
const GRACE_MILLIS = 10_000;

const SIGNALS: Readonly<Record<string, ExitCode>> = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.hangup };

/** Whether, and by what, the run was told to end. */
export interface Stop {
  readonly signal: AbortSignal;
  /** The exit code of the signal that came, or `undefined`. */
  code(): ExitCode | undefined;
}

/**
 * Listens for Ctrl-C and its kin. The first lets what is being written be undone and ends the run in order; a second, or `GRACE_MILLIS`, removes the
 * temporary files and ends at once.
 */
export const watchForStop = (onFirst: () => void): Stop => {
  const controller = new AbortController();
  let code: ExitCode | undefined;
  for (const [signal, exitCode] of Object.entries(SIGNALS)) {
    process.on(signal, () => {
      if (code !== undefined) {
        endAtOnce(code);
      }
      code = exitCode;
      // The bar goes first, so that the sentence has a line of its own.
      controller.abort();
      onFirst();
      setTimeout(() => endAtOnce(exitCode), GRACE_MILLIS).unref();
    });
  }
  return { signal: controller.signal, code: () => code };
};

/** Leaves no debris, and ends. */
export const endAtOnce = (code: ExitCode): never => {
  pendingFiles.removeAll();
  process.exit(code);
};
