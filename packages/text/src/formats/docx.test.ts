import { applySplices, bytesSource, type Slots, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  fixtureBytes,
  sampleSlotText,
  testFormat,
  withFile,
  zip,
  zipStructure,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import {
  CUSTOM_RELATIONSHIP,
  contentTypes,
  custom,
  OFFICE_OURS,
  OVERRIDE,
  officeParts,
  officeWith,
  property,
  relationship,
  relationships,
  untouched,
} from '../../test/zip-documents.ts';
import { docx } from './docx.ts';

const { membersOf, textIn, zipOf } = zip;
const { value } = sampleSlotText;
const escaped = value.replaceAll('"', '&quot;');
const lpwstr = (text: string): string => `<vt:lpwstr>${text}</vt:lpwstr>`;
const foreign = property('Client', lpwstr('A &amp; B'), 2);
const plain = zipOf(officeParts());

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: untouched(OFFICE_OURS),
  ...more,
});

const STRICT = 'http://purl.oclc.org/ooxml/officeDocument';

testFormat({
  format: docx,
  hasEnd: true,
  structure: zipStructure,
  fixtures: [
    fixture('the least that a document has', plain),
    fixture(
      'deflated, with descriptors, a comment and a custom property',
      zipOf(
        [
          ...officeParts('word/document.xml', { types: OVERRIDE, relationships: CUSTOM_RELATIONSHIP }).map(
            (member): zip.ZipMember => ({ ...member, isDeflated: true, descriptor: 'signed' }),
          ),
          { name: 'docProps/custom.xml', data: custom(foreign), isDeflated: true, descriptor: 'unsigned' },
          { name: 'word/media/image1.png', data: 'a picture' },
        ],
        { comment: 'a comment' },
      ),
    ),
    fixture(
      'every label at once: bare in the property, wrapped, in lower case, in the description',
      zipOf([
        ...officeParts('word/document.xml', {
          types: OVERRIDE,
          relationships:
            CUSTOM_RELATIONSHIP +
            relationship('rId3', 'http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties', 'docProps/core.xml'),
        }),
        {
          name: 'docProps/custom.xml',
          data: custom(
            foreign,
            property('AIGC', escaped, 3),
            property('aigc', lpwstr('{}'), 4),
            property('Note', lpwstr('{&quot;AIGC&quot;:{}}'), 5),
          ),
        },
        {
          name: 'docProps/core.xml',
          data: '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>T</dc:title><dc:description>{"AIGC":{"Label":"1"}}</dc:description></cp:coreProperties>',
        },
      ]),
      {
        slots: 4,
        untouched: (bytes) => [
          membersOf(bytes).filter(({ name }) => name.startsWith('word/')),
          textIn(bytes, 'docProps/custom.xml')?.includes(foreign),
          textIn(bytes, 'docProps/core.xml')?.includes('<dc:title>T</dc:title>'),
        ],
      },
    ),
    fixture(
      'ZIP64, with extra data everywhere',
      zipOf(
        officeParts().map((member) => ({
          ...member,
          localExtra: Uint8Array.of(0x20, 0xa2, 2, 0, 1, 2),
          centralExtra: Uint8Array.of(0x0a, 0, 4, 0, 0, 0, 0, 0),
        })),
        { isZip64: true },
      ),
    ),
    fixture(
      'Strict',
      zipOf([
        {
          name: '_rels/.rels',
          data: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${STRICT}/relationships/officeDocument" Target="word/document.xml"/></Relationships>`,
        },
        { name: '[Content_Types].xml', data: contentTypes() },
        { name: 'word/document.xml', data: '<w/>' },
      ]),
    ),
    fixture('made by LibreOffice', fixtureBytes('zip/text.docx')),
  ],
});

testFormat({
  format: docx,
  hasEnd: true,
  structure: zipStructure,
  fixtures: [
    fixture('signed', zipOf([...officeParts(), { name: '_xmlsignatures/sig1.xml', data: '<Signature/>' }]), {
      refused: 'FORMAT_UNSUPPORTED_FEATURE',
    }),
    fixture('custom properties that are none', officeWith('<html/>'), { refused: 'FILE_DAMAGED' }),
  ],
});

const labelled = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> =>
  applySplices(bytes, await docx.plan(bytesSource(bytes), slot));
const read = (bytes: Uint8Array): Promise<Slots> => docx.read(bytesSource(bytes));

describe('docx', () => {
  it('writes exactly the property of the guide, and what makes Office find it', async () => {
    const after = await labelled(plain);
    expect(textIn(after, 'docProps/custom.xml')).toBe(custom(property('AIGC', lpwstr(escaped), 2)));
    expect(textIn(after, '[Content_Types].xml')).toBe(contentTypes(OVERRIDE));
    expect(textIn(after, '_rels/.rels')).toBe(relationships('word/document.xml', CUSTOM_RELATIONSHIP));
  });

  it('adds a property behind those that stand there, with a number that is free', async () => {
    const after = await labelled(officeWith(custom(foreign, property('X', lpwstr('y'), 17))));
    expect(textIn(after, 'docProps/custom.xml')).toBe(custom(foreign, property('X', lpwstr('y'), 17), property('AIGC', lpwstr(escaped), 18)));
  });

  it('touches nothing but the text of a property that is right', async () => {
    const before = officeWith(custom(property('AIGC', lpwstr(escaped), 3), foreign));
    expect(await docx.plan(bytesSource(before), sampleSlotText)).toEqual([]);
    const after = await labelled(before, anotherSlotText);
    const other = anotherSlotText.value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    expect(textIn(after, 'docProps/custom.xml')).toBe(custom(property('AIGC', lpwstr(other), 3), foreign));
    expect(membersOf(after).slice(0, 3)).toEqual(membersOf(before).slice(0, 3));
  });

  it('goes into Strict documents with their own namespaces', async () => {
    const strict = zipOf([
      { name: '[Content_Types].xml', data: contentTypes() },
      {
        name: '_rels/.rels',
        data: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId2" Type="${STRICT}/relationships/officeDocument" Target="/word/document.xml"/></Relationships>`,
      },
      { name: 'word/document.xml', data: '<w/>' },
    ]);
    const after = await labelled(strict);
    expect(textIn(after, 'docProps/custom.xml')).toContain(`<Properties xmlns="${STRICT}/customProperties" xmlns:vt="${STRICT}/docPropsVTypes">`);
    expect(textIn(after, '_rels/.rels')).toContain(`Id="rId3" Type="${STRICT}/relationships/customProperties"`);
  });

  it.each([
    ['variant 26, the text directly in the property', property('AIGC', escaped, 2), value],
    ['variant 8, wrapped', property('AIGC', lpwstr(`{&quot;AIGC&quot;:${escaped}}`), 2), `{"AIGC":${value}}`],
    ['a name in another case', property('Aigc', lpwstr(escaped), 2), value],
    ['another type', property('AIGC', `<vt:bstr>${escaped}</vt:bstr>`, 2), value],
    ['a number that stands twice', property('AIGC', lpwstr(escaped), 2) + property('X', lpwstr('y'), 2), value],
  ])('reads %s, which is not the place of the guide unless it is as the guide says', async (name, inside, expected) => {
    const { found } = await read(officeWith(custom(inside)));
    expect(found).toMatchObject([{ value: expected, isGuidePlace: name.startsWith('variant 8') }]);
  });

  it('reads a part that nothing leads to, and connects it', async () => {
    const orphan = zipOf([...officeParts(), { name: 'docProps/custom.xml', data: custom(property('AIGC', lpwstr(escaped), 2)) }]);
    expect((await read(orphan)).found).toMatchObject([{ isGuidePlace: false, value }]);
    const after = await labelled(orphan);
    expect((await read(after)).found).toMatchObject([{ isGuidePlace: true, value }]);
    expect(membersOf(after).at(-1)).toEqual(membersOf(orphan).at(-1));
  });

  it('spells what Office would read as an escape so that nobody does', async () => {
    const fields = { ...sampleSlotText.fields, ProduceID: 'a_x0041_b' };
    const slot = { key: 'AIGC', value: JSON.stringify(fields), fields };
    const after = await labelled(plain, slot);
    expect(textIn(after, 'docProps/custom.xml')).not.toContain('_x0041_');
    expect(JSON.parse((await read(after)).found[0]?.value ?? '')).toEqual(fields);
    expect(await docx.plan(bytesSource(after), slot)).toEqual([]);
  });

  it('reads the label of an archive that must not be edited, and says why', async () => {
    const parts = officeParts('word/document.xml', { types: OVERRIDE, relationships: CUSTOM_RELATIONSHIP });
    const bytes = zipOf([
      ...parts,
      { name: 'docProps/custom.xml', data: custom(property('AIGC', lpwstr(escaped), 2)) },
      { name: '../evil', data: 'x' },
    ]);
    const { found, anomalies } = await read(bytes);
    expect(found).toMatchObject([{ value }]);
    expect(anomalies).toMatchObject([{ code: 'damaged', detail: expect.stringContaining('outside the folder') }]);
    await expect(labelled(bytes, anotherSlotText)).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it.each([
    ['a DOCTYPE in its properties', officeWith(`<!DOCTYPE x [<!ENTITY a "b">]>${custom(foreign)}`), 'FILE_DAMAGED'],
    ['encrypted parts', zipOf(officeParts().map((member) => ({ ...member, flags: 1 }))), 'FORMAT_UNSUPPORTED_FEATURE'],
    ['a descriptor that lies', zipOf(officeParts().map((member) => ({ ...member, descriptor: 'lying' }))), 'FILE_DAMAGED'],
  ])('says nothing of a document with %s: it may hide a label', async (_, bytes, code) => {
    await expect(read(bytes)).rejects.toMatchObject({ code });
    await expect(labelled(bytes)).rejects.toMatchObject({ code });
  });

  it('is recognised by its members, wherever they stand', async () => {
    const late = zipOf([
      { name: '[Content_Types].xml', data: 'x'.repeat(5000) },
      { name: 'word/document.xml', data: 'x' },
    ]);
    expect(await docx.recognises?.(bytesSource(late))).toBe(true);
    expect(await docx.recognises?.(bytesSource(zipOf(officeParts('xl/workbook.xml'))))).toBe(false);
    expect(await docx.recognises?.(bytesSource(zipOf([{ name: 'readme.txt', data: 'word/' }])))).toBe(false);
    // The directory is cut off: the head still says what it was.
    expect(await docx.recognises?.(bytesSource(plain.slice(0, -30)))).toBe(true);
    expect(docx.matches(utf8('PK\u0005\u0006'))).toBe(false);
  });
});

describe('docx before its judges', () => {
  afterAll(endJudges);
  const files = [{ name: 'zip/text.docx', bytes: () => fixtureBytes('zip/text.docx') }, ...corpusFiles('.docx')];
  for (const { name, bytes } of files) {
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool sees what it saw, and the label`, async () => {
      const before = await withFile('before.docx', bytes(), exiftoolDump);
      const after = await withFile('after.docx', await labelled(bytes()), exiftoolDump);
      const ours = Object.entries(after).filter(([tag]) => /AIGC/.test(tag));
      expect(ours.map(([, text]) => text)).toEqual([value]);
      // Of the members themselves `untouched` says more.
      const rest = (dump: Record<string, unknown>): unknown => Object.fromEntries(Object.entries(dump).filter(([tag]) => !/AIGC|^ZIP:/.test(tag)));
      expect(rest(after)).toEqual(rest(before));
    });
  }

  it.skipIf(corpusMissing !== undefined)('the document of the corpus keeps all its members', async () => {
    const [file] = corpusFiles('ooxml.docx');
    const bytes = file?.bytes() ?? new Uint8Array();
    expect(untouched(OFFICE_OURS)(await labelled(bytes))).toEqual(untouched(OFFICE_OURS)(bytes));
  });
});
