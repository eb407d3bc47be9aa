import { applySplices, type ByteSource, bytesSource, type Slots } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  fixtureBytes,
  packetHashes,
  riffStructure,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf, frame, le32, tag, textFrame, txxx } from '../../test/mp3-files.ts';
import { chunk, ds64, format, info, riff, samples, withoutLabel } from '../../test/wav-files.ts';
import { wav } from './wav.ts';

const { value } = sampleSlotText;
const data = chunk('data', samples);
const label = chunk('AIGC', bytesOf(value));
const oddData = (pad: boolean): Uint8Array => chunk('data', samples.slice(1), { pad });
const id3 = tag(3, [textFrame(3, 'TIT2', 'A title')], { padding: 10 });
const junk = bytesOf('\0\0junk after the end');

const xmp = (isLabelled: boolean): Uint8Array =>
  bytesOf(
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" xmp:CreatorTool="x">',
    isLabelled ? '<TC260:AIGC>{&quot;Label&quot;:&quot;1&quot;}</TC260:AIGC>' : '',
    '</rdf:Description></rdf:RDF></x:xmpmeta>',
  );

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: withoutLabel,
  ...more,
});

/** Where the writer forgot the padding of the last chunk, the label brings it along. */
const withPaddingAt = (at: number) => (bytes: Uint8Array) => {
  const cut = withoutLabel(bytes);
  return cut.length > at && cut[at] === 0 ? bytesOf(cut.subarray(0, at), cut.subarray(at + 1)) : cut;
};

const unpadded = riff([format(), oddData(false)]);

testFormat({
  format: wav,
  structure: riffStructure,
  hasEnd: true,
  fixtures: [
    fixture('made by ffmpeg', fixtureBytes('wav/tone.wav')),
    fixture('RF64 made by ffmpeg', fixtureBytes('wav/tone-rf64.wav')),
    fixture('BWF made by ffmpeg', fixtureBytes('wav/tone-bext.wav')),
    fixture('plain', riff([format(), data])),
    fixture('RIFX', riff([format(true), chunk('data', samples, { big: true })], { magic: 'RIFX' })),
    fixture('BW64', riff([ds64(500, 400), format(), chunk('data', samples, { size: 0xffffffff })], { magic: 'BW64', size: 0xffffffff })),
    fixture(
      'everything around the samples',
      riff([chunk('bext', samples), format(), info(chunk('INAM', bytesOf('odd'))), data, chunk('id3 ', id3), chunk('JUNK', samples)]),
    ),
    fixture('odd data, padded', riff([format(), oddData(true)])),
    fixture('odd data, padding outside the size', riff([format(), oddData(true)], { off: -1 })),
    fixture('odd data, no padding at all', unpadded, { untouched: withPaddingAt(unpadded.length) }),
    fixture('odd chunk without padding before the samples', riff([format(), chunk('odd ', bytesOf('abc'), { pad: false }), data])),
    fixture(
      'several labels, everywhere',
      riff([
        chunk('AIGC', bytesOf('{}')),
        format(),
        info(chunk('INAM', bytesOf('odd')), chunk('AIGC', bytesOf('{"a":1}\0'))),
        data,
        chunk('AIGC', bytesOf('{"b":22}')),
        chunk('id3 ', tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', '{}')), textFrame(3, 'TIT2', 'T')])),
      ]),
      {
        slots: 4,
        untouched: (bytes) =>
          indexOf(bytes, data) > 0 && indexOf(bytes, textFrame(3, 'TIT2', 'T')) > 0 && indexOf(bytes, chunk('INAM', bytesOf('odd'))) > 0,
      },
    ),
    fixture(
      'a comment that is a label, one that is not, and XMP',
      riff([format(), info(chunk('ICMT', bytesOf('AIGC:{"Label":"1"}\0')), chunk('ICMT', bytesOf('AIGC: words'))), data, chunk('_PMX', xmp(true))]),
      {
        slots: 2,
        untouched: (bytes) =>
          indexOf(bytes, data) > 0 && indexOf(bytes, chunk('ICMT', bytesOf('AIGC: words'))) > 0 && indexOf(bytes, bytesOf('CreatorTool')) > 0,
      },
    ),
    // Found by the fuzzer: "dodd" would announce 800 bytes, which the file has as soon as it holds a label, too.
    fixture(
      'padding that looks like a chunk in a larger file',
      riff([format(), bytesOf('odd ', le32(3), 'abcd', 'odd ', le32(3), 'abc'), data, chunk('JUNK', samples.slice(200))]),
      {
        refused: 'FILE_DAMAGED',
      },
    ),
    fixture('no samples at all', riff([format()])),
    fixture('header only, no samples yet', riff([format(), chunk('data', bytesOf())])),
  ],
});

// Without a known end, what follows cannot be told from samples.
testFormat({
  format: wav,
  structure: riffStructure,
  hasEnd: false,
  fixtures: [
    fixture('into a pipe by ffmpeg', fixtureBytes('wav/tone-pipe.wav')),
    fixture('sizes 0xFFFFFFFF', riff([format(), chunk('data', samples, { size: 0xffffffff })], { size: 0xffffffff })),
    fixture('sizes 0', riff([format(), chunk('data', samples, { size: 0 })], { size: 0 })),
    // SoX and eSpeak: the samples of a WAV in a pipe have 0x7FFFF000 bytes.
    fixture('into a pipe by eSpeak', riff([format(), chunk('data', samples, { size: 0x7ffff000 })], { size: 0x7ffff024 })),
    fixture('sizes below 0xFFFFFFFF', riff([format(), chunk('data', samples, { size: 0xffffffdb })], { size: 0xffffffff })),
    fixture('a size that ends inside a list', riff([format(), info(chunk('INAM', bytesOf('odd'))), data], { off: -415 })),
    fixture('a recording that crashed', riff([format(), chunk('data', samples, { size: 0 })], { off: -samples.length })),
    fixture('cut off inside the samples', riff([format(), data, chunk('LIST', samples)]).slice(0, 300)),
    fixture('RF64 whose ds64 is empty', riff([chunk('ds64', bytesOf()), format(), data], { magic: 'RF64', size: 0xffffffff })),
    fixture('announced size too large', riff([format(), data], { off: 1000 })),
    fixture('stray bytes inside the end', riff([format(), data, bytesOf('stray')])),
    fixture('junk after the end', bytesOf(riff([format(), data]), junk)),
    fixture('odd size and junk after the end', bytesOf(unpadded, junk), {
      untouched: (bytes) => [withoutLabel(bytes).subarray(0, unpadded.length), bytes.subarray(-junk.length)],
    }),
    fixture('cut off before the samples', riff([format(), chunk('LIST', samples)]).slice(0, 100), { refused: 'FILE_DAMAGED' }),
    fixture('cut off inside a label', riff([format(), data, label]).slice(0, -20), { refused: 'FILE_DAMAGED' }),
  ],
});

const indexOf = (bytes: Uint8Array, part: Uint8Array): number => Buffer.from(bytes).indexOf(part);
const labelled = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await wav.plan(bytesSource(bytes), sampleSlotText));
const read = (bytes: Uint8Array): Promise<Slots> => wav.read(bytesSource(bytes));

describe('wav', () => {
  it('writes exactly the chunk of the guide, at the end, and the size of the whole', async () => {
    expect(await labelled(riff([format(), data]))).toEqual(riff([format(), data, label]));
    expect(await labelled(riff([format(), oddData(true)], { off: -1 }))).toEqual(riff([format(), oddData(true), label]));
    expect(await labelled(unpadded)).toEqual(riff([format(), oddData(true), label]));
  });

  it('keeps junk behind the RIFF end, and puts the chunk before it', async () => {
    expect(await labelled(bytesOf(riff([format(), data]), junk))).toEqual(bytesOf(riff([format(), data, label]), junk));
    expect(await labelled(bytesOf(unpadded, junk))).toEqual(bytesOf(riff([format(), oddData(true), label]), junk));
  });

  it('calls a WAV that came out of a pipe neither cut nor damaged', async () => {
    for (const size of [0, 0x7ffff000, 0x7fffffff, 0xffffffdb, 0xffffffff]) {
      const piped = riff([format(), chunk('data', samples, { size })], { size: Math.min(size + 36, 0xffffffff) });
      expect((await read(size === 0 ? riff([format(), chunk('data', samples, { size })], { size }) : piped)).anomalies).toEqual([]);
    }
    const cut = riff([format(), chunk('data', samples, { size: 0x7fffef00 })], { size: 0x7fffef24 });
    expect((await read(cut)).anomalies.map(({ code }) => code)).toEqual(['truncated']);
  });

  it('reads and replaces a label behind a chunk in which the announced size ends', async () => {
    const list = chunk('LIST', bytesOf('adtl', samples));
    const before = riff([format(), list, chunk('AIGC', bytesOf('{}')), data], { off: -600 });
    expect((await read(before)).found.map((slot) => slot.value)).toEqual(['{}']);
    expect(await labelled(before)).toEqual(riff([format(), label, list, data], { off: -600 }));
  });

  it('goes before the samples where their end is unknown', async () => {
    const open = chunk('data', samples, { size: 0xffffffff });
    expect(await labelled(riff([format(), open], { size: 0xffffffff }))).toEqual(riff([format(), label, open], { size: 0xffffffff }));
    const crashed = chunk('data', samples, { size: 0 });
    expect(await labelled(riff([format(), crashed], { off: -400 }))).toEqual(riff([format(), label, crashed], { off: -400 }));
  });

  it('corrects the 64-bit size of RF64 and touches nothing else of ds64', async () => {
    const inside = [format(), chunk('data', samples, { size: 0xffffffff })];
    const options = { magic: 'RF64', size: 0xffffffff };
    const bytes = riff([ds64(4 + 36 + 24 + 408, 400), ...inside], options);
    expect(await labelled(bytes)).toEqual(riff([ds64(4 + 36 + 24 + 408 + label.length, 400), ...inside, label], options));
  });

  it('takes labels out of LIST/INFO and the ID3 chunk, sizes and padding with them', async () => {
    const children = [chunk('INAM', bytesOf('odd')), chunk('IART', bytesOf('N\0'))];
    const title = textFrame(3, 'TIT2', 'T');
    const before = riff([
      format(),
      info(children[0]!, chunk('AIGC', bytesOf('{}x')), children[1]!),
      data,
      chunk('id3 ', tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', '{} ')), title])),
    ]);
    expect(await labelled(before)).toEqual(riff([format(), info(...children), data, chunk('id3 ', tag(3, [title])), label]));
  });

  it('takes labels out of XMP and of comments that are nothing else, and says where they stood', async () => {
    const before = riff([format(), info(chunk('ICMT', bytesOf('{"AIGC":{"Label":"1"}}'))), data, chunk('_PMX', xmp(true))]);
    expect((await read(before)).found.map(({ site, isGuidePlace }) => [site, isGuidePlace])).toEqual([
      ['wav/LIST[INFO]/ICMT', false],
      ['wav/_PMX/TC260:AIGC', false],
    ]);
    const after = await labelled(before);
    expect(after).toEqual(riff([format(), info(), data, chunk('_PMX', xmp(false)), label]));
  });

  it('looks into no more than 16 tags, says so, and does not write', async () => {
    const many = riff([format(), data, ...Array.from({ length: 17 }, () => chunk('id3 ', id3))]);
    expect((await read(many)).anomalies.map(({ code }) => code)).toContain('limit');
    await expect(labelled(many)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('gives a chunk its padding that becomes odd', async () => {
    const title = textFrame(3, 'TIT2', 'TT');
    const before = riff([format(), data, chunk('id3 ', tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', '{}x')), title]))]);
    expect(await labelled(before)).toEqual(riff([format(), data, chunk('id3 ', tag(3, [title])), label]));
  });

  it('gives no padding to a chunk that becomes even', async () => {
    const ours = frame(3, 'TXXX', txxx.latin1('AIGC', '{}x'));
    const last = (tagBytes: Uint8Array): Uint8Array => chunk('id3 ', tagBytes, { pad: false });
    const title = textFrame(3, 'TIT2', 'T');
    const bytes = riff([format(), data, last(tag(3, [ours, title]))]);
    expect(bytes.length % 2).toBe(1);
    expect(await labelled(bytes)).toEqual(riff([format(), data, last(tag(3, [title])), label]));
  });

  it('stops at 65,536 chunks', async () => {
    const many = (count: number): Uint8Array => riff([format(), data, new Uint8Array(Buffer.alloc(count * 8, 'JUNK\0\0\0\0', 'latin1'))]);
    expect((await read(await labelled(many(65_533)))).found).toHaveLength(1);
    expect((await read(many(65_535))).anomalies).toMatchObject([{ code: 'limit' }]);
  });

  it('refuses what would not fit into 32 bits, and says that RF64 is the way', async () => {
    const source = sparse(riff([format(), chunk('data', bytesOf(), { size: 0xffffffc0 })], { size: 0xfffffff0 }), 0xfffffff8);
    await expect(wav.plan(source, sampleSlotText)).rejects.toMatchObject({ code: 'CARRIER_FULL', message: expect.stringContaining('RF64') });
  });

  it('reads a few bytes of a file of 6 GB', async () => {
    const dataBytes = 6 * 2 ** 30;
    const head = riff(
      [chunk('ds64', bytesOf(le64(dataBytes + 72), le64(dataBytes), le64(0), le32(0))), format(), chunk('data', bytesOf(), { size: 0xffffffff })],
      { magic: 'RF64', size: 0xffffffff },
    );
    const source = sparse(head, dataBytes + 80);
    const splices = await wav.plan(source, sampleSlotText);
    expect(splices.map(({ at }) => at)).toEqual([20, dataBytes + 80]);
    expect(source.bytesRead()).toBeLessThan(200);
  });

  it('matches WAVE and no other RIFF', () => {
    const form = (type: string, magic = 'RIFF'): boolean => wav.matches(bytesOf(magic, le32(4), type));
    expect(['RIFF', 'RIFX', 'RF64', 'BW64'].map((magic) => form('WAVE', magic))).toEqual([true, true, true, true]);
    expect(['WEBP', 'AVI ', 'wave', 'WAV'].map((type) => form(type))).toEqual([false, false, false, false]);
  });

  it('finds no label in the samples', async () => {
    expect((await read(riff([format(), chunk('data', bytesOf(label, samples))]))).found).toEqual([]);
  });
});

const le64 = (number: number): number[] => [...le32(number % 2 ** 32), ...le32(Math.floor(number / 2 ** 32))];

/** A file of zeros behind its head, which nobody holds in memory. */
const sparse = (head: Uint8Array, size: number): ByteSource & { bytesRead(): number } => {
  let total = 0;
  return {
    size,
    read(offset, length) {
      total += length;
      const bytes = new Uint8Array(length);
      bytes.set(head.subarray(Math.min(offset, head.length), Math.min(offset + length, head.length)));
      return bytes;
    },
    bytesRead: () => total,
  };
};

const judged = [
  ...['tone.wav', 'tone-rf64.wav', 'tone-pipe.wav', 'tone-bext.wav'].map((name) => ({ name, bytes: () => fixtureBytes(`wav/${name}`) })),
  { name: 'odd.wav', bytes: () => riff([format(), info(chunk('INAM', bytesOf('odd'))), oddData(true)]) },
  ...corpusFiles('.wav').filter(({ name }) => name !== 'exiftool/RIFF.wav'),
];

describe('wav before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    it(`${name}: the packets are the same`, async () => {
      const hashes = await withFile('before.wav', bytes(), packetHashes);
      expect(hashes).toMatch(/SHA256=/);
      expect(await withFile('after.wav', await labelled(bytes()), packetHashes)).toBe(hashes);
    });
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool sees what it saw, and our chunk`, async () => {
      const before = await withFile('before.wav', bytes(), exiftoolDump);
      const after = await withFile('after.wav', await labelled(bytes()), exiftoolDump);
      const { 'RIFF:Unknown_AIGC': ours, 'RIFF:RIFFSize64': size64, ...rest } = after;
      // exiftool counts the padding in.
      expect(ours).toContain(`Binary data ${value.length + (value.length % 2)} bytes`);
      // The 64-bit size of the whole is the only other thing that moves.
      const { 'RIFF:RIFFSize64': size64Before, ...expected } = before;
      expect(size64 === undefined ? undefined : Number(size64) - Number(size64Before)).toBe(name === 'tone-rf64.wav' ? label.length : undefined);
      expect(rest).toEqual(expected);
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('wav of the corpus', () => {
  it('c2pa-rs/sample1.wav is labelled and keeps what it had', async () => {
    const [file] = corpusFiles('sample1.wav');
    const bytes = file!.bytes();
    const after = await labelled(bytes);
    expect((await read(after)).found).toHaveLength(1);
    expect(Buffer.compare(withoutLabel(after), withoutLabel(bytes))).toBe(0);
  });

  it('exiftool/RIFF.wav announces 16 bytes too few, so that a list crosses the end: the label goes before that list', async () => {
    const [file] = corpusFiles('riff.wav');
    const after = await labelled(file!.bytes());
    expect(indexOf(after, label)).toBe(indexOf(file!.bytes(), bytesOf('LIST', le32(0x8c))));
    expect(Buffer.compare(withoutLabel(after), withoutLabel(file!.bytes()))).toBe(0);
    expect((await read(after)).anomalies.map(({ code }) => code)).toEqual(['damaged']);
  });
});
