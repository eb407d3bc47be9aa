import type { VideoTrack } from '../samples/sample-container.ts';
import type { ResolvedVideoNotice } from './video-notice-options.ts';

/** What a player shows of a track, in seconds of `VideoTrack.shownAt`. */
export interface PlayedSpan {
  readonly from: number;
  readonly to: number;
}

/** Pictures to be encoded anew, from one cut to before another, and which of them are to have the notice. */
export interface NoticeStretch {
  readonly from: number;
  readonly to: number;
  /** First and last picture of each run with the notice, counted from the stretch's first in the order in which they are shown. */
  readonly noticed: readonly (readonly [number, number])[];
}

/**
 * The stretches that the notice needs: each begins at the last cut before the first picture that is to have it, and ends at the first cut behind the last. `undefined` where there is no cut
 * to begin at.
 */
export const noticeStretches = (
  { shownAt, cuts, ends = [] }: Pick<VideoTrack, 'shownAt' | 'cuts' | 'ends'>,
  { when, also, seconds }: Pick<ResolvedVideoNotice, 'when' | 'also' | 'seconds'>,
  played: PlayedSpan,
): readonly NoticeStretch[] | undefined => {
  const count = shownAt.length;
  const times = shownAt.toSorted();
  const length = played.to - played.from;
  const middle = played.from + Math.max(0, (length - seconds) / 2);
  const starts = [
    played.from,
    ...(also.includes('middle') ? [middle] : []),
    ...(also.includes('end') ? [Math.max(played.from, played.to - seconds)] : []),
  ];
  const runs: readonly Run[] =
    when === 'throughout'
      ? [{ first: 0, behind: count }]
      : starts.map((start, index) => ({
          first: Math.max(0, firstAtOrAfter(times, start + TIME_ERROR) - 1),
          // The last run goes to the end of the file, whatever the container says of where that is.
          behind: also.includes('end') && index === starts.length - 1 ? count : firstAtOrAfter(times, start + seconds - TIME_ERROR),
        }));
  const stretches: NoticeStretch[] = [];
  for (const { first, behind } of runs) {
    const from = cuts.findLast((cut) => cut <= first);
    if (from === undefined) {
      return undefined;
    }
    const to = Math.min(...[cuts, ends].map((places) => places.find((place) => place >= behind) ?? count));
    const last = stretches.at(-1);
    if (last !== undefined && from < last.to) {
      const both: readonly [number, number] = [first - last.from, behind - 1 - last.from];
      stretches[stretches.length - 1] = { from: last.from, to: Math.max(last.to, to), noticed: [...last.noticed, both] };
    } else {
      stretches.push({ from, to, noticed: [[first - from, behind - 1 - from]] });
    }
  }
  return stretches;
};

/** Pictures in the order in which they are shown. */
interface Run {
  readonly first: number;
  readonly behind: number;
}

/** Times are quotients of whole ticks; less than this is rounding, in seconds. */
const TIME_ERROR = 1e-6;

/** How many of ascending times lie before this one. */
const firstAtOrAfter = (times: Float64Array, time: number): number => {
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] as number) < time) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
};

/** How long the track goes on, in seconds: the last picture stays as long as the one before it. */
export const endOf = (shownAt: Float64Array): number => {
  const [last = 0, before = 0] = shownAt.toSorted().toReversed();
  return last + Math.max(0, last - before);
};
