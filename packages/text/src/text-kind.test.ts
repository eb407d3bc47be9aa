import { HEAD_BYTES, utf8 } from '@aigc-label/core';
import { corpusFiles, corpusMissing } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { encodeUnits, encodingOf } from './encoding.ts';
import { textFormats } from './formats/index.ts';
import { textKindOf } from './text-kind.ts';

const idsOf = (head: Uint8Array): readonly string[] =>
  textFormats.filter((format) => format.textual === true && format.matches(head)).map(({ id }) => id);

describe('kinds of text', () => {
  it.each([
    ['<!DOCTYPE html><p>', 'html'],
    ['\n  <!-- c --><HTML>', 'html'],
    ['<?xml version="1.0"?>\n<!DOCTYPE html><html>', 'html'],
    ['<meta charset=utf-8>', 'html'],
    ['<div>\n<p>x</p></div>', 'html'],
    ['<p align="center">\n\n# Title\n', 'markdown'],
    ['---\ntitle: x\n---\ntext', 'markdown'],
    ['+++\na = 1\n+++\n', 'markdown'],
    ['Text\n\n## Heading\n', 'markdown'],
    ['```js\nx\n```', 'markdown'],
    ['- a\n- **b**\n', 'markdown'],
    ['See [here](https://example.org/).', 'markdown'],
    ['a | b\n--- | ---\n1 | 2', 'markdown'],
    ['Title\n=====\n\n- a', 'markdown'],
    ['Hello, world.', 'plain'],
    ['- a list alone\n', 'plain'],
    ['[1] Smith, J.\n[2] Doe', 'plain'],
    ['<alice@example.org> wrote:\n', 'plain'],
    ['第一行,第二行\n', 'plain'],
    ['Roses are red,\nViolets are blue,\nSugar', 'plain'],
    ['{not json}', 'plain'],
    ['#hashtag', 'plain'],
  ] as const)('%j is %s', (text, kind) => {
    expect(textKindOf(utf8(text))).toBe(kind);
    for (const isLittle of [true, false]) {
      const mark = Uint8Array.from(isLittle ? [0xff, 0xfe] : [0xfe, 0xff]);
      expect(textKindOf(Uint8Array.of(...mark, ...encodeUnits(text, encodingOf(mark))))).toBe(kind);
    }
    expect(idsOf(utf8(text))).toEqual([kind]);
  });

  it.each([
    ['{"a": 1}', 'json'],
    ['{}', 'json'],
    ['[]', 'json'],
    ['\n[{"a":1}]\n', 'json'],
    ['[1, 2]', 'json'],
    ['[[1,2],[3]]', 'json'],
    ['{\n"a":\n{"b":1}}', 'json'],
    ['{"a":1}\n{"a":2}\n', 'jsonl'],
    ['{}\n{}\n', 'jsonl'],
    ['["a"]\r\n[2', 'jsonl'],
    ['a,b,c\n1,2,3\n', 'csv'],
    ['a;b\n1;2\n3;4\n', 'csv'],
    ['a\tb\n1\t2\n3\t4\n', 'csv'],
    ['<?xml version="1.0"?><note/>', 'xml'],
    ['<?xml version="1.0"?>\n<!-- c --><title>x</title>', 'xml'],
    ['<?xml version="1.0"?>', 'xml'],
    ['<note>x</note>', 'xml'],
    ['<?AIGC {"a":1}?>\n<note>x</note>', 'xml'],
    ['<!DOCTYPE note [<!ENTITY a "b">]><note>x</note>', 'xml'],
    ['<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="r" xmlns="http://purl.org/rss/1.0/">\n<channel rdf:about="a"/></rdf:RDF>', 'xml'],
    ['<!DOCTYPE rdf:RDF [<!ENTITY a "b">]><rdf:RDF xmlns:rdf="r"><rdf:Description/></rdf:RDF>', 'xml'],
  ] as const)('%j is data: %s', (text, kind) => {
    expect(textKindOf(utf8(text))).toBe(kind);
    expect(idsOf(utf8(text))).toEqual([kind]);
  });

  it.each([
    '',
    '\u0000',
    'a\u0000b',
    'a\u001b[0m',
    '<svg xmlns="http://www.w3.org/2000/svg">\n# a\n- b',
    '<?xml version="1.0"?><!DOCTYPE svg><svg/>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">',
    '<rdf:RDF xmlns:rdf="r">\n <!-- <a> -->\n <rdf:Description/></rdf:RDF>',
    '<?xpacket begin=""?><rdf:RDF xmlns:rdf="r"/>',
    '<?php echo 1 ?><note/>',
    '<!ELEMENT note (#PCDATA)>',
    '<!-- c -->{"a":1}',
    '%PDF-1.7\n',
    '{\\rtf1 x}',
    '#!/bin/sh\necho\n',
    '---\nkind: Pod\nname: x\n',
  ])('%j is none of them', (text) => {
    expect(textKindOf(utf8(text))).toBeUndefined();
  });

  it('does not mind a head that ends inside a character, and any other superset of ASCII', () => {
    expect(textKindOf(utf8('标'.repeat(2_000)).subarray(0, HEAD_BYTES))).toBe('plain');
    expect(textKindOf(Uint8Array.of(0xff, 0xfe, 0x41, 0x00, 0x42))).toBe('plain');
    expect(textKindOf(Uint8Array.of(0x63, 0x61, 0x66, 0xe9))).toBe('plain');
  });

  it.skipIf(corpusMissing !== undefined)('takes no file of the corpus for text but the page', () => {
    const texts = corpusFiles().filter(({ bytes }) => idsOf(bytes().subarray(0, HEAD_BYTES)).length > 0);
    expect(texts.map(({ name }) => name)).toEqual(['exiftool/HTML.html']);
  });

  it('answers hostile heads in time', () => {
    for (const piece of ['[', '<', '<!--', '- ', '|', '![', '*', '`', '**a', ' ', '---', '[[', '\n', '<a ', '1,', '#']) {
      const started = performance.now();
      textKindOf(utf8(piece.repeat(HEAD_BYTES)).subarray(0, HEAD_BYTES));
      expect(performance.now() - started, piece).toBeLessThan(10_000);
    }
  });
});
