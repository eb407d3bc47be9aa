import { type Compared, LIKENESS_CHANNELS, LIKENESS_SIDE, structuralLikeness, worstShare } from '@aigc-label/core';
import { bestShift } from './best-shift.ts';

/** Frames that are asked of ffmpeg, a second. */
export const FRAMES_PER_SECOND = 12;

/** Frames of which the mean is compared: a second, every half. A rendition may show other frames; their mean stays. */
const MEAN_FRAMES = 12;
const MEAN_STEP = 6;

/** Bytes of one frame as ffmpeg gives it: `LIKENESS_SIDE` by `LIKENESS_SIDE`, RGB. */
export const COMPARED_FRAME_BYTES: number = LIKENESS_SIDE * LIKENESS_SIDE * LIKENESS_CHANNELS;

/** Means that one recording may be behind the other: half a second. */
const MAXIMUM_SHIFT = 1;

/** How alike two stretches of moving pictures are: frame by frame in structure, in the quarter where they are least alike, at the best shift; 0 where nothing shows. */
export const movingLikeness = (a: Uint8Array, b: Uint8Array): number => {
  const [framesA, framesB] = [meansOf(a), meansOf(b)];
  const least = Math.min(framesA.length, framesB.length);
  return bestShift(Math.min(MAXIMUM_SHIFT, Math.max(0, least - 1)), (shift) => worstShare(compared(framesA, framesB, shift), 0.25));
};

const meansOf = (bytes: Uint8Array): readonly Uint8Array[] => {
  const frames = Math.floor(bytes.length / COMPARED_FRAME_BYTES);
  const means: Uint8Array[] = [];
  for (let first = 0; first === 0 ? frames > 0 : first + MEAN_FRAMES <= frames; first += MEAN_STEP) {
    const count = Math.min(MEAN_FRAMES, frames - first);
    const mean = new Uint8Array(COMPARED_FRAME_BYTES);
    for (let index = 0; index < COMPARED_FRAME_BYTES; index += 1) {
      let sum = 0;
      for (let frame = first; frame < first + count; frame += 1) {
        sum += bytes[frame * COMPARED_FRAME_BYTES + index] as number;
      }
      mean[index] = Math.round(sum / count);
    }
    means.push(mean);
  }
  return means;
};

const compared = (a: readonly Uint8Array[], b: readonly Uint8Array[], shift: number): readonly Compared[] =>
  a.flatMap((frame, index) => {
    const other = b[index + shift];
    // A black or white frame shows nothing, and says nothing.
    return other === undefined || (isFlat(frame) && isFlat(other)) ? [] : [{ correlation: structuralLikeness(frame, other), weight: 1 }];
  });

/** Samples that differ by less than this over a whole frame are one colour. */
const FLAT_RANGE = 12;

const isFlat = (frame: Uint8Array): boolean => {
  for (let channel = 0; channel < LIKENESS_CHANNELS; channel += 1) {
    let [least, most] = [255, 0];
    for (let index = channel; index < frame.length; index += LIKENESS_CHANNELS) {
      least = Math.min(least, frame[index] as number);
      most = Math.max(most, frame[index] as number);
    }
    if (most - least >= FLAT_RANGE) {
      return false;
    }
  }
  return true;
};
