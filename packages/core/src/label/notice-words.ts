/** The words of an explicit label unless others are asked for: both elements of GB 45438-2025 §5. */
export const DEFAULT_NOTICE_TEXT = 'AI生成';

/** The name of a wording. */
export type NoticePreset =
  | 'short'
  | 'synthesised'
  | 'full'
  | 'full-synthesised'
  | 'both'
  | 'content-short'
  | 'content'
  | 'generated-content'
  | 'bilingual';

/**
 * Wordings by name, for whoever wants no words of their own; each holds both elements (GB 45438-2025 §5). These, and the words that a verifier is told of, are what is looked for
 * in pictures. English alone would lack the elements, which the standard gives in Chinese.
 */
export const NOTICE_PRESETS: Readonly<Record<NoticePreset, string>> = {
  short: 'AI生成',
  synthesised: 'AI合成',
  full: '人工智能生成',
  'full-synthesised': '人工智能合成',
  both: 'AI生成合成',
  'content-short': '内容由AI生成',
  content: '本内容由人工智能生成',
  'generated-content': '人工智能生成合成内容',
  bilingual: 'AI生成 AI-generated',
};

/** The wording that is meant by a preset's name, or the words themselves. */
export const noticeWords = (textOrPreset: string): string =>
  Object.hasOwn(NOTICE_PRESETS, textOrPreset) ? NOTICE_PRESETS[textOrPreset as NoticePreset] : textOrPreset;

/** Whether words hold both elements of an explicit label: 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5.1 to §5.4). */
export const hasNoticeElements = (text: string): boolean => /人工智能|AI/.test(text) && /生成|合成/.test(text);
