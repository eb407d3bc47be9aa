import type { BadgeOptions } from './badge-options.ts';

/** Looks by name; whatever else is said of a badge overrides them. */
export type BadgeStyle = 'standard' | 'light' | 'outline' | 'subtle' | 'solid' | 'large';

/**
 * `standard` white on a dark plate · `light` black on a light plate · `outline` white with a black outline, nothing behind it · `subtle` a plate that is near to what lies beneath,
 * only as opaque as a contrast of 4.5 : 1 asks for · `solid` nothing shines through · `large` half as large again.
 */
export const BADGE_STYLES: Readonly<Record<BadgeStyle, Omit<BadgeOptions, 'style'>>> = {
  standard: {},
  light: { plate: 'light' },
  outline: { plate: 'none' },
  subtle: { plate: 'auto', plateOpacity: 0.3 },
  solid: { plateOpacity: 1 },
  large: { plate: 'auto', heightRatio: 0.08 },
};
