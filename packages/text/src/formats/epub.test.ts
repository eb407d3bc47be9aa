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
import { untouched } from '../../test/zip-documents.ts';
import { epub } from './epub.ts';

const { membersOf, textIn, zipOf } = zip;
const { value } = sampleSlotText;
const escaped = value.replaceAll('"', '&quot;');
const title = '<dc:title>A &amp; B</dc:title><meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>';

const opf = (metadata: string): string =>
  `<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">${metadata}</metadata><manifest/><spine/></package>`;
const book = (...packages: readonly string[]): readonly zip.ZipMember[] => [
  { name: 'mimetype', data: 'application/epub+zip' },
  {
    name: 'META-INF/container.xml',
    data: `<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>${packages.map((_, index) => `<rootfile full-path="OEBPS/${index}.opf" media-type="application/oebps-package+xml"/>`).join('')}</rootfiles></container>`,
  },
  ...packages.map((data, index) => ({ name: `OEBPS/${index}.opf`, data })),
  { name: 'OEBPS/1.xhtml', data: '<html xmlns="http://www.w3.org/1999/xhtml"/>' },
];
const OURS: Readonly<Record<string, RegExp>> = {
  'OEBPS/0.opf': /<(?:opf:)?meta name="AIGC" content="[^"]*"\/>/,
  'OEBPS/content.opf': /<meta name="AIGC" content="[^"]*"\/>/,
};
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: untouched(OURS),
  ...more,
});
const foreignMembers = (bytes: Uint8Array): unknown => membersOf(bytes).filter(({ name }) => !name.endsWith('.opf'));

testFormat({
  format: epub,
  hasEnd: true,
  structure: zipStructure,
  fixtures: [
    fixture('a book', zipOf(book(opf(title)))),
    fixture(
      'with prefixes',
      zipOf(
        book(
          opf(title)
            .replaceAll(/<(\/?)(package|metadata|meta|manifest|spine)\b/g, '<$1opf:$2')
            .replace('xmlns=', 'xmlns:opf='),
        ),
      ),
    ),
    fixture(
      'labels in other forms, in two renditions',
      zipOf(
        book(
          opf(`<meta name="aigc" content="{}"/><meta property="AIGC">{}</meta><dc:description>{"AIGC":{}}</dc:description>${title}`),
          opf(`<meta name="AIGC" content="{}"/>${title}`),
        ),
      ),
      {
        slots: 4,
        untouched: (bytes) => [foreignMembers(bytes), textIn(bytes, 'OEBPS/0.opf')?.includes(title), textIn(bytes, 'OEBPS/1.opf')?.includes(title)],
      },
    ),
    fixture('made by LibreOffice', fixtureBytes('zip/book.epub')),
    fixture('signed', zipOf([...book(opf(title)), { name: 'META-INF/signatures.xml', data: '<x/>' }]), { refused: 'FORMAT_UNSUPPORTED_FEATURE' }),
    fixture(
      'with an encrypted package document',
      zipOf([...book(opf(title)), { name: 'META-INF/encryption.xml', data: '<e><CipherReference URI="OEBPS/0.opf"/></e>' }]),
      { refused: 'FORMAT_UNSUPPORTED_FEATURE' },
    ),
    fixture('without a package document', zipOf(book()), { refused: 'FILE_DAMAGED' }),
  ],
});

const labelled = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await epub.plan(bytesSource(bytes), sampleSlotText));
const read = (bytes: Uint8Array): Promise<Slots> => epub.read(bytesSource(bytes));

describe('epub', () => {
  it('adds one meta behind the others, and leaves mimetype the first member, stored', async () => {
    expect(await labelled(zipOf(book(opf(title))))).toEqual(zipOf(book(opf(`${title}<meta name="AIGC" content="${escaped}"/>`))));
  });

  it('reads what stands in the x-metadata of an old book', async () => {
    const old = zipOf(book(opf(`<dc-metadata>${title}</dc-metadata><x-metadata><meta name="AIGC" content="${escaped}"/></x-metadata>`)));
    expect((await read(old)).found).toMatchObject([{ isGuidePlace: true, value }]);
  });

  it('finds a package document whose path is written as a URL has it', async () => {
    const spaced = book(opf(title)).map((member) => ({
      ...member,
      name: member.name.replace('OEBPS/0', 'My Book/0'),
      ...(member.name === 'META-INF/container.xml' ? { data: String(member.data).replace('OEBPS/0', 'My%20Book/0') } : {}),
    }));
    expect((await read(await labelled(zipOf(spaced)))).found).toMatchObject([{ isGuidePlace: true, value }]);
  });

  it.each(['no container', 'a container that leads nowhere'])('is not called unlabelled with %s', async (name) => {
    const broken = name === 'no container' ? book(opf(title)).filter((member) => !member.name.startsWith('META-INF')) : book(opf(title)).slice(0, 2);
    expect(await read(zipOf(broken))).toMatchObject({ found: [], anomalies: [{ code: 'damaged', site: 'META-INF/container.xml' }] });
  });

  it('is labelled where only fonts are obfuscated', async () => {
    const fonts = { name: 'META-INF/encryption.xml', data: '<e><CipherReference URI="OEBPS/font.otf"/></e>' };
    expect((await read(await labelled(zipOf([...book(opf(title)), fonts])))).found).toMatchObject([{ isGuidePlace: true, value }]);
  });

  it('is recognised by its container where mimetype is not the first member', async () => {
    expect(await epub.recognises?.(bytesSource(zipOf(book(opf(title)).toReversed())))).toBe(true);
  });
});

describe('epub before its judges', () => {
  afterAll(endJudges);
  it.skipIf(exiftoolMissing !== undefined)('exiftool sees what it saw, and the label', async () => {
    const bytes = fixtureBytes('zip/book.epub');
    const before = await withFile('before.epub', bytes, exiftoolDump);
    const after = await withFile('after.epub', await labelled(bytes), exiftoolDump);
    expect(JSON.stringify(after)).toContain(JSON.stringify(value).slice(1, -1));
    // exiftool numbers the items of the manifest in an order that changes from run to run.
    const plain = (dump: Record<string, unknown>): unknown =>
      Object.entries(dump).filter(([tag]) => !/^ZIP:|Manifest|Copy|Meta(?:Name|Content)$/.test(tag));
    expect(plain(after)).toEqual(plain(before));
  });
});
