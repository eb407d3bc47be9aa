import type { Format } from '@aigc-label/core';

/** Audio and video formats; for any head at most one of them matches. */
export const avFormats: readonly Format[] = [];
