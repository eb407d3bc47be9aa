import { LabelError, type LabelErrorCode } from '../errors.ts';
import type { Anomaly } from '../ports/format.ts';

/** Codes that speak of the outside world and so are not the file's fault. */
const OUTSIDE: ReadonlySet<LabelErrorCode> = new Set([
  'IO_FAILED',
  'NO_PERMISSION',
  'NOT_FOUND',
  'NOT_A_FILE',
  'SOURCE_CHANGED',
  'ABORTED',
  'TOOL_MISSING',
]);

/** An error as an anomaly; one of the outside world is thrown again. A reader that trips over hostile bytes in a way of its own is our defect, but the upload still gets a verdict. */
export const anomalyOf = (error: unknown, site: string): Anomaly => {
  if (error instanceof LabelError && OUTSIDE.has(error.code)) {
    throw error;
  }
  return {
    code: error instanceof LabelError && error.code === 'LIMIT_EXCEEDED' ? 'limit' : 'damaged',
    site,
    detail: error instanceof LabelError ? error.message : 'the structure cannot be read',
  };
};
