import { type ByteSource, type ExplicitMark, LabelError, type MarkCall, type Marked } from '@aigc-label/core';
import { demuxerOptions } from '../ffmpeg/demuxers.ts';
import { findFfmpeg } from '../ffmpeg/find-ffmpeg.ts';
import { type ProbedMedia, type ProbedPictures, type ProbedStream, probeMedia } from '../ffmpeg/probe-media.ts';
import { makeWorkFolder, type WorkFolder, withPath } from '../ffmpeg/work-folder.ts';
import { VIDEO_NOTICE_FORMATS } from '../notice-formats.ts';
import { isobmffSamples } from '../samples/isobmff-samples.ts';
import { matroskaSamples } from '../samples/matroska-samples.ts';
import type { SampleContainer } from '../samples/sample-container.ts';
import { encodePart } from './encode-part.ts';
import { encodeWhole, type NoticedVideo } from './encode-whole.ts';
import { noticesIn } from './video-notice-finder.ts';
import { type ResolvedVideoNotice, resolveVideoNotice, type VideoNoticeOptions } from './video-notice-options.ts';

/**
 * The notice on the pictures of a video, as a mark (GB 45438-2025 §5.4). Only the pictures around a notice are encoded anew where the container lets the others stay bit for bit; else all
 * pictures are, and the remark `encoded_all` says why. Needs ffmpeg.
 */
export const videoNotice: ExplicitMark<VideoNoticeOptions> = {
  id: 'video-notice',
  modality: 'video',
  formats: VIDEO_NOTICE_FORMATS,
  async isPresent(source, formatId, options, call = {}) {
    const { badge, when } = resolveVideoNotice(options);
    const program = await findFfmpeg();
    const parts = when === 'throughout' ? (['start', 'middle', 'end'] as const) : (['start'] as const);
    const found = await withPath(source, (path) => noticesIn({ program, path, formatId, signal: call.signal }, [badge.text], parts, 0.1));
    return found.some(
      ({ position, shortfalls = [] }) => shortfalls.length === 0 && (position === 'throughout' || (position === 'start' && when === 'opening')),
    );
  },
  async apply(source, formatId, options, call = {}) {
    const notice = resolveVideoNotice(options);
    const program = await findFfmpeg();
    const folder = await makeWorkFolder();
    try {
      const noticed = await withPath(source, (path) => noticedVideo({ program, path, source, formatId }, notice, folder, rising(call)));
      return { kind: 'source', ...noticed, release: () => folder.remove() } satisfies Marked;
    } catch (error) {
      await folder.remove();
      throw isUndecodable(error) ? undecodable(error) : error;
    }
  },
};

/** A call that is never told less than before, though a second way may begin where a first one ended. */
const rising = ({ signal, onProgress }: MarkCall): MarkCall => {
  let most = 0;
  const onRise = (share: number): void => {
    most = Math.max(most, share);
    onProgress?.(most);
  };
  return { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress: onRise }) };
};

/** What ffmpeg says of a file of which not even the first picture can be decoded. */
const isUndecodable = (error: unknown): error is LabelError => error instanceof LabelError && error.code === 'FORMAT_UNSUPPORTED_FEATURE';

const undecodable = (error: LabelError): LabelError =>
  new LabelError('NOTICE_UNSUPPORTED', error.message, { data: { ...error.data, reason: 'decoder' }, cause: error });

/** Containers in which pictures can be exchanged. */
const CONTAINERS: readonly SampleContainer[] = [isobmffSamples, matroskaSamples];

/** A video, where it lies, and who works on it. */
interface Video {
  readonly program: string;
  readonly path: string;
  readonly source: ByteSource;
  readonly formatId: string;
}

const noticedVideo = async (video: Video, notice: ResolvedVideoNotice, folder: WorkFolder, call: MarkCall): Promise<NoticedVideo> => {
  const media = await probeMedia(video.program, video.path, { signal: call.signal, inputOptions: demuxerOptions(video.formatId) });
  const container = CONTAINERS.find(({ formats }) => formats.includes(video.formatId));
  const part = container === undefined ? { reason: 'container' } : await encodePart({ ...video, container }, media, notice, folder, call);
  return 'source' in part ? part : encodeWhole({ ...video, media, video: shownStream(media), reason: part.reason }, notice, folder, call);
};

/** The first stream of moving pictures; a cover is none. @throws LabelError `NOTICE_UNSUPPORTED`. */
const shownStream = ({ streams }: ProbedMedia): ProbedStream & { readonly pictures: ProbedPictures } => {
  for (const stream of streams) {
    if (stream.pictures !== undefined && !stream.isCover) {
      return { ...stream, pictures: stream.pictures };
    }
  }
  throw new LabelError('NOTICE_UNSUPPORTED', 'There are no moving pictures in this file on which a notice could be shown.', {
    data: { reason: 'stream' },
  });
};
