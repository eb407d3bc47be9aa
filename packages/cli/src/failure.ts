import { LabelError, type LabelErrorCode, type Wording } from 'aigc-label';
import type { Words } from './words/words.ts';

/** Why a file was refused, as it is shown and as `--json` gives it. */
export interface Failure {
  readonly code: LabelErrorCode | 'UNEXPECTED';
  /** In the language of the run. */
  readonly message: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** A mistake in how the command was called: told in one line, without a stack. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError';
}

/** Any error as a failure; one that is not a `LabelError` is our own defect, and says so instead of showing a stack. */
export const failureOf = (error: unknown, wording: Wording, words: Words): Failure => {
  if (error instanceof LabelError) {
    return { code: error.code, message: messageOf(error, wording, words), data: error.data };
  }
  const summary = error instanceof Error ? `${error.name}: ${error.message.split('\n')[0] ?? ''}` : String(error);
  return { code: 'UNEXPECTED', message: words.unexpected(summary), data: {} };
};

/** The error's sentence; where all it has is a reason, the reason in words, and what to do. */
const messageOf = ({ code, data, message }: LabelError, wording: Wording, { reasons }: Words): string => {
  const reason = String(data['reason'] ?? '');
  const known = Object.hasOwn(reasons, code) ? reasons[code] : undefined;
  const words = known !== undefined && Object.hasOwn(known, reason) ? known[reason] : undefined;
  return words === undefined ? wording.errors[code](data, message) : wording.errors[code]({ ...data, reason: words }, `${message} ${words}`);
};
