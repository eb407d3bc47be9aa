/** Two pieces of content, compared. */
export interface Compared {
  /** -1 to 1. */
  readonly correlation: number;
  /** How much there is to compare; 0 where neither shows anything. */
  readonly weight: number;
}

/**
 * The weighted mean of the pieces that are least alike: variants of one content differ in one place, transcodes nowhere. 0 where there is nothing to compare.
 *
 * @param share of the whole weight, 0 to 1.
 */
export const worstShare = (pieces: readonly Compared[], share: number): number => {
  const wanted = share * pieces.reduce((total, { weight }) => total + weight, 0);
  let [taken, total] = [0, 0];
  for (const { correlation, weight } of pieces.toSorted((a, b) => a.correlation - b.correlation)) {
    const part = Math.min(weight, wanted - taken);
    taken += part;
    total += part * correlation;
  }
  return taken === 0 ? 0 : total / taken;
};
