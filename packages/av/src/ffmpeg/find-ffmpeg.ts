import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { LabelError } from '@aigc-label/core';

/** The variable that names ffmpeg's program. */
export const FFMPEG_VARIABLE = 'AIGC_LABEL_FFMPEG';

/**
 * ffmpeg's program: the one that is named by the variable `AIGC_LABEL_FFMPEG`, else the one on the PATH, else that of the optional package `@ffmpeg-installer/ffmpeg`.
 *
 * @throws LabelError `TOOL_MISSING`.
 */
export const findFfmpeg = async (env: Readonly<Record<string, string | undefined>> = process.env): Promise<string> => {
  const named = env[FFMPEG_VARIABLE];
  if (named !== undefined && named !== '') {
    return (await isExecutable(named)) ? named : missing(`${FFMPEG_VARIABLE} names ${JSON.stringify(named)}, which cannot be run`);
  }
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (folder !== '' && (await isExecutable(path))) {
      return path;
    }
  }
  try {
    const installed = await import('@ffmpeg-installer/ffmpeg');
    return installed.default.path;
  } catch (error) {
    return missing('it is neither on the PATH nor installed as @ffmpeg-installer/ffmpeg', error);
  }
};

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const missing = (why: string, cause?: unknown): never => {
  throw new LabelError(
    'TOOL_MISSING',
    `ffmpeg is needed to look at sound and moving pictures, and ${why}. Install it, or name it in ${FFMPEG_VARIABLE}.`,
    {
      data: { tool: 'ffmpeg', why },
      cause,
    },
  );
};
