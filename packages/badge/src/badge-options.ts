/** What a badge says, how large it is and where it stands: GB 45438-2025 §5.2. */

import { DEFAULT_NOTICE_TEXT, hasNoticeElements } from '@aigc-label/core';
import { BADGE_STYLES, type BadgeStyle } from './badge-styles.ts';

/** A corner, or the middle of an edge, of the picture as a viewer sees it. */
export type BadgePosition = 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left' | 'top' | 'bottom' | 'left' | 'right';

/** `dark` white text on black · `light` black text on white · `none` white text with a black outline and nothing behind it · `auto` dark or light, whichever is nearer to what lies beneath. */
export type BadgePlate = 'dark' | 'light' | 'none' | 'auto';

/** How the badge looks; every field has a default. */
export interface BadgeOptions {
  /** A look by name (`BADGE_STYLES`), which everything below overrides. Defaults to `standard`. */
  readonly style?: BadgeStyle;
  /** Must hold `人工智能` or `AI`, and `生成` or `合成`; a line feed begins a new line. Defaults to `AI生成`. */
  readonly text?: string;
  /** Defaults to `bottom-right`, the example of Annex C; the standard asks for any edge or corner. */
  readonly position?: BadgePosition;
  /**
   * Height of a capital letter's ink as a share of the picture's shortest side; hanzi come out about a quarter taller. At least 0.05 (§5.2).
   * Defaults to 0.052: the reserve keeps the ink above 5 % after lossy coding has softened its edges.
   */
  readonly heightRatio?: number;
  /** Distance between the plate and the picture's edge as a share of the shortest side, 0 to 0.2. Defaults to 0.02. */
  readonly marginRatio?: number;
  /** Defaults to `dark`. */
  readonly plate?: BadgePlate;
  /**
   * Opacity of the plate, 0.2 to 1; no effect with `none`, whose outline is always opaque. Raised where the text would have less contrast than 4.5 : 1 (WCAG 2.2 §1.4.3) over what
   * lies beneath. Defaults to 0.72, which leaves 9 : 1 over the worst background.
   */
  readonly plateOpacity?: number;
}

/** Options with every default filled in and every value checked. */
export type ResolvedBadge = Required<Omit<BadgeOptions, 'style'>>;

/** GB 45438-2025 §5.2: text height against the shortest side. */
export const MINIMUM_HEIGHT_RATIO = 0.05;

/** WCAG 2.2 §1.4.3, level AA, for text of any size. */
export const MINIMUM_CONTRAST = 4.5;

/** Longer wording is refused: a label is a phrase, and every character costs an outline. */
export const MAXIMUM_TEXT_LENGTH = 200;

const POSITIONS: readonly BadgePosition[] = ['bottom-right', 'bottom-left', 'top-right', 'top-left', 'top', 'bottom', 'left', 'right'];
const PLATES: readonly BadgePlate[] = ['dark', 'light', 'none', 'auto'];

/** Fills in the defaults. @throws TypeError for a wording or value that GB 45438-2025 §5.2 or legibility forbids. */
export const resolveBadge = ({ style = 'standard', ...given }: BadgeOptions = {}): ResolvedBadge => {
  if (!Object.hasOwn(BADGE_STYLES, style)) {
    throw new TypeError(`style must be one of ${Object.keys(BADGE_STYLES).join(', ')}, not ${JSON.stringify(style)}`);
  }
  const options: BadgeOptions = { ...BADGE_STYLES[style], ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) };
  const badge: ResolvedBadge = {
    text: options.text ?? DEFAULT_NOTICE_TEXT,
    position: options.position ?? 'bottom-right',
    heightRatio: options.heightRatio ?? 0.052,
    marginRatio: options.marginRatio ?? 0.02,
    plate: options.plate ?? 'dark',
    plateOpacity: options.plateOpacity ?? 0.72,
  };
  checkText(badge.text);
  if (!POSITIONS.includes(badge.position)) {
    throw new TypeError(`position must be one of ${POSITIONS.join(', ')}, not ${JSON.stringify(badge.position)}`);
  }
  if (!PLATES.includes(badge.plate)) {
    throw new TypeError(`plate must be one of ${PLATES.join(', ')}, not ${JSON.stringify(badge.plate)}`);
  }
  if (!(badge.heightRatio >= MINIMUM_HEIGHT_RATIO && badge.heightRatio <= 0.5)) {
    throw new TypeError(`heightRatio must be from ${MINIMUM_HEIGHT_RATIO} (GB 45438-2025 §5.2) to 0.5, not ${badge.heightRatio}`);
  }
  if (!(badge.marginRatio >= 0 && badge.marginRatio <= 0.2)) {
    throw new TypeError(`marginRatio must be from 0 to 0.2, not ${badge.marginRatio}`);
  }
  if (!(badge.plateOpacity >= 0.2 && badge.plateOpacity <= 1)) {
    throw new TypeError(`plateOpacity must be from 0.2 to 1, not ${badge.plateOpacity}`);
  }
  return badge;
};

const checkText = (text: string): void => {
  if (typeof text !== 'string' || !hasNoticeElements(text)) {
    throw new TypeError(`text must hold 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5.2): ${JSON.stringify(text)}`);
  }
  if (text.length > MAXIMUM_TEXT_LENGTH) {
    throw new TypeError(`text has ${text.length} characters; at most ${MAXIMUM_TEXT_LENGTH} are drawn`);
  }
};
