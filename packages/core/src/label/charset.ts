/**
 * The first character of a field's value that Annex E j) does not allow, or `undefined`.
 *
 * Allowed are 0x21, 0x23–0x5B, 0x5D–0x7E and the escape `\"`, that is: printable ASCII without space and backslash; a quote is written escaped.
 */
export const forbiddenCharacter = (value: string): string | undefined => {
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x21 || code > 0x7e || code === 0x5c) {
      return character;
    }
  }
  return undefined;
};
