/** The lowest spatial frequencies of a small picture: its two-dimensional cosine transform (spec/content/fingerprint.md §3). */

/** Side of the grid that is transformed. */
export const GRID_SIDE = 64;

/** Frequencies that are kept, as half waves across and down the picture: the 256 lowest but the mean, by their distance from it, then by those down. */
export const FREQUENCIES: readonly (readonly [across: number, down: number])[] = Array.from(
  { length: GRID_SIDE * GRID_SIDE },
  (_, index) => [index % GRID_SIDE, Math.floor(index / GRID_SIDE)] as const,
)
  .filter(([across, down]) => across + down > 0)
  .sort(([a, b], [c, d]) => a * a + b * b - (c * c + d * d) || b - d)
  .slice(0, 256);

/** One more than the highest frequency along a side. */
const HIGHEST = 1 + Math.max(...FREQUENCIES.flat());

/** Orthonormal cosines, `GRID_SIDE` of each frequency. */
const COSINES: Float64Array = Float64Array.from({ length: HIGHEST * GRID_SIDE }, (_, index) => {
  const frequency = Math.floor(index / GRID_SIDE);
  const scale = Math.sqrt((frequency === 0 ? 1 : 2) / GRID_SIDE);
  return scale * Math.cos(((2 * (index % GRID_SIDE) + 1) * frequency * Math.PI) / (2 * GRID_SIDE));
});

/** The strengths of `FREQUENCIES` in a grid of `GRID_SIDE` rows. */
export const frequenciesOf = (grid: Float64Array): Float64Array => {
  const across = new Float64Array(HIGHEST * GRID_SIDE);
  for (let y = 0; y < GRID_SIDE; y += 1) {
    for (let frequency = 0; frequency < HIGHEST; frequency += 1) {
      let sum = 0;
      for (let x = 0; x < GRID_SIDE; x += 1) {
        sum += (grid[y * GRID_SIDE + x] ?? 0) * (COSINES[frequency * GRID_SIDE + x] ?? 0);
      }
      across[frequency * GRID_SIDE + y] = sum;
    }
  }
  return Float64Array.from(FREQUENCIES, ([u, v]) => {
    let sum = 0;
    for (let y = 0; y < GRID_SIDE; y += 1) {
      sum += (across[u * GRID_SIDE + y] ?? 0) * (COSINES[v * GRID_SIDE + y] ?? 0);
    }
    return sum;
  });
};
