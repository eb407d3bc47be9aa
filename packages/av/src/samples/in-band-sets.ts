import { concat } from '@aigc-label/core';
import type { PictureTarget } from './isobmff-track.ts';
import { nalLength } from './nal-units.ts';
import { unfit } from './unfit.ts';

/** Sample entries whose parameter sets may stand in samples (ISO/IEC 14496-15 §5.4.2.1, §8.4.1.1). */
const IN_BAND: ReadonlySet<string> = new Set(['avc3', 'hev1']);

/** Whether parameter sets may stand in the samples of a track, so that decoders must find those of a stretch in its first one. */
export const isInBand = ({ entry }: PictureTarget): boolean => IN_BAND.has(entry.box.type);

/** Sets in front of a picture, each behind its length. */
export const inBandSets = (sets: readonly Uint8Array[], lengthSize: number): Uint8Array =>
  concat(
    ...sets.flatMap((set) => {
      const length = nalLength(set.length, lengthSize);
      if (length === undefined) {
        throw unfit('parameters', 'a parameter set is too large for the lengths of the track');
      }
      return [length, set];
    }),
  );
