import { applySplices, bytesSource, type Slots } from '@aigc-label/core';
import {
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
import { ODF_OURS, odfMeta, odfParts, untouched } from '../../test/zip-documents.ts';
import { odt } from './odt.ts';
import { xmind } from './xmind.ts';

const { membersOf, textIn, zipOf } = zip;
const { value } = sampleSlotText;
const escaped = value.replaceAll('"', '&quot;');
const title = '<dc:title>A &amp; B</dc:title><meta:user-defined meta:name="Client">somebody</meta:user-defined>';
const ours = `<meta:user-defined meta:name="AIGC" meta:value-type="string">${escaped}</meta:user-defined>`;
const entry = '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>';

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: untouched(ODF_OURS),
  ...more,
});

testFormat({
  format: odt,
  hasEnd: true,
  structure: zipStructure,
  fixtures: [
    fixture('metadata', zipOf(odfParts(odfMeta(title), { manifest: entry }))),
    fixture('no metadata', zipOf(odfParts(undefined))),
    fixture(
      'made by OpenOffice 2, whose manifest names a DTD',
      zipOf(odfParts(undefined, { doctype: '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd">\n' })),
    ),
    fixture(
      'nothing in its metadata',
      zipOf(odfParts('<o:document-meta xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>', { manifest: entry })),
      {
        untouched: (bytes) => membersOf(bytes).filter(({ name }) => name !== 'meta.xml'),
      },
    ),
    fixture(
      'labels in other forms',
      zipOf(
        odfParts(
          odfMeta(
            `<meta:user-defined meta:name="aigc">{}</meta:user-defined><dc:description>AIGC:{"a":1}</dc:description><meta:user-defined meta:name="X">{"AIGC":{}}</meta:user-defined>${title}`,
          ),
        ),
      ),
      { slots: 3, untouched: (bytes) => [membersOf(bytes).filter(({ name }) => name !== 'meta.xml'), textIn(bytes, 'meta.xml')?.includes(title)] },
    ),
    fixture('made by LibreOffice', fixtureBytes('zip/text.odt')),
    fixture('signed', zipOf([...odfParts(odfMeta(title)), { name: 'META-INF/documentsignatures.xml', data: '<x/>' }]), {
      refused: 'FORMAT_UNSUPPORTED_FEATURE',
    }),
  ],
});

const labelled = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await odt.plan(bytesSource(bytes), sampleSlotText));
const read = (bytes: Uint8Array): Promise<Slots> => odt.read(bytesSource(bytes));

describe('odt', () => {
  it('adds one user-defined property, and leaves mimetype the first member, stored', async () => {
    const after = await labelled(zipOf(odfParts(odfMeta(title), { manifest: entry })));
    expect(after).toEqual(zipOf(odfParts(odfMeta(title + ours), { manifest: entry })));
  });

  it('says nothing of an encrypted document', async () => {
    const data = '<manifest:file-entry manifest:full-path="meta.xml"><manifest:encryption-data/></manifest:file-entry>';
    for (const meta of ['\u0001\u0002', undefined]) {
      const bytes = zipOf(odfParts(meta, { manifest: data }));
      await expect(odt.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
    }
    await expect(read(zipOf(odfParts('\u0001\u0002', { manifest: data })))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it.each(['not the first member', 'deflated'])('is an odt, and no xmind, where its mimetype is %s', async (where) => {
    const parts = odfParts(odfMeta(title), { manifest: entry });
    const bytes = zipOf(where === 'deflated' ? parts.map((part) => ({ ...part, isDeflated: true })) : parts.toReversed());
    expect([await odt.recognises?.(bytesSource(bytes)), await xmind.recognises?.(bytesSource(bytes))]).toEqual([true, false]);
    expect((await read(await labelled(bytes))).found).toMatchObject([{ isGuidePlace: true }]);
  });

  it('lists the metadata in the manifest where it makes it', async () => {
    const after = await labelled(zipOf(odfParts(undefined)));
    expect(textIn(after, 'META-INF/manifest.xml')).toContain(entry);
    expect((await read(after)).found).toMatchObject([{ isGuidePlace: true, value }]);
  });

  it('takes what LibreOffice makes of it when it saves again for what it is', async () => {
    const saved = zipOf(odfParts(odfMeta(`<meta:user-defined meta:name="AIGC">${escaped}</meta:user-defined>`)));
    expect(await odt.plan(bytesSource(saved), sampleSlotText)).toEqual([]);
  });

  it.each([
    ['text-template', true],
    ['spreadsheet', false],
    ['graphics', false],
    ['textual', false],
  ])('recognises %s: %s', async (type, isIt) => {
    expect(await odt.recognises?.(bytesSource(zipOf(odfParts(undefined, { type }))))).toBe(isIt);
  });

  it('recognises a mimetype whose size follows it', async () => {
    const [first, ...rest] = odfParts(undefined);
    expect(await odt.recognises?.(bytesSource(zipOf([{ ...first!, descriptor: 'signed' }, ...rest])))).toBe(true);
  });
});

describe('odt before its judges', () => {
  afterAll(endJudges);
  it.skipIf(exiftoolMissing !== undefined)('exiftool sees what it saw, and the label', async () => {
    const bytes = fixtureBytes('zip/text.odt');
    const before = await withFile('before.odt', bytes, exiftoolDump);
    const after = await withFile('after.odt', await labelled(bytes), exiftoolDump);
    expect(Object.values(after)).toContain(value);
    for (const [tag, text] of Object.entries(before).filter(([name]) => !name.startsWith('ZIP:'))) {
      expect(after[tag], tag).toEqual(text);
    }
  });
});
