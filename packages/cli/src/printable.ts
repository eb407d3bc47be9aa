/**
 * Characters that a terminal acts on or that hide or reorder text: C0 and C1 controls, DEL, soft hyphen, bidirectional controls (Unicode UAX #9), zero-width
 * and joining characters, line and paragraph separators, byte order mark, interlinear and tag characters, lone surrogates.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text out of a file, or a file's name, as one harmless line: what a terminal would act on is written as an escape. */
export const printable = (text: string): string => text.replace(UNSAFE, (character) => SHORT[character] ?? `\\u{${codeOf(character)}}`);

/** A value as one line of JSON that is harmless on a terminal, too; any JSON reader gives back the very same value. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join(''),
  );

/** As `printable`, and not longer than `limit` characters. */
export const shortened = (text: string, limit: number): string => {
  const characters = [...text.slice(0, limit * 2)];
  return printable(characters.length > limit || text.length > limit * 2 ? `${characters.slice(0, limit).join('')}…` : text);
};

const codeOf = (character: string): string => (character.codePointAt(0) ?? 0).toString(16);
