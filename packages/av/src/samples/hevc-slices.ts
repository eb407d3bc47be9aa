import type { ByteSource, Piece } from '@aigc-label/core';
import { PICTURE_SET, VIDEO_SET } from './hevc-sets.ts';
import { type NalUnit, nalLength, nalUnits, type SamplePlace } from './nal-units.ts';
import { unfit } from './unfit.ts';

/** End of a sequence (ITU-T H.265 table 7-1): the pictures behind it are put into order anew. */
export const END_OF_SEQUENCE: Uint8Array = Uint8Array.of(36 << 1, 1);

const MESSAGES_BEFORE = 39;
const ACTIVE_SETS = 129; // the payload type of the message that names the active sets

/**
 * An HEVC sample whose slices refer to another picture set. The id stands at the start of every slice (§7.3.6.1) as ue(v): id 0 is the one bit `1`, the ids 15 to 30 are nine bits long, so that
 * exactly one byte comes in and all other bits of the slice stay where they are in their bytes. With an even id both bytes that come in place of the first have a bit set: no start code can
 * arise, and none of the bytes that prevent them changes.
 *
 * @param pictureId 16, 18, … 30.
 * @throws LabelError `NOTICE_UNSUPPORTED` where a slice does not refer to picture set 0.
 */
export const withPictureSet = async (
  source: ByteSource,
  place: SamplePlace,
  { pictureId, lengthSize, toLengthSize }: { readonly pictureId: number; readonly lengthSize: number; readonly toLengthSize: number },
): Promise<readonly Piece[]> => {
  const units = await nalUnits(source, place, lengthSize);
  if (units === undefined) {
    throw unfit('stream', 'a new picture is damaged');
  }
  return units.flatMap((unit) => {
    const { at, size, head } = unit;
    const type = ((head[0] ?? 0) >> 1) & 63;
    if ((type >= VIDEO_SET && type <= PICTURE_SET) || (type === MESSAGES_BEFORE && head[2] === ACTIVE_SETS)) {
      return []; // they say ids that are no longer so; the configuration has the sets
    }
    if (type >= VIDEO_SET) {
      return [unitLength(size, toLengthSize), { source, offset: at, length: size }];
    }
    if (size < 3) {
      throw unfit('stream', 'a new picture is damaged');
    }
    return [unitLength(size + 1, toLengthSize), renamedHead(unit, type, pictureId), { source, offset: at + 3, length: size - 3 }];
  });
};

const unitLength = (size: number, lengthSize: number): Uint8Array => {
  const length = nalLength(size, lengthSize);
  if (length === undefined) {
    throw unfit('parameters', 'a new picture is too large for the lengths of the track');
  }
  return length;
};

/** The two bytes of the unit's head and, in place of the third, two. */
const renamedHead = ({ head }: NalUnit, type: number, pictureId: number): Uint8Array => {
  const before = type >= 16 && type <= 23 ? 2 : 1; // first_slice_segment_in_pic_flag, and no_output_of_prior_pics_flag of a random access picture
  const byte = head[2] ?? 0;
  if (((byte >> (7 - before)) & 1) === 0) {
    throw unfit('parameters', 'a new picture does not refer to picture set 0');
  }
  const rest = 7 - before;
  const kept = (byte >> (8 - before)) << (16 - before);
  const word = kept | ((pictureId + 1) << rest) | (byte & ((1 << rest) - 1));
  return Uint8Array.of(head[0] ?? 0, head[1] ?? 0, word >> 8, word & 255);
};
