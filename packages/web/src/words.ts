/** A part of a notice in one language, so that a screen reader pronounces it as such. */
export interface NoticePart {
  readonly text: string;
  readonly lang: string;
}

/** The words of a notice where the page has none of its own. The elements of GB 45438-2025 §5 are Chinese, so they stand in both. */
export const DEFAULT_NOTICE_WORDS: Readonly<Record<'zh' | 'en', readonly NoticePart[]>> = {
  zh: [{ text: '内容由AI生成', lang: 'zh-CN' }],
  en: [
    { text: 'AI生成', lang: 'zh-CN' },
    { text: 'AI-generated', lang: 'en' },
  ],
};

/** What stands between two parts. */
export const PART_SEPARATOR = ' · ';

const LONGEST_NOTICE = 200;

/** Whether words hold both elements of an explicit label, in one line: 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5.6). */
export const isNoticeText = (text: string): boolean =>
  /人工智能|AI/.test(text) &&
  /生成|合成/.test(text) &&
  text.length <= LONGEST_NOTICE &&
  !/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/.test(text);

/** Why `isNoticeText` refuses words. */
export const NOTICE_TEXT_RULE: string = `a notice is one line of at most ${LONGEST_NOTICE} characters that says 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5.6)`;

/** The words to show: those given, or the default ones for a language tag. */
export const noticeParts = (text: string | undefined, lang: string): readonly NoticePart[] => {
  if (text !== undefined) {
    return [{ text: text.trim(), lang }];
  }
  return DEFAULT_NOTICE_WORDS[/^zh(?:-|$)/i.test(lang) ? 'zh' : 'en'];
};
