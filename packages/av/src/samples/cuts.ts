import type { SampleTable } from '@aigc-label/containers';
import type { RandomAccess } from './random-access.ts';

/** Candidates whose bytes are looked at: in a longer file those near its beginning, its middle and its end, a third each (17 hours at a key picture every minute, 50 minutes at one every three seconds, are looked at whole). */
export const MAXIMUM_CHECKED_CUTS = 1_000;

/** When each sample is shown, in ticks. */
export const shownTicks = ({ decodedAt, shifts }: SampleTable): Float64Array =>
  shifts === undefined ? decodedAt : decodedAt.map((time, index) => time + (shifts[index] ?? 0));

/** Samples that may be a cut by what the tables say: sync samples before which all is shown before, and behind which nothing is. Ascending. */
export const cutCandidates = (table: SampleTable, shown: Float64Array): readonly number[] => {
  const leastBehind = new Float64Array(table.count + 1).fill(Number.POSITIVE_INFINITY);
  for (let index = table.count - 1; index >= 0; index -= 1) {
    leastBehind[index] = Math.min(leastBehind[index + 1] ?? 0, shown[index] ?? 0);
  }
  const candidates: number[] = [];
  let mostBefore = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < table.count; index += 1) {
    const time = shown[index] ?? 0;
    if ((index === 0 || table.isSync === undefined || table.isSync[index] === 1) && time > mostBefore && time <= (leastBehind[index + 1] ?? 0)) {
      candidates.push(index);
    }
    mostBefore = Math.max(mostBefore, time);
  }
  return candidates;
};

/** The candidates at which a cut is exact, of those that are looked at; the first sample needs no look, since nothing stands before it. */
export const checkedCuts = async (
  candidates: readonly number[],
  accessOf: (index: number) => Promise<RandomAccess | undefined>,
): Promise<readonly number[]> => {
  const cuts: number[] = [];
  for (const index of near(candidates)) {
    if (index === 0 || (await accessOf(index)) !== undefined) {
      cuts.push(index);
    }
  }
  return cuts;
};

const near = (candidates: readonly number[]): readonly number[] => {
  const count = candidates.length;
  if (count <= MAXIMUM_CHECKED_CUTS) {
    return candidates;
  }
  const third = Math.floor(MAXIMUM_CHECKED_CUTS / 3);
  const middle = Math.max(third, Math.floor(count / 2 - third / 2));
  return [...candidates.slice(0, third), ...candidates.slice(middle, middle + third), ...candidates.slice(Math.max(middle + third, count - third))];
};
