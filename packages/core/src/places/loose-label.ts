import type { SlotText } from '../ports/format.ts';

/** Deep enough for any label with its SecurityData; JSON.parse itself survives more. */
const MAXIMUM_TEXT_CHARACTERS = 1 << 20;

/**
 * Whether a free text, such as a comment, is a label and nothing else: a JSON object with the one key (`{"AIGC":…}`), or the key, an optional `=` or `:`, and an
 * object (spec/labels.md §5.1, rows 8 and 11 to 13). A text that says anything besides is somebody else's.
 */
export const isLooseLabel = (text: string, key: SlotText['key']): boolean => {
  const trimmed = text.replaceAll('\0', ' ').trim();
  if (trimmed.length > MAXIMUM_TEXT_CHARACTERS) {
    return false;
  }
  if (trimmed.startsWith('{')) {
    const keys = keysOf(trimmed);
    return keys?.length === 1 && keys[0] === key;
  }
  if (!trimmed.startsWith(key)) {
    return false;
  }
  return keysOf(trimmed.slice(key.length).replace(/^\s?[=:]\s?/, '')) !== undefined;
};

const keysOf = (text: string): readonly string[] | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : undefined;
  } catch {
    return undefined;
  }
};
