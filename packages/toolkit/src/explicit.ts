import type { SoundNoticeOptions } from '@aigc-label/av/sound-notice';
import type { VideoNoticeOptions } from '@aigc-label/av/video-notice';
import { DEFAULT_NOTICE_TEXT, type ExplicitOptions, type Modality, type NoticePreset, noticeWords } from '@aigc-label/core';
import type { BadgeOptions } from '@aigc-label/image';
import type { NoticePosition } from '@aigc-label/text';

/** Which explicit labels are wanted (GB 45438-2025 §5); everything has a default. */
export interface ExplicitRequest {
  /** The words, or the name of a preset (`NOTICE_PRESETS`); they must hold 人工智能 or AI, and 生成 or 合成. The default is `AI生成`. */
  readonly text?: NoticePreset | (string & {});
  /** Kinds of content to mark; the others get the implicit label alone. The default is all four. Compressed sound and video need ffmpeg. */
  readonly modalities?: readonly Modality[];
  /** How the badge on pictures looks. */
  readonly image?: Omit<BadgeOptions, 'text'>;
  /** Where the notice stands in texts; `throughout` is every page of a PDF and every slide. The default is the start. */
  readonly positions?: readonly NoticePosition[];
  /** `sentence` a line of words · `corner-mark` a small mark at the edge (角标, §5.1 b). The default is `sentence`. */
  readonly form?: 'sentence' | 'corner-mark';
  /** What is heard in recordings, and when. */
  readonly audio?: SoundNoticeOptions;
  /** How the notice on videos looks, and when it is shown. */
  readonly video?: Omit<VideoNoticeOptions, 'text'>;
}

/** A request as the options of each mark. */
export const explicitOptions = ({
  text = DEFAULT_NOTICE_TEXT,
  modalities = ['text', 'image', 'audio', 'video'],
  image = {},
  positions = ['start'],
  form = 'sentence',
  audio = {},
  video = {},
}: ExplicitRequest): ExplicitOptions => {
  const words = noticeWords(text);
  return {
    modalities,
    marks: {
      'image-badge': { ...image, text: words },
      'text-notice': { text: words, positions, form },
      'sound-notice': audio,
      'video-notice': { ...video, text: words },
    },
  };
};

/** Looks at what would otherwise be looked at with the first recording: kinds, places, and the caller's own clip. @throws TypeError for what GB 45438-2025 §5.3 forbids, and for a clip that is none. */
export const checkSoundNotice = async (audio: SoundNoticeOptions): Promise<void> => {
  const { resolveSoundNotice } = await import('@aigc-label/av/sound-notice');
  resolveSoundNotice(audio);
};
