import { applySplices, bytesSource, concat, type SlotText } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  fixtureBytes,
  pdfBuild,
  pdfStructure,
  sampleSlotText,
  strangeSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { pdf } from './pdf.ts';

const { header, page, revision, flate, open } = pdfBuild;
const TRAILER = '/Root 1 0 R/Info 4 0 R';
const literal = (text: string): string => `(${text.replace(/[\\()]/g, '\\$&')})`;
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
const bytesOf = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));
const packet = (body: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:format="application/pdf"/>${body}</rdf:RDF></x:xmpmeta>`;
const xmpLabel = `<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><TC260:AIGC>{"Label":"1"}</TC260:AIGC></rdf:Description>`;
const identified = `${TRAILER}/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]/DocChecksum /0A`;

const plainPdf = (info: string, extra: Readonly<Record<number, string>> = {}, catalog = ''): Uint8Array =>
  revision(header(), { objects: { ...page(catalog), 4: info, ...extra }, trailer: identified });

const wrapped = '{"AIGC":{"Label":"1","ContentProducer":"somebody (a \\"name\\")"}}';
const withLabel = (value: string): string => `<</Title(Words \\(and more\\)) /AIGC ${literal(value)}/Trapped /False>>`;
const noEnd = (bytes: Uint8Array): Uint8Array => bytes.slice(0, bytes.lastIndexOf(0x46) + 1);

const built: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  'a wrapped label, not escaped (row 27)': [plainPdf(`<</Title(x)/AIGC (${wrapped})>>`), 1],
  'labels in Info, twice, and in packed XMP': [
    plainPdf(
      `<</AIGC <${Buffer.from('\ufeff{"Label":"1"}', 'utf16le').swap16().toString('hex')}> /A#49GC (x)>>`,
      { 5: flate(packet(xmpLabel), '/Type/Metadata/Subtype/XML') },
      '/Metadata 5 0 R',
    ),
    3,
  ],
  'a hybrid file, Info hidden from old readers': [
    revision(header('1.4'), { objects: page(), trailer: TRAILER, packed: { 4: '<</Title(Hidden)>>' } }),
    0,
  ],
  'no Info, white space before the header, no end of line at the end': [
    noEnd(revision(concat(bytesOf('\r\n  '), header()), { objects: page(), trailer: '/Root 1 0 R' }, 4)),
    0,
  ],
  'a label that another update has taken away': [
    revision(plainPdf(withLabel(wrapped)), { objects: { 3: page()[3]!, 4: '<</Title(x)>>', 5: '[]' }, trailer: TRAILER }),
    1,
  ],
};

/** Every kind of encryption that opens without a password. */
const ENCRYPTED = ['rc4', 'rc4-128', 'aes128', 'aes128-os', 'r5', 'aes256', 'aes256-os'] as const;

const fixtures: readonly FormatFixture[] = [
  ...['ghostscript', 'object-streams', 'linearized', 'aes128'].map((name): FormatFixture => fixtureOf(name, fixtureBytes(`pdf/${name}.pdf`), 0)),
  ...Object.entries(built).map(([name, [bytes, slots]]): FormatFixture => fixtureOf(name, bytes, slots)),
];

/** All bytes of the file stay, to the last one. */
function fixtureOf(name: string, bytes: Uint8Array, slots: number): FormatFixture {
  return { name, bytes, slots, untouched: (after) => Buffer.from(after.slice(0, bytes.length)).toString('base64') };
}

testFormat({ format: pdf, fixtures, hasEnd: true, structure: pdfStructure });

const label = async (bytes: Uint8Array, slot: SlotText = sampleSlotText): Promise<Uint8Array> =>
  applySplices(bytes, await pdf.plan(bytesSource(bytes), slot));
const read = (bytes: Uint8Array) => pdf.read(bytesSource(bytes));
const refusal = (bytes: Uint8Array) =>
  pdf.plan(bytesSource(bytes), sampleSlotText).then(
    () => undefined,
    ({ code }) => code,
  );

describe('pdf', () => {
  it('keeps the other entries of Info and of the trailer to the byte, and says what kind of section follows', async () => {
    const before = plainPdf(withLabel(wrapped));
    const update = text((await label(before)).subarray(before.length));
    expect(update).toContain(`4 0 obj\n<</Title(Words \\(and more\\)) /Trapped /False/AIGC ${literal(sampleSlotText.value)}>>\nendobj\nxref\n4 1\n`);
    expect(update).toContain('/DocChecksum /0A\n');
    expect(update).toMatch(/\/ID\[<00112233445566778899aabbccddeeff><(?!00112233)[0-9a-f]{32}>\]/);
    expect(update.match(/\/AIGC /g)).toHaveLength(1);
    const [hybrid] = built['a hybrid file, Info hidden from old readers']!;
    expect(text((await label(hybrid)).subarray(hybrid.length))).toContain('4 0 obj\n<</Title(Hidden)/AIGC ');
    const stream = fixtureBytes('pdf/object-streams.pdf');
    expect(text((await label(stream)).subarray(stream.length))).toMatch(/\/Type\/XRef\/Size \d+\/W\[1 2 2\]/);
  });

  it('escapes what a literal string cannot hold, and reads it back', async () => {
    const value = '{"ProduceID":"a ) b ( c \\\\ d \\" e"}';
    const after = await label(plainPdf('<<>>'), { key: 'AIGC', value, fields: {} });
    expect(text(after)).toContain('/AIGC ({"ProduceID":"a \\) b \\( c \\\\\\\\ d \\\\" e"})>>');
    expect((await read(after)).found).toMatchObject([{ value, isGuidePlace: true }]);
    expect((await read(await label(plainPdf('<<>>'), strangeSlotText))).found).toMatchObject([{ value: strangeSlotText.value, isGuidePlace: true }]);
  });

  it('takes a label out of the XMP, packed or open, and leaves the rest of it', async () => {
    for (const stream of [flate(packet(xmpLabel), '/Type/Metadata'), open(packet(xmpLabel), '/Type/Metadata')]) {
      const before = plainPdf('<<>>', { 5: stream }, '/Metadata 5 0 R');
      expect((await read(before)).found).toMatchObject([{ site: 'pdf/Metadata/TC260:AIGC', isGuidePlace: false }]);
      const after = await label(before);
      expect((await read(after)).found).toMatchObject([{ site: 'pdf/Info/AIGC' }]);
      expect(text(after.subarray(before.length))).toContain(
        `5 0 obj\n<</Type/Metadata /Length ${packet('').length}>>\nstream\n${packet('')}\nendstream`,
      );
    }
  });

  it('reads strings of every kind', async () => {
    const value = '{"Label":"1"}';
    const hexadecimal = (bytes: Buffer): string => `<${bytes.toString('hex')}>`;
    const kinds: readonly (readonly [string, string, boolean])[] = [
      [literal(value), value, true],
      ['({"La\\\nbel":"\\061"})', value, true],
      [hexadecimal(Buffer.from(value)), value, false],
      [hexadecimal(Buffer.from(`\ufeff${value}`)), value, false],
      [hexadecimal(Buffer.from(`\ufeff${value}`, 'utf16le').swap16()), value, false],
      [hexadecimal(Buffer.from(`\ufeff${value}`, 'utf16le')), value, false],
      ['({"a":"\\"x\\""})', '{"a":"\\"x\\""}', false],
      ['(caf\\351 \\225\\240)', 'café Ł€', false],
      [`(${Buffer.from('{"a":"中"}').toString('latin1')})`, '{"a":"中"}', false],
    ];
    for (const [raw, expected, isGuidePlace] of kinds) {
      expect((await read(plainPdf(`<</AIGC ${raw}>>`))).found, raw).toMatchObject([{ value: expected, isGuidePlace }]);
    }
    expect((await read(plainPdf('<</AIGC /Name>>'))).anomalies).toMatchObject([{ code: 'undecodable' }]);
  });

  it('replaces its own update, whatever stands behind it, and builds upon those of others', async () => {
    const before = fixtureBytes('pdf/ghostscript.pdf');
    const sizes: number[] = [];
    let bytes = before;
    for (const slot of [sampleSlotText, anotherSlotText, sampleSlotText, anotherSlotText]) {
      bytes = await label(bytes, slot);
      sizes.push(bytes.length);
    }
    expect(sizes.slice(0, 2)).toEqual(sizes.slice(2));
    const other = revision(await label(before), { objects: { 20: '[]', 21: '[]', 22: '[]' }, trailer: '/Root 1 0 R/Info 2 0 R' });
    const relabelled = await label(other, anotherSlotText);
    expect(text(relabelled).startsWith(text(other))).toBe(true);
    // What an update of nothing but the label has replaced is history, and no finding.
    expect((await read(relabelled)).anomalies).toEqual([]);
  });

  it('reports a label that an update of other things has changed or taken away', async () => {
    const before = plainPdf(withLabel(sampleSlotText.value));
    const changed = revision(before, { objects: { 3: page()[3]!, 4: withLabel(anotherSlotText.value), 5: '[]' }, trailer: TRAILER });
    expect(await read(changed)).toMatchObject({
      found: [{ value: anotherSlotText.value }],
      anomalies: [{ code: 'duplicate_structure', site: 'pdf/Info[earlier]/AIGC' }],
    });
    const kept = revision(before, { objects: { 3: page()[3]!, 4: withLabel(sampleSlotText.value), 5: '[]' }, trailer: TRAILER });
    expect((await read(kept)).anomalies).toEqual([]);
    const taken = revision(before, { objects: { 4: '<<>>' }, trailer: TRAILER });
    expect(await read(taken)).toMatchObject({
      found: [{ site: 'pdf/Info[earlier]/AIGC', isGuidePlace: false }],
      anomalies: [{ code: 'duplicate_structure' }],
    });
    const small = revision(before, { objects: { 3: page()[3]!, 4: withLabel(anotherSlotText.value) }, trailer: TRAILER });
    expect((await read(small)).anomalies).toMatchObject([{ code: 'duplicate_structure' }]);
    const replaced = revision(before, { objects: { 4: withLabel(anotherSlotText.value) }, trailer: TRAILER });
    expect((await read(replaced)).anomalies).toEqual([]);
    const unnamed = revision(before, { objects: { 3: page()[3]! }, trailer: '/Root 1 0 R' });
    expect((await read(unnamed)).found).toMatchObject([{ site: 'pdf/Info[earlier]/AIGC' }]);
  });

  it('obeys a signature that forbids every change, and no other', async () => {
    const signed = (permission: string): Uint8Array =>
      plainPdf(
        '<<>>',
        {
          5: `<</Type/Sig/ByteRange[0 9 9 9]/Contents<00>/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams 6 0 R>>]>>`,
          6: `<</Type/TransformParams${permission}/V/1.2>>`,
        },
        '/Perms<</DocMDP 5 0 R>>',
      );
    expect(await refusal(signed('/P 1'))).toBe('FORMAT_UNSUPPORTED_FEATURE');
    expect(await refusal(signed('/P 2'))).toBeUndefined();
    expect(await refusal(signed(''))).toBeUndefined();
  });

  it.each(ENCRYPTED)('writes into a PDF that opens without a password: %s', async (name) => {
    const before = fixtureBytes(`pdf/${name}.pdf`);
    const after = await label(before);
    expect(text(after)).not.toContain(sampleSlotText.value);
    expect(text(after)).not.toContain('Ghostscript');
    expect((await read(after)).found).toMatchObject([{ site: 'pdf/Info/AIGC', value: sampleSlotText.value, isGuidePlace: true }]);
    expect(await pdf.plan(bytesSource(after), sampleSlotText)).toEqual([]);
    expect(await label(await label(after, anotherSlotText))).toEqual(after);
  });

  it('says of a PDF with a password that it is unsupported, and obeys an author who allows no changes', async () => {
    await expect(read(fixtureBytes('pdf/user.pdf'))).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
    expect(await refusal(fixtureBytes('pdf/user.pdf'))).toBe('FORMAT_UNSUPPORTED_FEATURE');
    expect((await read(fixtureBytes('pdf/nomod.pdf'))).found).toEqual([]);
    expect(await refusal(fixtureBytes('pdf/nomod.pdf'))).toBe('FORMAT_UNSUPPORTED_FEATURE');
  });

  it('reads a label behind a broken cross-reference table, and does not write there', async () => {
    const whole = text(await label(fixtureBytes('pdf/ghostscript.pdf')));
    for (const broken of [
      whole.replace(/startxref\n\d+\n%%EOF\n$/, 'startxref\n9\n%%EOF\n'),
      whole.replace('\n2 1\n00', '\n2 1\n01'),
      whole.replace('2426 00000 n', '2425 00001 n'),
    ]) {
      expect(broken).not.toBe(whole);
      const { found, anomalies } = await read(bytesOf(broken));
      expect(anomalies).toMatchObject([{ code: 'damaged' }]);
      expect(found).toMatchObject([{ site: 'pdf/Info[salvaged]/AIGC', value: sampleSlotText.value, isGuidePlace: false }]);
      expect(await refusal(bytesOf(broken))).toBe('FILE_DAMAGED');
    }
  });

  it('writes nowhere where the end, the chain or the trailer is not sound', async () => {
    const bytes = plainPdf('<<>>');
    expect(await refusal(bytes.slice(0, -3))).toBe('FILE_DAMAGED');
    const once = text(revision(header(), { objects: page(), trailer: '/Root 1 0 R/Prev 000000' }));
    const loop = once.replace('/Prev 000000', `/Prev ${/startxref\n(\d+)/.exec(once)?.[1]?.padStart(6, '0')}`);
    expect((await read(bytesOf(loop))).anomalies).toMatchObject([{ code: 'damaged', detail: 'the chain of cross-reference sections is a loop' }]);
    expect(await refusal(bytesOf(loop))).toBe('FILE_DAMAGED');
    expect(await refusal(concat(bytes, new Uint8Array(2000).fill(0x41)))).toBe('FILE_DAMAGED');
    expect(await refusal(revision(header(), { objects: page(), trailer: '/Root 1 0 R/Prev 9' }))).toBe('FILE_DAMAGED');
    expect(await refusal(revision(header(), { objects: page(), trailer: '/Root 1 0 R/Root 1 0 R' }))).toBe('FILE_DAMAGED');
    expect(await refusal(revision(header(), { objects: page(), trailer: '/Root 7 0 R' }))).toBe('FILE_DAMAGED');
    expect(await refusal(revision(header(), { objects: page(), trailer: '/Root 1 0 R/Info 8' }))).toBe('FILE_DAMAGED');
    expect(await refusal(plainPdf('<<>>', { 5: '<</Filter/LZWDecode/Length 1>>\nstream\nx\nendstream' }, '/Metadata 5 0 R'))).toBe(
      'FORMAT_UNSUPPORTED_FEATURE',
    );
  });

  it.each([
    ['19', '\n'],
    ['21', ' \r\n'],
  ])('reads a table whose entries have %s bytes, and writes behind it', async (_, end) => {
    const bytes = bytesOf(text(plainPdf('<</Title(x)>>')).replaceAll(/( [fn]) \n/g, `$1${end}`));
    const after = await label(bytes);
    expect(text(after).startsWith(text(bytes))).toBe(true);
    expect(text(after)).toContain('<</Title(x)/AIGC ');
    expect(await read(after)).toMatchObject({ found: [{ value: sampleSlotText.value, isGuidePlace: true }], anomalies: [] });
  });

  it('takes a null for the document information dictionary as none', async () => {
    const after = await label(revision(header(), { objects: page(), trailer: '/Root 1 0 R/Info null' }));
    expect(text(after).match(/\/Info /g)).toHaveLength(2);
    expect((await read(after)).found).toMatchObject([{ isGuidePlace: true }]);
  });

  it('reads little of a large file: a table of 50,000 objects is not walked', async () => {
    const rows = '0000000009 00000 n \n'.repeat(50_000);
    const body = text(plainPdf(withLabel(sampleSlotText.value))).replace('trailer', `100 50000\n${rows}trailer`);
    const counted = countingSource(concat(bytesOf(body.slice(0, 15)), bytesOf(body.slice(15))));
    expect((await pdf.read(counted)).found).toHaveLength(1);
    expect(counted.bytesRead()).toBeLessThan(64_000);
  });

  it('matches a PDF behind white space, and nothing that only mentions one', () => {
    expect(pdf.matches(bytesOf('%PDF-1.4\n'))).toBe(true);
    expect(pdf.matches(bytesOf('\r\n %PDF-1.4\n'))).toBe(true);
    expect(pdf.matches(bytesOf('A text about %PDF-1.4\n'))).toBe(false);
  });
});

/** What exiftool says besides our label; which of two equal tags it calls a copy follows from the order in which it meets Info and XMP. */
const besides = (tags: Record<string, unknown>): readonly string[] =>
  Object.entries(tags)
    .filter(([name]) => !/AIGC|TC260|^PDF:Linearized$/.test(name))
    .map(([name, value]) => `${name.replace(/Copy\d+:/, '')} ${JSON.stringify(value)}`)
    .sort();

describe.skipIf(exiftoolMissing !== undefined)('pdf before exiftool', () => {
  afterAll(endJudges);
  // Keys of revision 6 take exiftool, in pure Perl, ten seconds each: done by hand.
  const files = [
    ...['ghostscript', 'object-streams', 'linearized', 'libreoffice', 'rc4', 'rc4-128', 'aes128', 'aes128-os', 'r5'].map(
      (name) => [name, fixtureBytes(`pdf/${name}.pdf`)] as const,
    ),
    ...Object.entries(built).map(([name, [bytes]]) => [name, bytes] as const),
    ...corpusFiles('.pdf').map((file) => [file.name, file.bytes()] as const),
  ];
  it.each(files)('%s', async (_, bytes) => {
    const after = await withFile('text.pdf', await label(bytes), exiftoolDump);
    expect(Object.entries(after).filter(([tag]) => tag.includes('AIGC'))).toEqual([['PDF:AIGC', sampleSlotText.value]]);
    expect(besides(after)).toEqual(besides(await withFile('text.pdf', bytes, exiftoolDump)));
  });
});

describe.skipIf(corpusMissing !== undefined)('pdf of the corpus', () => {
  it.each(corpusFiles('.pdf').map((file) => [file.name, file] as const))('%s is labelled, all of it kept', async (_, file) => {
    const bytes = file.bytes();
    const after = await label(bytes);
    expect(after.subarray(0, bytes.length)).toEqual(bytes);
    expect((await read(after)).found).toHaveLength(1);
    expect(await label(await label(after, anotherSlotText))).toEqual(after);
  });
});
