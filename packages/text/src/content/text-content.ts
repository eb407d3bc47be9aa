// What the signed content digest covers of a text: its bytes as they stand, without the stretches that hold a label (spec/content/text.md §3). Nothing is normalised.
import { allBut, type ByteRange, type ByteSource, type ContentPlan } from '@aigc-label/core';

/**
 * The plan of a text from which these stretches are left out.
 *
 * @param cuts in any order; they may overlap.
 * @param bodyAt where what is read begins, behind a header that many texts share; bytes of the file.
 */
export const textContent = ({ size }: ByteSource, method: string, cuts: readonly ByteRange[], bodyAt = 0): ContentPlan => {
  const carriers = united(cuts);
  const part = (name: string, start: number, end: number, isPerceived: boolean): ContentPlan['parts'][number] => ({
    name,
    pieces: allBut(
      start,
      end,
      carriers.filter((carrier) => carrier.end > start && carrier.start < end),
    ),
    ...(isPerceived ? { isPerceived: true } : {}),
  });
  return {
    method,
    parts: [...(bodyAt > 0 ? [part('header', 0, bodyAt, false)] : []), part('text', bodyAt, size, true)],
    carriers,
  };
};

/** Ascending and disjoint; empty ones and what is joined fall away. */
const united = (ranges: readonly ByteRange[]): readonly ByteRange[] => {
  const joined: ByteRange[] = [];
  for (const range of ranges.filter(({ start, end }) => start < end).toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = joined.at(-1);
    if (last !== undefined && range.start <= last.end) {
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
    } else {
      joined.push(range);
    }
  }
  return joined;
};
