/** How often something is done, one after another. */
export interface Rate {
  /** Times in a second of processor time, that of Node's own threads counted: what one core can do. */
  readonly perCoreSecond: number;
  /** Times in a second of the clock, waiting for the disk included. */
  readonly perSecond: number;
}

/** In a row before the next rival's turn: enough for the clock of the processor time. */
const BLOCK_MILLIS = 60;

/**
 * Measures several rivals in turn, block by block, so that whatever else the machine does falls on all of them alike: the medians of the blocks.
 *
 * @param rounds how many blocks each is measured for.
 * @param warmUps how many blocks each runs before, not measured.
 */
export const coreRates = async <Name extends string>(
  rivals: Readonly<Record<Name, () => Promise<unknown>>>,
  rounds: number,
  warmUps: number,
): Promise<Readonly<Record<Name, Rate>>> => {
  const names = Object.keys(rivals) as Name[];
  const blocks = new Map<Name, Rate[]>(names.map((name) => [name, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const name of names) {
      const rate = await block(rivals[name]);
      if (round >= 0) {
        blocks.get(name)?.push(rate);
      }
    }
  }
  const medianOf = (name: Name, member: keyof Rate): number => {
    const sorted = (blocks.get(name) ?? []).map((rate) => rate[member]).toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? Number.NaN;
  };
  return Object.fromEntries(
    names.map((name) => [name, { perCoreSecond: medianOf(name, 'perCoreSecond'), perSecond: medianOf(name, 'perSecond') }]),
  ) as Record<Name, Rate>;
};

const block = async (run: () => Promise<unknown>): Promise<Rate> => {
  const processor = process.cpuUsage();
  const started = performance.now();
  let count = 0;
  do {
    await run();
    count += 1;
  } while (performance.now() - started < BLOCK_MILLIS);
  const elapsed = performance.now() - started;
  const { user, system } = process.cpuUsage(processor);
  return { perCoreSecond: (count * 1_000_000) / (user + system), perSecond: (count * 1_000) / elapsed };
};
