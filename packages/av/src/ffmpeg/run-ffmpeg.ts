import { PassThrough } from 'node:stream';
import { LabelError } from '@aigc-label/core';
import ffmpeg, { type FfmpegCommand } from 'fluent-ffmpeg';
import { decodingFailure, encodingFailure } from './ffmpeg-failures.ts';

/** How long one call from a file to memory may take, in seconds. */
const TIMEOUT_SECONDS = 300;

/** How long a call from file to file may go without getting further, in seconds; the whole of it may take as long as it needs. */
const STALL_SECONDS = 120;

/** What one call of ffmpeg is to do. */
export interface FfmpegCall {
  /** The program, as `findFfmpeg` gives it. */
  readonly program: string;
  /** An absolute path. */
  readonly input: string;
  readonly inputOptions: readonly string[];
  readonly outputOptions: readonly string[];
  /** More output than this is a failure, in bytes. */
  readonly maximumBytes: number;
  /** The default is 300. */
  readonly timeoutSeconds?: number;
  /** Ends it, with `ABORTED`. */
  readonly signal?: AbortSignal | undefined;
  /** Set where what it tells is wanted even if it fails. */
  readonly mayFail?: true;
}

/** What a call gave. */
export interface FfmpegOutput {
  readonly bytes: Uint8Array;
  /** In seconds, as the container says; `undefined` where it says nothing. */
  readonly duration: number | undefined;
  /** What ffmpeg told, line by line; the last hundreds of lines of much. */
  readonly log: readonly string[];
}

/** What one call of ffmpeg from files to a file is to do. */
export interface FfmpegFileCall {
  readonly program: string;
  readonly inputs: readonly { readonly path: string; readonly options: readonly string[] }[];
  /** All that stands behind the inputs but the last output's path; paths of other outputs may stand among them. */
  readonly outputOptions: readonly string[];
  /** An absolute path; it is overwritten. */
  readonly output: string;
  readonly signal?: AbortSignal | undefined;
  /** Is told how many pictures are done, and how many seconds of the output. */
  readonly onProgress?: ((pictures: number, seconds: number) => void) | undefined;
}

/** What a call from files to a file told. */
export interface FfmpegFileOutput {
  /** As many pictures were written as ffmpeg says; 0 where there are none. */
  readonly pictures: number;
  readonly log: readonly string[];
}

/**
 * Runs ffmpeg from a file to memory: files and pipes only, no network, no input from a terminal. fluent-ffmpeg is fed through options, and this file is the only one that runs it.
 *
 * @throws LabelError `FORMAT_UNSUPPORTED_FEATURE` where ffmpeg cannot decode what was asked, `TOOL_MISSING` where it cannot be started, `LIMIT_EXCEEDED`, `ABORTED`.
 */
export const runFfmpeg = async ({
  program,
  input,
  inputOptions,
  outputOptions,
  maximumBytes,
  timeoutSeconds = TIMEOUT_SECONDS,
  signal,
  mayFail,
}: FfmpegCall): Promise<FfmpegOutput> => {
  const parts: Uint8Array[] = [];
  let total = 0;
  let duration: number | undefined;
  // fluent-ffmpeg takes a stream that closes a little before the process ends for a failure; this one never says that it closes.
  const output = new PassThrough({ emitClose: false });
  const command = ffmpeg()
    .setFfmpegPath(program)
    .input(input)
    .inputOptions(...SAFE_OPTIONS, ...inputOptions)
    .outputOptions(...outputOptions);
  command.on('codecData', (data: { readonly duration?: string }) => {
    duration = secondsOf(data.duration);
  });
  const run = new Run(command, signal);
  output.on('data', (part: Uint8Array) => {
    total += part.length;
    if (total > maximumBytes) {
      run.end(new LabelError('LIMIT_EXCEEDED', `ffmpeg gave more than ${maximumBytes} bytes.`, { data: { limitBytes: maximumBytes } }));
      return;
    }
    parts.push(part);
  });
  run.endAfter(timeoutSeconds);
  try {
    await run.finish(() => command.pipe(output, { end: true }), decodingFailure);
  } catch (error) {
    if (mayFail !== true || !(error instanceof LabelError && error.code === 'FORMAT_UNSUPPORTED_FEATURE')) {
      throw error;
    }
  }
  return { bytes: new Uint8Array(Buffer.concat(parts, total)), duration, log: run.log };
};

/**
 * Runs ffmpeg from files to a file, as safely; it is ended where it gets no further for two minutes.
 *
 * @throws LabelError `TOOL_MISSING` where it cannot be started or lacks an encoder, `FILE_DAMAGED`, `NOTICE_UNSUPPORTED` for what else it says, `LIMIT_EXCEEDED` where it stalls, `DISK_FULL`, `ABORTED`.
 */
export const runFfmpegToFile = async ({ program, inputs, outputOptions, output, signal, onProgress }: FfmpegFileCall): Promise<FfmpegFileOutput> => {
  const command = ffmpeg().setFfmpegPath(program);
  for (const { path, options } of inputs) {
    command.input(path).inputOptions(...SAFE_OPTIONS, ...options);
  }
  command.outputOptions(...outputOptions).output(output);
  const run = new Run(command, signal);
  let pictures = 0;
  let told = '';
  run.endAfter(STALL_SECONDS);
  // Not fluent-ffmpeg's own `progress`: whoever listens to it makes it start ffprobe on the file.
  command.on('stderr', (line: string) => {
    const match = /^frame=\s*(\d+)\s.*?time=\s*(\S+)/.exec(line) ?? /^size=.*?()time=\s*(\S+)/.exec(line);
    if (match !== null && match[0] !== told) {
      told = match[0];
      pictures = Number(match[1] ?? 0);
      run.endAfter(STALL_SECONDS);
      onProgress?.(pictures, secondsOf(match[2]) ?? 0);
    }
  });
  await run.finish(() => command.run(), encodingFailure);
  return { pictures, log: run.log };
};

/** Files and pipes only, and nothing is read from a terminal. */
const SAFE_OPTIONS: readonly string[] = ['-nostdin', '-protocol_whitelist', 'file,pipe'];

/** Lines of what ffmpeg tells that are kept. */
const MAXIMUM_LOG_LINES = 2000;

/** One process: what it tells, and why it was ended before it came to its end. */
class Run {
  readonly log: string[] = [];
  readonly #command: FfmpegCommand;
  readonly #signal: AbortSignal | undefined;
  #reason: LabelError | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(command: FfmpegCommand, signal: AbortSignal | undefined) {
    this.#command = command;
    this.#signal = signal;
    command.on('stderr', (line: string) => {
      this.log.push(line);
      if (this.log.length > MAXIMUM_LOG_LINES) {
        this.log.splice(0, MAXIMUM_LOG_LINES / 2);
      }
    });
  }

  /** Kills it, for this reason; the first reason stays. */
  end(reason: LabelError): void {
    this.#reason ??= reason;
    this.#command.kill('SIGKILL');
  }

  /** Ends it after so long, counted from now; what was set before is forgotten. */
  endAfter(seconds: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.end(
        new LabelError('LIMIT_EXCEEDED', `ffmpeg got no further for ${seconds} seconds.`, { data: { tool: 'ffmpeg', limitSeconds: seconds } }),
      );
    }, seconds * 1000);
  }

  /** Waits until the process is gone. */
  async finish(start: () => unknown, failure: (error: Error, log: readonly string[]) => LabelError): Promise<void> {
    const abort = (): void => this.end(new LabelError('ABORTED', 'The work was stopped.'));
    try {
      await new Promise<void>((resolve, reject) => {
        this.#command
          .on('start', () => {
            // The process can be killed only now that there is one.
            if (this.#reason !== undefined) {
              this.#command.kill('SIGKILL');
            }
          })
          .on('error', (error: Error) => reject(this.#reason ?? failure(error, this.log)))
          .on('end', () => (this.#reason === undefined ? resolve() : reject(this.#reason)));
        this.#signal?.addEventListener('abort', abort, { once: true });
        if (this.#signal?.aborted === true) {
          this.#reason = new LabelError('ABORTED', 'The work was stopped.');
          reject(this.#reason);
          return;
        }
        start();
      });
    } finally {
      clearTimeout(this.#timer);
      this.#signal?.removeEventListener('abort', abort);
    }
  }
}

/** `00:01:02.50` in seconds; ffmpeg writes `N/A` where it does not know. */
const secondsOf = (text: string | undefined): number | undefined => {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '');
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
};
