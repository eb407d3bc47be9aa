import { applySplices, bytesSource, utf8 } from '@aigc-label/core';
import { type ContentFixture, digestOf, sampleSlotText, testContent } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { csv } from '../formats/csv.ts';
import { html } from '../formats/html.ts';
import { json } from '../formats/json.ts';
import { jsonl } from '../formats/jsonl.ts';
import { markdown } from '../formats/markdown.ts';
import { plain } from '../formats/plain.ts';
import { rtf } from '../formats/rtf.ts';
import { xml } from '../formats/xml.ts';

const { value } = sampleSlotText;

/** UTF-16 with its byte order mark, little-endian. */
const wide = (text: string): Uint8Array => new Uint8Array(Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]));

const fixture = (name: string, text: string, more: Partial<ContentFixture> = {}): ContentFixture => ({ name, bytes: utf8(text), ...more });
const edited = (...texts: readonly string[]): Partial<ContentFixture> => ({
  edited: texts.map((text) => ({ by: `another program: ${JSON.stringify(text.slice(0, 40))}`, bytes: utf8(text) })),
});
const changed = (how: string, text: string): { how: string; bytes: Uint8Array } => ({ how, bytes: utf8(text) });

testContent({
  format: plain,
  fixtures: [
    fixture('two lines that end', '第一行\nThe second line\n', {
      ...edited(`第一行\nThe second line\nAIGC={"Label":"1"}\n`, `AIGC:{"Label":"1"}\n第一行\nThe second line\n`),
      changed: [
        changed('a word is another one', '第一行\nThe first line\n'),
        changed('text follows the label', `第一行\nThe second line\nAIGC:${value}\nmore\n`),
        changed('text stands on the line of the label', `第一行\nThe second line\nAIGC:${value} and more\n`),
      ],
    }),
    fixture('one line without an end', 'abc', edited('abc\nAIGC={"Label":"1"}', 'abc\nAIGC={"Label":"1"}\nAIGC={"Label":"2"}')),
    fixture('CR LF, and blank lines at the end', 'abc\r\ndef\r\n\r\n  '),
    { name: 'UTF-16', bytes: wide('甲\n乙') },
    fixture('nothing but a label', `AIGC:${value}`),
  ],
});

const body = '# A title\n\nText with *words*.\n';
testContent({
  format: markdown,
  fixtures: [
    fixture('no front matter', body, {
      ...edited(`---\nAIGC: '{"Label":"1"}'\n---\n${body}`, `---\n---\n${body}`, `${body}<!-- AIGC: {"Label":"1"} -->\n`),
      changed: [
        changed('a word is another one', body.replace('words', 'sword')),
        changed('front matter says something else', `---\ntitle: x\n---\n${body}`),
        changed('a comment stands in the front matter', `---\n# x\n---\n${body}`),
      ],
    }),
    fixture('front matter with a title', `---\ntitle: T\n---\n${body}`, {
      ...edited(`---\nAIGC:\n  Label: 1\ntitle: T\n---\n${body}`),
      changed: [changed('it has another title', `---\ntitle: U\n---\n${body}`)],
    }),
    fixture('a label in the body, CR LF', 'AIGC:{"Label":"1"}\r\n# A title\r\n'),
  ],
});

const members = '{\n  "a": 1,\n  "b": [true]\n}\n';
testContent({
  format: json,
  fixtures: [
    fixture('two members, indented', members, {
      ...edited('{\n  "AIGC" : {"Label": "1"} ,\n  "a": 1,\n  "b": [true]\n}\n', '{\n  "a": 1, "AIGC":"{}",\n  "b": [true], "AIGC": 2\n}\n'),
      changed: [
        changed('a value is another one', members.replace('1', '2')),
        changed('a label stands deeper', members.replace('[true]', '[{"AIGC":{}}]')),
        changed('text follows', `${members}x`),
      ],
    }),
    fixture('no member', '{ }', edited('{"AIGC":{"Label":"1"} }', '{"AIGC":1 , "AIGC":2 }')),
    fixture('three labels, and a member', '{"AIGC":1 , "AIGC":2, "b":3,"AIGC":3}', edited('{"b":3}')),
    { name: 'UTF-16', bytes: wide('{"甲":1}') },
  ],
});

testContent({
  format: jsonl,
  fixtures: [
    fixture('lines', '{"a":1}\n{"a":2}\n', { isSidecarOnly: true, changed: [changed('a line is added', '{"a":1}\n{"a":2}\n{"AIGC":{}}\n')] }),
  ],
});
testContent({ format: csv, fixtures: [fixture('a table', 'a,b\n1,2\n', { isSidecarOnly: true })] });

const root = '<feed xmlns="urn:x"><entry>甲</entry></feed>\n';
testContent({
  format: xml,
  fixtures: [
    fixture('a declaration with a line ending', `<?xml version="1.0"?>\r\n${root}`, {
      ...edited(`<?xml version="1.0"?>\r\n<?AIGC {"Label":"1"}?>\r\n${root}`, `<?xml version="1.0"?>\r\n${root.trim()}<!-- AIGC:{"Label":"1"} -->\n`),
      changed: [
        changed('a word is another one', `<?xml version="1.0"?>\r\n${root.replace('甲', '乙')}`),
        changed('a comment that is no label is added', `<?xml version="1.0"?>\r\n<!-- AIGC -->${root}`),
      ],
    }),
    fixture('no declaration', root, edited(`<?AIGC {"Label":"1"}?>\n${root}`, root.replace('<entry>', '<AIGC>{"Label":"1"}</AIGC><entry>'))),
    fixture('a declaration without a line ending', `<?xml version="1.0"?>${root}`),
  ],
});

const page = '<!DOCTYPE html><html><head><meta charset="utf-8"><title>T</title></head><body><p>甲</p></body></html>\n';
const inHead = (element: string): string => page.replace('<title>', `${element}<title>`);
testContent({
  format: html,
  fixtures: [
    fixture('a page', page, {
      ...edited(inHead(`<meta content='{"Label":"1"}' name=aigc>`), inHead('<script type="application/ld+json" id="AIGC">{"Label":"1"}</script>')),
      changed: [
        changed('a word is another one', page.replace('甲', '乙')),
        changed(
          'the element of the label sends to another page',
          inHead('<meta name="AIGC" http-equiv="refresh" content="0;url=https://example.org/">'),
        ),
        changed('the element of the label names a picture, too', inHead('<meta name="AIGC" property="og:image" content="x">')),
        changed('a script runs', inHead('<script id="AIGC">alert(1)</script>')),
      ],
    }),
    fixture('no head', '<p>甲 <b>乙</b>\n'),
    fixture('XHTML', '<!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body/></html>'),
  ],
});

const document = String.raw`{\rtf1\ansi{\fonttbl\f0 Arial;}{\info{\title T}}\pard Words of a text.\par}`;
const properties = (inside: string): string => document.replace(String.raw`\pard`, String.raw`{\*\userprops${inside}}\pard`);
const other = String.raw`{\propname Client}\proptype30{\staticval A}`;
testContent({
  format: rtf,
  fixtures: [
    fixture('a text', document, {
      ...edited(properties(''), properties(String.raw`{\propname AIGC}\proptype30{\staticval x}`)),
      changed: [
        changed('a word is another one', document.replace('Words', 'Sword')),
        changed('another property is added', properties(other)),
        changed('another title', document.replace('title T', 'title U')),
      ],
    }),
    fixture('with a property', properties(other)),
    fixture(
      'with a label of somebody else, and bytes behind the end',
      `${properties(String.raw`{\propname AIGC}\proptype30 {\staticval \{\}}${other}`)}\n\0`,
    ),
  ],
});

describe('texts that are longer than what is looked at', () => {
  it.each([
    ['plain', plain, 'A line of a text.\n', ''],
    ['markdown', markdown, 'A line of a text.\n', ''],
    ['xml', xml, '<e>A line of a text.</e>\n', '<root>'],
    ['json', json, '  "a line": "of a text",\n', '{\n'],
  ] as const)('%s is the same before and after labelling', async (_, format, line, opening) => {
    const end = { xml: '</root>\n', json: '  "last": 1\n}\n' }[format.id] ?? '';
    const bytes = utf8(opening + line.repeat(12_000) + end);
    const before = await digestOf(format, bytes);
    expect(await digestOf(format, applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText)))).toEqual(before);
  });
});
