import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { mutations } from './hostile.ts';
import type { Structure } from './structure.ts';

/** Executions for each format in the tests; `scripts/fuzz.mjs` sets more. Spread over its fixtures. */
const ORDINARY_EXECUTIONS = 20_000;
const EXECUTIONS = Number(process.env['AIGC_LABEL_FUZZ_EXECUTIONS'] ?? ORDINARY_EXECUTIONS);
const SEED = Number(process.env['AIGC_LABEL_FUZZ_SEED'] ?? 1);

/** More of the processor's time than this is a find (spec/provenance.md §4.4); looked at in long runs only. Time on the clock would make finds of a busy machine. */
const SLOW_MILLIS = 1_000;
/** Growth of the process that one fixture may leave behind in a long run, in MiB. */
const MAXIMUM_GROWTH_MIB = 256;
/** Finds that are written down for one fixture; one defect is often found thousands of times. */
const MAXIMUM_FINDS = 20;
const FINDS = fileURLToPath(new URL('../../fuzz-finds', import.meta.url));

/** How often, from which seed, and with how much patience. */
export interface Executions {
  readonly count: number;
  readonly seed: number;
  readonly timeoutMillis: number;
}

/** The share of one of `fixtureCount` fixtures. */
export const executionsOf = (fixtureCount: number): Executions => {
  const count = Math.ceil(EXECUTIONS / fixtureCount);
  return { count, seed: SEED, timeoutMillis: Math.max(60_000, count * 20) };
};

/** Runs `execute` on damaged copies; in a long run every find is written to `fuzz-finds/`, and slowness and growth are finds too. */
export const fuzz = async (
  name: string,
  bytes: Uint8Array,
  { count, seed, structure }: Pick<Executions, 'count' | 'seed'> & { readonly structure: Structure | undefined },
  execute: (mutated: Uint8Array) => Promise<void>,
): Promise<void> => {
  const isLong = EXECUTIONS > ORDINARY_EXECUTIONS;
  const before = process.memoryUsage().rss;
  const finds: unknown[] = [];
  let [index, slowest] = [0, 0];
  for (const mutated of mutations(bytes, count, seed, structure)) {
    index += 1;
    const started = cpuMillis();
    try {
      await execute(mutated);
      const elapsed = cpuMillis() - started;
      slowest = Math.max(slowest, elapsed);
      if (isLong && elapsed > SLOW_MILLIS) {
        throw new Error(`${elapsed.toFixed(0)} ms on ${mutated.length} bytes`);
      }
    } catch (error) {
      if (!isLong || finds.length >= MAXIMUM_FINDS) {
        throw new Error(`mutation ${index} of seed ${seed}: ${error}`, { cause: error });
      }
      finds.push(error);
      mkdirSync(FINDS, { recursive: true });
      writeFileSync(`${FINDS}/${name.replaceAll(/[^\w.-]+/g, '_')}-${seed}-${index}`, mutated);
    }
  }
  const growthMib = (process.memoryUsage().rss - before) / 2 ** 20;
  if (isLong) {
    console.log(`${name}: ${count} executions, ${finds.length} finds, slowest ${slowest.toFixed(0)} ms, grew ${growthMib.toFixed(0)} MiB`);
  }
  if (finds.length > 0 || (isLong && growthMib > MAXIMUM_GROWTH_MIB)) {
    throw new Error(`${finds.length} finds, grew ${growthMib.toFixed(0)} MiB; the first: ${finds[0]}`, { cause: finds[0] });
  }
};

const cpuMillis = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};
