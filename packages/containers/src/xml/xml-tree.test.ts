import { utf8 } from '@aigc-label/core';
import { mutations } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import {
  appendInside,
  attributeOf,
  declarationOf,
  decodeXml,
  descendants,
  editXml,
  escapeXml,
  parseXml,
  replaceAttribute,
  replaceContent,
} from './index.ts';

const rootOf = (text: string) => parseXml(text).root!;

describe('an XML tree', () => {
  it('has the offsets of what it was read from', () => {
    const text = `\uFEFF<?xml version="1.0"?><!-- <a> -->\r\n<a xmlns="u:1" xmlns:p="u:2"  p:x = 'é&amp;"' y="2"><p:b/><b>t&lt;<![CDATA[<c>]]></b >🙂</a>`;
    const root = rootOf(text);
    expect(text.slice(root.start, root.end)).toBe(text.slice(text.indexOf('<a xmlns')));
    expect([root.local, root.namespace, root.text]).toEqual(['a', 'u:1', '🙂']);
    expect(attributeOf(root, 'x', 'u:2')?.value).toBe('é&"');
    expect(attributeOf(root, 'x')).toBeUndefined();
    const [first, second] = root.children;
    expect([first?.namespace, first?.isSelfClosing, second?.namespace, second?.text]).toEqual(['u:2', true, 'u:1', 't<<c>']);
    expect(text.slice(second!.openEnd, second!.closeStart)).toBe('t&lt;<![CDATA[<c>]]>');
    const y = attributeOf(root, 'y')!;
    expect(text.slice(y.start, y.end)).toBe(' y="2"');
  });

  it('is edited where it stands', () => {
    const text = '<a x="1"><b/><c>old</c></a>';
    const [b, c] = rootOf(text).children;
    expect(editXml(text, [appendInside(b!, '<d/>')])).toBe('<a x="1"><b><d/></b><c>old</c></a>');
    expect(editXml(text, [replaceContent(c!, '<&>"'), appendInside(rootOf(text), '<e/>')])).toBe('<a x="1"><b/><c>&lt;&amp;&gt;&quot;</c><e/></a>');
    expect(editXml(text, [replaceAttribute(attributeOf(rootOf(text), 'x')!, '"')])).toBe('<a x="&quot;"><b/><c>old</c></a>');
    expect(() => editXml(text, [replaceContent(c!, ''), { start: c!.start, end: c!.end, text: '' }])).toThrow(TypeError);
  });

  it('declares a prefix only where it must', () => {
    const [b] = rootOf('<a xmlns:p="u:1"><b xmlns:p="u:2"/></a>').children;
    const around = [rootOf('<a xmlns:p="u:1"/>'), b!];
    expect(declarationOf(around.slice(0, 1), 'p', 'u:1')).toBe('');
    expect(declarationOf(around, 'p', 'u:1')).toBe(' xmlns:p="u:1"');
  });

  it('passes over what it is told to', () => {
    const root = rootOf('<a><b><c/></b><d/></a>');
    expect(descendants(root, new Set(root.children.slice(0, 1))).map(({ name }) => name)).toEqual(['a', 'd']);
  });

  it.each([
    ['<a', 'damaged'],
    ['<a></b>', 'damaged'],
    ['<a>&b;</a>', 'damaged'],
    ['', 'damaged'],
    ['<a/><b/>', 'damaged'],
    ['<!doctype a><a/>', 'damaged'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><a/>', 'damaged'],
    ['<!DOCTYPE a SYSTEM "b" [ ]><a/>', 'damaged'],
    ['<!DOCTYPE a><!DOCTYPE a [<!ENTITY b "c">]><a/>', 'damaged'],
    ['<!DOCTYPE a SYSTEM "b"><a>&b;</a>', 'damaged'],
    ['<a/><!DOCTYPE a>', 'damaged'],
    ['<a>'.repeat(65), 'limit'],
    [`<a>${'<b/>'.repeat(20_000)}</a>`, 'limit'],
  ])('is refused for %.20s', (text, kind) => {
    expect(parseXml(text).fault?.kind).toBe(kind);
  });

  it.each(['<!DOCTYPE m:m>', `<!DOCTYPE m PUBLIC "-//a//DTD b 1.0//EN" 'c.dtd' >`, '<!DOCTYPE\nm SYSTEM "http://a/b?c=d">'])(
    'passes over %s, which names a DTD and declares nothing',
    (doctype) => {
      const text = `<?xml version="1.0"?>\n${doctype}\n<m:m xmlns:m="u:1"><b>&amp;</b></m:m>`;
      expect([rootOf(text).namespace, rootOf(text).children[0]?.text]).toEqual(['u:1', '&']);
    },
  );

  it('never throws, whatever the text', () => {
    const text = `<?xml version="1.0"?><a xmlns="u:1" xmlns:p='u:2' p:x="&amp;&#x41;"><p:b/><!-- c --><b>t<![CDATA[<c>]]></b><?d e?></a>`;
    for (const mutated of mutations(utf8(text), 5_000)) {
      const { root } = parseXml(new TextDecoder().decode(mutated));
      expect(root === undefined || root.end >= root.openEnd).toBe(true);
    }
  });

  it('finds text again that was escaped', () => {
    const text = `<a b="c" d='e'>&amp;&#1;]]>`;
    const root = rootOf(`<a b="${escapeXml(text)}">${escapeXml(text)}</a>`);
    expect([root.text, root.attributes[0]?.value]).toEqual([text, text]);
  });

  it('comes out of its bytes and goes back', () => {
    const bytes = Uint8Array.of(0xff, 0xfe, 0x3c, 0, 0x61, 0, 0x2f, 0, 0x3e, 0);
    const decoded = decodeXml(bytes)!;
    expect(rootOf(decoded.text).name).toBe('a');
    expect(decoded.encode(decoded.text)).toEqual(bytes);
    expect(decodeXml(Uint8Array.of(0xc3, 0x28))).toBeUndefined();
  });
});
