// OpenDML AVI File Format Extensions 1.02: what a first RIFF of about 1 GB cannot hold follows in further ones, of form type AVIX.
import { ascii, type ByteSource, startsWith, viewOf } from '@aigc-label/core';
import { RIFF_HEADER_BYTES, type Riff } from './read-riff.ts';

/** Further parts that are followed; each of an honest file holds about 1 GB. */
const MAXIMUM_AVI_PARTS = 4096;

/** The parts of an OpenDML file behind its first. */
export interface AviParts {
  readonly count: number;
  /** Where the last of them ends, or the first RIFF where there is no other. */
  readonly end: number;
  /** Set where the last of them announces more than the file has. */
  readonly isCut: boolean;
}

/** Follows the parts behind the first RIFF: headers only. */
export const aviParts = async (source: ByteSource, riff: Riff): Promise<AviParts> => {
  let end = riff.announcedEnd === undefined ? riff.end : Math.max(riff.end, riff.announcedEnd);
  for (let count = 0; ; count += 1) {
    if (count === MAXIMUM_AVI_PARTS || end + RIFF_HEADER_BYTES > source.size) {
      return { count, end, isCut: false };
    }
    const head = await source.read(end, RIFF_HEADER_BYTES);
    if (!startsWith(head, ascii('RIFF')) || !startsWith(head, ascii('AVIX'), 8)) {
      return { count, end, isCut: false };
    }
    const sizeBytes = viewOf(head).getUint32(4, true);
    const next = end + 8 + sizeBytes + (sizeBytes % 2);
    if (end + 8 + sizeBytes > source.size) {
      return { count: count + 1, end: source.size, isCut: true };
    }
    end = Math.min(next, source.size);
  }
};
