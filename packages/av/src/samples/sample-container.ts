import type { ByteSource } from '@aigc-label/core';

/** A container whose coded pictures can be exchanged one by one while everything else stays byte for byte: MP4 and MOV, Matroska and WebM. Pure; no decoder. */
export interface SampleContainer {
  /** Ids of the formats. */
  readonly formats: readonly string[];
  /** The first video track that is shown; a reason (of `Remark` `encoded_all`) where its pictures cannot be exchanged exactly. Bounded. @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`. */
  read(source: ByteSource): Promise<VideoTrack | NotExchangeable>;
  /**
   * The file with stretches of pictures exchanged: each new stretch has as many pictures as the one it stands for, and they are shown at the same times. All other tracks, tags, chapters and
   * the later pictures stay byte for byte; what pointed behind the change points there again.
   * @throws TypeError for a stretch that does not lie between cuts, or overlaps another.
   * Bytes of the source and of the new pictures are read when those of the result are.
   * @throws LabelError `NOTICE_UNSUPPORTED` with `data.reason` where the new pictures do not fit (other size, profile, parameter sets that cannot stand together), or where the file is
   * such that something could be lost; `LIMIT_EXCEEDED`.
   */
  exchange(source: ByteSource, track: VideoTrack, stretches: readonly NewStretch[]): Promise<ByteSource>;
}

/** Why the pictures of a file cannot be exchanged one by one. */
export interface NotExchangeable {
  readonly reason: 'container' | 'codec' | 'keyframe' | 'parameters' | 'stream';
}

/** What must be known of a video track to encode a stretch of it anew. */
export interface VideoTrack {
  readonly codec: 'h264' | 'hevc' | 'vp9' | 'av1' | 'mpeg4' | 'other';
  /** Which of ffmpeg's video streams it is: `0:v:0` is 0. */
  readonly videoIndex: number;
  /** Pixels as stored. */
  readonly width: number;
  readonly height: number;
  /** Clockwise turn, in degrees, that a player makes before showing it. */
  readonly rotation: 0 | 90 | 180 | 270;
  /** Width of a pixel to its height. */
  readonly pixelAspect: number;
  /** When each picture is shown, in seconds from the first shown one, in decoding order; before any edit list. */
  readonly shownAt: Float64Array;
  /**
   * Pictures, in decoding order, at which a cut is exact: they can be decoded without any before them, and none behind them is shown before them. Ascending; the first is 0 where the file
   * begins so. What follows a cut never refers to what stands before it. The bytes of at most 1,000 candidates are looked at: those near the beginning, the middle and the end of a film that
   * has more; others are left out.
   */
  readonly cuts: readonly number[];
  /**
   * Further places where a stretch may end, but never begin: `to` of a `NewStretch`, as many pictures as are shown before a key picture of an open group (HEVC). Pictures that are decoded behind
   * that one but shown before it are replaced with the others; `exchange` lets it follow the new ones. Ascending; limited as `cuts` are.
   */
  readonly ends?: readonly number[];
  /** The decoder's configuration as the container holds it (avcC, hvcC, av1C, vpcC payload, CodecPrivate); empty where there is none. */
  readonly configuration: Uint8Array;
}

/** Pictures in place of `from` (a cut) to before `to` (a cut, one of `ends`, or the number of all pictures). */
export interface NewStretch {
  readonly from: number;
  readonly to: number;
  /** An MP4 file with one video track, as ffmpeg writes it: as many pictures as they replace, decoded in the order in which they are shown (no B-pictures). */
  readonly encoded: ByteSource;
}
