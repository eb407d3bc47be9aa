import { hasNoticeElements } from '@aigc-label/core';
import { SHIPPED_CLIPS } from './shipped-clips.ts';
import { parseWaveClip } from './wave-clip.ts';

/** Where a notice is heard (GB 45438-2025 §5.3 d). */
export type SoundNoticePosition = 'start' | 'middle' | 'end';

/** What is heard, and when. */
export interface SoundNoticeOptions {
  /** `speech` says that it is generated (§5.3 b) · `rhythm` is 短长 短短, Morse for AI (§5.3 c). The default is `speech`. */
  readonly kind?: 'speech' | 'rhythm';
  /** Of the clip that ships with this package. The default is `zh`; an English one alone lacks the elements, which the standard gives in Chinese: `zh-en` says both. */
  readonly language?: 'zh' | 'en' | 'zh-en';
  /** A clip of the caller's own instead, a WAV file of linear PCM, mono or stereo, up to 30 s; `text` are its words. */
  readonly clip?: Uint8Array;
  /** The words of `clip`, without which they are not known; they must hold both elements (§5.3 b). */
  readonly text?: string;
  /** The default is the start. */
  readonly positions?: readonly SoundNoticePosition[];
}

/** Options with every default filled in and every value checked. */
export interface ResolvedSoundNotice {
  readonly kind: 'speech' | 'rhythm';
  readonly language: 'zh' | 'en' | 'zh-en';
  readonly clip: Uint8Array | undefined;
  /** What is said; empty for a rhythm. */
  readonly text: string;
  /** In the order of time, each once. */
  readonly positions: readonly SoundNoticePosition[];
}

/** Fills in the defaults. @throws TypeError for what GB 45438-2025 §5.3 forbids, and for a clip that is no WAV file of linear PCM. */
export const resolveSoundNotice = (options: SoundNoticeOptions = {}): ResolvedSoundNotice => {
  const { kind = 'speech', language = 'zh', clip, text, positions = ['start'] } = options;
  oneOf('kind', kind, KINDS);
  oneOf('language', language, LANGUAGES);
  if (!Array.isArray(positions) || positions.length === 0) {
    throw new TypeError('positions must name one place at least: start, middle or end (GB 45438-2025 §5.3 d)');
  }
  for (const position of positions) {
    oneOf('positions', position, POSITIONS);
  }
  const resolved = { kind, language, positions: POSITIONS.filter((position) => positions.includes(position)) };
  if (kind === 'rhythm') {
    if (clip !== undefined || text !== undefined) {
      throw new TypeError('a rhythm has neither a clip nor words');
    }
    return { ...resolved, clip: undefined, text: '' };
  }
  if (clip === undefined) {
    if (text !== undefined) {
      throw new TypeError('text are the words of a clip of your own: give the clip too');
    }
    return { ...resolved, clip, text: (language === 'zh-en' ? (['zh', 'en'] as const) : [language]).map((one) => SHIPPED_CLIPS[one].text).join(' ') };
  }
  if (!(clip instanceof Uint8Array)) {
    throw new TypeError('the clip must be the bytes of a WAV file');
  }
  parseWaveClip(clip);
  if (typeof text !== 'string' || !hasNoticeElements(text)) {
    throw new TypeError('text must be the words of the clip, with 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5.3 b)');
  }
  return { ...resolved, clip, text };
};

const KINDS: readonly string[] = ['speech', 'rhythm'];
const LANGUAGES: readonly string[] = ['zh', 'en', 'zh-en'];
const POSITIONS: readonly SoundNoticePosition[] = ['start', 'middle', 'end'];

const oneOf = (name: string, value: unknown, values: readonly string[]): void => {
  if (typeof value !== 'string' || !values.includes(value)) {
    throw new TypeError(`${name} must be one of ${values.join(', ')}, not ${JSON.stringify(value)}`);
  }
};
