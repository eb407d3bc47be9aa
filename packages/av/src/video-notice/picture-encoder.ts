import { LabelError } from '@aigc-label/core';
import type { ProbedPictures, ProbedStream } from '../ffmpeg/probe-media.ts';

/** One way to encode pictures with the codec that they had: ffmpeg's options after `-c:v`. */
export type EncoderOptions = readonly string[];

/** How the pictures are to be encoded. */
export interface EncodingWish {
  /** Number of the sequence parameter set (H.264), other than those of the source where both stand in one file. */
  readonly parameterSetId?: number;
  /** The most pictures from one key picture to the next. */
  readonly keyDistance?: number;
  /** What HDR10 says of the display, in the words of x265. */
  readonly mastering?: string | undefined;
}

/** Quality at which a copy looks like the original: about half a step of quantisation finer than what is called visually lossless. */
const QUALITY = { x264: '17', x265: '17', vp9: '20', av1: '22' };

/** H.264 profiles by ffmpeg's name, as libx264 calls them; others follow from the pixels. */
const H264_PROFILES: Readonly<Record<string, string>> = {
  'Constrained Baseline': 'baseline',
  Baseline: 'baseline',
  Main: 'main',
  High: 'high',
};

/** Codecs without a quality scale of their own: the finest useful quantiser. */
const plain = (encoder: string, ...options: readonly string[]): EncoderOptions => ['-c:v', encoder, ...options];

/**
 * The encoders for a stream's codec, best first, without pictures that are decoded in another order than shown (B-pictures), so that every picture stands where it is shown.
 *
 * @throws LabelError `NOTICE_UNSUPPORTED` for a codec that ffmpeg only decodes.
 */
export const encodersOf = ({ codec, profile }: ProbedStream, pictures: ProbedPictures, wish: EncodingWish = {}): readonly EncoderOptions[] => {
  const common = [...colourOptions(pictures), ...fieldOptions(pictures), '-g', String(wish.keyDistance ?? 250)];
  return familyOf(codec, profile, pictures, wish).map((encoder) => [...encoder, ...common]);
};

const familyOf = (
  codec: string,
  profile: string | undefined,
  { pixelFormat }: ProbedPictures,
  { parameterSetId, mastering }: EncodingWish,
): readonly EncoderOptions[] => {
  switch (codec) {
    case 'h264': {
      const named = H264_PROFILES[profile ?? ''];
      const params = ['open-gop=0', ...(parameterSetId === undefined ? [] : [`sps-id=${parameterSetId}`])].join(':');
      const options = ['-preset', 'medium', '-crf', QUALITY.x264, '-bf', '0', '-x264-params', params];
      const encoder = pixelFormat === 'gbrp' ? 'libx264rgb' : 'libx264';
      return [plain(encoder, ...options, ...(named === undefined ? [] : ['-profile:v', named]))];
    }
    case 'hevc': {
      const params = ['bframes=0:open-gop=0:log-level=error', ...(mastering === undefined ? [] : [mastering])].join(':');
      return [plain('libx265', '-preset', 'fast', '-crf', QUALITY.x265, '-x265-params', params)];
    }
    case 'vp9':
      return [plain('libvpx-vp9', '-b:v', '0', ...VPX, '-crf', QUALITY.vp9, '-row-mt', '1')];
    case 'vp8':
      return [plain('libvpx', '-b:v', '20M', ...VPX, '-crf', '8')];
    case 'av1':
      return [
        plain('libsvtav1', '-preset', '8', '-crf', QUALITY.av1),
        plain('libaom-av1', '-strict', '-2', '-cpu-used', '8', '-crf', QUALITY.av1, '-b:v', '0', '-lag-in-frames', '0'),
      ];
    case 'theora':
      return [plain('libtheora', '-q:v', '9')];
    case 'mpeg4':
      return [plain('mpeg4', '-q:v', '2')];
    case 'mpeg2video':
    case 'mpeg1video':
    case 'flv1':
    case 'h263':
    case 'wmv1':
    case 'wmv2':
    case 'msmpeg4v2':
    case 'mjpeg':
      return [plain(codec === 'flv1' ? 'flv' : codec, '-q:v', '2')];
    case 'msmpeg4v3':
      return [plain('msmpeg4', '-q:v', '2')];
    // Windows Media Video 9 has no encoder; its elder brother lies in the same containers.
    case 'wmv3':
    case 'vc1':
      return [plain('wmv2', '-q:v', '2')];
    case 'ffv1':
    case 'huffyuv':
      return [plain(codec)];
    case 'prores':
      return [plain('prores_ks')];
    default:
      throw new LabelError(
        'NOTICE_UNSUPPORTED',
        `No notice can be put on pictures in ${codec}, which ffmpeg cannot encode. Convert the video to H.264 first.`,
        {
          data: { reason: 'codec', codec },
        },
      );
  }
};

const VPX: readonly string[] = ['-deadline', 'good', '-cpu-used', '4', '-auto-alt-ref', '0', '-lag-in-frames', '0'];

/** Names that ffmpeg writes, where it wants to read others. */
const TRANSFERS: Readonly<Record<string, string>> = { bt470m: 'gamma22', bt470bg: 'gamma28' };
const MATRICES: Readonly<Record<string, string>> = { gbr: 'rgb' };

/** Names that older versions do not know; newer ones take these from the pictures. */
const UNTOLD: ReadonlySet<string> = new Set(['ebu3213', 'ictcp', 'chroma-derived-nc', 'chroma-derived-c', 'ipt-c2', 'ycgco-re', 'ycgco-ro']);

/** What the source says of its colours is said again. */
const colourOptions = ({ range, matrix = '', primaries = '', transfer = '' }: ProbedPictures): readonly string[] =>
  [
    ['-color_range', range ?? ''],
    ['-colorspace', MATRICES[matrix] ?? matrix],
    ['-color_primaries', primaries],
    ['-color_trc', TRANSFERS[transfer] ?? transfer],
  ].flatMap(([option = '', value = '']) => (value === '' || UNTOLD.has(value) ? [] : [option, value]));

/** Lines of two moments in one picture are coded as such; which come first is said by each decoded picture. */
const fieldOptions = ({ fieldOrder }: ProbedPictures): readonly string[] => (fieldOrder === undefined ? [] : ['-flags', '+ilme+ildct']);
