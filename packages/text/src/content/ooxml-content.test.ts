import { applySplices, bytesSource, LabelError } from '@aigc-label/core';
import { digestOf, fixtureBytes, sampleSlotText, testContent, zip } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { CUSTOM_RELATIONSHIP, custom, OVERRIDE, officeParts, officeWith, property, relationship } from '../../test/zip-documents.ts';
import { docx } from '../formats/docx.ts';
import { pptx } from '../formats/pptx.ts';
import { xlsx } from '../formats/xlsx.ts';

const { zipOf } = zip;
const lpwstr = (text: string): string => `<vt:lpwstr>${text}</vt:lpwstr>`;
const client = property('Client', lpwstr('A &amp; B'), 2);

const core = (title: string, modified: string, description = ''): zip.ZipMember => ({
  name: 'docProps/core.xml',
  data: `<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:d="http://purl.org/dc/terms/"><dc:title>${title}</dc:title><d:modified>${modified}</d:modified>${description}</c:coreProperties>`,
});
const withCore = (part: zip.ZipMember): Uint8Array => zipOf([...officeParts(), part]);
const deflated = (customXml: string): Uint8Array =>
  zipOf(
    [
      ...officeParts('word/document.xml', { types: OVERRIDE, relationships: CUSTOM_RELATIONSHIP }).map(
        (member): zip.ZipMember => ({ ...member, isDeflated: true, descriptor: 'signed' }),
      ),
      { name: 'docProps/custom.xml', data: customXml, isDeflated: true, descriptor: 'unsigned' },
    ],
    { comment: 'a comment' },
  );
const isZip64 = { isZip64: true };
const plain = zipOf(officeParts());
const appended = (bytes: Uint8Array, ...more: readonly number[]): Uint8Array => Uint8Array.from([...bytes, ...more]);

testContent({
  format: docx,
  fixtures: [
    {
      name: 'the least that a document has',
      bytes: plain,
      edited: [{ by: 'Office listing custom properties that are not there', bytes: zipOf(officeParts('word/document.xml', { types: OVERRIDE })) }],
      changed: [
        { how: 'bytes follow the archive', bytes: appended(plain, 0x50, 0x4b) },
        { how: 'the archive has a comment', bytes: zipOf(officeParts(), { comment: 'x' }) },
        { how: 'a member is added', bytes: zipOf([...officeParts(), { name: 'word/extra.xml', data: '<w/>' }]) },
        {
          how: 'another relationship is added',
          bytes: zipOf(officeParts('word/document.xml', { relationships: relationship('rId9', 'urn:x', 'y') })),
        },
      ],
    },
    {
      name: 'deflated, with descriptors, a comment and a custom property',
      bytes: deflated(custom(client)),
      changed: [
        { how: 'the custom property says something else', bytes: deflated(custom(property('Client', lpwstr('A &amp; C'), 2))) },
        { how: 'a second custom property is added', bytes: deflated(custom(client, property('Other', lpwstr('x'), 3))) },
      ],
    },
    {
      name: 'ZIP64, with extra data everywhere, and a property that holds nothing',
      bytes: zipOf(
        [
          ...officeParts('word/document.xml', { relationships: CUSTOM_RELATIONSHIP }).map((member) => ({
            ...member,
            localExtra: Uint8Array.of(0x20, 0xa2, 2, 0, 1, 2),
            centralExtra: Uint8Array.of(0x0a, 0, 4, 0, 0, 0, 0, 0),
          })),
          { name: 'docProps/custom.xml', data: custom().replace('></Properties>', '/>') },
        ],
        isZip64,
      ),
    },
    {
      name: 'a label in the description, and a time',
      bytes: withCore(core('T', '2026-01-01T00:00:00Z', '<dc:description>{"AIGC":{"Label":"1"}}</dc:description>')),
      edited: [
        {
          by: 'a program that saved it again',
          bytes: withCore(core('T', '2027-12-31T23:59:59Z', '<dc:description>{"AIGC":{"Label":"2"}}</dc:description>')),
        },
      ],
      changed: [
        { how: 'it has another title, which its first page may show', bytes: withCore(core('U', '2026-01-01T00:00:00Z')) },
        { how: 'the description is none of a label', bytes: withCore(core('T', '2026-01-01T00:00:00Z', '<dc:description>x</dc:description>')) },
      ],
    },
  ],
});

testContent({ format: xlsx, fixtures: [{ name: 'the least', bytes: zipOf(officeParts('xl/workbook.xml')) }] });
testContent({ format: pptx, fixtures: [{ name: 'the least', bytes: zipOf(officeParts('ppt/presentation.xml')) }] });

describe('content of real documents', () => {
  it.each([
    ['zip/text.docx', docx],
    ['zip/sheet.xlsx', xlsx],
    ['zip/slides.pptx', pptx],
  ] as const)('%s is the same before and after labelling', async (path, format) => {
    const bytes = await fixtureBytes(path);
    const before = await digestOf(format, bytes);
    expect(before.excerpts).not.toBe('');
    expect(await digestOf(format, applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText)))).toEqual(before);
  });
});

describe('what hides in an Office document', () => {
  it('is covered where it only looks like an added part: more data in its header, or another property', async () => {
    const labelled = applySplices(plain, await docx.plan(bytesSource(plain), sampleSlotText));
    const part = zip.textIn(labelled, 'docProps/custom.xml') as string;
    const members = [...officeParts('word/document.xml', { types: OVERRIDE, relationships: CUSTOM_RELATIONSHIP })];
    const before = (await digestOf(docx, plain)).hash;
    for (const member of [{ name: 'docProps/custom.xml', data: part, localExtra: Uint8Array.of(1, 0x99, 0, 0) }]) {
      expect((await digestOf(docx, zipOf([...members, member]))).hash).not.toBe(before);
    }
    expect((await digestOf(docx, officeWith(part.replace('</Properties>', `${client}</Properties>`)))).hash).not.toBe(before);
  });

  it('is refused where a name stands twice, or the local header says another one', async () => {
    const twice = zipOf([...officeParts(), { name: 'word/document.xml', data: '<x/>' }]);
    await expect(digestOf(docx, twice)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    const renamed = zipOf([...officeParts(), { name: 'word/a.xml', localName: 'word/b.xml', data: '<x/>' }]);
    await expect(digestOf(docx, renamed)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('is refused where the short end record says other numbers than the 64-bit one', async () => {
    const wide = Buffer.from(zipOf(officeParts(), isZip64));
    const [end, record] = [wide.length - 22, wide.length - 22 - 20 - 56];
    wide.writeUInt16LE(3, end + 8);
    wide.writeUInt16LE(3, end + 10);
    wide.writeUInt32LE(wide.readUInt32LE(record + 40), end + 12);
    wide.writeUInt32LE(wide.readUInt32LE(record + 48), end + 16);
    const both = new Uint8Array(wide);
    const before = await digestOf(docx, both);
    expect(await digestOf(docx, applySplices(both, await docx.plan(bytesSource(both), sampleSlotText)))).toEqual(before);
    for (const at of [8, 10, 12, 16]) {
      const lie = both.slice();
      lie[end + at] = (lie[end + at] as number) ^ 1;
      await expect(digestOf(docx, lie)).rejects.toBeInstanceOf(LabelError);
    }
  });
});
