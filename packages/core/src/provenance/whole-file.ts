import type { ByteRange, ContentPiece, ContentPlan } from '../ports/content.ts';

/** Every byte, for kinds of file that hold no label and no metadata of ours to leave out: the label stands in a sidecar. */
export const wholeFile = async ({ size }: { readonly size: number }): Promise<ContentPlan> => ({
  method: 'file-1',
  parts: [{ name: 'file', pieces: [{ start: 0, end: size }], isPerceived: true }],
  carriers: [],
});

/** The stretches between carriers: everything else of `start` to `end`. `carriers` ascending and disjoint. */
export const allBut = (start: number, end: number, carriers: readonly ByteRange[]): readonly ContentPiece[] => {
  const pieces: ContentPiece[] = [];
  let position = start;
  for (const carrier of carriers) {
    if (carrier.start >= end) {
      break;
    }
    if (carrier.start > position) {
      pieces.push({ start: position, end: carrier.start });
    }
    position = Math.max(position, carrier.end);
  }
  return position < end ? [...pieces, { start: position, end }] : pieces;
};

/** Ascending and disjoint: what touches or overlaps becomes one, and what is empty falls away. */
export const joinedRanges = (ranges: readonly ByteRange[]): readonly ByteRange[] => {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of ranges.filter((range) => range.end > range.start).toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && start <= last.end) {
      last.end = Math.max(last.end, end);
    } else {
      joined.push({ start, end });
    }
  }
  return joined;
};
