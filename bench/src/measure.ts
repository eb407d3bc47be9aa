/** Wall-clock times of one thing, in milliseconds. */
export interface Times {
  readonly median: number;
  readonly minimum: number;
}

/**
 * Times several rivals in turn, round by round, so that whatever else the machine does falls on all of them alike.
 *
 * @param prepare runs before each, not timed: to remove the last output, for example.
 * @param rounds how often each is timed.
 * @param warmUps how often each runs before, not timed: a service has long been running when it labels.
 */
export const race = async <Name extends string>(
  rivals: Readonly<Record<Name, () => Promise<unknown>>>,
  prepare: () => Promise<unknown>,
  rounds: number,
  warmUps = 1,
): Promise<Readonly<Record<Name, Times>>> => {
  const names = Object.keys(rivals) as Name[];
  const times = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const name of names) {
      await prepare();
      const started = performance.now();
      await rivals[name]();
      const elapsed = performance.now() - started;
      if (round >= 0) {
        times.get(name)?.push(elapsed);
      }
    }
  }
  return Object.fromEntries(names.map((name) => [name, summary(times.get(name) ?? [])])) as Record<Name, Times>;
};

const summary = (times: readonly number[]): Times => {
  const sorted = times.toSorted((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? Number.NaN, minimum: sorted[0] ?? Number.NaN };
};

/** A row of a table on the terminal. */
export const row = (...cells: readonly (string | number)[]): void => {
  console.log(cells.map((cell, index) => (index === 0 ? String(cell).padEnd(26) : text(cell).padStart(18))).join(''));
};

const text = (cell: string | number): string => (typeof cell === 'string' ? cell : cell >= 100 ? cell.toFixed(0) : cell.toFixed(2));

/** A ratio with the bound that the issue names, and whether it holds in this run. */
export const verdict = (label: string, ratio: number, bound: number, kind: 'at most' | 'at least'): void => {
  const holds = kind === 'at most' ? ratio <= bound : ratio >= bound;
  console.log(`  ${holds ? '✓' : '✗'} ${label}: ${ratio.toFixed(2)} × (${kind} ${bound} ×)`);
};
