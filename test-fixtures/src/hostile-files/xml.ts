import type { HostileFile } from './hostile-file.ts';

const file = (name: string, text: () => string, integrity: HostileFile['integrity'] = ['malformed', 'unsupported']): HostileFile => ({
  name,
  format: 'xml',
  bytes: () => new TextEncoder().encode(`<?xml version="1.0"?>${text()}`),
  integrity,
});
const LAUGHS = Array.from({ length: 10 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join('');

/** XML documents that are made to do harm. */
export const xmlHostile: readonly HostileFile[] = [
  file('billion laughs', () => `<!DOCTYPE a [<!ENTITY l0 "ha">${LAUGHS}]><a AIGC="&l10;"><AIGC>&l10;</AIGC></a>`, ['absent']),
  file('an external entity', () => '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a><AIGC>&x;</AIGC></a>', ['absent']),
  file('a million levels', () => '<a>'.repeat(1_000_000), ['absent']),
  file('an attribute of 15 MB', () => `<a b="${'x'.repeat(15_000_000)}"/>`),
  file('three million attributes', () => `<a ${'b="" '.repeat(3_000_000)}/>`),
  file('four million instructions', () => `${'<?AIGC?>'.repeat(2_000_000)}<a/>`, ['ambiguous', 'malformed', 'unsupported']),
  file('comments that never close', () => '<!--'.repeat(3_000_000)),
  file('a DOCTYPE that never closes', () => `<!DOCTYPE a ${'['.repeat(5_000_000)}`),
  file('quotes that never close', () => `<a b='"`.repeat(1_000_000)),
];
