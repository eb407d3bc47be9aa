// EBU R 128: −23 LUFS is what broadcasters level to; −1 dBTP is the most that a codec may be given.
import type { Pcm } from '../pcm.ts';
import { loudnessOfPcm } from './loudness-meter.ts';
import { truePeak } from './true-peak.ts';

/** Where the programme says nothing: silence. In LUFS. */
const USUAL = -23;
/** Softer a notice is not heard on a telephone, and louder it hurts, whatever the programme is; in LUFS. */
const SOFTEST = -36;
const LOUDEST = -14;
const HIGHEST_PEAK = -1;

/** By how much a notice is to be louder, and what that makes of it. */
export interface MatchedGain {
  /** To multiply each sample by. */
  readonly factor: number;
  /** Of the notice then, in LUFS. */
  readonly loudness: number;
}

/**
 * The gain that makes a notice as loud as the programme (`−Infinity` for silence), never softer than −36 or louder than −14 LUFS, and its true peak −1 dBTP at most.
 *
 * @param notice sound and the silence around it; gating leaves that out.
 */
export const matchedGain = (programmeLoudness: number, notice: Pcm, channelMask = 0): MatchedGain => {
  const wanted = programmeLoudness < -70 || Number.isNaN(programmeLoudness) ? USUAL : Math.max(SOFTEST, Math.min(LOUDEST, programmeLoudness));
  const now = loudnessOfPcm(notice, channelMask);
  const decibels = Math.min(wanted - now, HIGHEST_PEAK - truePeak(notice));
  return { factor: 10 ** (decibels / 20), loudness: now + decibels };
};
