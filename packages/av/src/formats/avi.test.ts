import { applySplices, type ByteSource, bytesSource, type Slots, type SlotText } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffprobe,
  fixtureBytes,
  packetHashes,
  riffStructure,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { aviFile, aviLabel, aviPart, foreignParts, headers, info, movie, title, zeros } from '../../test/avi-files.ts';
import { bytesOf, le32 } from '../../test/mp3-files.ts';
import { chunk, riff } from '../../test/wav-files.ts';
import { avi } from './avi.ts';

const { value } = sampleSlotText;
const label = aviLabel(value);
const XMP =
  '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><TC260:AIGC>{"Label":"1"}</TC260:AIGC></rdf:Description></rdf:RDF></x:xmpmeta>';
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignParts,
  ...more,
});

testFormat({
  format: avi,
  hasEnd: true,
  structure: riffStructure,
  fixtures: [
    fixture('made by ffmpeg', fixtureBytes('avi/film.avi')),
    fixture('no padding at all', aviFile()),
    fixture('padding behind foreign facts', aviFile({ head: [info(title), zeros(900)] })),
    fixture(
      'labels everywhere',
      aviFile({
        head: [aviLabel('{"a":1}'), info(title, aviLabel('{"b":22}')), zeros(900)],
        tail: [info(aviLabel('{"c":1}')), chunk('_PMX', bytesOf(XMP))],
      }),
      { slots: 4 },
    ),
    fixture('a label in the head, without padding', aviFile({ head: [info(title, aviLabel('{}'))], tail: [info(title)] }), { slots: 1 }),
    fixture('OpenDML', aviFile({ head: [zeros(900)], tail: [info(title, aviLabel('{}'))], parts: [aviPart] }), { slots: 1 }),
  ],
});

testFormat({
  format: avi,
  hasEnd: false,
  structure: riffStructure,
  fixtures: [
    fixture('OpenDML without padding', aviFile({ parts: [aviPart] }), { refused: 'CARRIER_FULL' }),
    fixture('a recording that was cut off', riff([headers, zeros(900), movie], { form: 'AVI ', off: 1000 })),
    fixture('cut off behind a chunk, and no padding', aviFile({ off: 1000 })),
    fixture('cut off inside a chunk, and no padding', aviFile().slice(0, -3), { refused: 'FILE_DAMAGED' }),
  ],
});

const labelled = async (bytes: Uint8Array, slot: SlotText = sampleSlotText): Promise<Uint8Array> =>
  applySplices(bytes, await avi.plan(bytesSource(bytes), slot));
const read = (bytes: Uint8Array): Promise<Slots> => avi.read(bytesSource(bytes));
const longSlot: SlotText = { ...sampleSlotText, value: JSON.stringify({ ...sampleSlotText.fields, ReservedCode1: 'x'.repeat(2000) }) };

describe('avi', () => {
  it('takes its bytes from the padding of the head, and leaves the frames where they are', async () => {
    const before = aviFile({ head: [info(title), zeros(900)] });
    expect(await labelled(before)).toEqual(aviFile({ head: [info(title, label), zeros(900 - label.length)] }));
    const alone = aviFile({ head: [zeros(900)] });
    expect(await labelled(alone)).toEqual(aviFile({ head: [info(label), zeros(900 - info(label).length)] }));
  });

  it('uses padding up exactly, and leaves none of less than a header', async () => {
    const own = info(label).length;
    expect(await labelled(aviFile({ head: [zeros(own - 8)] }))).toEqual(aviFile({ head: [info(label)] }));
    const short = [own - 10, own - 6, own - 2];
    for (const length of short) {
      expect(await labelled(aviFile({ head: [zeros(length)] })), String(length)).toEqual(aviFile({ head: [zeros(length)], tail: [info(label)] }));
    }
    expect(await labelled(aviFile({ head: [zeros(own)] }))).toEqual(aviFile({ head: [info(label), zeros(0)] }));
  });

  it('stands at the end where the head has no room, and comes back when it has', async () => {
    const before = aviFile({ head: [info(title), zeros(900)] });
    const long = await labelled(before, longSlot);
    expect(long).toEqual(aviFile({ head: [info(title), zeros(900)], tail: [info(aviLabel(longSlot.value))] }));
    expect(await labelled(long)).toEqual(await labelled(before));
  });

  it('turns what others put into the head into padding', async () => {
    const before = aviFile({ head: [info(title, aviLabel('{}'), title)] });
    expect(await labelled(before)).toEqual(aviFile({ head: [info(title, title), zeros(aviLabel('{}').length - 8)], tail: [info(label)] }));
  });

  it('does not take the settings of a camera for padding', async () => {
    const settings = chunk('JUNK', bytesOf('QVMI', new Uint8Array(900)));
    expect(await labelled(aviFile({ head: [settings] }))).toEqual(aviFile({ head: [settings], tail: [info(label)] }));
  });

  it('says so where the facts are broken, and a few times where labels are many', async () => {
    const cut = chunk('LIST', bytesOf('INFO', chunk('AIGC', bytesOf('{}'), { size: 1 << 30 })));
    expect((await read(aviFile({ head: [cut] }))).anomalies).toMatchObject([{ code: 'damaged', site: 'avi/LIST[INFO]' }]);
    const many = await read(aviFile({ tail: Array.from({ length: 100 }, () => aviLabel('{}')) }));
    expect([many.found.length, many.anomalies.map(({ code }) => code)]).toEqual([3, ['limit']]);
  });

  it('refuses what is too large to be a label', async () => {
    const before = aviFile({ tail: [chunk('AIGC', new Uint8Array(300_000))] });
    expect((await read(before)).anomalies).toMatchObject([{ code: 'limit' }]);
    await expect(avi.plan(bytesSource(before), sampleSlotText)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('reads a few bytes of a file of 3 GB', async () => {
    const part = 2 ** 30;
    const head = riff([headers, zeros(900), chunk('LIST', bytesOf('movi'), { size: part })], {
      form: 'AVI ',
      size: part + 4 + headers.length + 908 + 8,
    });
    const source = sparse(head, head.length - 4 + part, part);
    expect((await avi.plan(source, sampleSlotText)).length).toBe(1);
    expect((await avi.read(source)).anomalies).toEqual([]);
    expect(source.bytesRead()).toBeLessThan(5000);
  });

  it('matches AVI and no other RIFF', () => {
    const form = (type: string, magic = 'RIFF'): boolean => avi.matches(bytesOf(magic, le32(4), type));
    expect([form('AVI '), form('AVIX'), form('WAVE'), form('WEBP'), form('AVI ', 'RIFX')]).toEqual([true, false, false, false, false]);
  });
});

/** Two further parts behind the first; zeros between their headers, which nobody holds in memory. */
const sparse = (head: Uint8Array, firstEnd: number, part: number): ByteSource & { bytesRead(): number } => {
  const known = [
    { at: 0, bytes: head },
    ...[0, 1].map((count) => ({ at: firstEnd + count * (part + 8), bytes: bytesOf('RIFF', le32(part), 'AVIX') })),
  ];
  let total = 0;
  return {
    size: firstEnd + 2 * (part + 8),
    read(offset, length) {
      total += length;
      return Uint8Array.from({ length }, (_, index) => {
        const place = known.find(({ at, bytes }) => offset + index >= at && offset + index < at + bytes.length);
        return place?.bytes[offset + index - place.at] ?? 0;
      });
    },
    bytesRead: () => total,
  };
};

const judged = [
  ...['film.avi', 'sound.avi'].map((name) => ({ name, bytes: () => fixtureBytes(`avi/${name}`) })),
  ...corpusFiles('.avi').filter(({ name }) => name !== 'exiftool/RIFF.avi'),
];

describe('avi before its judges', () => {
  afterAll(endJudges);
  for (const { name, bytes } of judged) {
    for (const slot of [sampleSlotText, longSlot]) {
      const where = slot === longSlot ? 'at the end' : 'in the head';
      it(`${name}, ${where}: ffprobe reads the label, and the packets are the same`, async () => {
        const hashes = await withFile('before.avi', bytes(), packetHashes);
        expect(hashes).toMatch(/SHA256=/);
        const after = await labelled(bytes(), slot);
        expect(await withFile('after.avi', after, packetHashes)).toBe(hashes);
        expect((await withFile('after.avi', after, ffprobe)).format.tags?.['AIGC']).toBe(slot.value);
      });
      it.skipIf(exiftoolMissing !== undefined)(`${name}, ${where}: exiftool sees what it saw, and our chunk`, async () => {
        const before = await withFile('before.avi', bytes(), exiftoolDump);
        const { 'RIFF:Unknown_AIGC': ours, ...rest } = await withFile('after.avi', await labelled(bytes(), slot), exiftoolDump);
        expect(ours).toContain('Binary data');
        expect(rest).toEqual(before);
      });
    }
  }
});

describe.skipIf(corpusMissing !== undefined)('avi of the corpus', () => {
  it('exiftool/RIFF.avi was cut off before its frames, behind a chunk: the label is its new end', async () => {
    const [file] = corpusFiles('riff.avi');
    const bytes = file!.bytes();
    const after = await labelled(bytes);
    expect(Buffer.compare(after.subarray(8, bytes.length), bytes.subarray(8))).toBe(0);
    expect((await read(after)).found.map(({ isGuidePlace }) => isGuidePlace)).toEqual([true]);
    expect((await read(after)).anomalies.map(({ code }) => code)).toEqual((await read(bytes)).anomalies.map(({ code }) => code));
  });
});
