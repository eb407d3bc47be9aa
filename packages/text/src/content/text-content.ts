// What the signed content digest covers of a text: its bytes as they stand, without the stretches that hold a label (spec/content/text.md §3). Nothing is normalised.
import { allBut, type ByteRange, type ByteSource, type ContentPlan, joinedRanges } from '@aigc-label/core';

/**
 * The plan of a text from which these stretches are left out.
 *
 * @param cuts in any order; they may overlap.
 * @param bodyAt where what is read begins, behind a header that many texts share; bytes of the file.
 */
export const textContent = ({ size }: ByteSource, method: string, cuts: readonly ByteRange[], bodyAt = 0): ContentPlan => {
  const carriers = joinedRanges(cuts);
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
