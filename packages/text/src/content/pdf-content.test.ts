import { applySplices, bytesSource, concat, latin1, utf8 } from '@aigc-label/core';
import { digestOf, fixtureBytes, pdfBuild, sampleSlotText, testContent } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { pdf } from '../formats/pdf.ts';

const { flate, header, open, page, revision } = pdfBuild;

const base = revision(header(), { objects: page(), trailer: '/Root 1 0 R' });
const withInfo = revision(header(), { objects: { ...page(), 4: '<</Title(A title)>>' }, trailer: '/Root 1 0 R/Info 4 0 R', kind: 'stream' });
const packet = '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"/><?xpacket end="w"?>';
const xmp = (data = packet): string => open(data, '/Type/Metadata/Subtype/XML');
const withXmp = revision(header(), {
  objects: { ...page('/Metadata 5 0 R'), 4: '<</Title(A title)>>', 5: xmp() },
  trailer: '/Root 1 0 R/Info 4 0 R/ID[<01><02>]',
});
const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await pdf.plan(bytesSource(bytes), sampleSlotText));
const trailer = '/Root 1 0 R/Info 4 0 R';
const updated = (objects: Record<number, string>): Uint8Array => revision(withInfo, { objects, trailer, kind: 'stream', size: 6 });
const table = (objects: Record<number, string>, end: string): Uint8Array => revision(base, { objects, trailer: end });
const withXmpUpdated = (objects: Record<number, string>, end = `${trailer}/ID[<01><03>]`): Uint8Array => revision(withXmp, { objects, trailer: end });
const without = (bytes: Uint8Array, count: number): Uint8Array => bytes.subarray(0, bytes.length - count);
const spliced = (bytes: Uint8Array, from: string, to: string): Uint8Array =>
  new Uint8Array(
    Buffer.from(
      latin1(bytes).replace(from, () => to),
      'latin1',
    ),
  );

testContent({
  format: pdf,
  fixtures: [
    {
      name: 'a table, no information',
      bytes: base,
      edited: [
        { by: 'an update with a title', bytes: table({ 5: '<</Title(x)>>' }, '/Root 1 0 R/Info 5 0 R') },
        { by: 'an update with metadata', bytes: table({ 1: '<< /Metadata 5 0 R /Pages 2 0 R /Type/Catalog >>', 5: xmp() }, '/Root 1 0 R') },
      ],
      changed: [
        { how: 'an update holds a page', bytes: table({ 3: '<</Type/Page/Parent 2 0 R/MediaBox[0 0 8 8]>>' }, '/Root 1 0 R') },
        { how: 'an update holds a new object', bytes: table({ 6: '<</Title(x)>>' }, '/Root 1 0 R') },
        { how: 'the information takes the place of a page', bytes: table({ 3: '<</Title(x)>>' }, '/Root 1 0 R/Info 3 0 R') },
        { how: 'the information is a stream', bytes: table({ 5: xmp() }, '/Root 1 0 R/Info 5 0 R') },
        { how: 'the catalog says something else', bytes: table({ 1: `${page('/Lang(x)')[1]}` }, '/Root 1 0 R') },
        { how: 'the catalog calls a page its metadata', bytes: table({ 1: `${page('/Metadata 3 0 R')[1]}` }, '/Root 1 0 R') },
        {
          how: 'the metadata is no XMP',
          bytes: table({ 1: `${page('/Metadata 5 0 R')[1]}`, 5: xmp('<svg xmlns="http://www.w3.org/2000/svg"/>') }, '/Root 1 0 R'),
        },
        { how: 'the metadata is packed', bytes: table({ 1: `${page('/Metadata 5 0 R')[1]}`, 5: flate(packet) }, '/Root 1 0 R') },
        { how: 'the trailer names another catalog', bytes: table({ 5: '<</Title(x)>>' }, '/Root 2 0 R/Info 5 0 R') },
        { how: 'the trailer says something new', bytes: table({ 5: '<</Title(x)>>' }, '/Root 1 0 R/Info 5 0 R/X 1') },
        {
          how: 'bytes stand between the objects of an update',
          bytes: spliced(table({ 5: '<</Title(x)>>' }, '/Root 1 0 R/Info 5 0 R'), '\n5 0 obj', '%\n5 0 obj'),
        },
        { how: 'bytes follow the end', bytes: concat(base, utf8('PK')) },
      ],
    },
    {
      name: 'cross-reference streams',
      bytes: withInfo,
      edited: [
        { by: 'an update with another title', bytes: updated({ 4: '<</Title(x)>>' }) },
        {
          by: 'two updates',
          bytes: revision(updated({ 4: '<</Title(x)>>' }), { objects: { 4: '<</Title(y)>>' }, trailer, kind: 'stream', size: 7 }),
        },
      ],
      changed: [
        { how: 'another object is updated, too', bytes: updated({ 2: '<<>>', 4: '<</Title(x)>>' }) },
        {
          how: 'an update of a page stands before one of metadata',
          bytes: revision(updated({ 3: '<<>>' }), { objects: { 4: '<</Title(y)>>' }, trailer, kind: 'stream', size: 7 }),
        },
      ],
    },
    {
      name: 'XMP with a label, no end of the last line',
      bytes: without(
        revision(header(), {
          objects: {
            ...page('/Metadata 5 0 R'),
            5: xmp(
              `<x:xmpmeta xmlns:x="adobe:ns:meta/"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description r:about="" xmlns:T="http://www.tc260.org.cn/ns/AIGC/1.0/"><T:AIGC>{"Label":"1"}</T:AIGC></r:Description></r:RDF></x:xmpmeta>`,
            ),
          },
          trailer: '/Root 1 0 R',
        }),
        1,
      ),
    },
    {
      name: 'identifiers, bytes behind the end, CR LF',
      bytes: concat(without(withXmp, 1), utf8('\r\nabc')),
    },
    {
      name: 'XMP of its own',
      bytes: withXmp,
      edited: [{ by: 'an update of both', bytes: withXmpUpdated({ 4: '<</Title(x)>>', 5: xmp() }) }],
      changed: [
        { how: 'the first identifier is another one', bytes: withXmpUpdated({ 4: '<</Title(x)>>' }, `${trailer}/ID[<04><03>]`) },
        { how: 'a key stands twice', bytes: withXmpUpdated({ 4: '<</Title(x)>>' }, `${trailer}/Root 2 0 R/ID[<01><03>]`) },
      ],
    },
  ],
});

describe('content of real PDFs', () => {
  it.each(['ghostscript', 'libreoffice', 'linearized', 'object-streams', 'aes128', 'aes256-os', 'rc4'])(
    '%s is the same before and after labelling',
    async (name) => {
      const bytes = await fixtureBytes(`pdf/${name}.pdf`);
      const before = await digestOf(pdf, bytes);
      expect(await digestOf(pdf, await label(bytes))).toEqual(before);
    },
  );

  // exiftool 12.57: exiftool -Title=x -XMP-dc:Creator=z -o edited.pdf ghostscript.pdf (libreoffice.pdf, linearized.pdf).
  it.each(['ghostscript', 'libreoffice', 'linearized'])('%s is the same after exiftool edited it, before and after labelling', async (name) => {
    const before = await digestOf(pdf, await fixtureBytes(`pdf/${name}.pdf`));
    const edited = await fixtureBytes(`content/text/${name}-exiftool.pdf`);
    expect(await digestOf(pdf, edited)).toEqual(before);
    expect(await digestOf(pdf, await label(edited))).toEqual(before);
  });
});
