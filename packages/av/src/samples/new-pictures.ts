import { type BoxEdit, contentOf, contentSize } from '@aigc-label/containers';
import { type ByteSource, equalBytes, type Piece } from '@aigc-label/core';
import { shownTicks } from './cuts.ts';
import { joinAvcConfigurations, parseAvcConfiguration } from './h264-sets.ts';
import { type OpenTrack, openTrack } from './isobmff-track.ts';
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
 * @throws LabelError `NOTICE_UNSUPPORTED` where they do not fit.
 */
export const newPictures = async (opened: OpenTrack, configuration: Uint8Array, { from, to, encoded }: NewStretch): Promise<NewPictures> => {
  const head = await openTrack(encoded);
  if ('reason' in head) {
    throw unfit(head.reason, 'the new pictures cannot be read');
  }
  refuseUnlike(opened, head, to - from);
  const samples = Array.from({ length: head.table.count }, (_, index) => plainSample(encoded, head, index));
  if (opened.codec !== 'h264') {
    throw unfit('codec', `${opened.codec} is not exchanged yet`);
  }
  const [kept, added] = [parseAvcConfiguration(configuration), parseAvcConfiguration(head.configuration)];
  if (kept === undefined || added === undefined || kept.lengthSize !== added.lengthSize) {
    throw unfit('parameters', 'the lengths before their units differ');
  }
  return { from, samples, configuration: joinAvcConfigurations(kept, added) };
};

const refuseUnlike = (opened: OpenTrack, head: OpenTrack, count: number): void => {
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

const plainSample = (source: ByteSource, { table }: OpenTrack, index: number): NewSample => {
  const [offset, size] = [table.offsets[index] ?? 0, table.sizes[index] ?? 0];
  return { size, isSync: table.isSync === undefined || table.isSync[index] === 1, pieces: [{ source, offset, length: size }] };
};

/** The edits that put the configuration into its box; none where it stays. */
export const joinedConfiguration = ({ configurationBox, configuration }: OpenTrack, joined: Uint8Array): readonly BoxEdit[] => {
  if (configurationBox === undefined || equalBytes(configuration, joined)) {
    return [];
  }
  const { box, parents } = configurationBox;
  return [{ at: contentOf(box), remove: contentSize(box), insert: joined, parents: [...parents, box] }];
};
