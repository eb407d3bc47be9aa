import { applySplices, bytesSource, type Slots } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffprobe,
  fixtureBytes,
  oggStructure,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { block, comments, streamInfo } from '../../test/comment-files.ts';
import { bytesOf } from '../../test/mp3-files.ts';
import { behindChecksums, foreignPackets, lacingOf, opusHead, opusTags, page, stream } from '../../test/ogg-files.ts';
import { ogg } from './ogg.ts';
import { ogv } from './ogv.ts';
import { opus } from './opus.ts';

const { value } = sampleSlotText;
const vorbisHead = bytesOf('\x01vorbis', new Uint8Array(22), 1);
const vorbisComments = (...list: readonly string[]): Uint8Array => bytesOf('\x03vorbis', comments(list), 1);
const setup = bytesOf('\x05vorbis', new Uint8Array(700).fill(9));
const vorbis = (list: readonly string[], { perPage = 255, serial = 7 } = {}): readonly Uint8Array[] =>
  stream([vorbisComments(...list), setup], { head: vorbisHead, perPage, serial });
const flacHead = bytesOf('\x7fFLAC', [1, 0, 0, 1], 'fLaC', block(0, streamInfo));
const flacComments = (...list: readonly string[]): Uint8Array => block(4, comments(list), { isLast: true });
const speexHead = bytesOf('Speex   1.2', new Uint8Array(69));

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignPackets,
  ...more,
});

const chained = bytesOf(...vorbis(['A=1', 'AIGC={}']), ...vorbis(['B=2', 'AIGC={"c":1}'], { serial: 8 }), ...vorbis(['C=3'], { serial: 9 }));
const multiplexed = (() => {
  const [first, second] = [vorbis(['A=1']), stream([opusTags(['B=2', 'AIGC={}'])], { serial: 8 })];
  return bytesOf(...first.flatMap((one, index) => [one, ...(second[index] === undefined ? [] : [second[index]])]));
})();
// Four segments of comments, of which the page has room for five: the setup header begins on it.
const spread = vorbis([`A=${'x'.repeat(990)}`], { perPage: 5 });

testFormat({
  format: ogg,
  hasEnd: true,
  structure: oggStructure,
  fixtures: [
    fixture('Vorbis made by ffmpeg', fixtureBytes('ogg/vorbis.ogg')),
    fixture('Vorbis made by oggenc', fixtureBytes('ogg/oggenc.ogg')),
    fixture('Speex made by ffmpeg', fixtureBytes('ogg/speex.spx')),
    fixture('FLAC made by ffmpeg', fixtureBytes('ogg/flac.oga')),
    fixture('a wrong checksum', bytesOf(...vorbis(['A=b']).map((one, index) => (index === 1 ? one.with(22, 1) : one))), { refused: 'FILE_DAMAGED' }),
  ],
});

// A wrong checksum ends most mutations early, so that the rest of the reader is put to the test behind it.
testFormat({
  format: behindChecksums(ogg),
  hasEnd: true,
  structure: oggStructure,
  fixtures: [
    fixture('comments and setup on two pages', bytesOf(...spread)),
    fixture('chained, a label in each link', chained, { slots: 2 }),
    fixture('multiplexed, the label in the second stream', multiplexed, { slots: 1 }),
    fixture('FLAC', bytesOf(...stream([flacComments('A=b')], { head: flacHead }))),
    fixture('Speex', bytesOf(...stream([comments(['A=b'])], { head: speexHead }))),
    fixture('no stream that has comments', bytesOf(...stream([bytesOf('fisbone\0')], { head: bytesOf('fishead\0') })), {
      refused: 'NO_PLACE_INSIDE',
    }),
    fixture('no comment header', bytesOf(...stream([setup], { head: vorbisHead })), { refused: 'FILE_DAMAGED' }),
  ],
});

const labelled = async (bytes: Uint8Array, format = ogg): Promise<Uint8Array> =>
  applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));
const read = (bytes: Uint8Array): Promise<Slots> => ogg.read(bytesSource(bytes));

describe('ogg', () => {
  it('writes exactly the comment of the guide, behind the others, and the pages that follow stay', async () => {
    expect(await labelled(bytesOf(...vorbis(['A=b'])))).toEqual(bytesOf(...vorbis(['A=b', `AIGC=${value}`])));
    const inFlac = (...list: string[]): Uint8Array => bytesOf(...stream([flacComments(...list)], { head: flacHead }));
    expect(await labelled(inFlac('A=b'))).toEqual(inFlac('A=b', `AIGC=${value}`));
  });

  it('fills pages from the front where the comments take several, and never needs another page', async () => {
    const before = bytesOf(...spread);
    const after = await labelled(before);
    // The label adds one segment; the last page keeps one.
    const pages = [...Buffer.from(after).toString('latin1').matchAll(/OggS/g)].map(({ index }) => after[index + 26]);
    const fixed = [...Buffer.from(before).toString('latin1').matchAll(/OggS/g)].map(({ index }) => before[index + 26]);
    expect([fixed, pages]).toEqual([
      [1, 5, 2, 1, 1],
      [1, 7, 1, 1, 1],
    ]);
  });

  it('has no room where the pages are full: another one would renumber all that follow', async () => {
    const full = (bytes: number): Uint8Array => bytesOf(...stream([opusTags(['A='.padEnd(bytes - 8 - 14 - 4, 'x')])]));
    expect(foreignPackets(await labelled(full(255 * 253), opus))).toEqual(foreignPackets(full(255 * 253)));
    await expect(labelled(full(255 * 254 + 10), opus)).rejects.toMatchObject({ code: 'CARRIER_FULL' });
  });

  it('takes the label out of every other stream and link', async () => {
    const bytes = await labelled(chained);
    expect(bytes).toEqual(bytesOf(...vorbis(['A=1', `AIGC=${value}`]), ...vorbis(['B=2'], { serial: 8 }), ...vorbis(['C=3'], { serial: 9 })));
  });

  it('finds the links of a long chain, whatever lies between', async () => {
    const audio = (serial: number, count: number): readonly Uint8Array[] =>
      Array.from({ length: count }, (_, index) =>
        page([255, 255, 40], new Uint8Array(550).fill(index), { serial, sequence: index + 9, granule: index }),
      );
    const links = Array.from({ length: 12 }, (_, index) => [...vorbis([`AIGC={"link":${index}}`], { serial: index + 1 }), ...audio(index + 1, 150)]);
    const bytes = bytesOf(...links.flat());
    const { found, anomalies } = await read(bytes);
    expect(found.map(({ value: text }) => text)).toEqual(links.map((_, index) => `{"link":${index}}`));
    expect(found.map(({ isGuidePlace }) => isGuidePlace)).toEqual(links.map((_, index) => index === 0));
    expect(anomalies).toEqual([]);
  });

  it('reads less than 1 MiB of a chain that goes on for ever, says so, and does not write', async () => {
    const link = (serial: number): Uint8Array =>
      bytesOf(...vorbis(['A=b'], { serial }), page([255, 0], new Uint8Array(255), { serial, sequence: 5 }));
    const bytes = bytesOf(...Array.from({ length: 4000 }, (_, index) => link(index)));
    let total = 0;
    const { anomalies } = await ogg.read({
      size: bytes.length,
      read(offset, length) {
        total += length;
        return bytes.subarray(offset, offset + length);
      },
    });
    expect(anomalies.map(({ code }) => code)).toContain('limit');
    expect(total).toBeLessThan(1 << 20);
  });

  it('refuses where a page of another stream would have to be crossed', async () => {
    const [first, second] = [spread, stream([opusTags(['B=2'])], { serial: 8 })];
    const bytes = bytesOf(first[0]!, second[0]!, first[1]!, second[1]!, ...first.slice(2), ...second.slice(2));
    await expect(labelled(bytes)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });

  it('keeps the position of a page that holds audio behind the comments, and refuses where it would move', async () => {
    const packets = [vorbisComments('A=b'), setup, bytesOf('audio')];
    const one = (list: string): Uint8Array => {
      const all = [vorbisComments(...list.split(' ')), ...packets.slice(1)];
      return bytesOf(
        page(lacingOf(vorbisHead), vorbisHead, { flags: 2 }),
        page(lacingOf(...all), bytesOf(...all), { sequence: 1, granule: 77, flags: 4 }),
      );
    };
    expect(await labelled(one('A=b'))).toEqual(one(`A=b AIGC=${value}`));
  });

  it('says what is wrong with pages', async () => {
    const good = vorbis(['A=b', 'AIGC={}'], { perPage: 2 });
    const swapped = [good[0]!, good[2]!, good[1]!, ...good.slice(3)];
    expect((await read(bytesOf(...swapped))).anomalies).toMatchObject([{ code: 'damaged' }]);
    expect((await read(bytesOf(...good).subarray(0, 150))).anomalies.map(({ code }) => code)).toContain('truncated');
    expect((await read(bytesOf(...good.map((one, index) => (index === 1 ? one.with(23, 1) : one))))).anomalies).toMatchObject([{ code: 'checksum' }]);
    const many = (count: number): Uint8Array =>
      bytesOf(
        vorbis([])[0]!,
        ...Array.from({ length: count }, (_, index) =>
          page([255], new Uint8Array(255), { sequence: index + 1, flags: index === 0 ? 0 : 1, granule: -1 }),
        ),
      );
    expect((await read(many(1100))).anomalies.map(({ code }) => code)).toContain('limit');
  });

  it('is told apart by the streams that begin in the head', () => {
    const head = (...firsts: readonly Uint8Array[]): Uint8Array =>
      bytesOf(...firsts.map((first, serial) => page(lacingOf(first), first, { serial, flags: 2 })));
    const theora = bytesOf('\x80theora', new Uint8Array(35));
    const kinds = (bytes: Uint8Array): readonly string[] => [ogg, opus, ogv].filter((format) => format.matches(bytes)).map(({ id }) => id);
    expect(
      [
        head(vorbisHead),
        head(opusHead),
        head(vorbisHead, theora),
        head(opusHead, vorbisHead),
        head(vorbisHead, opusHead),
        head(bytesOf('fishead\0'), opusHead),
      ].map(kinds),
    ).toEqual([['ogg'], ['opus'], ['ogv'], ['opus'], ['ogg'], ['opus']]);
    expect([bytesOf('OggS'), bytesOf('OggT', head(opusHead).subarray(4)), head(opusHead).with(4, 1)].map(kinds)).toEqual([[], [], []]);
  });

  it('says 0 where a header packet ends and -1 where none does, when packets come to end on other pages', async () => {
    // Five segments of comments and three of setup on pages of two; with a shorter label, two and three on as many pages.
    const before = bytesOf(...vorbis([`AIGC=${'x'.repeat(1050)}`], { perPage: 2 }));
    const positions = (bytes: Uint8Array): readonly bigint[] =>
      [...Buffer.from(bytes).toString('latin1').matchAll(/OggS/g)].map(({ index }) => Buffer.from(bytes).readBigInt64LE(index + 6));
    expect(positions(before)).toEqual([0n, -1n, -1n, 0n, 0n, 960n, 1920n]);
    const after = await labelled(before);
    expect(positions(after)).toEqual([0n, 0n, -1n, -1n, 0n, 960n, 1920n]);
    expect(foreignPackets(after)).toEqual(foreignPackets(before));
    const { sums } = (foreignPackets(after) as { streams: [[number, { sums: boolean }]] }).streams[0][1];
    expect(sums).toBe(true);
  });

  it('comes back to the first bytes over a label that is longer by pages', async () => {
    const bytes = bytesOf(...vorbis([`A=${'x'.repeat(800)}`], { perPage: 6 }));
    const first = await labelled(bytes);
    const longer = { ...anotherSlotText, value: JSON.stringify({ a: 'y'.repeat(900) }) };
    const other = applySplices(first, await ogg.plan(bytesSource(first), longer));
    expect(foreignPackets(other)).toEqual(foreignPackets(bytes));
    expect(await labelled(other)).toEqual(first);
  });
});

const judged = [...['vorbis.ogg', 'oggenc.ogg', 'speex.spx', 'flac.oga'].map((name) => ({ name, bytes: () => fixtureBytes(`ogg/${name}`) }))];
// Nothing but headers: no packets to compare.
const headers = corpusFiles('.ogg').map(({ name, bytes }) => ({ name, bytes }));

describe('ogg before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    it(`${name}: ffprobe reads the label, and the packets are the same`, async () => {
      const hashes = await withFile('before.ogg', bytes(), packetHashes);
      expect(hashes).toMatch(/SHA256=/);
      const after = await labelled(bytes());
      expect(await withFile('after.ogg', after, packetHashes)).toBe(hashes);
      expect((await withFile('after.ogg', after, ffprobe)).streams[0]?.tags?.['AIGC']).toBe(value);
    });
  }
  for (const { name, bytes } of [...judged, ...headers]) {
    // exiftool has no reader for Speex.
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool sees what it saw, and the label`, async () => {
      // Its duration is a guess by the size of the file.
      const { 'Composite:Duration': _, ...before } = await withFile('before.ogg', bytes(), exiftoolDump);
      const { 'Vorbis:Aigc': ours, 'Composite:Duration': __, ...rest } = await withFile('after.ogg', await labelled(bytes()), exiftoolDump);
      expect(ours).toBe(name === 'speex.spx' ? undefined : value);
      expect(rest).toEqual(before);
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('ogg of the corpus', () => {
  it('exiftool/FLAC.ogg has nothing but headers, and is labelled all the same', async () => {
    const bytes = corpusFiles('flac.ogg')[0]!.bytes();
    const after = await labelled(bytes);
    expect((await read(after)).found).toHaveLength(1);
    expect(foreignPackets(after)).toEqual(foreignPackets(bytes));
  });
});
