import { type ByteSource, LabelError, type MarkCall } from '@aigc-label/core';
import type { ProbedMedia, ProbedPictures, ProbedStream } from '../ffmpeg/probe-media.ts';
import type { WorkFolder } from '../ffmpeg/work-folder.ts';
import type { NewStretch, NotExchangeable, SampleContainer, VideoTrack } from '../samples/sample-container.ts';
import { encodeStretch, everyPicture, type PartVideo } from './encode-stretch.ts';
import type { NoticedVideo } from './encode-whole.ts';
import { firstPicture } from './first-picture.ts';
import { contrastRemark } from './notice-contrast.ts';
import { noticeOverlay } from './notice-overlay.ts';
import { noticePlate } from './notice-plate.ts';
import { endOf, type NoticeStretch, noticeStretches } from './notice-stretches.ts';
import { freeSetIds } from './parameter-set-id.ts';
import { pixelFormatOf } from './pixel-format.ts';
import { playedSpan } from './played-span.ts';
import { readBack } from './read-back.ts';
import type { ResolvedVideoNotice } from './video-notice-options.ts';

/** A video whose container lets pictures be exchanged. */
export interface ExchangeableVideo {
  readonly program: string;
  readonly path: string;
  readonly source: ByteSource;
  readonly formatId: string;
  readonly container: SampleContainer;
}

/**
 * Encodes the pictures around the notice anew and puts them in the place of the old ones; everything else of the file stays bit for bit. Where that cannot be exact: why.
 *
 * @throws LabelError `NOTICE_NOT_DRAWABLE`, and what reading and encoding throw.
 */
export const encodePart = async (
  { program, path, source, formatId, container }: ExchangeableVideo,
  media: ProbedMedia,
  notice: ResolvedVideoNotice,
  folder: WorkFolder,
  call: MarkCall,
): Promise<NoticedVideo | NotExchangeable> => {
  const track = await readOr(container, source);
  if ('reason' in track) {
    return track;
  }
  const video = streamOf(media, track);
  const format = pixelFormatOf(video?.pictures.pixelFormat ?? '');
  if (video === undefined || format === undefined || video.pictures.width !== track.width || video.pictures.height !== track.height) {
    return { reason: 'stream' };
  }
  const played = await playedSpan(source, formatId, track);
  const stretches = played && noticeStretches(track, notice, played);
  if (stretches === undefined) {
    return { reason: played === undefined ? 'stream' : 'keyframe' };
  }
  const plate = await noticePlate(notice.badge, track);
  const { range = 'tv', transfer } = video.pictures;
  const overlay = await noticeOverlay(folder.path, plate, track, format, { range, transfer });
  // Only these are asked of the first picture: when it is shown, to find the others, and the display of HDR10, which each key picture tells again.
  const needsFirst = stretches.some(({ from }) => from > 0) || (track.codec === 'hevc' && transfer === 'smpte2084');
  const inputOptions = [...everyPicture(formatId), '-copyts'];
  const first = needsFirst ? await firstPicture(program, path, video.index, { inputOptions, signal: call.signal }) : undefined;
  const clockStart = first?.shownAt ?? 0;
  const part: PartVideo = { program, path, formatId, media, video, track, clockStart };
  const [pictures, all] = [stretches.reduce((total, { from, to }) => total + to - from, 0), track.shownAt.length];
  const setIds = freeSetIds(track);
  let done = 0;
  const exchanged = await orReason(async () => {
    const encoded: NewStretch[] = [];
    for (const [index, stretch] of stretches.entries()) {
      const setId = setIds[index];
      const wish = { keyDistance: keyDistanceOf(track), mastering: first?.mastering, ...(setId === undefined ? {} : { parameterSetId: setId }) };
      const onPictures = (count: number): void => call.onProgress?.(Math.min(0.99, (done + count) / pictures));
      encoded.push(await encodeStretch(part, stretch, overlay, wish, folder, { signal: call.signal, onPictures }));
      done += stretch.to - stretch.from;
    }
    const made = await container.exchange(source, track, encoded);
    await readBack(container, made, track, encoded);
    return made;
  });
  if ('reason' in exchanged) {
    return exchanged;
  }
  call.onProgress?.(1);
  const isAll = pictures === all;
  const times = [...track.shownAt.toSorted(), endOf(track.shownAt)];
  const seconds = stretches.reduce((total, { from, to }) => total + (times[to] ?? 0) - (times[from] ?? 0), 0);
  return {
    source: exchanged,
    remarks: [
      isAll
        ? { code: 'encoded_all', data: { reason: allReason(notice, stretches, all), pictures } }
        : { code: 'encoded_part', data: { seconds: Math.round(seconds * 1000) / 1000, pictures, of: all } },
      contrastRemark(plate),
    ],
  };
};

/** The track, or that the container is not read: it is larger than what is held in memory. */
const readOr = async (container: SampleContainer, source: ByteSource): Promise<VideoTrack | NotExchangeable> => {
  try {
    return await container.read(source);
  } catch (error) {
    if (error instanceof LabelError && error.code === 'LIMIT_EXCEEDED') {
      return { reason: 'container' };
    }
    throw error;
  }
};

const streamOf = ({ streams }: ProbedMedia, { videoIndex }: VideoTrack): (ProbedStream & { readonly pictures: ProbedPictures }) | undefined => {
  const stream = streams.filter(({ kind }) => kind === 'Video')[videoIndex];
  return stream?.pictures === undefined ? undefined : { ...stream, pictures: stream.pictures };
};

/** Why there is no picture that could stay: all are to have the notice, or there is no cut behind it. */
const allReason = ({ when }: ResolvedVideoNotice, stretches: readonly NoticeStretch[], all: number): string => {
  const noticed = new Set(stretches.flatMap(({ from, noticed }) => noticed.flatMap(([first, last]) => range(from + first, from + last))));
  return when === 'throughout' ? 'throughout' : noticed.size === all ? 'short' : 'keyframe';
};

const range = (first: number, last: number): readonly number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The mean distance of the source's own cuts, so that seeking stays as quick; ffmpeg's habit where that is far. */
const keyDistanceOf = ({ cuts, shownAt }: VideoTrack): number => Math.min(250, Math.max(12, Math.round(shownAt.length / Math.max(1, cuts.length))));

/** What is made, or why it cannot be so. */
const orReason = async (make: () => Promise<ByteSource>): Promise<ByteSource | NotExchangeable> => {
  try {
    return await make();
  } catch (error) {
    const reason = error instanceof LabelError && error.code === 'NOTICE_UNSUPPORTED' ? reasonOf(error.data['reason']) : undefined;
    if (reason === undefined) {
      throw error;
    }
    return { reason };
  }
};

/** Reasons for which the whole can be encoded instead; what ffmpeg cannot encode is none. */
const reasonOf = (reason: unknown): NotExchangeable['reason'] | undefined =>
  reason === 'codec' || reason === 'keyframe' || reason === 'parameters' || reason === 'stream' || reason === 'container' ? reason : undefined;
