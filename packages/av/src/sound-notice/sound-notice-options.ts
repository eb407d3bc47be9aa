import { DEFAULT_NOTICE_TEXT } from '@aigc-label/core';

/** Where a notice is heard (GB 45438-2025 §5.3 d). */
export type SoundNoticePosition = 'start' | 'middle' | 'end';

/** What is heard, and when. */
export interface SoundNoticeOptions {
  /** `speech` says that it is generated (§5.3 b) · `rhythm` is 短长 短短, Morse for AI (§5.3 c). The default is `speech`. */
  readonly kind?: 'speech' | 'rhythm';
  /** Of the clip that ships with this package. The default is `zh`; an English one alone lacks the elements, which the standard gives in Chinese: `zh-en` says both. */
  readonly language?: 'zh' | 'en' | 'zh-en';
  /** A clip of the caller's own instead, a WAV file of linear PCM; `text` are its words. */
  readonly clip?: Uint8Array;
  /** The words of `clip`; they must hold both elements (§5.3 b). */
  readonly text?: string;
  /** The default is the start. */
  readonly positions?: readonly SoundNoticePosition[];
}

/** Options with every default filled in and every value checked. */
export interface ResolvedSoundNotice {
  readonly kind: 'speech' | 'rhythm';
  readonly language: 'zh' | 'en' | 'zh-en';
  readonly clip: Uint8Array | undefined;
  readonly text: string;
  readonly positions: readonly SoundNoticePosition[];
}

/** Fills in the defaults. @throws TypeError for what GB 45438-2025 §5.3 forbids. */
export const resolveSoundNotice = (options: SoundNoticeOptions = {}): ResolvedSoundNotice => ({
  kind: options.kind ?? 'speech',
  language: options.language ?? 'zh',
  clip: options.clip,
  text: options.text ?? DEFAULT_NOTICE_TEXT,
  positions: options.positions ?? ['start'],
});
