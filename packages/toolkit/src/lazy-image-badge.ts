import type { ExplicitMark } from '@aigc-label/core';
import { BADGE_FORMATS } from '@aigc-label/image';

/** The badge on pictures, which loads sharp and the font when the first picture is to be marked, and not before. */
export const lazyImageBadge: ExplicitMark = {
  id: 'image-badge',
  modality: 'image',
  formats: BADGE_FORMATS,
  async isPresent(source, formatId, options) {
    return (await badge()).isPresent(source, formatId, options);
  },
  async apply(source, formatId, options) {
    return (await badge()).apply(source, formatId, options);
  },
};

const badge = async (): Promise<ExplicitMark> => (await import('@aigc-label/image/badge')).imageBadge as ExplicitMark;
