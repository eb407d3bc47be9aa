/** A value as compact JSON in printable ASCII: what Annex E j) does not allow, and a repaired label may hold all the same, is escaped. */
export const asciiJson = (value: unknown): string =>
  JSON.stringify(value).replace(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
