import type { Stretch } from './content-places.ts';

/** Whether carriers take all of a stretch. */
export const isWhole = ({ start, end }: Stretch, carriers: readonly Stretch[]): boolean => start < end && gaps({ start, end }, carriers).length === 0;

/** What of a stretch no carrier takes. */
export const gaps = ({ start, end }: Stretch, carriers: readonly Stretch[]): readonly Stretch[] => {
  const found: Stretch[] = [];
  let position = start;
  for (let index = firstEndingAfter(carriers, start); index < carriers.length; index += 1) {
    const carrier = carriers[index];
    if (carrier === undefined || carrier.start >= end) {
      break;
    }
    if (carrier.start > position) {
      found.push({ start: position, end: carrier.start });
    }
    position = Math.max(position, carrier.end);
  }
  return position < end ? [...found, { start: position, end }] : found;
};

const firstEndingAfter = (carriers: readonly Stretch[], offset: number): number => {
  let [low, high] = [0, carriers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((carriers[middle]?.end ?? 0) <= offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
};
