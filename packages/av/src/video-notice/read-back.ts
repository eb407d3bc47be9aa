import { type ByteSource, equalBytes } from '@aigc-label/core';
import { parseAvcConfiguration } from '../samples/h264-sets.ts';
import { isobmffSamples } from '../samples/isobmff-samples.ts';
import type { NewStretch, SampleContainer, VideoTrack } from '../samples/sample-container.ts';
import { unfit } from '../samples/unfit.ts';

/**
 * Reads a file with exchanged pictures again: as many pictures, shown when they were, of the same size, and with everything that decoding the new ones needs.
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` where it does not say what it should.
 */
export const readBack = async (
  container: SampleContainer,
  exchanged: ByteSource,
  before: VideoTrack,
  stretches: readonly NewStretch[],
): Promise<void> => {
  const after = await container.read(exchanged);
  const [timesBefore, timesAfter] = [before.shownAt.toSorted(), 'reason' in after ? new Float64Array(0) : after.shownAt.toSorted()];
  const isSame =
    !('reason' in after) &&
    after.codec === before.codec &&
    after.width === before.width &&
    after.height === before.height &&
    after.rotation === before.rotation &&
    timesAfter.length === timesBefore.length &&
    // In an open group the order of decoding becomes another, that of showing stays.
    timesAfter.every((time, index) => Math.abs(time - (timesBefore[index] ?? 0)) < TIME_ERROR);
  if (!isSame || 'reason' in after) {
    throw unfit('stream', 'what was written does not read as it should');
  }
  const sets = before.codec === 'h264' ? setsOf(after.configuration) : [];
  for (const { encoded } of sets.length === 0 ? [] : stretches) {
    const head = await isobmffSamples.read(encoded);
    if ('reason' in head || setsOf(head.configuration).some((set) => !sets.some((one) => equalBytes(one, set)))) {
      throw unfit('parameters', 'a parameter set of the new pictures was not written');
    }
  }
};

/** Times are quotients of whole ticks; in seconds. */
const TIME_ERROR = 1e-6;

const setsOf = (configuration: Uint8Array): readonly Uint8Array[] => {
  const parsed = parseAvcConfiguration(configuration);
  return parsed === undefined ? [] : [...parsed.sequenceSets, ...parsed.pictureSets];
};
