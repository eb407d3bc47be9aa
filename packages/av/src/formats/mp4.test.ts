import { fixtureBytes, isobmff, isobmffStructure, testFormat } from '@aigc-label/test-fixtures';
import { m4a } from './m4a.ts';
import { mov } from './mov.ts';
import { mp4 } from './mp4.ts';

const { box, ftyp, fullMeta, hdlr, item, joined, keys, movieFirst, movieLast, openBox, text, u32, untouched, wideBox } = isobmff;

const file = (name: string) => ({ name, bytes: fixtureBytes(`isobmff/${name}`), untouched });
const udta = (...content: readonly Uint8Array[]) => ({ extra: box('udta', ...content) });
const XMP_WITHOUT =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:format>video/mp4</dc:format></rdf:Description></rdf:RDF></x:xmpmeta>';
const XMP_WITH = XMP_WITHOUT.replace(
  '</rdf:RDF>',
  '<rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><TC260:AIGC>{"Label":"1"}</TC260:AIGC></rdf:Description></rdf:RDF>',
);
const xmpBox = (packet: string): Uint8Array => box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), text(packet));
/** The packet is compared without what must go, everything else by `untouched`. */
const withoutXmp = (bytes: Uint8Array): unknown => {
  const file = Buffer.from(bytes).toString('latin1');
  const packets = file
    .match(/<x:xmpmeta.*?<\/x:xmpmeta>/gs)
    ?.map((packet) => packet.replace(/<rdf:Description rdf:about="" xmlns:TC260.*?<\/rdf:Description>/s, ''));
  return [packets, (untouched(bytes) as string[]).filter((line) => !/^\/uuid |\/XMP_ /.test(line))];
};
const LABEL = '{"Label":"1","ContentProducer":"p","ProduceID":"i"}';

testFormat({
  format: mp4,
  structure: isobmffStructure,
  hasEnd: true,
  fixtures: [
    ...['moov-last', 'moov-first', 'itunes', 'keys', 'fragmented', 'dash'].map((name) => file(`${name}.mp4`)),
    file('phone.3gp'),
    { name: 'bare, moov first', bytes: movieFirst(), untouched },
    { name: 'bare, moov last', bytes: movieLast(), untouched },
    { name: 'co64', bytes: movieFirst({ width: 8 }), untouched },
    { name: '64-bit sizes', bytes: movieFirst({}, { moov: wideBox, mdat: wideBox }), untouched },
    { name: 'free between', bytes: movieFirst({}, { between: joined(box('free', new Uint8Array(20)), box('wide'), box('skip')) }), untouched },
    { name: 'udta that ends with a 32-bit zero', bytes: movieFirst(udta(box('name', text('x')), u32(0))), untouched },
    { name: 'udta that is empty', bytes: movieFirst(udta()), untouched },
    { name: 'moov that ends with a 32-bit zero', bytes: movieFirst({ extra: u32(0) }), untouched },
    { name: 'empty keys', bytes: movieFirst(udta(fullMeta(hdlr('mdta'), keys(), box('ilst')))), untouched },
    { name: 'handler mdta without keys', bytes: movieFirst(udta(fullMeta(hdlr('mdta')))), untouched },
    { name: 'handler mdta with a list and without keys', bytes: movieFirst(udta(fullMeta(hdlr('mdta'), box('ilst')))), untouched },
    { name: 'meta without anything', bytes: movieFirst(udta(box('meta'), box('meta', u32(0)))), untouched },
    { name: 'key without a value', bytes: movieFirst(udta(fullMeta(hdlr('mdta'), keys('other', 'AIGC'), box('ilst', item(1, 'x'))))), untouched },
    {
      name: 'the same key twice, and another after them',
      bytes: movieFirst(
        udta(fullMeta(hdlr('mdta'), keys('AIGC', 'a', 'AIGC', 'b'), box('ilst', item(4, 'B'), item(1, LABEL), item(3, LABEL), item(2, 'A')))),
      ),
      untouched,
      slots: 2,
    },
    {
      name: 'the value twice, in two languages',
      bytes: movieFirst(udta(fullMeta(hdlr('mdta'), keys('AIGC'), box('ilst', item(1, LABEL), item(1, LABEL, 1, 5))))),
      untouched,
      slots: 2,
    },
    {
      name: 'moov.meta of QuickTime, with the key that exiftool writes',
      bytes: movieFirst({
        extra: box('meta', hdlr('mdta'), keys('x', 'com.apple.quicktime.AIGC', 'y'), box('ilst', item(1, 'X'), item(2, LABEL), item(3, 'Y'))),
      }),
      untouched,
      slots: 1,
    },
    {
      name: 'udta.meta without version and flags',
      bytes: movieFirst(udta(box('meta', hdlr('mdta'), keys('AIGC', 'z'), box('ilst', item(1, LABEL), item(2, 'Z'))))),
      untouched,
      slots: 1,
    },
    {
      name: 'an iTunes list with the label as a comment, as a free name, and under its own four characters',
      bytes: movieFirst(
        udta(
          fullMeta(
            hdlr('mdir'),
            box(
              'ilst',
              item('\u00a9nam', 'Title'),
              item('\u00a9cmt', `{"AIGC":${LABEL}}`),
              box('----', box('mean', u32(0), text('com.apple.iTunes')), box('name', u32(0), text('AIGC')), box('data', u32(1, 0), text(LABEL))),
              item('AIGC', LABEL),
              item('\u00a9des', '{"json":"of somebody else"}'),
            ),
          ),
        ),
      ),
      untouched,
      slots: 3,
    },
    {
      name: 'moov.meta as Doubao for iOS has it: no version and flags, no keys, the label as the text of an item',
      bytes: movieFirst({ extra: box('meta', hdlr('mdir'), box('ilst', item('\u00a9nam', 'Title'), item('\u00a9cmt', `{"AIGC":${LABEL}}`))) }),
      untouched,
      slots: 1,
    },
    {
      name: 'the same with a bare label, and moov behind mdat',
      bytes: movieLast({ extra: box('meta', hdlr('mdir'), box('ilst', item('\u00a9cmt', LABEL))) }),
      untouched,
      slots: 1,
    },
    { name: 'a udta box AIGC', bytes: movieFirst(udta(box('AIGC', text(LABEL)), box('name', text('x')))), untouched, slots: 1 },
    {
      name: 'XMP in a uuid box, with our property and foreign ones',
      bytes: movieFirst({}, { between: xmpBox(XMP_WITH) }),
      untouched: withoutXmp,
      slots: 1,
    },
    { name: 'XMP of QuickTime in udta', bytes: movieFirst(udta(box('XMP_', text(XMP_WITH)))), untouched: withoutXmp, slots: 1 },
    { name: 'XMP before moov, without our property', bytes: movieFirst({}, { head: joined(ftyp('isom'), xmpBox(XMP_WITHOUT)) }), untouched },
    {
      name: 'keys of an iPhone in moov.meta',
      bytes: movieFirst({ extra: box('meta', hdlr('mdta'), keys('make', 'model'), box('ilst', item(1, 'A'), item(2, 'B'))) }),
      untouched,
    },
    {
      name: 'keys in moov.meta, and udta behind them',
      bytes: movieFirst({
        extra: joined(box('meta', hdlr('mdta'), keys('make', 'model'), box('ilst', item(1, 'A'), item(2, 'B'))), box('udta', box('name', text('x')))),
      }),
      untouched,
    },
    {
      name: 'our own key in moov.meta, and udta behind it',
      bytes: movieFirst({
        extra: joined(box('meta', hdlr('mdta'), keys('make', 'AIGC', 'model'), box('ilst', item(1, 'A'), item(2, LABEL), item(3, 'B'))), box('udta')),
      }),
      untouched,
      slots: 1,
    },
    { name: 'two moov boxes', bytes: joined(movieFirst(), movieLast()), untouched, refused: 'FORMAT_UNSUPPORTED_FEATURE' },
    { name: 'a compressed moov', bytes: movieFirst({ extra: box('cmov', new Uint8Array(20)) }), untouched, refused: 'FORMAT_UNSUPPORTED_FEATURE' },
    { name: 'no moov', bytes: joined(ftyp('isom'), box('mdat', text('x'))), untouched, refused: 'FILE_DAMAGED' },
    { name: 'mdat of size 0 before moov', bytes: movieLast({}, { mdat: openBox }), untouched, refused: 'FILE_DAMAGED' },
    {
      name: 'samples in another file',
      bytes: movieFirst({ dref: box('url ', u32(0), text('file:///x\0')) }),
      untouched,
      refused: 'FORMAT_UNSUPPORTED_FEATURE',
    },
  ],
});

testFormat({
  format: mp4,
  structure: isobmffStructure,
  hasEnd: false,
  fixtures: [
    { name: 'moov last with size 0', bytes: movieLast({}, { moov: openBox }), untouched },
    { name: 'moov before an mdat of size 0', bytes: movieFirst({}, { mdat: openBox }), untouched },
  ],
});

testFormat({
  format: mov,
  structure: isobmffStructure,
  hasEnd: true,
  fixtures: [
    file('quicktime.mov'),
    { name: 'no ftyp, moov first', bytes: movieFirst({}, { head: new Uint8Array(0) }), untouched },
    { name: 'no ftyp, mdat first', bytes: movieLast({}, { head: new Uint8Array(0) }), untouched },
    { name: 'no ftyp, wide and free first', bytes: movieLast({}, { head: joined(box('wide'), box('free', new Uint8Array(9))) }), untouched },
  ],
});

testFormat({ format: m4a, structure: isobmffStructure, hasEnd: true, fixtures: [file('audio.m4a')] });
