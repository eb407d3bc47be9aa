import { LabelError, type LabelErrorCode } from '@aigc-label/core';

const CODES: Readonly<Record<string, readonly [LabelErrorCode, string]>> = {
  ENOENT: ['NOT_FOUND', 'does not exist; check the name'],
  EACCES: ['NO_PERMISSION', 'may not be opened; check its permissions'],
  EPERM: ['NO_PERMISSION', 'may not be changed; check its permissions'],
  EROFS: ['NO_PERMISSION', 'lies on a read-only disk; choose another place with --out'],
  EISDIR: ['NOT_A_FILE', 'is a folder'],
  ENOTDIR: ['NOT_FOUND', 'lies below something that is not a folder; check the path'],
  ENXIO: ['NOT_A_FILE', 'is not a regular file'],
  ENAMETOOLONG: ['IO_FAILED', 'has a longer name than this disk allows; give the file a shorter name'],
  ELOOP: ['NOT_A_FILE', 'is a loop of links'],
  EEXIST: ['OUTPUT_EXISTS', 'exists already; choose another place or allow overwriting'],
  ENOSPC: ['DISK_FULL', 'could not be written: the disk is full. Free some space; the original is as it was'],
  EDQUOT: ['DISK_FULL', 'could not be written: your quota is used up. Free some space; the original is as it was'],
  EFBIG: ['DISK_FULL', 'could not be written: it is larger than this disk or process allows; the original is as it was'],
};

/** An error of the file system as a `LabelError` that names the file and says what to do; other errors are returned as they are. */
export const fileError = (error: unknown, path: string): unknown => {
  const systemCode = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (error instanceof LabelError || systemCode === undefined || systemCode.startsWith('ERR_') || systemCode === 'ABORT_ERR') {
    return error;
  }
  const [code, sentence] = CODES[systemCode] ?? (['IO_FAILED', `could not be read or written (${systemCode})`] as const);
  return new LabelError(code, `${JSON.stringify(path)} ${sentence}.`, { data: { path, systemCode }, cause: error });
};
