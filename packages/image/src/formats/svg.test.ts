import { applySplices, bytesSource, latin1, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  sampleSlotText,
  svgHostile,
  testFormat,
  withFile,
  xmlStructure,
} from '@aigc-label/test-fixtures';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { labelledDescription, RDF } from '../../test/packets.ts';
import { svg } from './svg.ts';

const NS = 'xmlns="http://www.w3.org/2000/svg"';
const BODY = '<rect width="9" height="7" fill="#b13"/><text x="1" y="6">山 &amp; 水</text>';
const own = labelledDescription();
const foreign = '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:title="山"/>';
const LOOSE = 'AIGC: {"Label":"1"}';

const texts: Readonly<Record<string, readonly [string, number]>> = {
  plain: [`<svg ${NS} width="20" height="10">${BODY}</svg>`, 0],
  'declaration, DOCTYPE with entities, comment, title': [
    `\uFEFF<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- > made by --><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x" [<!ENTITY ns "http://www.w3.org/2000/svg"> <!-- ]> -->]>\r\n<svg xmlns="&ns;" width="20">\r\n  <title>a</title>\r\n  <desc>b</desc>\r\n  ${BODY}<![CDATA[<svg>]]></svg>\r\n<!-- end -->\r\n`,
    0,
  ],
  'RDF in metadata, its prefix on the root, as Inkscape writes it': [
    `<svg:svg xmlns:svg="http://www.w3.org/2000/svg" xmlns:rdf="${RDF}" xmlns:x='"'><svg:metadata id="m"><rdf:RDF>${foreign}</rdf:RDF></svg:metadata><svg:g/></svg:svg>`,
    0,
  ],
  'a packet in metadata, labelled by somebody': [
    `<svg ${NS}><g/><metadata><?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">${foreign}${own}</rdf:RDF></x:xmpmeta><?xpacket end="w"?></metadata></svg>`,
    1,
  ],
  'empty metadata, a label elsewhere, markers': [
    `<svg ${NS}><!-- ${LOOSE} --><metadata/><g><metadata><rdf:RDF xmlns:rdf="${RDF}">${own}${foreign}</rdf:RDF></metadata></g></svg><!--${LOOSE}-->\n${LOOSE}`,
    4,
  ],
  'RDF outside of metadata, where ours goes (found by scripts/fuzz.mjs)': [`<svg ${NS} xmlns:rdf="${RDF}"><rdf:RDF>${own}</rdf:RDF><g/></svg>`, 1],
  'closes itself': [`<svg ${NS}/>`, 0],
};

/** Everything but labels, cut out by patterns; what held nothing else does not count. */
const untouched = (bytes: Uint8Array): string =>
  latin1(bytes)
    .replace(/<rdf:Description [^<>]*tc260[^<>]*>(?:<TC260:AIGC>[^<]*<\/TC260:AIGC>)<\/rdf:Description>/g, '')
    .replace(/<rdf:RDF[^<>]*><\/rdf:RDF>/g, '')
    .replace(/<metadata\/>|<metadata><\/metadata>/g, '')
    .replace(/(<!--\s*)?AIGC: [^<>]*?\}(\s*-->)?/g, '')
    .replace(/><\/svg>$/, '/>');

const fixtures: readonly FormatFixture[] = [
  ...Object.entries(texts).map(([name, [text, slots]]) => ({ name, bytes: utf8(text), slots, untouched })),
  { name: 'never closed', bytes: utf8(`<svg ${NS}><g></svg>`), untouched: () => 0, refused: 'FILE_DAMAGED' },
  {
    name: 'UTF-16',
    bytes: Uint8Array.of(0xff, 0xfe, ...[...`<svg ${NS}/>`].flatMap((unit) => [unit.charCodeAt(0), 0])),
    untouched: () => 0,
    refused: 'FORMAT_UNSUPPORTED_FEATURE',
  },
];

testFormat({ format: svg, fixtures, hasEnd: true, structure: xmlStructure });

const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await svg.plan(bytesSource(bytes), slot));
const text = async (name: string): Promise<string> => new TextDecoder('utf-8', { ignoreBOM: true }).decode(await label(utf8(texts[name]![0])));

describe('svg', () => {
  it('keeps every other byte: what was put in can be cut out', async () => {
    for (const name of ['plain', 'declaration, DOCTYPE with entities, comment, title']) {
      const after = await text(name);
      expect(after.replace(/<metadata><rdf:RDF.*<\/rdf:RDF><\/metadata>/, '')).toBe(texts[name]![0]);
    }
    const inkscape = await text('RDF in metadata, its prefix on the root, as Inkscape writes it');
    expect(inkscape.replace(/<rdf:Description [^>]*TC260.*<\/TC260:AIGC><\/rdf:Description>/, '')).toBe(
      texts['RDF in metadata, its prefix on the root, as Inkscape writes it']![0],
    );
  });

  it('puts metadata behind the title and the description', async () => {
    expect(await text('declaration, DOCTYPE with entities, comment, title')).toMatch(/<\/title>\s*<desc>b<\/desc>\s*<metadata>/);
  });

  it('says where labels stand', async () => {
    const { found } = await svg.read(bytesSource(utf8(texts['empty metadata, a label elsewhere, markers']![0])));
    expect(found.map(({ site, isGuidePlace }) => [site, isGuidePlace])).toEqual([
      ['svg/rdf:RDF/TC260:AIGC', false],
      ['svg/comment', false],
      ['svg/comment', false],
      ['svg/tail', false],
    ]);
  });

  it.each([
    ['<svg/>', true],
    ['\n<!-- c --><svg:svg>', true],
    ['<!DOCTYPE svg><svg>', true],
    ['<!doctype html><svg>', false],
    ['<html><svg>', false],
    ['text <svg>', false],
    ['<svgx>', false],
    ['<SVG>', false],
  ])('%j matches: %s', (head, isMatch) => {
    expect(svg.matches(utf8(head))).toBe(isMatch);
  });

  it.each(svgHostile.map((file) => [file.name, file] as const))('answers %s', async (_, { bytes, format }) => {
    const hostile = bytes();
    expect(svg.matches(hostile.subarray(0, 4096)) ? 'svg' : null).toBe(format);
    expect((await svg.read(bytesSource(hostile))).found).toEqual([]);
    await svg.plan(bytesSource(hostile), anotherSlotText).catch((error: unknown) => expect(error).toMatchObject({ name: 'LabelError' }));
  });

  it.each([
    ['many RDF elements', `<svg ${NS}>${'<RDF/>'.repeat(20)}</svg>`],
    ['many levels', `<svg ${NS}>${'<g>'.repeat(600)}${'</g>'.repeat(600)}</svg>`],
    ['many labels', `<svg ${NS}>${`<!--${LOOSE}-->`.repeat(20)}</svg>`],
    ['more than 16 MiB', `<svg ${NS}>${' '.repeat(17 << 20)}</svg>`],
  ])('says that it does not read %s, and does not edit it', async (_, source) => {
    expect((await svg.read(bytesSource(utf8(source)))).anomalies).toMatchObject([{ code: 'limit' }]);
    await expect(label(utf8(source))).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('draws the same pixels', async () => {
    for (const bytes of [utf8(texts['plain']![0]), ...corpusFiles('sample1.svg').map((file) => file.bytes())]) {
      const pixels = async (picture: Uint8Array): Promise<string> => latin1(await sharp(picture, { unlimited: true }).resize(64).raw().toBuffer());
      expect(await pixels(await label(bytes))).toBe(await pixels(bytes));
    }
  });
});

describe.skipIf(exiftoolMissing !== undefined)('svg before exiftool', () => {
  afterAll(endJudges);
  const files = [
    ...Object.entries(texts).map(([name, [source]]) => [name, utf8(source)] as const),
    ...corpusFiles('.svg').map((file) => [file.name, file.bytes()] as const),
  ];
  it.each(files)('%s', async (_, bytes) => {
    const rest = (tags: Record<string, unknown>): unknown =>
      Object.fromEntries(Object.entries(tags).filter(([tag, value]) => !/TC260/.test(tag) && !String(value).includes('AIGC:')));
    const after = await withFile('picture.svg', await label(bytes), exiftoolDump);
    expect(Object.entries(after).filter(([tag]) => tag.includes('TC260'))).toEqual([[expect.any(String), sampleSlotText.value]]);
    expect(rest(after)).toEqual(rest(await withFile('picture.svg', bytes, exiftoolDump)));
  });
});

describe.skipIf(corpusMissing !== undefined)('svg of the corpus', () => {
  it.each(corpusFiles('.svg').map((file) => [file.name, file] as const))('%s is labelled, and goes there and back', async (_, file) => {
    const after = await label(file.bytes());
    expect((await svg.read(bytesSource(after))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: true }]);
    expect(await label(await label(after, anotherSlotText))).toEqual(after);
  });
});
