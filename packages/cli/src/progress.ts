import type { Screen } from './screen.ts';

/** Runs of at most this many files show no bar unless they take longer than `QUICK_MILLIS`. */
const FEW_FILES = 10;
const QUICK_MILLIS = 500;

/** How far a run has come, on a terminal; nothing elsewhere. */
export interface Progress {
  /** One more file is finished. */
  fileDone(): void;
  /** So many more bytes of a file are written. */
  bytesDone(bytes: number): void;
  /** Takes the bar away while something is printed. */
  aside(print: () => Promise<void>): Promise<void>;
  end(): void;
}

const SILENT: Progress = { fileDone: () => undefined, bytesDone: () => undefined, aside: (print) => print(), end: () => undefined };

/** What a bar counts. */
export interface ProgressOptions {
  readonly files: number;
  /** Bytes of all files together, where they are what takes the time; 0 where files are counted. */
  readonly bytes: number;
  /** `{bar}`, `{percentage}`, `{done}`, `{files}` and `{eta_formatted}` are filled in. */
  readonly format: string;
  /** Whether nothing but problems is to be shown. */
  readonly isQuiet: boolean;
  /** Takes the bar away for good. */
  readonly signal: AbortSignal;
}

/** A bar with an ETA on standard error, where that is a terminal and the work takes long enough for someone to wonder. */
export const startProgress = async (screen: Screen, { files, bytes, format, isQuiet, signal }: ProgressOptions): Promise<Progress> => {
  if (!screen.isTerminal || isQuiet || files === 0) {
    return SILENT;
  }
  const { default: cliProgress } = await import('cli-progress');
  const bar = new cliProgress.SingleBar({
    format,
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: false,
    linewrap: true,
    barsize: 24,
    gracefulExit: false,
  });
  let done = 0;
  let value = 0;
  let isShown = false;
  const show = (): void => {
    isShown = true;
    bar.start(bytes > 0 ? bytes : files, value, { done, files });
  };
  const timer = setTimeout(show, files > FEW_FILES ? 0 : QUICK_MILLIS);
  timer.unref();
  const update = (): void => {
    if (isShown) {
      bar.update(value, { done, files });
    }
  };
  const end = (): void => {
    clearTimeout(timer);
    if (isShown) {
      isShown = false;
      // cli-progress puts the cursor back to where the bar began, which is above all that was printed since: save the present line instead (DECSC).
      process.stderr.write('\r\u001b[K\u001b7');
      bar.stop();
    }
  };
  signal.addEventListener('abort', end, { once: true });
  return {
    fileDone: () => {
      done += 1;
      value = bytes > 0 ? value : done;
      update();
    },
    bytesDone: (more) => {
      value = Math.min(bytes, value + more);
      update();
    },
    aside: async (print) => {
      if (isShown) {
        process.stderr.write('\r\u001b[K');
      }
      await print();
      if (isShown) {
        bar.render();
      }
    },
    end,
  };
};
