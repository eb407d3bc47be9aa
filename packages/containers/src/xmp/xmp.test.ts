import { equalBytes, fromUtf8, LabelError, TC260_XMP, utf8 } from '@aigc-label/core';
import { anotherSlotText, corpusFiles, corpusMissing, mutations, sampleSlotText } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { withoutXmpProperty } from '../internal.ts';
import { readXmp, spliceXmp, XMP_LIMIT_BYTES } from './index.ts';

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const NS = 'http://www.tc260.org.cn/ns/AIGC/1.0/';
const JSON_TEXT = '{&quot;Label&quot;:&quot;1&quot;}';
const meta = (inside: string): string => `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF}>${inside}</rdf:RDF></x:xmpmeta>`;
const packet = (inside: string): string =>
  `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>\n${inside}\n${' '.repeat(100)}\n<?xpacket end="w"?>`;
const own = `<rdf:Description rdf:about="" xmlns:TC260="${NS}"><TC260:AIGC>${JSON_TEXT}</TC260:AIGC></rdf:Description>`;
const foreign =
  '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">\r\n <dc:title>日本 &amp; <!-- c --><![CDATA[<x>]]></dc:title></rdf:Description>\n';

const read = (text: string | Uint8Array) => readXmp(typeof text === 'string' ? utf8(text) : text, TC260_XMP);
const splice = (text: string | undefined, slot = sampleSlotText): string =>
  fromUtf8(spliceXmp(text === undefined ? undefined : utf8(text), TC260_XMP, slot)) ?? '';

/** What may be cut out of the packet again to get the original: ours, and the closing of elements that closed themselves. */
const withoutOurs = (text: string): string => {
  const at = text.search(/<[^<>]*Description [^>]*tc260[^>]*><[^>]*AIGC>[^<]*<\/[^>]*AIGC><\/[^>]*Description>/);
  const end = text.indexOf('Description>', text.indexOf('AIGC>', at)) + 'Description>'.length;
  return text.slice(0, at) + text.slice(end);
};

describe('spliceXmp leaves every foreign character and gives one place', () => {
  const packets: Readonly<Record<string, string>> = {
    'an ordinary packet': packet(meta(foreign)),
    'an XML declaration before xpacket, as ByteDance writes it': `<?xml version="1.0" encoding="UTF-8"?><?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"??>${meta(foreign)}<?xpacket end="w"?>`,
    'no xpacket': meta(foreign),
    'no xmpmeta': `<rdf:RDF ${RDF}>${foreign}</rdf:RDF>`,
    'a read-only packet': packet(meta(foreign)).replace('end="w"', "end='r'"),
    'a byte order mark before': `\uFEFF${meta(foreign)}`,
    'NULs after': `${meta(foreign)}\n\0\0\0`,
    'white space before': `\n  ${meta(foreign)}`,
    'RDF with another prefix': `<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="uuid:x"/></r:RDF>`,
    'RDF as the default namespace': `<RDF xmlns="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><Description about='u"x'/></RDF>`,
    'TC260 bound to something else': meta('<rdf:Description rdf:about="" xmlns:TC260="urn:other" TC260:AIGC="foreign"/>'),
    'the namespace with other properties': meta(
      `<rdf:Description rdf:about="" xmlns:TC260="${NS}"><TC260:Other>kept</TC260:Other></rdf:Description>`,
    ),
    'astral characters': packet(meta(foreign.replace('日本', '😀𠀀é'))),
  };
  for (const [name, text] of Object.entries(packets)) {
    it(name, () => {
      expect(read(text)).toEqual({ properties: [], anomalies: [] });
      const labelled = splice(text);
      expect(read(labelled)).toEqual({ properties: [{ site: 'TC260:AIGC', value: sampleSlotText.value, isGuidePlace: true }], anomalies: [] });
      expect(withoutOurs(labelled)).toBe(text);
      expect(splice(labelled)).toBe(labelled);
      const replaced = splice(labelled, anotherSlotText);
      expect(read(replaced).properties).toEqual([{ site: 'TC260:AIGC', value: anotherSlotText.value, isGuidePlace: true }]);
      expect(withoutOurs(replaced)).toBe(text);
      expect(splice(replaced)).toBe(labelled);
    });
  }
  it('opens an rdf:RDF and an xmpmeta that close themselves, and adds an rdf:RDF where there is none', () => {
    for (const [text, head] of [
      [`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF} /></x:xmpmeta>`, `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF} ><rdf:Description`],
      ['<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF}>`],
      ['<x:xmpmeta xmlns:x="adobe:ns:meta/">\n</x:xmpmeta>', `<x:xmpmeta xmlns:x="adobe:ns:meta/">\n<rdf:RDF ${RDF}>`],
    ] as const) {
      const labelled = splice(text);
      expect(labelled.startsWith(head)).toBe(true);
      expect(read(labelled).properties).toHaveLength(1);
      expect(splice(splice(labelled, anotherSlotText))).toBe(labelled);
    }
  });
  it('writes a fresh packet where there is none', () => {
    expect(splice(undefined)).toBe(splice('\n \0'));
    expect(splice(undefined)).toContain(`<TC260:AIGC>${sampleSlotText.value}</TC260:AIGC>`);
    expect(splice(undefined, anotherSlotText)).toContain('with&amp;&lt;characters&gt;');
  });
  it('takes the rdf:about of the others, and a prefix that is free', () => {
    expect(splice(packets['RDF with another prefix'])).toContain('<r:Description r:about="uuid:x" xmlns:TC260=');
    expect(splice(packets['RDF as the default namespace'])).toContain(`rdf:about='u"x'`);
    expect(splice(packets['TC260 bound to something else'])).toContain('<TC260_1:AIGC>');
  });
});

describe('wild forms are read, and replaced by one', () => {
  const value = '{"Label":"1"}';
  const wild: readonly (readonly [string, string, readonly object[]])[] = [
    ['element', own, [{ site: 'TC260:AIGC', value, isGuidePlace: true }]],
    ['twice', own + own, [{ isGuidePlace: true }, { isGuidePlace: true }]],
    ['CDATA', own.replace(JSON_TEXT, `<![CDATA[${value}]]>`), [{ value, isGuidePlace: true }]],
    ['another prefix', own.replaceAll('TC260:', 'zz:').replace('xmlns:TC260', 'xmlns:zz'), [{ site: 'TC260:AIGC', value, isGuidePlace: true }]],
    [
      'attribute',
      `<rdf:Description rdf:about="" xmlns:TC260="${NS}"\n TC260:AIGC = '${value}' />`,
      [{ site: '@TC260:AIGC', value, isGuidePlace: false }],
    ],
    [
      'Baidu',
      `<rdf:Description xmlns:AIGC="http://ns.adobe.com/AIGC/1.0/" AIGC:AIGC="{&quot;Label&quot;: &quot;2&quot;}"/>`,
      [{ site: '@AIGC:AIGC', value: '{"Label": "2"}', isGuidePlace: false }],
    ],
    ['no slash', own.replace(NS, NS.slice(0, -1)), [{ value, isGuidePlace: false }]],
    ['dc', own.replaceAll('TC260', 'dc').replace(NS, 'http://purl.org/dc/elements/1.1/'), [{ site: 'dc:AIGC', value, isGuidePlace: false }]],
    [
      'one property a field',
      `<rdf:Description xmlns:A="${NS}" A:Label="1"><A:ProduceID>x</A:ProduceID></rdf:Description>`,
      [{ site: 'TC260:*', fields: { Label: '1', ProduceID: 'x' }, isGuidePlace: false }],
    ],
    ['a list', own.replace(JSON_TEXT, `<rdf:Alt><rdf:li xml:lang="x-default">${JSON_TEXT}</rdf:li></rdf:Alt>`), [{ value, isGuidePlace: false }]],
    ['a qualifier', own.replace('<TC260:AIGC>', '<TC260:AIGC xml:lang="zh">'), [{ value, isGuidePlace: false }]],
    ['empty', own.replace(`<TC260:AIGC>${JSON_TEXT}</TC260:AIGC>`, '<TC260:AIGC/>'), [{ value: '', isGuidePlace: true }]],
  ];
  for (const [name, inside, expected] of wild) {
    it(name, () => {
      const text = packet(meta(foreign + inside + foreign));
      expect(read(text)).toMatchObject({ properties: expected, anomalies: [] });
      const labelled = splice(text);
      expect(read(labelled)).toEqual({ properties: [{ site: 'TC260:AIGC', value: sampleSlotText.value, isGuidePlace: true }], anomalies: [] });
      expect(labelled.split(foreign)).toHaveLength(3);
      expect(splice(splice(labelled, anotherSlotText))).toBe(labelled);
    });
  }
  it('all of them are cut out of a packet beside', () => {
    const text = packet(meta(foreign + wild.map(([, inside]) => inside).join('') + foreign));
    expect(read(text).properties.length).toBeGreaterThanOrEqual(wild.length);
    const cut = withoutXmpProperty(utf8(text), TC260_XMP);
    expect(read(cut)).toEqual({ properties: [], anomalies: [] });
    expect(fromUtf8(cut)?.split(foreign)).toHaveLength(3);
    const none = utf8(packet(meta(foreign)));
    expect(withoutXmpProperty(none, TC260_XMP)).toBe(none);
  });
  it('leaves xmp:Label and names of other namespaces alone', () => {
    expect(
      read(meta('<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Label="Red" AIGC="no"><xmp:AIGC>no</xmp:AIGC></rdf:Description>'))
        .properties,
    ).toEqual([]);
  });
  it('does not look into structures of others', () => {
    const text = meta(`<rdf:Description xmlns:i="urn:i"><i:Ingredients><rdf:Bag><rdf:li>${own}</rdf:li></rdf:Bag></i:Ingredients></rdf:Description>`);
    expect(read(text).properties).toEqual([]);
  });
});

describe('hostile packets', () => {
  const refused = (text: string | Uint8Array, code: string, maximumBytes?: number): void => {
    const bytes = typeof text === 'string' ? utf8(text) : text;
    expect(() => spliceXmp(bytes, TC260_XMP, sampleSlotText, maximumBytes === undefined ? {} : { maximumBytes })).toThrowError(
      expect.objectContaining({ name: 'LabelError', code }),
    );
  };
  it('refuses DOCTYPE and ENTITY, too many levels, too many bytes, no XMP, bad UTF-8', () => {
    for (const [text, anomaly, code] of [
      [`<!DOCTYPE x [<!ENTITY a "b">]>${meta(own)}`, 'damaged', 'FILE_DAMAGED'],
      ['<a>'.repeat(200_000), 'limit', 'LIMIT_EXCEEDED'],
      [meta(own) + ' '.repeat(XMP_LIMIT_BYTES), 'limit', 'LIMIT_EXCEEDED'],
      [meta('<broken'), 'damaged', 'FILE_DAMAGED'],
      [meta('&undeclared;'), 'damaged', 'FILE_DAMAGED'],
      [meta('a\0b'), 'damaged', 'FILE_DAMAGED'],
      [new Uint8Array([...utf8(meta(own)), 0xff]), 'undecodable', 'FORMAT_UNSUPPORTED_FEATURE'],
    ] as const) {
      expect(read(text).anomalies).toMatchObject([{ code: anomaly }]);
      refused(text, code);
    }
    refused('<html/>', 'FILE_DAMAGED');
  });
  it('reads what a broken packet still says, and does not edit it', () => {
    expect(read(`${meta(own).slice(0, -10)}`)).toMatchObject({ properties: [{ value: '{"Label":"1"}' }], anomalies: [{ code: 'damaged' }] });
  });
  it('edits UTF-16 as UTF-16', () => {
    for (const order of [0, 1]) {
      const wide = (text: string): Uint8Array => {
        const bytes = new Uint8Array(text.length * 2);
        for (let index = 0; index < text.length; index += 1) {
          bytes[index * 2 + order] = text.charCodeAt(index) & 0xff;
          bytes[index * 2 + 1 - order] = text.charCodeAt(index) >> 8;
        }
        return bytes;
      };
      const text = packet(meta(`😀${foreign}${own}`));
      expect(read(wide(text))).toMatchObject({ properties: [{ value: '{"Label":"1"}', isGuidePlace: true }], anomalies: [] });
      expect(spliceXmp(wide(text), TC260_XMP, sampleSlotText)).toEqual(wide(splice(text)));
      const maximumBytes = wide(text).length;
      expect(spliceXmp(wide(text), TC260_XMP, { ...sampleSlotText, value: '{"Label":"1234567890"}' }, { maximumBytes })).toHaveLength(maximumBytes);
      refused(wide(text).slice(1), 'FORMAT_UNSUPPORTED_FEATURE');
      refused(wide(text.replace('\uDE00', 'x')), 'FORMAT_UNSUPPORTED_FEATURE');
    }
  });
  it('takes linear time: attributes, nesting and unquoted values up to the limit', () => {
    const started = performance.now();
    for (const text of [
      meta(`<rdf:Description ${Array.from({ length: 60_000 }, (_, index) => `a${index}="x"`).join(' ')}/>`),
      meta(`<rdf:Description ${Array.from({ length: 60_000 }, (_, index) => `a${index}=x`).join(' ')}/>`),
      meta('<'.repeat(900_000)),
      meta('</a>'.repeat(200_000)),
      meta(`<a b='${' '.repeat(900_000)}`),
      meta(`<a ${' '.repeat(900_000)}`),
    ]) {
      read(text);
    }
    expect(performance.now() - started).toBeLessThan(10_000);
  });
  it('answers mutations with findings, or a LabelError; what is written can be read', () => {
    const text = utf8(packet(meta(foreign + own)));
    for (const mutated of mutations(text, 3_000)) {
      readXmp(mutated, TC260_XMP);
      let labelled: Uint8Array;
      try {
        labelled = spliceXmp(mutated, TC260_XMP, anotherSlotText);
      } catch (error) {
        expect(error).toBeInstanceOf(LabelError);
        continue;
      }
      expect(readXmp(labelled, TC260_XMP)).toMatchObject({ properties: [{ value: anotherSlotText.value, isGuidePlace: true }] });
    }
  });
});

describe('padding', () => {
  const text = packet(meta(foreign)).replace(' '.repeat(100), `${' '.repeat(99)}\n`.repeat(12));
  const spliceInto = (bytes: Uint8Array, slot = sampleSlotText, maximumBytes = utf8(text).length + 10): Uint8Array =>
    spliceXmp(bytes, TC260_XMP, slot, { maximumBytes });
  it('is used up only as far as needed, and comes back', () => {
    const bytes = utf8(text);
    const labelled = spliceInto(bytes);
    expect(labelled).toHaveLength(bytes.length + 10);
    expect(fromUtf8(labelled)).toContain(meta(foreign).slice(0, -30));
    const replaced = spliceInto(labelled, anotherSlotText);
    expect(replaced).toHaveLength(bytes.length + 10);
    expect(readXmp(replaced, TC260_XMP).properties).toMatchObject([{ value: anotherSlotText.value }]);
    expect(equalBytes(spliceInto(replaced), labelled)).toBe(true);
    expect(equalBytes(spliceInto(labelled), labelled)).toBe(true);
  });
  it('is CARRIER_FULL without enough of it', () => {
    const full = utf8(packet(meta(foreign)));
    expect(() => spliceInto(full, sampleSlotText, full.length)).toThrowError(expect.objectContaining({ code: 'CARRIER_FULL' }));
    expect(() => spliceInto(utf8(meta(foreign)), sampleSlotText, 300)).toThrowError(expect.objectContaining({ code: 'CARRIER_FULL' }));
    expect(() => spliceXmp(undefined, TC260_XMP, sampleSlotText, { maximumBytes: 100 })).toThrowError(
      expect.objectContaining({ code: 'CARRIER_FULL' }),
    );
  });
});

describe.skipIf(corpusMissing !== undefined)('packets of the corpus', () => {
  for (const file of corpusFiles('.xmp', '.png', '.jpg', '.webp', '.tif', '.svg')) {
    const bytes = file.bytes();
    const text = new TextDecoder('latin1').decode(bytes.subarray(0, 1 << 20));
    const start = text.search(/<x:x[am]pmeta/);
    const end = text.search(/<\/x:x[am]pmeta>/);
    if (start < 0 || end < start) {
      continue;
    }
    it(`${file.name} keeps its characters`, () => {
      const found = bytes.slice(start, end + '</x:xmpmeta>'.length);
      const labelled = spliceXmp(found, TC260_XMP, sampleSlotText);
      expect(readXmp(labelled, TC260_XMP)).toMatchObject({ properties: [{ value: sampleSlotText.value, isGuidePlace: true }], anomalies: [] });
      expect(equalBytes(spliceXmp(spliceXmp(labelled, TC260_XMP, anotherSlotText), TC260_XMP, sampleSlotText), labelled)).toBe(true);
    });
  }
});
it('says what is wrong with a packet in one sentence', () => {
  const broken = utf8('<x:xmpmeta xmlns:x="adobe:ns:meta/"><a></b></x:xmpmeta>');
  expect(() => spliceXmp(broken, TC260_XMP, sampleSlotText)).toThrowError(/not well-formed XML: [^.]*\. Save the file again/);
});
