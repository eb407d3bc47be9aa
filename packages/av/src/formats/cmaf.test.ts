import { applySplices, bytesSource } from '@aigc-label/core';
import {
  cmafStructure,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  fixtureBytes,
  isobmff,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { cmaf } from './cmaf.ts';
import { avFormats } from './index.ts';

const { box, joined, text, u32, untouched } = isobmff;
const packet = (property: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><dc:format>x</dc:format>${property}</rdf:Description></rdf:RDF></x:xmpmeta>`;
const PROPERTY = '<TC260:AIGC>{"Label":"1"}</TC260:AIGC>';
const xmpBox = (property: string): Uint8Array => box('uuid', Buffer.from('be7acfcb97a942e89c71999491e3afac', 'hex'), text(packet(property)));
/** Everything but boxes of XMP, where offsets count as what they point at. */
const foreign = (bytes: Uint8Array): unknown => (untouched(bytes) as string[]).filter((line) => !line.startsWith('/uuid '));
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({ name, bytes, untouched: foreign, ...more });

const styp = box('styp', text('msdh'), u32(0), text('msdhmsix'));
const fragment = (flags = 0x02_0000, ...base: readonly Uint8Array[]): Uint8Array =>
  joined(box('moof', box('mfhd', u32(0, 1)), box('traf', box('tfhd', u32(flags, 1), ...base))), box('mdat', text('samples')));

testFormat({
  format: cmaf,
  hasEnd: true,
  structure: cmafStructure,
  fixtures: [
    fixture('a DASH segment of ffmpeg', fixtureBytes('cmaf/1.m4s')),
    fixture('without styp', fragment()),
    fixture('two labels, and XMP of others', joined(styp, xmpBox(''), fragment(), xmpBox(PROPERTY), fragment(), xmpBox(PROPERTY)), { slots: 2 }),
    fixture('without styp, XMP before the end', joined(fragment(), xmpBox(PROPERTY), fragment()), { slots: 1 }),
    fixture('offsets from the start of the presentation', joined(styp, fragment(1, u32(0, 4000))), { refused: 'FORMAT_UNSUPPORTED_FEATURE' }),
  ],
});

testFormat({
  format: cmaf,
  hasEnd: false,
  structure: cmafStructure,
  fixtures: [
    fixture('samples until the end of the file', joined(fragment().slice(0, -15), isobmff.openBox('mdat', text('samples'))), {
      refused: 'FILE_DAMAGED',
    }),
    fixture('cut off inside the samples', joined(styp, fragment()).slice(0, -3)),
  ],
});

const labelled = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await cmaf.plan(bytesSource(bytes), sampleSlotText));

describe('cmaf', () => {
  it('stands behind styp, before sidx, and moves no reference of sidx', async () => {
    const before = fixtureBytes('cmaf/1.m4s');
    const after = await labelled(before);
    expect(after.subarray(0, 24)).toEqual(before.subarray(0, 24));
    expect(after.subarray(after.length - before.length + 24)).toEqual(before.subarray(24));
  });

  it('matches segments, and never what another format claims', () => {
    const ids = (head: Uint8Array): readonly string[] => avFormats.filter((format) => format.matches(head)).map(({ id }) => id);
    expect(['init', '1', '2'].map((name) => ids(fixtureBytes(`cmaf/${name}.m4s`)))).toEqual([['mp4'], ['cmaf'], ['cmaf']]);
    expect([ids(fragment()), ids(joined(box('emsg', new Uint8Array(40)), fragment())), ids(box('sidx', new Uint8Array(32)))]).toEqual([
      ['cmaf'],
      ['cmaf'],
      ['cmaf'],
    ]);
    expect([ids(text('\0\0\0\u0018stypmsdh')), ids(box('moof', new Uint8Array(40))), ids(text('The moof of a film '))]).toEqual([[], [], []]);
  });

  it('is read and labelled as the movie that it is where it holds a moov', async () => {
    const movie = joined(styp, isobmff.movieFirst({}, { head: new Uint8Array(0) }));
    const [slot] = (await cmaf.read(bytesSource(await labelled(movie)))).found;
    expect(slot).toMatchObject({ site: 'isobmff/moov.udta.meta/keys[mdta:AIGC]', isGuidePlace: true });
  });
});

describe('cmaf before its judges', () => {
  afterAll(endJudges);
  const [init, first, second] = ['init', '1', '2'].map((name) => fixtureBytes(`cmaf/${name}.m4s`)) as [Uint8Array, Uint8Array, Uint8Array];
  it('plays behind its initialisation segment: the packets are the same', async () => {
    const hashes = await withFile('before.mp4', joined(init, first, second), packetHashes);
    expect(hashes).toMatch(/SHA256=/);
    expect(await withFile('after.mp4', joined(init, await labelled(first), await labelled(second)), packetHashes)).toBe(hashes);
  });

  it.skipIf(exiftoolMissing !== undefined)('exiftool reads the label of a segment behind its initialisation segment', async () => {
    const dump = await withFile('after.mp4', joined(init, await labelled(first)), exiftoolDump);
    expect(dump['XMP-TC260:Aigc']).toBe(sampleSlotText.value);
  });
});
