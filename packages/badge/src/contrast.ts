/** Contrast of the badge's text against what is behind it: computed, never assumed (WCAG 2.2 §1.4.3). */
import { type BadgePlate, MINIMUM_CONTRAST, type ResolvedBadge } from './badge-options.ts';

/** The darkest and the brightest pixel beneath a plate, 0 to 1 as stored (not linear). */
export interface Beneath {
  readonly darkest: number;
  readonly brightest: number;
}

/** What is not known may be anything. */
export const ANYTHING: Beneath = { darkest: 0, brightest: 1 };

/** Lossy coding and rounding may cost this much of a contrast that was aimed at. */
const RESERVE = 1.1;

/**
 * The least contrast ratio of the text against the ground over any pixel beneath. White text stands on a darkened picture, black text on a lightened one; `none` has an opaque
 * outline, so nothing beneath is behind its text.
 */
export const contrastOver = ({ plate, plateOpacity }: Pick<ResolvedBadge, 'plate' | 'plateOpacity'>, beneath: Beneath): number => {
  const opacity = plate === 'none' ? 1 : plateOpacity;
  const [darker, lighter] = plate === 'light' ? [0, opacity + (1 - opacity) * beneath.darkest] : [(1 - opacity) * beneath.brightest, 1];
  return contrastBetween(darker, lighter);
};

/** The badge as it suits what lies beneath: `auto` becomes the plate that is nearer to it, and the opacity rises where the contrast would be below 4.5 : 1. */
export const suitedTo = (badge: ResolvedBadge, beneath: Beneath): ResolvedBadge & { readonly plate: Exclude<BadgePlate, 'auto'> } => {
  const plate = badge.plate === 'auto' ? (beneath.darkest + beneath.brightest > 1 ? 'light' : 'dark') : badge.plate;
  let { plateOpacity } = badge;
  while (plateOpacity < 1 && contrastOver({ plate, plateOpacity }, beneath) < MINIMUM_CONTRAST * RESERVE) {
    plateOpacity = Math.min(1, Math.round(plateOpacity * 100 + 2) / 100);
  }
  return { ...badge, plate, plateOpacity };
};

/** What lies beneath, from the brightness of its pixels, one byte each. */
export const beneathOf = (brightness: Uint8Array | readonly number[]): Beneath => {
  let [darkest, brightest] = [255, 0];
  for (const value of brightness) {
    darkest = Math.min(darkest, value);
    brightest = Math.max(brightest, value);
  }
  return darkest > brightest ? ANYTHING : { darkest: darkest / 255, brightest: brightest / 255 };
};

/** The contrast ratio of two greys, 0 to 1 as stored; what lies beyond counts as black or white. */
export const contrastBetween = (a: number, b: number): number => {
  const [darker, lighter] = [luminance(Math.min(a, b)), luminance(Math.max(a, b))];
  return (lighter + 0.05) / (darker + 0.05);
};

/** sRGB's own curve (IEC 61966-2-1), for a grey. */
const luminance = (stored: number): number => {
  const grey = Math.min(1, Math.max(0, stored));
  return grey <= 0.04045 ? grey / 12.92 : ((grey + 0.055) / 1.055) ** 2.4;
};
