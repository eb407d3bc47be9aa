import { type BadgeOptions, type ResolvedBadge, resolveBadge } from '@aigc-label/badge';

/** What is shown on the pictures of a video, and when (GB 45438-2025 §5.4). */
export interface VideoNoticeOptions extends BadgeOptions {
  /** `opening` from the first picture on for `seconds` · `throughout` on every picture. The default is `opening`. */
  readonly when?: 'opening' | 'throughout';
  /** Where it is shown again, for as long; no effect with `throughout`. */
  readonly also?: readonly ('middle' | 'end')[];
  /** How long it is shown at normal speed, 2 to 60. The default is 3: the standard asks for at least 2 (§5.4 e). */
  readonly seconds?: number;
}

/** Options with every default filled in and every value checked. */
export interface ResolvedVideoNotice {
  readonly badge: ResolvedBadge;
  readonly when: 'opening' | 'throughout';
  readonly also: readonly ('middle' | 'end')[];
  readonly seconds: number;
}

/** GB 45438-2025 §5.4: seconds at normal playing speed. */
export const MINIMUM_SECONDS = 2;

/** Fills in the defaults. @throws TypeError for what GB 45438-2025 §5.4 or legibility forbids. */
export const resolveVideoNotice = ({ when = 'opening', also = [], seconds = 3, ...badge }: VideoNoticeOptions = {}): ResolvedVideoNotice => {
  if (when !== 'opening' && when !== 'throughout') {
    throw new TypeError(`when must be opening or throughout, not ${JSON.stringify(when)}`);
  }
  if (!also.every((place) => place === 'middle' || place === 'end') || new Set(also).size < also.length) {
    throw new TypeError('also holds middle and end, each at most once');
  }
  if (!(seconds >= MINIMUM_SECONDS && seconds <= 60)) {
    throw new TypeError(`seconds must be from ${MINIMUM_SECONDS} (GB 45438-2025 §5.4) to 60, not ${seconds}`);
  }
  return { badge: resolveBadge(badge), when, also, seconds };
};
