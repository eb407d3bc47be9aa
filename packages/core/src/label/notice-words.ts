/** The words of an explicit label unless others are asked for: both elements of GB 45438-2025 §5. */
export const DEFAULT_NOTICE_TEXT = 'AI生成';

/** Whether words hold both elements of an explicit label: 人工智能 or AI, and 生成 or 合成 (GB 45438-2025 §5.1 to §5.4). */
export const hasNoticeElements = (text: string): boolean => /人工智能|AI/.test(text) && /生成|合成/.test(text);
