import type { Fingerprint } from '@aigc-label/core';

/** What pictures look like; the decoders are loaded when the first one is looked at. */
export const lazyFingerprints: readonly Fingerprint[] = [];
