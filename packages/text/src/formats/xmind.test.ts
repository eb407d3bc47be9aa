import { applySplices, bytesSource } from '@aigc-label/core';
import { type FormatFixture, sampleSlotText, testFormat, zip, zipStructure } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { untouched } from '../../test/zip-documents.ts';
import { xmind } from './xmind.ts';

const { membersOf, textIn, zipOf } = zip;
const { value } = sampleSlotText;

const CREATOR = '"creator":{"name":"Vana","version":"23.05"}';
const map = (metadata: string | undefined): readonly zip.ZipMember[] => [
  { name: 'content.json', data: '[{"id":"1","class":"sheet"}]', isDeflated: true },
  ...(metadata === undefined ? [] : [{ name: 'metadata.json', data: metadata }]),
  { name: 'manifest.json', data: '{"file-entries":{"content.json":{},"metadata.json":{}}}' },
];
const old = (meta: string | undefined): readonly zip.ZipMember[] => [
  { name: 'content.xml', data: '<xmap-content xmlns="urn:xmind:xmap:xmlns:content:2.0"/>' },
  ...(meta === undefined ? [] : [{ name: 'meta.xml', data: meta }]),
  {
    name: 'META-INF/manifest.xml',
    data: '<manifest xmlns="urn:xmind:xmap:xmlns:manifest:1.0"><file-entry full-path="content.xml" media-type="text/xml"/></manifest>',
  },
];
const meta = (inside: string): string => `<meta xmlns="urn:xmind:xmap:xmlns:meta:2.0" version="2.0">${inside}</meta>`;

const OURS: Readonly<Record<string, RegExp>> = {
  'metadata.json': /^\{"AIGC":\{[^}]*\}\}$|,"AIGC":\{.*\}(?=\s*\}$)|"AIGC":\{.*\}(?=\s*\}$)/s,
  'meta.xml': /^<\?xml[^>]*><meta[^>]*><AIGC>[^<]*<\/AIGC><\/meta>$|<AIGC>[^<]*<\/AIGC>/,
  'META-INF/manifest.xml': /<file-entry full-path="meta.xml"[^>]*>/,
};
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: untouched(OURS),
  ...more,
});

testFormat({
  format: xmind,
  hasEnd: true,
  structure: zipStructure,
  fixtures: [
    fixture('with metadata.json', zipOf(map(`{${CREATOR}\n}`))),
    fixture('without it', zipOf(map(undefined))),
    fixture('with labels twice, one in a string', zipOf(map(`{"AIGC":"{}", "AIGC" : {}, ${CREATOR}}`)), {
      slots: 2,
      untouched: (bytes) => [membersOf(bytes).filter(({ name }) => name !== 'metadata.json'), textIn(bytes, 'metadata.json')?.includes(CREATOR)],
    }),
    fixture('old, with meta.xml', zipOf(old(meta('<Author><Name>x</Name></Author>')))),
    fixture('old, without it', zipOf(old(undefined))),
    fixture('old, with a label elsewhere', zipOf(old(meta('<Comment>{"AIGC":{}}</Comment><aigc>{}</aigc>'))), {
      slots: 2,
      untouched: (bytes) => membersOf(bytes).filter(({ name }) => name !== 'meta.xml'),
    }),
    fixture(
      'encrypted',
      zipOf([
        ...old(undefined).slice(0, 1),
        { name: 'META-INF/manifest.xml', data: '<manifest><file-entry><encryption-data/></file-entry></manifest>' },
      ]),
      { refused: 'FORMAT_UNSUPPORTED_FEATURE' },
    ),
  ],
});

describe('xmind', () => {
  const plan = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await xmind.plan(bytesSource(bytes), sampleSlotText));

  it('says nothing of metadata that is no JSON', async () => {
    await expect(xmind.read(bytesSource(zipOf(map('{"a":1'))))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    await expect(plan(zipOf(map('{"a":1')))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('adds the last member of metadata.json', async () => {
    expect(textIn(await plan(zipOf(map(`{\n  ${CREATOR}\n}`))), 'metadata.json')).toBe(`{\n  ${CREATOR},"AIGC":${value}\n}`);
    expect(textIn(await plan(zipOf(map('{ }'))), 'metadata.json')).toBe(`{"AIGC":${value} }`);
    expect(textIn(await plan(zipOf(map(undefined))), 'metadata.json')).toBe(`{"AIGC":${value}}`);
  });

  it('keeps one of two labels, and every other character', async () => {
    expect(textIn(await plan(zipOf(map(`{"AIGC":"{}", "AIGC" : {}, ${CREATOR}}`))), 'metadata.json')).toBe(`{"AIGC" : ${value}, ${CREATOR}}`);
  });

  it('is recognised, old and new, and is not OpenDocument', async () => {
    for (const members of [map('{}'), map(undefined), old(meta('')), old(undefined)]) {
      expect(await xmind.recognises?.(bytesSource(zipOf(members)))).toBe(true);
    }
    expect(
      await xmind.recognises?.(bytesSource(zipOf([{ name: 'mimetype', data: 'application/vnd.oasis.opendocument.text' }, ...old(meta(''))]))),
    ).toBe(false);
  });
});
