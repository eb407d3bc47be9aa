import { LabelError } from '@aigc-label/core';

/** Why a call that decodes failed. */
export const decodingFailure = (error: Error): LabelError =>
  cannotStart(error) ??
  new LabelError('FORMAT_UNSUPPORTED_FEATURE', `ffmpeg cannot decode this file (${lastLine(error.message)}). Convert it to a common codec.`, {
    data: { tool: 'ffmpeg' },
    cause: error,
  });

const cannotStart = (error: Error): LabelError | undefined =>
  /ENOENT|EACCES|Cannot find ffmpeg/.test(error.message)
    ? new LabelError('TOOL_MISSING', 'ffmpeg cannot be started. Install it, or name it in AIGC_LABEL_FFMPEG.', {
        data: { tool: 'ffmpeg' },
        cause: error,
      })
    : undefined;

/** Why a call that encodes failed, by what ffmpeg told. */
export const encodingFailure = (error: Error, log: readonly string[]): LabelError => {
  const text = log.join('\n');
  const encoder = /Unknown encoder '([^']+)'/.exec(text)?.[1];
  if (encoder !== undefined) {
    return new LabelError('TOOL_MISSING', `This ffmpeg lacks the encoder ${encoder}. Install a fuller build, or name it in AIGC_LABEL_FFMPEG.`, {
      data: { tool: 'ffmpeg', encoder },
      cause: error,
    });
  }
  if (/No space left on device/.test(text)) {
    return new LabelError('DISK_FULL', 'There is no room left where temporary files lie. Free some, or name another folder in TMPDIR.', {
      cause: error,
    });
  }
  const what = lastLine(error.message);
  return (
    cannotStart(error) ??
    (/Invalid data found when processing input|moov atom not found/.test(text)
      ? new LabelError('FILE_DAMAGED', `ffmpeg cannot read this file (${what}). Export it again from its source.`, { data: { what }, cause: error })
      : new LabelError('NOTICE_UNSUPPORTED', `ffmpeg cannot encode this video anew (${what}). Convert it to MP4 with H.264 first.`, {
          data: { reason: 'encoder', what },
          cause: error,
        }))
  );
};

/** ffmpeg's last words, without the name of a temporary file. */
const lastLine = (text: string): string =>
  (text.trim().split('\n').at(-1) ?? '')
    .replace(/^ffmpeg exited with code \d+:\s*/, '')
    .replace(/\S*aigc-label-ffmpeg-\w+\S*/g, 'the file')
    .slice(0, 200);
