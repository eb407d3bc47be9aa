// PostgreSQL holds no NUL, and UTF-8 no lone surrogate; two texts that differ may not become one. None of the characters below is in the charset of GB 45438-2025
// Annex E j), so a label's own texts are stored as they are.
const UNSTORABLE = /[\\\0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const ESCAPED = /\\([0-9a-f]{4})/g;

/** A text as the columns hold it: one for each text, and the same text for nearly all. */
export const toStoredText = (text: string): string =>
  text.replace(UNSTORABLE, (character) => `\\${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The text of a column. */
export const fromStoredText = (stored: string): string =>
  stored.includes('\\') ? stored.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))) : stored;
