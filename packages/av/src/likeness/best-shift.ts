/** The greatest of the likenesses at each shift from `-most` to `most`: codecs put some silence, or a frame, in front. */
export const bestShift = (most: number, likenessAt: (shift: number) => number): number => {
  let best = 0;
  for (let shift = -most; shift <= most; shift += 1) {
    best = Math.max(best, likenessAt(shift));
  }
  return best;
};
