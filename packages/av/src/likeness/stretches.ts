/** A recording up to this long is compared whole, in seconds; a longer one at its beginning, middle and end. */
const WHOLE_SECONDS = 90;
const STRETCH_SECONDS = 30;

/** Durations may differ by this much: codecs add silence, containers round. */
const TOLERANCE_SECONDS = 0.6;
const TOLERANCE_RATIO = 0.01;

/** A part of a recording. */
export interface Stretch {
  /** In seconds. */
  readonly start: number;
  readonly length: number;
}

/** Which parts of a recording are compared; the whole where its duration is not known. */
export const stretchesOf = (duration: number | undefined): readonly Stretch[] =>
  duration === undefined || duration <= WHOLE_SECONDS
    ? [{ start: 0, length: WHOLE_SECONDS }]
    : [0, (duration - STRETCH_SECONDS) / 2, duration - STRETCH_SECONDS].map((start) => ({ start, length: STRETCH_SECONDS }));

/** Whether two recordings are as long as renditions of one would be; unknown durations are. */
export const isAsLong = (a: number | undefined, b: number | undefined): boolean =>
  a === undefined || b === undefined || Math.abs(a - b) <= Math.max(TOLERANCE_SECONDS, TOLERANCE_RATIO * Math.max(a, b));
