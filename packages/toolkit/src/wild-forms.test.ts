// spec/labels.md §5.1: every serialisation that was seen in the wild is read, tells how it deviates, and is repaired into the guide's place with its values as they are.
import { FIELD_NAMES, type Label, utf8 } from '@aigc-label/core';
import { isobmff, pdfBuild } from '@aigc-label/test-fixtures';
import { beforeAll, describe, expect, it } from 'vitest';
import { audio, frame, tag, txxx } from '../../av/test/mp3-files.ts';
import { bmpFile, icoFile } from '../../image/test/bitmaps.ts';
import { comment, insertBlocks } from '../../image/test/gifs.ts';
import { exifSegment, insertSegments, segment, xmpSegment } from '../../image/test/jpegs.ts';
import { packetBytes } from '../../image/test/packets.ts';
import { bytesOf, chunk, deflated, insertBefore, pictureOf } from '../../image/test/pictures.ts';
import { text as exifText, tiffFile } from '../../image/test/tiffs.ts';
import { custom, officeWith, property } from '../../text/test/zip-documents.ts';
import { createVerifier, repairBytes } from './index.ts';

const verifier = createVerifier();

const FIELDS: Label = {
  Label: '1',
  ContentProducer: '001191110102MACQD9K64010000',
  ProduceID: 'wild-1',
  ReservedCode1: 'L-x/y+z==',
  ContentPropagator: '001191110102MACQD9K64020000',
  PropagateID: 'wild-1#1756000000',
  ReservedCode2: '',
};
const BARE = JSON.stringify(FIELDS);
const WRAPPED = `{"AIGC":${BARE}}`;
const xml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
const described = (namespaces: string, inside: string, attributes = ''): Uint8Array =>
  packetBytes(`<rdf:Description rdf:about="" ${namespaces}${attributes}>${inside}</rdf:Description>`);
const TC260 = 'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"';
const yaml = (indent: string, quote: string, isKeyQuoted = false): string =>
  FIELD_NAMES.map((name) => `${indent}${isKeyQuoted ? `"${name}"` : name}: ${quote}${FIELDS[name]}${quote}\n`).join('');

let png: Uint8Array;
let jpeg: Uint8Array;
let gif: Uint8Array;
beforeAll(async () => {
  [png, jpeg, gif] = await Promise.all([bytesOf(pictureOf(3).png()), bytesOf(pictureOf(3).jpeg()), bytesOf(pictureOf(3).gif())]);
});
const inPng = (type: string, data: Uint8Array | string): Uint8Array => insertBefore(png, 'IDAT', chunk(type, data));
const xmpInPng = (packet: Uint8Array): Uint8Array => inPng('iTXt', new Uint8Array(Buffer.concat([utf8('XML:com.adobe.xmp\0\0\0\0\0'), packet])));
const inUserData = (...boxes: readonly Uint8Array[]): Uint8Array => isobmff.movieFirst({ extra: isobmff.box('udta', ...boxes) });
const pdf = (info: string): Uint8Array =>
  pdfBuild.revision(pdfBuild.header(), { objects: { ...pdfBuild.page(), 4: info }, trailer: '/Root 1 0 R/Info 4 0 R' } as never);

interface WildForm {
  readonly row: number;
  readonly form: string;
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** How it deviates from the form of the standard, without fields. */
  readonly deviations: readonly string[];
  /** Set where it stands in the guide's place. */
  readonly isPlaced?: true;
  /** What the label says where it is not `FIELDS`. */
  readonly label?: Partial<Label>;
  /** Set where a repair is refused, with the code. */
  readonly refused?: string;
}

const FORMS: readonly WildForm[] = [
  {
    row: 1,
    form: 'XMP element',
    name: 'a.png',
    bytes: () => xmpInPng(described(TC260, `<TC260:AIGC>${xml(BARE)}</TC260:AIGC>`)),
    deviations: [],
    isPlaced: true,
  },
  {
    row: 2,
    form: 'XMP attribute',
    name: 'a.jpg',
    bytes: () => insertSegments(jpeg, undefined, xmpSegment(described(TC260, '', ` TC260:AIGC="${xml(BARE)}"`))),
    deviations: [],
  },
  {
    row: 3,
    form: "Baidu's namespace, spaces, Label 2",
    name: 'a.jpg',
    bytes: () =>
      insertSegments(
        jpeg,
        undefined,
        xmpSegment(
          described('xmlns:AIGC="http://ns.adobe.com/AIGC/1.0/"', '', ` AIGC:AIGC="${xml(BARE.replaceAll('":', '": ').replace('"1"', '"2"'))}"`),
        ),
      ),
    deviations: ['not_compact'],
    label: { Label: '2' },
  },
  ...[
    ['xmlns:x="http://www.tc260.org.cn/ns/AIGC/1.0"', `<x:AIGC>${xml(BARE)}</x:AIGC>`],
    ['xmlns:dc="http://purl.org/dc/elements/1.1/"', `<dc:AIGC>${xml(BARE)}</dc:AIGC>`],
  ].map(
    ([namespace, inside]): WildForm => ({
      row: 4,
      form: `XMP, ${namespace}`,
      name: 'a.png',
      bytes: () => xmpInPng(described(namespace!, inside!)),
      deviations: [],
    }),
  ),
  {
    row: 5,
    form: 'one XMP property a field',
    name: 'a.png',
    bytes: () => xmpInPng(described(TC260, FIELD_NAMES.map((name) => `<TC260:${name}>${xml(FIELDS[name])}</TC260:${name}>`).join(''))),
    deviations: [],
  },
  {
    row: 6,
    form: 'XmpKvBase64',
    name: 'a.png',
    bytes: () => xmpInPng(described('xmlns:a="http://example.com/ns/"', `<a:XmpKvBase64>${btoa(`AIGC:${WRAPPED}`)}</a:XmpKvBase64>`)),
    deviations: ['base64', 'prefixed', 'wrapped'],
  },
  { row: 7, form: 'PNG tEXt, bare', name: 'a.png', bytes: () => inPng('tEXt', `AIGC\0${BARE}`), deviations: [] },
  { row: 8, form: 'PNG tEXt, wrapped', name: 'a.png', bytes: () => inPng('tEXt', `AIGC\0${WRAPPED}`), deviations: ['wrapped'] },
  { row: 8, form: 'PNG iTXt, wrapped', name: 'a.png', bytes: () => inPng('iTXt', `AIGC\0\0\0\0\0${WRAPPED}`), deviations: ['wrapped'] },
  {
    row: 8,
    form: 'PNG zTXt, wrapped',
    name: 'a.png',
    bytes: () => inPng('zTXt', new Uint8Array(Buffer.concat([utf8('AIGC\0\0'), deflated(WRAPPED)]))),
    deviations: ['wrapped'],
  },
  { row: 8, form: 'PNG tEXt UserComment', name: 'a.png', bytes: () => inPng('tEXt', `UserComment\0${WRAPPED}`), deviations: ['wrapped'] },
  {
    row: 9,
    form: 'Exif UserComment',
    name: 'a.jpg',
    bytes: () => insertSegments(jpeg, undefined, exifSegment(`{"AIGC": ${BARE.replaceAll('":', '": ')}}`)),
    deviations: ['wrapped'],
  },
  {
    row: 11,
    form: 'JPEG APP11',
    name: 'a.jpg',
    bytes: () => insertSegments(jpeg, undefined, segment(0xeb, `AIGC${BARE}`)),
    deviations: [],
  },
  { row: 12, form: 'JPEG COM', name: 'a.jpg', bytes: () => insertSegments(jpeg, undefined, segment(0xfe, WRAPPED)), deviations: ['wrapped'] },
  { row: 12, form: 'GIF comment', name: 'a.gif', bytes: () => insertBlocks(gif, 'image', comment(WRAPPED)), deviations: ['wrapped'] },
  { row: 12, form: 'a block behind a BMP', name: 'a.bmp', bytes: () => bmpFile(40, utf8(`AIGC${BARE}`)), deviations: ['prefixed'] },
  {
    row: 12,
    form: 'a block behind a TIFF',
    name: 'a.tif',
    bytes: () => new Uint8Array(Buffer.concat([tiffFile([[exifText(271, 'Somebody')]]), utf8(`AIGC${BARE}`)])),
    deviations: ['prefixed'],
  },
  {
    row: 12,
    form: 'a block behind an ICO',
    name: 'a.ico',
    bytes: () => icoFile(utf8(`AIGC${BARE}`)),
    deviations: ['prefixed'],
    refused: 'FORMAT_UNSUPPORTED_FEATURE',
  },
  {
    row: 12,
    form: 'a comment behind an SVG',
    name: 'a.svg',
    bytes: () => utf8(`<svg xmlns="http://www.w3.org/2000/svg"/>\n<!-- AIGC:${BARE} -->\n`),
    deviations: ['prefixed'],
  },
  { row: 13, form: 'AIGC= in front', name: 'a.png', bytes: () => inPng('tEXt', `AIGC\0AIGC=${BARE}`), deviations: ['prefixed'] },
  { row: 13, form: 'AIGC: in front', name: 'a.png', bytes: () => inPng('tEXt', `AIGC\0AIGC:${WRAPPED}`), deviations: ['prefixed', 'wrapped'] },
  {
    row: 14,
    form: 'encoded twice',
    name: 'a.png',
    bytes: () => inPng('tEXt', `AIGC\0{"AIGC":${JSON.stringify(BARE)}}`),
    deviations: ['wrapped', 'double_encoded'],
  },
  {
    row: 15,
    form: 'moov.udta.meta.keys',
    name: 'a.mp4',
    bytes: () => inUserData(isobmff.fullMeta(isobmff.hdlr('mdta'), isobmff.keys('AIGC'), isobmff.box('ilst', isobmff.item(1, BARE)))),
    deviations: [],
    isPlaced: true,
  },
  {
    row: 16,
    form: 'moov.meta of QuickTime, without keys',
    name: 'a.mp4',
    bytes: () => isobmff.movieFirst({ extra: isobmff.box('meta', isobmff.hdlr('mdir'), isobmff.box('ilst', isobmff.item('\u00a9cmt', WRAPPED))) }),
    deviations: ['wrapped'],
  },
  { row: 17, form: 'a box AIGC in udta', name: 'a.mp4', bytes: () => inUserData(isobmff.box('AIGC', utf8(BARE))), deviations: [] },
  {
    row: 17,
    form: 'the uuid box of XMP',
    name: 'a.mp4',
    bytes: () =>
      new Uint8Array(
        Buffer.concat([
          isobmff.movieFirst(),
          isobmff.box(
            'uuid',
            new Uint8Array(Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex')),
            described(TC260, `<TC260:AIGC>${xml(BARE)}</TC260:AIGC>`),
          ),
        ]),
      ),
    deviations: [],
  },
  {
    row: 17,
    form: 'the key of exiftool',
    name: 'a.mov',
    bytes: () =>
      isobmff.movieFirst(
        { extra: isobmff.box('meta', isobmff.hdlr('mdta'), isobmff.keys('com.apple.quicktime.AIGC'), isobmff.box('ilst', isobmff.item(1, BARE))) },
        { head: isobmff.ftyp('qt  ') },
      ),
    deviations: [],
  },
  {
    row: 18,
    form: 'moov behind mdat',
    name: 'a.mp4',
    bytes: () =>
      isobmff.movieLast({
        extra: isobmff.box('udta', isobmff.fullMeta(isobmff.hdlr('mdta'), isobmff.keys('AIGC'), isobmff.box('ilst', isobmff.item(1, BARE)))),
      }),
    deviations: [],
    isPlaced: true,
  },
  { row: 18, form: 'PNG text behind IDAT', name: 'a.png', bytes: () => insertBefore(png, 'IEND', chunk('tEXt', `AIGC\0${BARE}`)), deviations: [] },
  {
    row: 19,
    form: 'TXXX in Latin-1',
    name: 'a.mp3',
    bytes: () => new Uint8Array(Buffer.concat([tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', BARE))]), audio])),
    deviations: [],
    isPlaced: true,
  },
  {
    row: 19,
    form: 'TXXX in UTF-8, wrapped',
    name: 'a.mp3',
    bytes: () => new Uint8Array(Buffer.concat([tag(4, [frame(4, 'TXXX', txxx.utf8('AIGC', WRAPPED))]), audio])),
    deviations: ['wrapped'],
    isPlaced: true,
  },
  ...[
    ['unquoted, two spaces', yaml('  ', '').replace('PropagateID: wild-1#1756000000', "PropagateID: 'wild-1#1756000000'")],
    ['single quotes, four spaces', yaml('    ', "'")],
    ['double quotes, quoted keys', yaml('  ', '"', true)],
  ].map(
    ([form, mapping]): WildForm => ({
      row: 20,
      form: `front matter, ${form}`,
      name: 'a.md',
      bytes: () => utf8(`---\ntitle: t\nAIGC:\n${mapping}---\n\nWords.\n`),
      deviations: form === 'unquoted, two spaces' ? ['not_a_string'] : [],
    }),
  ),
  { row: 21, form: 'front matter, inline JSON', name: 'a.md', bytes: () => utf8(`---\nAIGC: ${BARE}\n---\n\nWords.\n`), deviations: [] },
  {
    row: 22,
    form: 'a second front matter',
    name: 'a.md',
    bytes: () => utf8(`---\ntitle: t\n---\n---\nAIGC:\n${yaml('  ', "'")}---\n\nWords.\n`),
    deviations: [],
  },
  { row: 22, form: 'a comment', name: 'a.md', bytes: () => utf8(`Words.\n\n<!-- AIGC: ${BARE} -->\n`), deviations: [] },
  {
    row: 22,
    form: 'a fence behind a comment',
    name: 'a.md',
    bytes: () => utf8(`Words.\n\n<!-- AIGC 水印 -->\n\`\`\`yaml\nAIGC:\n${yaml('  ', "'")}\`\`\`\n`),
    deviations: [],
  },
  { row: 22, form: 'the last line', name: 'a.md', bytes: () => utf8(`Words.\n\nAIGC: ${BARE}\n`), deviations: [] },
  ...([1, 'AIGC', 'AIGCLabelType.AI_GENERATED'] as const).map(
    (value): WildForm => ({
      row: 23,
      form: `Label ${JSON.stringify(value)}`,
      name: 'a.png',
      bytes: () => inPng('tEXt', `AIGC\0${JSON.stringify({ ...FIELDS, Label: value })}`),
      deviations: [typeof value === 'number' ? 'not_a_string' : 'label_not_in_enum'],
    }),
  ),
  {
    row: 24,
    form: 'reserved null, misspelt, other order',
    name: 'a.png',
    bytes: () => {
      const { Label: value, ReservedCode1, ReservedCode2: _, ...rest } = FIELDS;
      return inPng('tEXt', `AIGC\0${JSON.stringify({ ...rest, Label: value, ReserveCode1: ReservedCode1, ReservedCode2: null })}`);
    },
    deviations: ['misspelt_field', 'not_a_string', 'field_order'],
  },
  {
    row: 24,
    form: 'reserved as an object, one missing',
    name: 'a.png',
    bytes: () => {
      const { ReservedCode2: _, ...rest } = FIELDS;
      return inPng('tEXt', `AIGC\0${JSON.stringify({ ...rest, ReservedCode1: { SecurityData: { Type: 'TC260PG' } } })}`);
    },
    deviations: ['not_a_string', 'missing_field'],
    label: { ReservedCode1: '{"SecurityData":{"Type":"TC260PG"}}' },
  },
  {
    row: 25,
    form: 'Chinese, spaces, slashes',
    name: 'a.md',
    bytes: () => utf8(`---\nAIGC: ${JSON.stringify({ ...FIELDS, ContentProducer: '某某 公司', ProduceID: 'tos-cn-i-x/ab' })}\n---\n\nWords.\n`),
    deviations: ['charset'],
    label: { ContentProducer: '某某 公司', ProduceID: 'tos-cn-i-x/ab' },
  },
  {
    row: 26,
    form: 'OOXML, text directly in property',
    name: 'a.docx',
    bytes: () => officeWith(custom(property('AIGC', xml(BARE), 2))),
    deviations: [],
  },
  { row: 27, form: 'PDF, wrapped, unescaped', name: 'a.pdf', bytes: () => pdf(`<</AIGC(${WRAPPED})>>`), deviations: ['wrapped'], isPlaced: true },
  {
    row: 28,
    form: 'HTML, a visible line and a meta',
    name: 'a.html',
    bytes: () =>
      utf8(
        `<!doctype html><html><head><meta charset="utf-8"><meta name="AIGC" content="${xml(BARE)}"></head><body><p>内容由AI生成</p></body></html>`,
      ),
    deviations: [],
    isPlaced: true,
  },
];

describe('wild forms (labels.md §5.1)', () => {
  it('are all 28 rows, but the one that is no label of the standard', () => {
    expect([...new Set(FORMS.map(({ row }) => row))].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 28 }, (_, index) => index + 1).filter((row) => row !== 10),
    );
  });

  it('row 10: ImageDescription in another schema is no label of the standard, and is not taken for one', async () => {
    const other = JSON.stringify({ ServiceProvider: 'x', ServiceUser: 'y', Time: '2025-09-01', ContentId: 'z' });
    const report = await verifier.verifyBytes(tiffFile([[exifText(270, other)]]));
    expect(report).toMatchObject({ format: 'tiff', integrity: 'absent', action: 'none' });
  });

  for (const { row, form, name, bytes, deviations, isPlaced = false, label = {}, refused } of FORMS) {
    it(`row ${row}: ${form}`, async () => {
      const expected = { ...FIELDS, ...label };
      const report = await verifier.verifyBytes(bytes(), { name });
      expect(report).toMatchObject({ integrity: 'unsigned', label: expected, findings: [{ isGuidePlace: isPlaced, label: expected }] });
      const [finding] = report.findings;
      expect(finding?.site).toMatch(/^[\w-]+\//);
      expect(finding?.raw.length).toBeGreaterThan(10);
      const found = [...new Set(finding?.deviations.map(({ code }) => code))];
      expect(found).toEqual(expect.arrayContaining([...deviations]));
      expect(found.filter((code) => !deviations.includes(code) && code !== 'not_compact')).toEqual([]);

      if (refused !== undefined) {
        await expect(repairBytes(bytes(), { name })).rejects.toMatchObject({ code: refused });
        return;
      }
      const repaired = await repairBytes(bytes(), { name });
      const after = await verifier.verifyBytes(repaired.bytes, { name });
      expect(after.findings).toHaveLength(1);
      expect(after).toMatchObject({ label: expected, findings: [{ isGuidePlace: true }] });
      expect(after.findings[0]?.deviations.filter(({ code }) => code !== 'charset')).toEqual([]);
      expect(await repairBytes(repaired.bytes, { name })).toMatchObject({ outcome: 'unchanged' });
    });
  }
});
