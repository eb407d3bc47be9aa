import { applySplices, bytesSource, type Slots } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffprobe,
  fixtureBytes,
  frameTagsStructure,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { ape, audio, be32, bytesOf, foreignParts, frame, id3v1, lyrics3, syncsafe, tag, textFrame, txxx } from '../../test/mp3-files.ts';
import { mp3 } from './mp3.ts';

const { value } = sampleSlotText;
const title = textFrame(3, 'TIT2', 'A title');
const title4 = textFrame(4, 'TIT2', 'A title');
const picture = frame(3, 'APIC', bytesOf(0, 'image/png\0', 3, 'cover\0', new Uint8Array(900).fill(0xff), 0));
const bigTitle4 = (plainSize: boolean): Uint8Array => frame(4, 'TIT2', bytesOf(0, 'x'.repeat(300)), { plainSize });
const foreignTxxx = frame(3, 'TXXX', txxx.latin1('MOOD', 'calm'));

const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignParts,
  ...more,
});

testFormat({
  format: mp3,
  structure: frameTagsStructure,
  hasEnd: false,
  fixtures: [
    fixture('without any tag', audio),
    fixture('made by ffmpeg', fixtureBytes('mp3/tone.mp3')),
    fixture('ID3v1 and APEv2 only', bytesOf(audio, ape({ Title: 'A title' }), id3v1)),
    fixture('APEv2, Lyrics3 and ID3v1', bytesOf(tag(3, [title]), audio, ape({ Title: 'A title' }, false), lyrics3, id3v1)),
    fixture('junk at the end', bytesOf(tag(3, [title]), audio, 'junk\0\0junk')),
    fixture('2.2', bytesOf(tag(2, [textFrame(2, 'TT2', 'A title')]), audio)),
    fixture('2.2, padding', bytesOf(tag(2, [textFrame(2, 'TT2', 'A title')], { padding: 1000 }), audio)),
    fixture(
      '2.2, unsynchronised',
      bytesOf(tag(2, [frame(2, 'PIC', bytesOf(0, 'PNG', 3, 0, [255, 0, 255, 224, 255]))], { unsynchronise: true }), audio),
    ),
    fixture('2.3', bytesOf(tag(3, [title, picture, foreignTxxx]), audio)),
    fixture('2.3, ample padding', bytesOf(tag(3, [title, picture], { padding: 2048 }), audio)),
    fixture('2.3, padding for the shorter label only', bytesOf(tag(3, [title], { padding: 310 }), audio)),
    fixture('2.3, padding of exactly one label', bytesOf(tag(3, [title], { padding: value.length + 16 }), audio)),
    fixture('2.3, padding one byte short', bytesOf(tag(3, [title], { padding: value.length + 15 }), audio)),
    fixture('2.3, padding larger than the window', bytesOf(tag(3, [title], { padding: 40_000 }), audio)),
    fixture('2.3, padding only', bytesOf(tag(3, [], { padding: 700 }), audio), { untouched: (bytes) => bytes.slice(-audio.length) }),
    fixture('2.3, junk in the padding', bytesOf(tag(3, [title, bytesOf(new Uint8Array(400), 'junk', new Uint8Array(40))]), audio)),
    fixture(
      '2.3, padding of exactly one label and then junk',
      bytesOf(tag(3, [title, bytesOf(new Uint8Array(value.length + 16), 'junk', new Uint8Array(40))]), audio),
    ),
    fixture('2.3, unsynchronised', bytesOf(tag(3, [title, picture], { unsynchronise: true }), audio)),
    fixture(
      '2.3, unsynchronised, last byte 0xFF before padding',
      bytesOf(tag(3, [frame(3, 'PRIV', bytesOf('x\0', 255))], { unsynchronise: true, padding: 900 }), audio),
    ),
    fixture('2.3, extended header', bytesOf(tag(3, [title], { extended: bytesOf(be32(6), 0, 0, be32(600)), padding: 600 }), audio)),
    fixture('2.3, checksum', bytesOf(tag(3, [title], { extended: bytesOf(be32(10), 0x80, 0, be32(0), be32(1)) }), audio), {
      refused: 'FORMAT_UNSUPPORTED_FEATURE',
    }),
    fixture(
      '2.3, compressed, encrypted and grouped frames',
      bytesOf(
        tag(
          3,
          [0x80, 0x40, 0x20].map((flags) => frame(3, 'TPE1', bytesOf(9, 9, 9, 9, 9), { flags })),
        ),
        audio,
      ),
    ),
    fixture('2.3, frames of no size', bytesOf(tag(3, [frame(3, 'TPE1', bytesOf()), title, frame(3, 'TXXX', bytesOf())]), audio)),
    fixture('2.3 and then 2.4', bytesOf(tag(3, [title], { padding: 500 }), tag(4, [title4]), audio)),
    fixture('2.4', bytesOf(tag(4, [title4], { padding: 60 }), audio)),
    fixture('2.4, all frames unsynchronised', bytesOf(tag(4, [frame(4, 'PRIV', bytesOf('x\0', 255, 0, 0), { flags: 2 })], { flags: 0x80 }), audio)),
    fixture('2.4, data length', bytesOf(tag(4, [frame(4, 'TIT2', bytesOf(syncsafe(8), 0, 'A title'), { flags: 1 })]), audio)),
    fixture('2.4, plain sizes of old iTunes', bytesOf(tag(4, [bigTitle4(true), textFrame(4, 'TPE1', 'Nobody')], { padding: 100 }), audio), {
      untouched: (bytes) => foreignParts(bytes, { plainSize: true }),
    }),
    fixture('2.4, long frame, syncsafe', bytesOf(tag(4, [bigTitle4(false), textFrame(4, 'TPE1', 'Nobody')], { padding: 1000 }), audio)),
    fixture('2.4, junk in the padding', bytesOf(tag(4, [title4, bytesOf(new Uint8Array(400), 'junk')]), audio), { refused: 'FILE_DAMAGED' }),
    fixture('2.3, unsynchronised, junk in the padding', bytesOf(tag(3, [title, bytesOf(0, 'junk')], { unsynchronise: true }), audio), {
      refused: 'FILE_DAMAGED',
    }),
    fixture('2.4, footer', bytesOf(tag(4, [title4], { footer: true }), audio)),
    fixture('2.4, extended header with roomy restrictions', bytesOf(tag(4, [title4], { extended: bytesOf(syncsafe(8), 1, 0x10, 1, 0x08) }), audio)),
    fixture('2.4, restricted to short texts', bytesOf(tag(4, [title4], { extended: bytesOf(syncsafe(8), 1, 0x10, 1, 0x18) }), audio), {
      refused: 'CARRIER_FULL',
    }),
    fixture('2.4, checksum', bytesOf(tag(4, [title4], { extended: bytesOf(syncsafe(12), 1, 0x20, 5, 0, 0, 0, 0, 0) }), audio), {
      refused: 'FORMAT_UNSUPPORTED_FEATURE',
    }),
    fixture('2.4 with a footer at the end', bytesOf(audio, tag(4, [title4], { footer: true }))),
    fixture('tag beyond the end of the file', tag(3, [title, picture]).slice(0, -20), { refused: 'FILE_DAMAGED' }),
    fixture('frame beyond the end of its tag', bytesOf('ID3', 3, 0, 0, syncsafe(30), 'TIT2', be32(900), 0, 0, new Uint8Array(20), audio), {
      refused: 'FILE_DAMAGED',
    }),
    ...Object.entries(txxx).map(([encoding, content]) =>
      fixture(
        `2.4, a label in ${encoding} between others`,
        bytesOf(tag(4, [title4, frame(4, 'TXXX', content('AIGC', anotherSlotText.value)), textFrame(4, 'TPE1', 'N')]), audio),
        {
          slots: 1,
        },
      ),
    ),
    fixture(
      'several labels, everywhere',
      bytesOf(
        tag(3, [
          frame(3, 'TXXX', txxx.latin1('AIGC', '{}')),
          title,
          frame(3, 'COMM', bytesOf(0, 'eng', 'AIGC\0{}')),
          frame(3, 'TXXX', txxx.utf16('AIGC', '{}')),
        ]),
        tag(4, [title4, frame(4, 'TXXX', txxx.utf8('AIGC', '{}'))]),
        audio,
        ape({ Artist: 'N', aigc: '{}', Title: 'T' }),
        id3v1,
      ),
      { slots: 5, untouched: (bytes) => [(foreignParts(bytes) as { tags: unknown }).tags, bytes.slice(-id3v1.length)] },
    ),
  ],
});

const labelled = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> =>
  applySplices(bytes, await mp3.plan(bytesSource(bytes), slot));
const read = (bytes: Uint8Array): Promise<Slots> => mp3.read(bytesSource(bytes));

describe('mp3', () => {
  it('writes a tag of version 2.3 where there is none', async () => {
    const bytes = await labelled(audio);
    expect(bytes).toEqual(bytesOf(tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', value))]), audio));
  });

  it('keeps the size of the file where the padding suffices, and grows by the frame where not', async () => {
    const roomy = bytesOf(tag(3, [title], { padding: 2048 }), audio);
    expect((await labelled(roomy)).length).toBe(roomy.length);
    const tight = bytesOf(tag(3, [title], { padding: 310 }), audio);
    expect((await labelled(tight)).length).toBe(tight.length + (value.length + 16 > 310 ? value.length + 16 : 0));
  });

  it('leaves an APE tag without its label exactly as it would have been', async () => {
    const foreign = { Artist: 'N', Title: 'T' };
    const bytes = bytesOf(audio, ape({ Artist: 'N', AIGC: '{}', Title: 'T' }), id3v1);
    const label = bytesOf(tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', value))]));
    expect(await labelled(bytes)).toEqual(bytesOf(label, audio, ape(foreign), id3v1));
  });

  it('leaves a label in any encoding alone where it says the same', async () => {
    for (const content of Object.values(txxx)) {
      expect(await mp3.plan(bytesSource(bytesOf(tag(4, [title4, frame(4, 'TXXX', content('AIGC', value))]), audio)), sampleSlotText)).toEqual([]);
    }
  });

  it('reads a label behind group and data length, and in an unsynchronised frame', async () => {
    const content = bytesOf(
      7,
      syncsafe(9),
      [...txxx.utf16('AIGC', value)].flatMap((byte) => (byte === 255 ? [255, 0] : [byte])),
    );
    const { found } = await read(bytesOf(tag(4, [frame(4, 'TXXX', content, { flags: 0x43 })]), audio));
    expect(found).toEqual([{ key: 'AIGC', site: 'id3v2/TXXX[AIGC]', isGuidePlace: true, value }]);
  });

  it('corrects the size in the footer too', async () => {
    const options = { footer: true };
    expect(await labelled(bytesOf(tag(4, [title4], options), audio))).toEqual(
      bytesOf(tag(4, [frame(4, 'TXXX', txxx.latin1('AIGC', value)), title4], options), audio),
    );
  });

  it('leaves padding alone whose length an extended header states, or that unsynchronisation covers', async () => {
    const ours = frame(3, 'TXXX', txxx.latin1('AIGC', value));
    const extended = { extended: bytesOf(be32(6), 0, 0, be32(600)), padding: 600 };
    expect(await labelled(bytesOf(tag(3, [title], extended), audio))).toEqual(bytesOf(tag(3, [ours, title], extended), audio));
    const stuffed = { unsynchronise: true, padding: 600 };
    expect(await labelled(bytesOf(tag(3, [picture], stuffed), audio))).toEqual(bytesOf(tag(3, [ours, picture], stuffed), audio));
  });

  it('keeps the promise of a 2.4 header that all frames are unsynchronised', async () => {
    const ours = frame(4, 'TXXX', txxx.latin1('AIGC', value), { flags: 2 });
    expect(await labelled(bytesOf(tag(4, [title4], { flags: 0x80 }), audio))).toEqual(bytesOf(tag(4, [ours, title4], { flags: 0x80 }), audio));
  });

  it('unsynchronises a size that looks like sync', async () => {
    // 0x01FF bytes of content: the size ends in 0xFF, and a zero follows.
    const long = { ...sampleSlotText, value: `{${' '.repeat(511 - 6 - 2)}}` };
    for (const version of [2, 3] as const) {
      const bytes = await labelled(
        bytesOf(tag(version, [textFrame(version, version === 2 ? 'TT2' : 'TIT2', 'T')], { unsynchronise: true }), audio),
        long,
      );
      expect((await read(bytes)).found).toMatchObject([{ value: long.value }]);
      expect(bytes.subarray(10).findIndex((byte, index, all) => byte === 255 && all[index + 1] === 0)).toBe(version === 2 ? 5 : 7);
      expect(bytes.subarray(-audio.length)).toEqual(audio);
    }
  });

  it('puts a label of any length where it would stand had there never been another', async () => {
    const lengths = [10, 900, 1000, 8_000, 8_300, 12_000, 16_300, 16_500, 20_000];
    const slots = lengths.map((length) => ({ ...sampleSlotText, value: `{${' '.repeat(length)}}` }));
    for (const padding of [0, 500, 1010, 9_000, 16_384, 17_408, 40_000]) {
      const bytes = bytesOf(tag(3, [title], { padding }), audio.subarray(0, 417));
      for (const first of slots) {
        const once = await labelled(bytes, first);
        for (const second of slots) {
          const twice = await labelled(once, second);
          expect(Buffer.compare(twice, await labelled(bytes, second)), `padding ${padding}, ${first.value.length} then ${second.value.length}`).toBe(
            0,
          );
        }
      }
    }
  });

  it('finds what stands in APE before Lyrics3 and ID3v1, and in an ID3v2.4 tag at the end', async () => {
    const inApe = bytesOf(audio, ape({ AIGC: '{}' }), lyrics3, id3v1);
    expect((await read(inApe)).found).toMatchObject([{ site: 'ape/AIGC', isGuidePlace: false }]);
    const ours = frame(4, 'TXXX', txxx.utf8('AIGC', '{}'));
    const appended = bytesOf(audio, tag(4, [title4, ours], { footer: true }), ape({ Title: 'T' }), id3v1);
    expect((await read(appended)).found).toMatchObject([{ site: 'id3v2[appended]/TXXX[AIGC]', isGuidePlace: false }]);
    const label = tag(3, [frame(3, 'TXXX', txxx.latin1('AIGC', value))]);
    expect(await labelled(appended)).toEqual(bytesOf(label, audio, tag(4, [title4], { footer: true }), ape({ Title: 'T' }), id3v1));
  });

  it('labels beside an APE tag that is damaged, and says that it is', async () => {
    const damaged = ape({ AIGC: '{}', Title: 'T' });
    damaged[32] = 200;
    const bytes = bytesOf(audio, damaged);
    expect(await read(bytes)).toMatchObject({ found: [], anomalies: [{ code: 'damaged', site: 'ape' }] });
    expect((await labelled(bytes)).subarray(-damaged.length)).toEqual(damaged);
  });

  it('removes a label whose text cannot be read, and one that is too long', async () => {
    for (const [content, code] of [
      [bytesOf(3, 'AIGC\0', 0xff, 0xfe), 'undecodable'],
      [bytesOf(3, 'AIGC\0', new Uint8Array(70_000).fill(0x41)), 'limit'],
    ] as const) {
      const bytes = bytesOf(tag(3, [title, frame(3, 'TXXX', content)]), audio);
      expect(await read(bytes)).toMatchObject({ found: [], anomalies: [{ code }] });
      const after = await labelled(bytes);
      expect((await read(after)).anomalies).toEqual([]);
      expect(foreignParts(after)).toEqual(foreignParts(bytes));
    }
  });

  it('stops at 10,000 frames', async () => {
    const of = (count: number): Uint8Array => bytesOf(tag(3, [new Uint8Array(Buffer.alloc(count * 10, 'TPE1\0\0\0\0\0\0', 'latin1'))]), audio);
    expect((await read(await labelled(of(9_999)))).found).toHaveLength(1);
    await expect(labelled(of(10_001))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
  });

  it('takes no description for ours that only begins or ends like it', async () => {
    const frames = ['AIGC2', 'aAIGC', 'aigc', 'AIG', ''].map((description) => frame(3, 'TXXX', txxx.latin1(description, value)));
    expect((await read(bytesOf(tag(3, frames), audio))).found).toEqual([]);
  });

  it('matches MPEG audio and nothing that resembles it', () => {
    const yes = [
      audio,
      audio.slice(0, 417),
      tag(3, [picture]),
      bytesOf(tag(3, [title]), new Uint8Array(50), audio),
      bytesOf(tag(3, [title]), tag(4, [title4]), audio),
    ];
    const adts = bytesOf([0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc], new Uint8Array(300));
    const no = [
      bytesOf(),
      bytesOf('ID3'),
      adts,
      audio.slice(0, 500).fill(0, 417),
      bytesOf(tag(4, [title4]), adts),
      bytesOf(tag(4, [title4]), 'fLaC', audio),
      bytesOf(tag(4, [title4]), 'RIFF', audio),
      bytesOf('RIFF', be32(0), 'WAVE', audio),
      bytesOf('ID3', 5, 0, 0, syncsafe(20), new Uint8Array(20), audio),
      bytesOf(0xff, 0xfe, 'h\0e\0l\0l\0o\0'.repeat(200)),
    ];
    expect(yes.map((head) => mp3.matches(head.subarray(0, 4096)))).toEqual(yes.map(() => true));
    expect(no.map((head) => mp3.matches(head.subarray(0, 4096)))).toEqual(no.map(() => false));
  });

  it('costs little in front of a large picture', async () => {
    const cover = frame(3, 'APIC', new Uint8Array(6 << 20));
    const source = countingSource(bytesOf(tag(3, [cover, title]), audio));
    await mp3.plan(source, sampleSlotText);
    expect(source.bytesRead()).toBeLessThan(32 << 10);
  });
});

/** Files that ffmpeg can follow: the one of exiftool's own tests ends inside its first frame. */
const isPlayable = (name: string): boolean => name !== 'exiftool/MP3.mp3';

const tagBytesOf = (bytes: Uint8Array): number => 10 + [...bytes.subarray(6, 10)].reduce((total, byte) => total * 128 + byte, 0);
const tone = fixtureBytes('mp3/tone.mp3');
const stream = tone.slice(tagBytesOf(tone));
const judged = [
  { name: 'tone.mp3', bytes: () => tone },
  { name: 'none.mp3', bytes: () => stream },
  { name: 'roomy.mp3', bytes: () => bytesOf(tag(4, [title4], { padding: 3000 }), stream) },
  { name: 'old.mp3', bytes: () => bytesOf(tag(2, [textFrame(2, 'TT2', 'A title')]), stream, ape({ Album: 'A' }), id3v1) },
  { name: 'old and unsynchronised.mp3', bytes: () => bytesOf(tag(2, [textFrame(2, 'TT2', 'A title')], { unsynchronise: true }), stream) },
  { name: 'unsynchronised.mp3', bytes: () => bytesOf(tag(3, [frame(3, 'PRIV', bytesOf('x\0', 255, 0)), title], { unsynchronise: true }), stream) },
  { name: 'frames unsynchronised.mp3', bytes: () => bytesOf(tag(4, [title4], { flags: 0x80 }), stream) },
  { name: 'extended.mp3', bytes: () => bytesOf(tag(3, [title], { extended: bytesOf(be32(6), 0, 0, be32(0)) }), stream) },
  { name: 'footer.mp3', bytes: () => bytesOf(tag(4, [title4], { footer: true }), stream) },
  { name: 'itunes.mp3', bytes: () => bytesOf(tag(4, [bigTitle4(true)], { padding: 100 }), stream) },
  ...corpusFiles('.mp3'),
];

describe('mp3 before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    it.skipIf(!isPlayable(name))(
      `${name}: ffprobe reads the label, and the packets are the same${isPlayable(name) ? '' : ' (it ends inside its first frame)'}`,
      async () => {
        const before = bytes();
        const after = await labelled(before);
        await withFile('after.mp3', after, async (path) => {
          expect((await ffprobe(path)).format.tags?.['AIGC']).toBe(value);
          const hashes = await packetHashes(path);
          expect(hashes).toMatch(/SHA256=/);
          expect(hashes).toBe(await withFile('before.mp3', before, packetHashes));
        });
      },
    );
    // exiftool 13 takes the size of a 2.3 extended header for all of it, and finds no frame behind, label or not.
    it.skipIf(exiftoolMissing !== undefined || name === 'extended.mp3')(
      `${name}: exiftool reads the label, and everything else as before`,
      async () => {
        const before = await withFile('before.mp3', bytes(), exiftoolDump);
        const after = await withFile('after.mp3', await labelled(bytes()), exiftoolDump);
        const ours = Object.keys(after).filter((tagName) => /AIGC|UserDefinedText/i.test(tagName));
        expect(JSON.stringify(ours.map((tagName) => after[tagName]))).toContain(sampleSlotText.fields['ProduceID']);
        // The size of the tag grows with the label.
        ours.push('File:ID3Size');
        const rest = Object.fromEntries(Object.entries(after).filter(([tagName]) => !ours.includes(tagName)));
        const { 'File:ID3Size': _, ...expected } = before;
        expect(rest).toEqual(expected);
      },
    );
  }
});

describe.skipIf(corpusMissing !== undefined)('mp3 of the corpus', () => {
  for (const { name, bytes } of corpusFiles('.mp3')) {
    it(`${name} is labelled and keeps what it had`, async () => {
      const after = await labelled(bytes());
      expect((await read(after)).found).toHaveLength(1);
      expect(foreignParts(after)).toEqual(foreignParts(bytes()));
    });
  }
});
