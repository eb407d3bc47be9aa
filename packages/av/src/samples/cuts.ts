import type { SampleTable } from '@aigc-label/containers';
import type { RandomAccess } from './random-access.ts';

/**
 * Candidates whose bytes are looked at: with a key picture every three seconds 50 minutes are looked at whole, and of a longer film its first, middle and last quarter of an hour.
 */
export const MAXIMUM_CHECKED_CUTS = 1_000;

/** When each sample is shown, in ticks. */
export const shownTicks = ({ decodedAt, shifts }: SampleTable): Float64Array =>
  shifts === undefined ? decodedAt : decodedAt.map((time, index) => time + (shifts[index] ?? 0));

/** Samples that may be a cut by what the tables say: sync samples before which all is shown before, and behind which nothing is. Ascending. */
export const cutCandidates = (table: SampleTable, shown: Float64Array): readonly number[] => {
  const leastBehind = leastFrom(shown);
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

/** The earliest time from each sample on; one more for the end. */
const leastFrom = (shown: Float64Array): Float64Array => {
  const least = new Float64Array(shown.length + 1).fill(Number.POSITIVE_INFINITY);
  for (let index = shown.length - 1; index >= 0; index -= 1) {
    least[index] = Math.min(least[index + 1] ?? 0, shown[index] ?? 0);
  }
  return least;
};

/** An end of a stretch in an open group. */
export interface OpenEnd {
  /** The picture before which it is, in the order in which they are shown. */
  readonly to: number;
  /** That picture in decoding order, where the pictures that are shown right before it still follow it. */
  readonly key: number;
}

/** Ends of a stretch by what the tables say: sync samples that are decoded before some pictures that are shown before them. Ascending. */
export const openEndCandidates = (table: SampleTable, shown: Float64Array): readonly OpenEnd[] => {
  const least = leastFrom(shown);
  const candidates: OpenEnd[] = [];
  let mostBefore = Number.NEGATIVE_INFINITY;
  for (let key = 0; key < table.count; key += 1) {
    const time = shown[key] ?? 0;
    if (table.isSync?.[key] === 1 && time > mostBefore) {
      let behind = key + 1;
      while (behind < table.count && (shown[behind] ?? 0) < time) {
        behind += 1;
      }
      if (behind > key + 1 && (least[behind] ?? 0) > time) {
        candidates.push({ to: behind - 1, key });
      }
    }
    mostBefore = Math.max(mostBefore, time);
  }
  return candidates;
};

/** The ends at which pictures behind can be decoded without any before: in HEVC none that is shown behind such a picture refers to one before it (ITU-T H.265 §3, "CRA picture"). */
export const checkedOpenEnds = async (
  candidates: readonly OpenEnd[],
  accessOf: (index: number) => Promise<RandomAccess | undefined>,
): Promise<readonly OpenEnd[]> => {
  const ends: OpenEnd[] = [];
  for (const end of near(candidates)) {
    if ((await accessOf(end.key)) !== undefined) {
      ends.push(end);
    }
  }
  return ends;
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

const near = <Candidate>(candidates: readonly Candidate[]): readonly Candidate[] => {
  const count = candidates.length;
  if (count <= MAXIMUM_CHECKED_CUTS) {
    return candidates;
  }
  const third = Math.floor(MAXIMUM_CHECKED_CUTS / 3);
  const middle = Math.max(third, Math.floor(count / 2 - third / 2));
  return [...candidates.slice(0, third), ...candidates.slice(middle, middle + third), ...candidates.slice(Math.max(middle + third, count - third))];
};
