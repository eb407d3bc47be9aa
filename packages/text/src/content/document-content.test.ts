import { applySplices, bytesSource } from '@aigc-label/core';
import { digestOf, fixtureBytes, sampleSlotText, testContent, zip } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { odfMeta, odfParts } from '../../test/zip-documents.ts';
import { epub } from '../formats/epub.ts';
import { odp } from '../formats/odp.ts';
import { ods } from '../formats/ods.ts';
import { odt } from '../formats/odt.ts';
import { ofd } from '../formats/ofd.ts';
import { xmind } from '../formats/xmind.ts';

const { zipOf } = zip;
const client = '<meta:user-defined meta:name="Client">A</meta:user-defined>';
const odf = (inside: string): Uint8Array => zipOf(odfParts(odfMeta(inside)));
const META_LINE = '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>';
const noMeta = zipOf(odfParts(undefined));

testContent({
  format: odt,
  fixtures: [
    {
      name: 'no metadata',
      bytes: noMeta,
      edited: [{ by: 'another program that lists metadata that is not there', bytes: zipOf(odfParts(undefined, { manifest: META_LINE })) }],
      changed: [
        { how: 'metadata is added', bytes: zipOf(odfParts(odfMeta(client), { manifest: META_LINE })) },
        { how: 'the manifest lists something else', bytes: zipOf(odfParts(undefined, { manifest: META_LINE.replace('meta.xml', 'x.xml') })) },
      ],
    },
    {
      name: 'metadata, and a label in the description',
      bytes: odf(`<dc:description>{"AIGC":{}}</dc:description><dc:date>2026-01-01T00:00:00</dc:date>${client}`),
      edited: [{ by: 'an office', bytes: odf(`<dc:description></dc:description><dc:date>2027-12-31T23:59:59</dc:date>${client}`) }],
      changed: [
        {
          how: 'a property says something else',
          bytes: odf(`<dc:description/><dc:date>2026-01-01T00:00:00</dc:date>${client.replace('>A<', '>B<')}`),
        },
        { how: 'there is a title', bytes: odf(`<dc:title>T</dc:title><dc:description/><dc:date>2026-01-01T00:00:00</dc:date>${client}`) },
      ],
    },
    {
      name: 'deflated metadata that says nothing',
      bytes: zipOf([
        ...odfParts(undefined),
        { name: 'meta.xml', data: odfMeta('').replace('<office:meta></office:meta>', ''), isDeflated: true, descriptor: 'signed' },
      ]),
      edited: [
        { by: 'an office', bytes: zipOf([...odfParts(undefined), { name: 'meta.xml', data: odfMeta(''), isDeflated: true, descriptor: 'signed' }]) },
      ],
    },
  ],
});
testContent({ format: ods, fixtures: [{ name: 'a table', bytes: zipOf(odfParts(undefined, { type: 'spreadsheet' })) }] });
testContent({ format: odp, fixtures: [{ name: 'slides', bytes: zipOf(odfParts(undefined, { type: 'presentation' })) }] });

const book = (metadata: string, chapter = '甲'): Uint8Array =>
  zipOf([
    { name: 'mimetype', data: 'application/epub+zip' },
    {
      name: 'META-INF/container.xml',
      data: '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile full-path="0.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
    },
    {
      name: '0.opf',
      data: `<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">${metadata}</metadata><spine/></package>`,
    },
    { name: '1.xhtml', data: `<html xmlns="http://www.w3.org/1999/xhtml">${chapter}</html>`, isDeflated: true },
  ]);
const modified = (time: string): string => `<meta property="dcterms:modified">${time}</meta>`;
testContent({
  format: epub,
  fixtures: [
    {
      name: 'a book',
      bytes: book(`<dc:title>T</dc:title>${modified('2026')}`),
      edited: [{ by: 'a shop', bytes: book(`<dc:title>T</dc:title>${modified('2027-01-01')}<meta name="aigc" content="{}"/>`) }],
      changed: [
        { how: 'it has another title', bytes: book(`<dc:title>U</dc:title>${modified('2026')}`) },
        { how: 'a word is another one', bytes: book(`<dc:title>T</dc:title>${modified('2026')}`, '乙') },
        {
          how: 'the element of a label says how the book is laid out, too',
          bytes: book(`<dc:title>T</dc:title>${modified('2026')}<meta name="AIGC" property="rendition:layout">pre-paginated</meta>`),
        },
        { how: 'it has another cover', bytes: book(`<dc:title>T</dc:title>${modified('2026')}<meta name="cover" content="x"/>`) },
      ],
    },
    { name: 'no metadata', bytes: book('') },
    { name: 'labels in other forms', bytes: book('<meta property="AIGC">{}</meta><dc:description>{"AIGC":{}}</dc:description>') },
  ],
});

const page: zip.ZipMember = { name: 'Doc_0/Pages/Page_0/Content.xml', data: '<ofd:Page>甲</ofd:Page>' };
const office = (info: string): Uint8Array =>
  zipOf([
    {
      name: 'OFD.xml',
      data: `<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016"><ofd:DocBody><ofd:DocInfo>${info}</ofd:DocInfo><ofd:DocRoot>x</ofd:DocRoot></ofd:DocBody></ofd:OFD>`,
    },
    page,
  ]);
const datum = (name: string, text: string): string => `<ofd:CustomData Name="${name}">${text}</ofd:CustomData>`;
const list = (...data: readonly string[]): string => `<ofd:CustomDatas>${data.join('')}</ofd:CustomDatas>`;
testContent({
  format: ofd,
  fixtures: [
    {
      name: 'a document',
      bytes: office('<ofd:ModDate>2026-01-01</ofd:ModDate>'),
      edited: [{ by: 'another program', bytes: office(`<ofd:ModDate>2026-12-31</ofd:ModDate>${list(datum('aigc', '{}'))}`) }],
      changed: [{ how: 'it has a title', bytes: office('<ofd:Title>T</ofd:Title><ofd:ModDate>2026-01-01</ofd:ModDate>') }],
    },
    {
      name: 'data of somebody else',
      bytes: office(list(datum('Client', 'A'))),
      changed: [{ how: 'it says something else', bytes: office(list(datum('Client', 'B'))) }],
    },
    { name: 'an empty list', bytes: office('<ofd:CustomDatas/>'), edited: [{ by: 'another program', bytes: office('') }] },
  ],
});

const content: zip.ZipMember = { name: 'content.json', data: '[{"title":"甲"}]' };
const map = (metadata: string | undefined): Uint8Array =>
  zipOf([content, { name: 'manifest.json', data: '{}' }, ...(metadata === undefined ? [] : [{ name: 'metadata.json', data: metadata }])]);
const old = (meta: string | undefined): Uint8Array =>
  zipOf([
    { name: 'content.xml', data: '<xmap-content>甲</xmap-content>' },
    ...(meta === undefined ? [] : [{ name: 'meta.xml', data: `<meta xmlns="urn:xmind:xmap:xmlns:meta:2.0" version="2.0">${meta}</meta>` }]),
    { name: 'META-INF/manifest.xml', data: '<manifest xmlns="urn:xmind:xmap:xmlns:manifest:1.0"/>' },
  ]);
testContent({
  format: xmind,
  fixtures: [
    {
      name: 'metadata in JSON',
      bytes: map('{"creator":{"name":"x"}\n}'),
      edited: [{ by: 'another program', bytes: map('{"AIGC":"{}", "creator":{"name":"x"}, "AIGC": {}\n}') }],
      changed: [{ how: 'another creator', bytes: map('{"creator":{"name":"y"}\n}') }],
    },
    { name: 'no metadata in JSON', bytes: map(undefined), changed: [{ how: 'empty metadata is added', bytes: map('{}') }] },
    { name: 'old, with metadata', bytes: old('<Author>x</Author>'), changed: [{ how: 'another author', bytes: old('<Author>y</Author>') }] },
    { name: 'old, without', bytes: old(undefined) },
  ],
});

describe('content of real documents and books', () => {
  it.each([
    ['zip/text.odt', odt],
    ['zip/sheet.ods', ods],
    ['zip/book.epub', epub],
  ] as const)('%s is the same before and after labelling', async (path, format) => {
    const bytes = await fixtureBytes(path);
    const before = await digestOf(format, bytes);
    expect(before.excerpts).not.toBe('');
    expect(await digestOf(format, applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText)))).toEqual(before);
  });
});
