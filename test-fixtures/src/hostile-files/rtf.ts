import type { HostileFile } from './hostile-file.ts';

const file = (name: string, text: () => string, integrity: HostileFile['integrity'] = ['malformed', 'unsupported']): HostileFile => ({
  name,
  format: 'rtf',
  bytes: () => new TextEncoder().encode(`{\\rtf1\\ansi${text()}`),
  integrity,
});
const PROPERTY = '{\\propname AIGC}\\proptype30{\\staticval x}';

/** RTF documents that are made to do harm. */
export const rtfHostile: readonly HostileFile[] = [
  file('five million levels', () => '{'.repeat(5_000_000)),
  file('braces that close nothing', () => '}'.repeat(5_000_000), ['absent']),
  file('raw bytes beyond the end', () => '{\\bin999999999 x}}'),
  file('raw bytes of a negative length', () => '{\\bin-5 x}}', ['absent']),
  file('a name of 15 MB', () => `{\\*\\userprops{\\propname ${'x'.repeat(15_000_000)}}}}`),
  file('a value that is one escape a character', () => `{\\*\\userprops{\\propname AIGC}\\proptype30{\\staticval ${"\\'41".repeat(3_000_000)}}}}`),
  file('a hundred thousand labels', () => `{\\*\\userprops${PROPERTY.repeat(100_000)}}}`, ['malformed', 'unsupported', 'ambiguous']),
  file('a control word of 15 MB', () => `\\${'a'.repeat(15_000_000)}`, ['absent']),
  file('a header of 15 MB', () => `{\\fonttbl${'{\\f0 x;}'.repeat(2_000_000)}}}`, ['absent']),
  file('a label that nests', () => `{\\*\\userprops{\\propname {AIGC}}{\\staticval {\\staticval x}}}}`),
];
