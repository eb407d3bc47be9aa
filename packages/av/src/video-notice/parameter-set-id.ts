import { bitReader, withoutEmulation } from '../samples/bits.ts';
import { parseAvcConfiguration } from '../samples/h264-sets.ts';
import type { VideoTrack } from '../samples/sample-container.ts';

/** Ids of sequence parameter sets go to 31 (H.264 §7.4.2.1.1). */
const MAXIMUM_ID = 31;

/** The highest ids that no parameter set of the track has, so that new ones can stand beside them; none for codecs other than H.264. */
export const freeSetIds = ({ codec, configuration }: VideoTrack): readonly number[] => {
  const sets = codec === 'h264' ? parseAvcConfiguration(configuration) : undefined;
  if (sets === undefined) {
    return [];
  }
  const taken = new Set([
    // Behind the unit's header: profile, constraints and level, a byte each (§7.3.2.1.1).
    ...sets.sequenceSets.map((set) => bitReader(withoutEmulation(set.subarray(4, 12))).readGolomb()),
    ...sets.pictureSets.map((set) => bitReader(withoutEmulation(set.subarray(1, 9))).readGolomb()),
  ]);
  return Array.from({ length: MAXIMUM_ID + 1 }, (_, index) => MAXIMUM_ID - index).filter((id) => !taken.has(id));
};
