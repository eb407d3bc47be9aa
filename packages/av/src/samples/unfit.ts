import { LabelError } from '@aigc-label/core';
import type { NotExchangeable } from './sample-container.ts';

/** A `NOTICE_UNSUPPORTED` error: pictures cannot be exchanged because of `what`. */
export const unfit = (reason: NotExchangeable['reason'], what: string): LabelError =>
  new LabelError('NOTICE_UNSUPPORTED', `Pictures of the video cannot be exchanged one by one: ${what}.`, { data: { reason, what } });
