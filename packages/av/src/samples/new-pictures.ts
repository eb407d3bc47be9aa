import { type BoxEdit, contentOf, contentSize } from '@aigc-label/containers';
import { type ByteSource, equalBytes, type Piece } from '@aigc-label/core';
import { shownTicks } from './cuts.ts';
import { joinAvcConfigurations, parseAvcConfiguration } from './h264-sets.ts';
import { displayMessages, freeHevcIds, hevcLengthSize, joinHevcConfigurations, parseHevcConfiguration, renamedConfiguration } from './hevc-sets.ts';
import { END_OF_SEQUENCE, withPictureSet } from './hevc-slices.ts';
import { inBandSets, isInBand } from './in-band-sets.ts';
import { type OpenTrack, openTrack, type PictureTarget } from './isobmff-track.ts';
import { type SamplePlace, withLengthSize } from './nal-units.ts';
import { joinAv1Configurations, joinVp9Configurations } from './open-codecs.ts';
import type { NewStretch } from './sample-container.ts';
import { unfit } from './unfit.ts';

/** A sample that comes in place of another. */
export interface NewSample {
  readonly size: number;
  readonly isSync: boolean;
  readonly pieces: readonly Piece[];
}

/** Samples of a stretch, and the configuration that serves them and all others. */
export interface NewPictures {
  readonly from: number;
  readonly samples: readonly NewSample[];
  readonly configuration: Uint8Array;
}

/**
 * Reads the encoded pictures of a stretch.
 *
 * @param configuration of the track, with what earlier stretches added.
 * @param behind the picture, in decoding order, that is decoded after them.
 * @throws LabelError `NOTICE_UNSUPPORTED` where they do not fit.
 */
export const newPictures = async (
  opened: PictureTarget,
  configuration: Uint8Array,
  { from, to, encoded }: NewStretch,
  behind: number = to,
): Promise<NewPictures> => {
  const head = await openTrack(encoded);
  if ('reason' in head) {
    throw unfit(head.reason, 'the new pictures cannot be read');
  }
  refuseUnlike(opened, head, to - from);
  if ((await head.accessOf(0)) !== 'reset') {
    throw unfit('keyframe', 'the first new picture refers to others');
  }
  const plain = Array.from({ length: head.table.count }, (_, index) => plainSample(encoded, head, index));
  if (opened.codec === 'h264') {
    return { from, ...(await h264Pictures(opened, encoded, head, { configuration, plain })) };
  }
  if (opened.codec === 'hevc') {
    const end = behind < opened.table.count && (await opened.accessOf(behind)) === 'continuing' ? END_OF_SEQUENCE : undefined;
    return { from, ...(await hevcPictures(opened, encoded, head, { configuration, plain, end })) };
  }
  return {
    from,
    samples: plain,
    configuration: (opened.codec === 'vp9' ? joinVp9Configurations : joinAv1Configurations)(configuration, head.configuration),
  };
};

type Pictures = Omit<NewPictures, 'from'>;

/** What stands in the file, and the new pictures as they were encoded. */
interface Given {
  readonly configuration: Uint8Array;
  readonly plain: readonly NewSample[];
}

const h264Pictures = async (opened: PictureTarget, source: ByteSource, head: OpenTrack, { configuration, plain }: Given): Promise<Pictures> => {
  const [kept, added] = [parseAvcConfiguration(configuration), parseAvcConfiguration(head.configuration)];
  if (kept === undefined || added === undefined) {
    throw unfit('parameters', 'a configuration is damaged');
  }
  const samples = kept.lengthSize === added.lengthSize ? plain : await relengthened(source, head, plain, added.lengthSize, kept.lengthSize);
  const sets = [...added.sequenceSets, ...added.pictureSets];
  return {
    samples: isInBand(opened) ? withFirst(samples, inBandSets(sets, kept.lengthSize)) : samples,
    configuration: joinAvcConfigurations(kept, added),
  };
};

const relengthened = async (
  source: ByteSource,
  head: OpenTrack,
  plain: readonly NewSample[],
  lengthSize: number,
  toLengthSize: number,
): Promise<readonly NewSample[]> => {
  const samples: NewSample[] = [];
  for (const [index, { isSync }] of plain.entries()) {
    const pieces = await withLengthSize(source, placeOf(head, index), lengthSize, toLengthSize);
    if (pieces === undefined) {
      throw unfit('parameters', 'a new picture is too large for the lengths of the track');
    }
    samples.push(sampleOf(pieces, isSync));
  }
  return samples;
};

/** HEVC encoders do not let ids be chosen: the sets of the new pictures get others. */
const hevcPictures = async (
  opened: PictureTarget,
  source: ByteSource,
  head: OpenTrack,
  { configuration, plain, end }: Given & { readonly end: Uint8Array | undefined },
): Promise<Pictures> => {
  const [kept, original] = [parseHevcConfiguration(configuration), parseHevcConfiguration(head.configuration)];
  if (kept === undefined || original === undefined) {
    throw unfit('parameters', 'a configuration is damaged');
  }
  const ids = freeHevcIds(kept, original);
  const added = renamedConfiguration(original, ids);
  const sizes = { pictureId: ids.picture, lengthSize: hevcLengthSize(added), toLengthSize: hevcLengthSize(kept) };
  const messages = inBandSets(displayMessages(original), sizes.toLengthSize);
  const samples: NewSample[] = [];
  for (const [index, { isSync }] of plain.entries()) {
    const pieces: Piece[] = [...(isSync && messages.length > 0 ? [messages] : []), ...(await withPictureSet(source, placeOf(head, index), sizes))];
    if (end !== undefined && index === plain.length - 1) {
      pieces.push(inBandSets([end], sizes.toLengthSize));
    }
    samples.push(sampleOf(pieces, isSync));
  }
  const sets = added.arrays.flatMap(({ units }) => units);
  return {
    samples: isInBand(opened) ? withFirst(samples, inBandSets(sets, sizes.toLengthSize)) : samples,
    configuration: joinHevcConfigurations(kept, added),
  };
};

const sampleOf = (pieces: readonly Piece[], isSync: boolean): NewSample => ({
  pieces,
  isSync,
  size: pieces.reduce((total, { length }) => total + length, 0),
});

/** Samples with bytes in front of the first one. */
const withFirst = ([first, ...rest]: readonly NewSample[], bytes: Uint8Array): readonly NewSample[] =>
  first === undefined ? [] : [sampleOf([bytes, ...first.pieces], first.isSync), ...rest];

const placeOf = ({ table }: OpenTrack, index: number): SamplePlace => ({ offset: table.offsets[index] ?? 0, size: table.sizes[index] ?? 0 });

const refuseUnlike = (opened: PictureTarget, head: OpenTrack, count: number): void => {
  if (head.codec !== opened.codec) {
    throw unfit('codec', `the new pictures are ${head.codec}`);
  }
  if (head.entry.width !== opened.entry.width || head.entry.height !== opened.entry.height) {
    throw unfit('parameters', `the new pictures have ${head.entry.width} x ${head.entry.height} pixels`);
  }
  if (head.table.count !== count) {
    throw unfit('stream', `there are ${head.table.count} new pictures for ${count}`);
  }
  const shown = shownTicks(head.table);
  if (shown.some((time, index) => index > 0 && time <= (shown[index - 1] ?? 0))) {
    throw unfit('stream', 'the new pictures are not decoded in the order in which they are shown');
  }
};

const plainSample = (source: ByteSource, head: OpenTrack, index: number): NewSample => {
  const { offset, size } = placeOf(head, index);
  const { isSync } = head.table;
  return sampleOf([{ source, offset, length: size }], isSync === undefined || isSync[index] === 1);
};

/** The edits that put the configuration into its box; none where it stays. */
export const joinedConfiguration = ({ configurationBox, configuration }: OpenTrack, joined: Uint8Array): readonly BoxEdit[] => {
  if (configurationBox === undefined || equalBytes(configuration, joined)) {
    return [];
  }
  const { box, parents } = configurationBox;
  return [{ at: contentOf(box), remove: contentSize(box), insert: joined, parents: [...parents, box] }];
};
