import type { BadgePlate, BadgePosition } from './badge-options.ts';

/** Brightness of an upright picture, one byte a pixel. */
export interface Luma {
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8Array;
}

/** A badge of ours that was found on a picture. */
export interface FoundBadge {
  readonly text: string;
  readonly position: BadgePosition;
  readonly plate: BadgePlate;
  /** Height of a capital letter's ink as a share of the picture's shortest side. */
  readonly heightRatio: number;
  /** Correlation with what we would draw, 0 to 1. */
  readonly likeness: number;
  /** Contrast ratio of text and ground as they stand (WCAG 2.2). */
  readonly contrast: number;
}

/** Looks for a badge of ours at the edges and corners of a picture. @param texts wordings to look for; those of `NOTICE_PRESETS` and the service's own. */
export const findBadge = async (_picture: Luma, _texts: readonly string[]): Promise<FoundBadge | undefined> => undefined;
