import { type Box, contentOf, contentSize, listBoxes, u64 } from '@aigc-label/containers';
import { type ByteSource, readBounded, viewOf } from '@aigc-label/core';
import { shownTicks } from '../samples/cuts.ts';
import { openTrack } from '../samples/isobmff-track.ts';
import type { VideoTrack } from '../samples/sample-container.ts';
import { endOf, type PlayedSpan } from './notice-stretches.ts';

/** Edit lists have one or two entries; editors write hundreds. */
const MAXIMUM_EDIT_BYTES = 1 << 20;

/**
 * What a player shows of a track: all of it, or what the edit list of an MP4 or MOV says (ISO/IEC 14496-12 §8.6.6); `undefined` where that is more than one stretch, or not at normal speed.
 *
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`.
 */
export const playedSpan = async (source: ByteSource, formatId: string, { shownAt }: VideoTrack): Promise<PlayedSpan | undefined> => {
  const end = endOf(shownAt);
  const opened = formatId === 'mp4' || formatId === 'mov' ? await openTrack(source) : undefined;
  if (opened === undefined || 'reason' in opened) {
    return { from: 0, to: end };
  }
  const { movie, track, table, budget } = opened;
  const children = async (box: Box | undefined): Promise<readonly Box[]> =>
    box === undefined ? [] : (await listBoxes(source, contentOf(box), box.end, budget)).boxes;
  const content = async (box: Box | undefined): Promise<Uint8Array> =>
    box === undefined ? new Uint8Array(0) : readBounded(source, contentOf(box), contentSize(box), MAXIMUM_EDIT_BYTES, box.type);
  const edts = (await children(track.box)).find(({ type }) => type === 'edts');
  const edits = editsOf(await content((await children(edts)).find(({ type }) => type === 'elst')));
  // An entry without a time of the track only waits.
  const [edit, second] = edits.filter(({ mediaTime }) => mediaTime >= 0);
  if (edit === undefined) {
    return { from: 0, to: end };
  }
  const head = await content(movie.boxes.find(({ type }) => type === 'mvhd'));
  const movieTicks = head.length < 24 ? 0 : viewOf(head).getUint32(head[0] === 1 ? 20 : 12);
  if (second !== undefined || edit.rate !== 1 || movieTicks === 0) {
    return undefined;
  }
  const first = shownTicks(table).reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const from = Math.max(0, (edit.mediaTime - first) / track.timescale);
  return { from, to: edit.duration === 0 ? end : Math.min(end, from + edit.duration / movieTicks) };
};

interface Edit {
  /** In ticks of the movie. */
  readonly duration: number;
  /** In ticks of the track; -1 where nothing is shown. */
  readonly mediaTime: number;
  readonly rate: number;
}

const editsOf = (bytes: Uint8Array): readonly Edit[] => {
  const view = viewOf(bytes);
  const isLong = bytes[0] === 1;
  const size = isLong ? 20 : 12;
  const count = bytes.length < 8 ? 0 : Math.min(view.getUint32(4), Math.floor((bytes.length - 8) / size));
  return Array.from({ length: count }, (_, index) => {
    const at = 8 + index * size;
    return isLong
      ? { duration: u64(bytes, at), mediaTime: Number(view.getBigInt64(at + 8)), rate: view.getInt32(at + 16) / 0x1_0000 }
      : { duration: view.getUint32(at), mediaTime: view.getInt32(at + 4), rate: view.getInt32(at + 8) / 0x1_0000 };
  });
};
