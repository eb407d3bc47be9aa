import { PassThrough } from 'node:stream';
import { LabelError } from '@aigc-label/core';
import ffmpeg from 'fluent-ffmpeg';

/** How long one call may take, in seconds. */
const TIMEOUT_SECONDS = 300;

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
}

/** What a call gave. */
export interface FfmpegOutput {
  readonly bytes: Uint8Array;
  /** In seconds, as the container says; `undefined` where it says nothing. */
  readonly duration: number | undefined;
}

/**
 * Runs ffmpeg from a file to memory: files and pipes only, no network, no input from a terminal. The only place that runs it; fluent-ffmpeg is fed through options.
 *
 * @throws LabelError `FORMAT_UNSUPPORTED_FEATURE` where ffmpeg cannot decode what was asked, `TOOL_MISSING` where it cannot be started, `LIMIT_EXCEEDED`.
 */
export const runFfmpeg = ({ program, input, inputOptions, outputOptions, maximumBytes }: FfmpegCall): Promise<FfmpegOutput> =>
  new Promise((resolve, reject) => {
    const parts: Uint8Array[] = [];
    let total = 0;
    let duration: number | undefined;
    // fluent-ffmpeg takes a stream that closes a little before the process ends for a failure; this one never says that it closes.
    const output = new PassThrough({ emitClose: false });
    const command = ffmpeg({ timeout: TIMEOUT_SECONDS })
      .setFfmpegPath(program)
      .input(input)
      .inputOptions(['-nostdin', '-protocol_whitelist', 'file,pipe', ...inputOptions])
      .outputOptions([...outputOptions])
      .on('codecData', (data: { readonly duration?: string }) => {
        duration = secondsOf(data.duration);
      })
      .on('error', (error: Error) => reject(failureOf(error)))
      .on('end', () => resolve({ bytes: new Uint8Array(Buffer.concat(parts, total)), duration }));
    output.on('data', (part: Uint8Array) => {
      total += part.length;
      if (total > maximumBytes) {
        command.kill('SIGKILL');
        reject(new LabelError('LIMIT_EXCEEDED', `ffmpeg gave more than ${maximumBytes} bytes.`, { data: { limitBytes: maximumBytes } }));
        return;
      }
      parts.push(part);
    });
    command.pipe(output, { end: true });
  });

const failureOf = (error: Error): LabelError =>
  /ENOENT|EACCES|Cannot find ffmpeg/.test(error.message)
    ? new LabelError('TOOL_MISSING', 'ffmpeg cannot be started. Install it, or name it in AIGC_LABEL_FFMPEG.', {
        data: { tool: 'ffmpeg' },
        cause: error,
      })
    : new LabelError('FORMAT_UNSUPPORTED_FEATURE', `ffmpeg cannot decode this file (${lastLine(error.message)}). Convert it to a common codec.`, {
        data: { tool: 'ffmpeg' },
        cause: error,
      });

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.slice(0, 200) ?? '';

/** `00:01:02.50` in seconds; ffmpeg writes `N/A` where it does not know. */
const secondsOf = (text: string | undefined): number | undefined => {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text ?? '');
  return match === null ? undefined : Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]);
};
