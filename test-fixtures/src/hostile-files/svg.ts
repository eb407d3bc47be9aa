import type { HostileFile } from './hostile-file.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">';
const file = (name: string, text: () => string, integrity: HostileFile['integrity'] = ['malformed', 'unsupported']): HostileFile => ({
  name,
  format: 'svg',
  bytes: () => utf8(text()),
  integrity,
});
const LAUGHS = Array.from({ length: 10 }, (_, index) => `<!ENTITY l${index + 1} "${`&l${index};`.repeat(10)}">`).join('');

/** SVG pictures that are made to do harm. */
export const svgHostile: readonly HostileFile[] = [
  file('billion laughs', () => `<!DOCTYPE svg [<!ENTITY l0 "ha">${LAUGHS}]>${SVG}<metadata>&l10;</metadata></svg>`, ['absent']),
  file('an external entity', () => `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${SVG}<metadata><rdf:RDF>&x;</rdf:RDF></metadata></svg>`),
  file('a million levels', () => SVG + '<g>'.repeat(1_000_000)),
  file('levels in RDF', () => `${SVG}<metadata><rdf:RDF>${'<a>'.repeat(400)}${'</a>'.repeat(400)}</rdf:RDF></metadata></svg>`),
  file('an attribute of 15 MB', () => `${SVG}<path d="${'M'.repeat(15_000_000)}"/></svg>`, ['absent']),
  file('three million attributes', () => `<svg ${'a="" '.repeat(3_000_000)}><metadata><RDF/></metadata></svg>`, ['absent']),
  file('four million elements', () => `${SVG}${'<a/>'.repeat(4_000_000)}</svg>`, ['absent']),
  file('two million elements that hold nothing', () => `${SVG}${'<a></a>'.repeat(2_300_000)}</svg>`, ['absent']),
  file('a million RDF elements of no namespace', () => `${SVG}${'<RDF/>'.repeat(1_000_000)}</svg>`),
  file('quotes that never close', () => `${SVG}${`<a b='"`.repeat(1_000_000)}`),
  file('comments that never close', () => `${SVG}${'<!--'.repeat(3_000_000)}`),
  file('a DOCTYPE that never closes', () => `<!DOCTYPE svg ${'['.repeat(5_000_000)}`),
  file('20 MB', () => `${SVG}${' '.repeat(20_000_000)}</svg>`),
];
