import { LabelError } from '@aigc-label/core';

/** A `KEY_INVALID` error. Neither its message nor its cause ever holds anything of a private key, so errors of parsers are not passed on. */
export const keyInvalid = (path: string, reason: string): LabelError =>
  new LabelError('KEY_INVALID', `The key ${JSON.stringify(path)} cannot be used: ${reason}.`, { data: { path, reason } });

/** A `KEY_NOT_FOUND` error. */
export const keyNotFound = (wanted: Readonly<Record<string, unknown>>, sentence: string): LabelError =>
  new LabelError('KEY_NOT_FOUND', sentence, { data: wanted });

/** An error of the file system as a `LabelError` that names the file; others as they are. */
export const diskError = (error: unknown, path: string): unknown => {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (error instanceof LabelError || code === undefined || code.startsWith('ERR_')) {
    return error;
  }
  const known = ({ EACCES: 'NO_PERMISSION', EPERM: 'NO_PERMISSION', EROFS: 'NO_PERMISSION', ENOSPC: 'DISK_FULL', EDQUOT: 'DISK_FULL' } as const)[
    code
  ];
  return new LabelError(known ?? 'IO_FAILED', `${JSON.stringify(path)} could not be read or written (${code}).`, {
    data: { path, systemCode: code },
    cause: error,
  });
};
