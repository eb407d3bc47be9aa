import { type Fingerprint, LabelError } from '@aigc-label/core';

/** Loads the decoders when the first picture is looked at, and not before. */
const lazyImageFingerprint = (): Fingerprint => {
  let loaded: Fingerprint | undefined;
  return {
    method: 'image-dct-1',
    formats: ['png', 'jpeg', 'gif', 'webp'],
    async of(source, formatId) {
      loaded ??= (await import('@aigc-label/image/fingerprint')).imageFingerprint;
      return loaded.of(source, formatId);
    },
    isMatch(a, b) {
      if (loaded === undefined) {
        throw new LabelError('FORMAT_UNSUPPORTED_FEATURE', 'Nothing was looked at yet, so nothing can be compared.');
      }
      return loaded.isMatch(a, b);
    },
  };
};

/** What pictures look like. */
export const lazyFingerprints: readonly Fingerprint[] = [lazyImageFingerprint()];
