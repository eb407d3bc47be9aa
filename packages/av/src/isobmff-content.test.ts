import { byteByByteSource, type ContentFixture, countingSource, digestOf, fixtureBytes, isobmff, testContent } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { cmaf } from './formats/cmaf.ts';
import { m4a } from './formats/m4a.ts';
import { mov } from './formats/mov.ts';
import { mp4 } from './formats/mp4.ts';

const { box, ftyp, fullMeta, hdlr, item, joined, keys, movieFirst, movieLast, text, u32 } = isobmff;
const packet = (creator: string): Uint8Array =>
  text(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="${creator}"/></rdf:RDF></x:xmpmeta>`,
  );
const xmpBox = (content: Uint8Array): Uint8Array => box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), content);
const description = box('jumd', Buffer.from('63327061001100108000 00aa00389b7103'.replace(' ', ''), 'hex'), text('c2pa\0'));
const store = box('jumb', description, box('jumb', description, box('cbor', text('a claim'))));
const c2paBox = (content: Uint8Array): Uint8Array =>
  box('uuid', Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'), u32(0), text('manifest\0'), u32(0, 0), content);
const udta = (...content: readonly Uint8Array[]) => ({ extra: box('udta', ...content) });
const list = (...items: readonly Uint8Array[]): Uint8Array => fullMeta(hdlr('mdir'), box('ilst', ...items));
const gap = (name: string): Uint8Array =>
  box('----', box('mean', u32(0), text('com.apple.iTunes')), box('name', u32(0), text(name)), box('data', u32(1, 0), text(' 00000000 00000840')));

/** The file with one byte of a box changed, counted from the last place of its type. */
const changed = (bytes: Uint8Array, type: string, at: number): Uint8Array => {
  const made = bytes.slice();
  const place = Buffer.from(made).lastIndexOf(type, undefined, 'latin1');
  expect(place).toBeGreaterThan(0);
  made[place + 4 + at] = (made[place + 4 + at] as number) ^ 0x80;
  return made;
};
const edited = (names: Readonly<Record<string, string>>): NonNullable<ContentFixture['edited']> =>
  Object.entries(names).map(([by, name]) => ({ by, bytes: fixtureBytes(`content/isobmff/${name}`) }));

const film = fixtureBytes('isobmff/moov-last.mp4');
const small = movieFirst(udta(box('name', text('x')), list(item('\u00a9nam', 'Title'))), {
  between: joined(box('free', new Uint8Array(9)), xmpBox(packet('a'))),
});
testContent({
  format: mp4,
  fixtures: [
    {
      name: 'a film of ffmpeg',
      bytes: film,
      edited: edited({ 'ffmpeg -c copy -metadata': 'ffmpeg.mp4', 'ffmpeg -movflags faststart': 'faststart.mp4', exiftool: 'exiftool.mp4' }),
      changed: [
        { how: 'it is turned', bytes: changed(film, 'tkhd', 41) },
        { how: 'a track is shown no more', bytes: changed(film, 'tkhd', 3) },
        { how: 'it begins elsewhere', bytes: changed(film, 'elst', 15) },
        { how: 'pixels have another shape', bytes: changed(film, 'pasp', 3) },
        { how: 'bytes follow its end', bytes: joined(film, text('PK\u0003\u0004')) },
        { how: 'another index follows', bytes: joined(film, box('moov')) },
      ],
    },
    {
      name: 'a small film with metadata of others',
      bytes: small,
      edited: [
        { by: 'who takes all of it out', bytes: movieFirst() },
        { by: 'who puts a C2PA manifest store in front', bytes: movieFirst({}, { between: c2paBox(store) }) },
        { by: 'who puts the index last', bytes: movieLast() },
        { by: 'who pads it', bytes: movieLast({ extra: box('free', new Uint8Array(30)) }, { between: box('skip', new Uint8Array(5)) }) },
        { by: 'who needs offsets of 64 bits', bytes: movieFirst({ width: 8 }, { mdat: isobmff.wideBox }) },
        { by: 'who lists keys', bytes: movieFirst({ extra: box('meta', hdlr('mdta'), keys('make'), box('ilst', item(1, 'A'))) }) },
      ],
      changed: [
        { how: 'a manifest store is none', bytes: movieFirst({}, { between: c2paBox(box('jumb', box('jumd', text('json'.padEnd(17))))) }) },
        { how: 'something follows a manifest store', bytes: movieFirst({}, { between: c2paBox(joined(store, text('PK'))) }) },
        { how: 'padding holds something', bytes: movieFirst({}, { between: box('free', text('<svg/>')) }) },
        { how: 'XMP is none', bytes: movieFirst({}, { between: xmpBox(text('<svg xmlns="http://www.w3.org/2000/svg"/>')) }) },
        { how: 'something follows the XMP', bytes: movieFirst({}, { between: xmpBox(joined(packet('a'), text('PK'))) }) },
        { how: 'user data of an unknown kind is added', bytes: movieFirst(udta(box('AllF', text('\u0001')))) },
        { how: 'an item is no item', bytes: movieFirst(udta(list(box('\u00a9nam', text('no boxes here'))))) },
        { how: 'a list holds another box', bytes: movieFirst(udta(fullMeta(hdlr('mdir'), box('ilst'), box('xml ', text('<a/>'))))) },
        { how: 'a cover is added', bytes: movieFirst(udta(list(item('covr', 'JPEG', 13)))) },
        { how: 'a chunk is said to lie elsewhere', bytes: changed(movieFirst(), 'stco', 11) },
        {
          how: 'padding is put before the samples without telling the index',
          bytes: joined(movieFirst().slice(0, 24), box('free'), movieFirst().slice(24)),
        },
      ],
    },
    {
      name: 'a list of keys with boxes of others',
      bytes: movieFirst(
        udta(fullMeta(hdlr('mdta'), box('ctry', u32(0, 0)), keys('make'), box('ilst', item(1, 'A'), box('\u00a9xyz', text('?'))), u32(7, 7))),
      ),
      changed: [{ how: 'they are gone', bytes: movieFirst(udta(fullMeta(hdlr('mdta'), keys('make'), box('ilst', item(1, 'A'))))) }],
    },
    { name: 'fragments with an index', bytes: fixtureBytes('isobmff/dash.mp4') },
    { name: 'a film that is cut', bytes: movieFirst().slice(0, -9) },
  ],
});

testContent({
  format: mov,
  fixtures: [
    {
      name: 'a film of ffmpeg',
      bytes: fixtureBytes('isobmff/quicktime.mov'),
      edited: edited({ 'ffmpeg -c copy -metadata': 'ffmpeg.mov', exiftool: 'exiftool.mov' }),
      changed: [{ how: 'it is turned', bytes: changed(fixtureBytes('isobmff/quicktime.mov'), 'tkhd', 41) }],
    },
    {
      name: 'user data of QuickTime that ends with a zero',
      bytes: movieFirst(udta(box('\u00a9nam', Buffer.from('0001000041', 'hex')), box('XMP_', packet('b')), u32(0)), { head: ftyp('qt  ') }),
      edited: [{ by: 'who takes it out', bytes: movieFirst({}, { head: ftyp('qt  ') }) }],
      changed: [{ how: 'text is none', bytes: movieFirst(udta(box('\u00a9nam', Buffer.from('0009000041', 'hex'))), { head: ftyp('qt  ') }) }],
    },
    { name: 'without ftyp', bytes: movieLast({}, { head: new Uint8Array(0) }) },
  ],
});

const song = fixtureBytes('isobmff/audio.m4a');
const music = { head: ftyp('M4A ') };
testContent({
  format: m4a,
  fixtures: [
    { name: 'a song of ffmpeg', bytes: song, edited: edited({ 'ffmpeg -c copy -metadata': 'ffmpeg.m4a', exiftool: 'exiftool.m4a' }) },
    {
      name: 'a list of iTunes with a cover and gaps',
      bytes: movieFirst(
        udta(list(item('\u00a9ART', 'Me'), item('covr', 'JPEG', 13), item('\u00a9alb', 'It'), gap('iTunSMPB'), gap('iTunNORM'))),
        music,
      ),
      edited: [
        { by: 'who changes the artist', bytes: movieFirst(udta(list(item('covr', 'JPEG', 13), gap('iTunSMPB'), item('\u00a9ART', 'You'))), music) },
      ],
      changed: [
        { how: 'the cover is another', bytes: movieFirst(udta(list(item('covr', 'JPEX', 13), gap('iTunSMPB'))), music) },
        { how: 'the gaps are gone', bytes: movieFirst(udta(list(item('covr', 'JPEG', 13))), music) },
      ],
    },
    { name: 'bare', bytes: movieLast({}, music) },
  ],
});

const styp = box('styp', text('msdh'), u32(0), text('msdhmsix'));
/** A fragment whose samples begin `distance` bytes behind it. */
const fragment = (distance = 8): Uint8Array => {
  const head = (offset: number): Uint8Array =>
    box('moof', box('mfhd', u32(0, 1)), box('traf', box('tfhd', u32(0x02_0000, 1)), box('trun', u32(0x201, 1, offset, 7))));
  return head(head(0).length + distance);
};
const samples = box('mdat', text('samples'));
testContent({
  format: cmaf,
  fixtures: [
    { name: 'a segment of ffmpeg', bytes: fixtureBytes('cmaf/2.m4s') },
    {
      name: 'a fragment alone',
      bytes: joined(fragment(), samples),
      edited: [
        { by: 'who puts XMP between index and samples', bytes: joined(fragment(8 + xmpBox(packet('a')).length), xmpBox(packet('a')), samples) },
      ],
      changed: [
        { how: 'the index is not told', bytes: joined(fragment(), xmpBox(packet('a')), samples) },
        { how: 'it has another beginning', bytes: joined(styp, fragment(), samples) },
      ],
    },
    { name: 'two, with XMP of others', bytes: joined(styp, xmpBox(packet('a')), fragment(), samples, xmpBox(packet('b')), fragment(), samples) },
  ],
});

describe('the content of films', () => {
  it('reads no media data while it is planned, and no more than headers of many fragments', async () => {
    const source = countingSource(joined(movieFirst(), ...Array.from({ length: 50 }, () => joined(fragment(), box('mdat', new Uint8Array(10_000))))));
    await mp4.content(source);
    expect(source.bytesRead()).toBeLessThan(8_000);
  });

  it('names what has changed', async () => {
    const names = async (bytes: Uint8Array): Promise<readonly string[]> =>
      (await digestOf(mp4, bytes)).parts.map(({ name, hash }) => `${name} ${hash}`);
    const before = new Set(await names(film));
    expect((await names(changed(film, 'elst', 15))).filter((line) => !before.has(line)).map((line) => line.split(' ')[0])).toEqual([
      'moov/trak[2]/edts',
    ]);
    expect((await mp4.content(byteByByteSource(film)))?.method).toBe('isobmff-1');
  });
});
