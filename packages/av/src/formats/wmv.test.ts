import { applySplices, type ByteSource, bytesSource, type Format, type Slots } from '@aigc-label/core';
import {
  asfStructure,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  fixtureBytes,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import {
  asfFile,
  asfObject,
  CONTENT,
  contentValue,
  DATA,
  data,
  extension,
  foreignObjects,
  LIBRARY,
  libraryValue,
  list,
  SIGNATURE,
  simpleIndex,
  stream,
  XMP,
} from '../../test/asf-files.ts';
import { bytesOf } from '../../test/mp3-files.ts';
import { wma } from './wma.ts';
import { wmv } from './wmv.ts';

const { value } = sampleSlotText;
const packet = (property: string): Uint8Array =>
  bytesOf(
    `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/"><dc:format>x</dc:format>${property}</rdf:Description></rdf:RDF></x:xmpmeta>`,
  );
const PROPERTY = '<TC260:AIGC>{"Label":"1"}</TC260:AIGC>';
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: foreignObjects,
  ...more,
});

testFormat({
  format: wmv,
  hasEnd: true,
  structure: asfStructure,
  fixtures: [
    fixture('made by ffmpeg, with its label', fixtureBytes('asf/film.wmv'), { slots: 1 }),
    fixture(
      'labels everywhere',
      asfFile(
        [
          stream('video'),
          list(CONTENT, contentValue('Title', 'T'), contentValue('AIGC', '{"a":1}'), contentValue('WM/AIGC', '{"b":22}')),
          extension(list(LIBRARY, libraryValue('AIGC', '{"c":1}'), libraryValue('Other', 'O'))),
        ],
        [data, asfObject(XMP, packet(PROPERTY)), simpleIndex, asfObject(XMP, packet(PROPERTY))],
      ),
      { slots: 5 },
    ),
    fixture(
      'XMP of others, before the data too',
      asfFile([stream('video')], [asfObject(XMP, packet(PROPERTY)), data, asfObject(XMP, packet('')), simpleIndex]),
      {
        slots: 1,
      },
    ),
    fixture('a signed header', asfFile([stream('video'), asfObject(SIGNATURE, new Uint8Array(40))]), { refused: 'FORMAT_UNSUPPORTED_FEATURE' }),
  ],
});

testFormat({
  format: wmv,
  hasEnd: false,
  structure: asfStructure,
  fixtures: [
    fixture('a broadcast, recorded without an end', asfFile([stream('video')], [asfObject(DATA, new Uint8Array(50), 0)], true), {
      refused: 'FILE_DAMAGED',
    }),
    // As ffmpeg writes into a pipe: what follows the empty Data Object are its packets, and a label before them would be one.
    fixture(
      'a recording out of a pipe',
      bytesOf(asfFile([stream('video')], [asfObject(DATA, new Uint8Array(26))], true), [0x82, 0, 0], data.subarray(24)),
      {
        refused: 'FORMAT_UNSUPPORTED_FEATURE',
      },
    ),
    fixture('cut off inside the data', asfFile([stream('video')]).slice(0, -20), { refused: 'FILE_DAMAGED' }),
  ],
});

const labelled = async (bytes: Uint8Array, format: Format = wmv): Promise<Uint8Array> =>
  applySplices(bytes, await format.plan(bytesSource(bytes), sampleSlotText));
const read = (bytes: Uint8Array): Promise<Slots> => wmv.read(bytesSource(bytes));

describe('wmv', () => {
  it('appends one object, and keeps the size in File Properties true', async () => {
    const before = asfFile([stream('video')], [data, simpleIndex]);
    const after = await labelled(before);
    const added = after.subarray(before.length);
    expect(after).toEqual(asfFile([stream('video')], [data, simpleIndex, added]));
    expect(Buffer.from(added.subarray(0, 16)).toString('hex')).toBe('cbcf7abea997e8429c71999491e3afac');
    expect(Buffer.from(added).readBigUInt64LE(16)).toBe(BigInt(added.length));
    expect(Buffer.from(added).toString()).toContain(`<TC260:AIGC>${value}</TC260:AIGC>`);
  });

  it('leaves the size of a broadcast, which means nothing, and one that was wrong', async () => {
    const broadcast = asfFile([stream('video')], [data], true);
    expect((await labelled(broadcast)).subarray(0, broadcast.length)).toEqual(broadcast);
    const wrong = asfFile([stream('video')]);
    wrong[70] = 1;
    expect((await labelled(wrong)).subarray(0, wrong.length)).toEqual(wrong);
  });

  it('refuses a list whose values do not fill it, where a label stands in it', async () => {
    const broken = (name: string): Uint8Array => {
      const values = list(CONTENT, contentValue(name, '{}'));
      values[24] = 2;
      return asfFile([stream('video'), values]);
    };
    expect((await read(broken('AIGC'))).anomalies).toMatchObject([{ code: 'damaged' }]);
    await expect(labelled(broken('AIGC'))).rejects.toMatchObject({ code: 'FILE_DAMAGED' });
    expect((await read(await labelled(broken('Title')))).found).toHaveLength(1);
  });

  it('stands behind the data, as the specification wants it, whatever stands before', async () => {
    const before = asfFile([stream('video')], [asfObject(XMP, packet(PROPERTY)), data]);
    const [slot] = (await read(before)).found;
    expect(slot?.isGuidePlace).toBe(false);
    const after = await labelled(before);
    expect(Buffer.from(after).indexOf('TC260:AIGC>')).toBeGreaterThan(Buffer.from(after).indexOf(data));
  });

  it('stops at sizes of 0, of less than a header, and of less than nothing', async () => {
    for (const sizeBytes of [0, 23, 2 ** 64 - 2 ** 12]) {
      const { anomalies } = await read(asfFile([stream('video'), asfObject(CONTENT, new Uint8Array(2), sizeBytes)]));
      expect(anomalies, String(sizeBytes)).toMatchObject([{ code: 'damaged', site: 'asf/header' }]);
    }
    expect((await read(asfFile([stream('video')], [asfObject(DATA, new Uint8Array(50), 0)]))).anomalies).toMatchObject([
      { code: 'damaged', site: 'asf' },
    ]);
  });

  it('refuses more labels than anybody writes', async () => {
    const many = asfFile([stream('video'), list(CONTENT, ...Array.from({ length: 17 }, () => contentValue('AIGC', '{}')))]);
    const { found, anomalies } = await read(many);
    expect([found.length, anomalies.length]).toEqual([3, 13]);
    await expect(labelled(many)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('reads a few bytes of a file of 6 GB', async () => {
    const dataBytes = 6 * 2 ** 30;
    const head = asfFile([stream('video')], [asfObject(DATA, new Uint8Array(0), 24 + dataBytes)]);
    let total = 0;
    const source: ByteSource = {
      size: head.length + dataBytes,
      read(offset, length) {
        total += length;
        const bytes = new Uint8Array(length);
        bytes.set(head.subarray(Math.min(offset, head.length), Math.min(offset + length, head.length)));
        return bytes;
      },
    };
    expect((await wmv.plan(source, sampleSlotText)).map(({ at }) => at)).toEqual([source.size]);
    expect(total).toBeLessThan(1000);
  });

  it('is wma where the head shows sound alone', () => {
    const kinds = (...streams: readonly ('audio' | 'video')[]): readonly boolean[] => {
      const head = asfFile(streams.map(stream));
      return [wmv, wma].map((format) => format.matches(head));
    };
    expect(kinds('audio')).toEqual([false, true]);
    expect([kinds('audio', 'video'), kinds('video'), kinds()]).toEqual([
      [true, false],
      [true, false],
      [true, false],
    ]);
    expect([wmv, wma].map((format) => format.matches(bytesOf('RIFF')))).toEqual([false, false]);
  });
});

describe('asf before its judges', () => {
  afterAll(endJudges);
  for (const [name, format] of [
    ['film.wmv', wmv],
    ['sound.wma', wma],
  ] as const) {
    const bytes = fixtureBytes(`asf/${name}`);
    it(`${name}: the packets are the same`, async () => {
      const hashes = await withFile(name, bytes, packetHashes);
      expect(hashes).toMatch(/SHA256=/);
      expect(await withFile(name, await labelled(bytes, format), packetHashes)).toBe(hashes);
    });
    it.skipIf(exiftoolMissing !== undefined)(`${name}: exiftool reads the label, and sees what it saw`, async () => {
      const before = await withFile(name, bytes, exiftoolDump);
      const after = await withFile(name, await labelled(bytes, format), exiftoolDump);
      const isOurs = ([tag]: readonly [string, unknown]): boolean => /XMP|FileLength|Aigc/i.test(tag);
      expect(Object.entries(after).filter(isOurs)).toContainEqual(['XMP-TC260:Aigc', value]);
      expect(Object.entries(after).filter((entry) => !isOurs(entry))).toEqual(Object.entries(before).filter((entry) => !isOurs(entry)));
    });
  }
});
