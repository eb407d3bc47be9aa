import { escaped, LABEL } from '../build/xmp.ts';
import type { HostileFile } from './hostile-file.ts';

/** No label is given out, and none is denied. */
const UNCLEAR: HostileFile['integrity'] = ['malformed', 'unsupported'];
const ABSENT: HostileFile['integrity'] = ['absent'];
const LABELLED: HostileFile['integrity'] = ['unsigned'];
const of =
  (format: string) =>
  (name: string, text: () => string | Uint8Array, integrity: HostileFile['integrity']): HostileFile => ({
    name: `${format}: ${name}`,
    format,
    bytes: () => {
      const content = text();
      return typeof content === 'string' ? new Uint8Array(Buffer.from(content)) : content;
    },
    integrity,
  });
const plain = of('plain');
const markdown = of('markdown');
const html = of('html');

const LINE = `AIGC:${LABEL}`;
const MAPPING = Object.entries(JSON.parse(LABEL) as Record<string, string>)
  .map(([name, value]) => `  ${name}: '${value}'\n`)
  .join('');
const front = (yaml: string): string => `---\n${yaml}---\n\n# x\n`;
const META = `<meta name="AIGC" content="${escaped(LABEL)}">`;
const LAUGHS = Array.from({ length: 10 }, (_, index) => `l${index + 1}: &l${index + 1} [${Array(10).fill(`*l${index}`).join(', ')}]\n`).join('');

/** Texts, Markdown documents and pages that are made to do harm (spec/provenance.md §4.4). */
export const textHostile: readonly HostileFile[] = [
  plain('one line of 20 MB', () => 'x'.repeat(20_000_000), ABSENT),
  plain('one line of 20 MB, a label behind it', () => `${'x'.repeat(20_000_000)}\n${LINE}\n`, LABELLED),
  plain('ten million empty lines', () => '\n'.repeat(10_000_000).replace(/^/, 'x'), ABSENT),
  plain('white space of 20 MB behind a label', () => `${LINE}\n${' '.repeat(20_000_000)}`, ['unsigned', ...UNCLEAR]),
  plain('letters that turn the direction of a label', () => `\u202e${LINE}\u202c\n`, ABSENT),
  plain('signs without width before a label', () => `text\n\u200b${LINE}\n`, ABSENT),
  plain('signs without width in the key', () => `text\nAI\u200bGC:${LABEL}\n`, ABSENT),
  plain('letters that look like the key', () => `text\n\u0410IGC:${LABEL}\n`, ABSENT),
  plain('a label that never closes', () => `text\nAIGC:{"Label":"1"\n`, UNCLEAR),
  plain('a label that never closes, in 20 MB of braces', () => `text\nAIGC:${'{'.repeat(20_000_000)}`, ['absent', ...UNCLEAR]),
  plain('100,000 levels in a label', () => `text\nAIGC:${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}\n`, UNCLEAR),
  plain('70,000 labels', () => `text\n${`${LINE}\n`.repeat(70_000)}`, ['unsigned', ...UNCLEAR]),
  plain('two labels that differ', () => `${LINE}\ntext\n${LINE.replace('"1"', '"2"')}\n`, ['ambiguous']),
  plain('UTF-16 with half a character', () => Uint8Array.from([0xff, 0xfe, ...Buffer.from('text', 'utf16le'), 0x41]), UNCLEAR),
  plain('bytes that are no UTF-8', () => Uint8Array.from([...Buffer.from('text\n'), 0xff, 0xfe, 0xc0, 0x80, 0x0a]), ABSENT),

  markdown('front matter bomb', () => `---\n${'a: b\n'.repeat(3_000_000)}---\n`, UNCLEAR),
  markdown('front matter that never closes', () => `---\ntitle: x\nAIGC:\n${MAPPING}`.padEnd(300_000, 'a: b\n'), UNCLEAR),
  markdown('an alias bomb', () => front(`l0: &l0 ha\n${LAUGHS}AIGC: *l10\n`), UNCLEAR),
  markdown('an alias bomb beside a label', () => front(`l0: &l0 ha\n${LAUGHS}AIGC:\n${MAPPING}`), LABELLED),
  markdown('an alias in a label', () => front(`a: &a '1'\nAIGC:\n  Label: *a\n`), UNCLEAR),
  markdown('an anchor that holds itself', () => front('AIGC: &a\n  Label: *a\n'), UNCLEAR),
  markdown('a merge key', () => front(`a: &a {Label: '1'}\nAIGC:\n  <<: *a\n`), UNCLEAR),
  markdown('tags of programs', () => front(`AIGC: !!python/object/apply:os.system ['x']\n`), UNCLEAR),
  markdown('a tag that nobody knows, on a label', () => front(`AIGC: !x\n${MAPPING}`), ['unsigned', ...UNCLEAR]),
  markdown('10,000 levels in flow style', () => front(`AIGC: ${'['.repeat(10_000)}${']'.repeat(10_000)}\n`), UNCLEAR),
  markdown('10,000 levels of lists', () => front(`AIGC: ${'- '.repeat(10_000)}1\n`), UNCLEAR),
  markdown(
    '800 levels by indentation',
    () => front(`AIGC:\n${Array.from({ length: 600 }, (_, index) => `${' '.repeat(index + 1)}a:\n`).join('')}`),
    UNCLEAR,
  ),
  markdown('a key of 200 KB', () => front(`? ${'k'.repeat(200_000)}\n: x\nAIGC:\n${MAPPING}`), LABELLED),
  markdown('50,000 keys', () => front(`${Array.from({ length: 20_000 }, (_, index) => `k${index}: 1\n`).join('')}`), ['absent', ...UNCLEAR]),
  markdown('a label twice', () => front(`AIGC:\n${MAPPING}AIGC:\n${MAPPING.replace("'1'", "'2'")}`), ['ambiguous']),
  markdown('a field twice', () => front(`AIGC:\n  Label: '1'\n  Label: '2'\n`), UNCLEAR),
  markdown('__proto__', () => front(`AIGC:\n  __proto__: {Label: '1'}\n`), UNCLEAR),
  markdown('a thousand front matters', () => front(`AIGC:\n${MAPPING}`).repeat(300), ['unsigned', ...UNCLEAR]),
  markdown('a thousand comments with a label', () => `# x\n\n${`<!-- AIGC: ${LABEL} -->\n`.repeat(300)}`, ['unsigned', ...UNCLEAR]),
  markdown('ten million fences', () => '```\n'.repeat(4_000_000), ABSENT),
  markdown('backslashes and brackets of 10 MB', () => `# x\n${'[\\](*_`'.repeat(1_500_000)}`, ABSENT),

  html('a head of 20 MB', () => `<html><head><style>${'x'.repeat(20_000_000)}</style>${META}</head></html>`, UNCLEAR),
  html('a head that never ends', () => `<!doctype html><head>${'<meta name=x>'.repeat(100_000)}`, UNCLEAR),
  html('100,000 attributes', () => `<!doctype html><head><meta ${Array.from({ length: 60_000 }, (_, index) => `a${index}`).join(' ')}>${META}`, [
    'unsigned',
    ...UNCLEAR,
  ]),
  html('the same attribute, 100,000 times', () => `<!doctype html><head><meta ${'name=AIGC '.repeat(80_000)}>`, UNCLEAR),
  html('a thousand labels', () => `<!doctype html><head>${META.repeat(1_000)}`, ['unsigned', ...UNCLEAR]),
  html('two labels that differ', () => `<!doctype html><head>${META}${META.replace(':&quot;1&quot;', ':&quot;2&quot;')}`, ['ambiguous']),
  html('a label in a comment', () => `<!doctype html><head><!-- ${META} --></head>`, ABSENT),
  html('a comment that never closes', () => `<!doctype html><head><!-- ${META}`, ['absent', ...UNCLEAR]),
  html('a label in a title', () => `<!doctype html><head><title>${META}</title></head>`, ABSENT),
  html('a title that never closes', () => `<!doctype html><head><title>${META}`, ['absent', ...UNCLEAR]),
  html('a label in the body', () => `<!doctype html><body>${META}`, ABSENT),
  html('a label in a template', () => `<!doctype html><head><template>${META}</template></head>`, ['absent', ...UNCLEAR]),
  html('a template that leaves itself', () => `<!doctype html><head><template><svg></template>${META}`, UNCLEAR),
  html('10,000 templates inside one another', () => `<!doctype html><head>${'<template>'.repeat(50_000)}`, ['absent', ...UNCLEAR]),
  html('a script with a label that never closes', () => `<!doctype html><head><script id="AIGC" type="application/json">${LABEL}`, UNCLEAR),
  html('a label of 1 MB', () => `<!doctype html><head><meta name="AIGC" content="${' '.repeat(500_000)}"></head>`, UNCLEAR),
  html('a million references', () => `<!doctype html><head><meta name="AIGC" content="${'&amp;'.repeat(12_000)}"></head>`, UNCLEAR),
  html('200,000 nested elements', () => `<!doctype html><head>${META}</head><body>${'<b>'.repeat(2_000_000)}`, LABELLED),
];
