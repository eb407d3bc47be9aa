/** The least contrast of text (WCAG 2.2, 1.4.3). */
export const LEAST_CONTRAST = 4.5;

/** The contrast of two opaque colours as `getComputedStyle` writes them, 1 to 21; `undefined` for anything else, which nobody can vouch for. */
export const contrastOf = (color: string, background: string): number | undefined => {
  const [a, b] = [luminanceOf(color), luminanceOf(background)];
  return a === undefined || b === undefined ? undefined : (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};

/** Relative luminance (WCAG 2.2). */
const luminanceOf = (color: string): number | undefined => {
  const [red, green, blue] = (/^rgb\((\d+), (\d+), (\d+)\)$/.exec(color)?.slice(1) ?? []).map((level) => linear(Number(level) / 255));
  return red === undefined || green === undefined || blue === undefined ? undefined : 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};

const linear = (level: number): number => (level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4);
