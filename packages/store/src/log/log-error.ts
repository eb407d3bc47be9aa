import { LabelError } from '@aigc-label/core';

/**
 * Why a log could not be opened, read or written; `data.reason` of `LOG_FAILED`.
 *
 * The disk or the signer: `disk_full` · `io_failed` · `signing_failed`. The writer: `locked` another process writes this log · `lock_lost` another one has taken it over · `closed`.
 * Someone has touched the log: `checkpoint_missing` · `checkpoint_invalid` not signed by this log's key · `rolled_back` older or newer than what was signed last · `forked` the same size
 * with another root · `root_mismatch` the tiles lead to another root · `tile_missing` · `tile_damaged` · `state_missing` · `state_invalid` what the writer remembers of its last signature.
 */
export type LogFailure =
  | 'disk_full'
  | 'io_failed'
  | 'signing_failed'
  | 'locked'
  | 'lock_lost'
  | 'closed'
  | 'checkpoint_missing'
  | 'checkpoint_invalid'
  | 'rolled_back'
  | 'forked'
  | 'root_mismatch'
  | 'tile_missing'
  | 'tile_damaged'
  | 'state_missing'
  | 'state_invalid';

/** A `LOG_FAILED` error. @param what a clause: `the checkpoint is not signed by this log's key`. */
export const logError = (reason: LogFailure, what: string, data: Readonly<Record<string, unknown>> = {}, cause?: unknown): LabelError =>
  new LabelError('LOG_FAILED', `The log cannot be used: ${what}.`, { data: { reason, ...data }, ...(cause === undefined ? {} : { cause }) });

/** What a disk has thrown, as a `LOG_FAILED` error; a `LabelError` as it is. */
export const logErrorOf = (error: unknown): LabelError => {
  if (error instanceof LabelError) {
    return error;
  }
  const code = errorCode(error);
  return code === 'ENOSPC' || code === 'EDQUOT'
    ? logError('disk_full', 'the disk is full', {}, error)
    : logError('io_failed', `the disk refuses${code === undefined ? '' : ` (${code})`}`, code === undefined ? {} : { errno: code }, error);
};

/** The code of a system error: `ENOENT`. */
export const errorCode = (error: unknown): string | undefined => (error instanceof Error && 'code' in error ? String(error.code) : undefined);
