/** A number from 0 up to, not including, `below`. */
export type Random = (below: number) => number;

/** A small seeded generator (xorshift): the same numbers on every machine. */
export const randomOf = (seed: number): Random => {
  let state = (seed * 2_654_435_761) | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return below <= 0 ? 0 : (state >>> 0) % below;
  };
};
