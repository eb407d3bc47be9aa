import type { Format } from '@aigc-label/core';

/** Image formats; for any head at most one of them matches. */
export const imageFormats: readonly Format[] = [];
