import { applySplices, type ByteSource, bytesSource } from '@aigc-label/core';
import {
  anotherSlotText,
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffmpeg,
  ffprobe,
  fixtureBytes,
  flvStructure,
  packetHashes,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import {
  contentOf,
  ecmaArray,
  flvTag,
  frames,
  joined,
  list,
  longString,
  metadata,
  number,
  object,
  property,
  START,
  string,
} from '../../test/flv-files.ts';
import { flv } from './flv.ts';

const { value } = sampleSlotText;
const duration = property('duration', number(1));
const ours = property('AIGC', string(value));
const fixture = (name: string, bytes: Uint8Array, more: Partial<FormatFixture> = {}): FormatFixture => ({
  name,
  bytes,
  untouched: contentOf,
  ...more,
});
const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await flv.plan(bytesSource(bytes), slot));
const sites = async (bytes: Uint8Array): Promise<readonly (readonly [string, boolean])[]> =>
  (await flv.read(bytesSource(bytes))).found.map(({ site, isGuidePlace }) => [site, isGuidePlace] as const);
const file = (...tags: readonly Uint8Array[]): Uint8Array => joined(START, ...tags, frames);

/** Metadata with an index that leads to the two key frames, once in `first` and once in a second tag. */
const indexed = (): Uint8Array => {
  const build = (positions: readonly number[], size: number): Uint8Array => {
    const keyframes = property(
      'keyframes',
      object(property('filepositions', list(...positions.map(number))), property('times', list(number(0), number(1)))),
    );
    const rest = [property('filesize', number(size)), property('lastkeyframelocation', number(positions[1] ?? 0)), keyframes];
    return joined(START, metadata(ecmaArray(4, duration, ...rest)), flvTag(9, Uint8Array.of(0x12)), metadata(object(ours, ...rest)), frames);
  };
  const blank = build([0, 0], 0);
  return build([blank.length - frames.length, blank.length - 18], blank.length);
};

afterAll(endJudges);

testFormat({
  format: flv,
  hasEnd: true,
  structure: flvStructure,
  fixtures: [
    fixture('ffmpeg with an index of key frames', fixtureBytes('flv/index.flv')),
    fixture('ffmpeg, sound', fixtureBytes('flv/sound.flv')),
    fixture('ffmpeg without metadata', fixtureBytes('flv/bare.flv')),
    fixture('two tags of metadata with an index each, a label in the second', indexed(), { slots: 1 }),
    fixture(
      'labels of every kind',
      file(metadata(object(property('aigc', string(value)), duration, property('x', ecmaArray(1, ours)), property('AIGC', longString(value))))),
      {
        slots: 3,
      },
    ),
    fixture('nothing but a header', START),
    fixture(
      'a recorder’s prefix, no end marker',
      file(flvTag(18, joined(string('@setDataFrame'), string('onMetaData'), Uint8Array.of(3), duration))),
    ),
  ],
});

describe('FLV: the property', () => {
  it.each([
    ['right', 1, 2],
    ['too high', 9, 9],
    ['zero', 0, 0],
  ])('follows a count that is %s', async (_, before, after) => {
    const labelled = await label(file(metadata(ecmaArray(before, duration))));
    expect(Buffer.from(labelled).readUInt32BE(13 + 11 + 13 + 1)).toBe(after);
    expect(await label(await label(labelled, anotherSlotText))).toEqual(labelled);
  });

  it('is the last of the first onMetaData, and stays where it is when it is replaced', async () => {
    const bytes = file(metadata(object(duration, ours, property('z', number(1)))));
    const labelled = await label(bytes, anotherSlotText);
    expect(labelled.indexOf(0x7a, 60)).toBeGreaterThan(Buffer.from(labelled).indexOf('AIGC'));
    expect(contentOf(labelled)).toEqual(contentOf(bytes));
    expect(await flv.plan(bytesSource(bytes), sampleSlotText)).toEqual([]);
  });

  it.each([
    ['of the first onMetaData', [object(ours)], 'flv/onMetaData/AIGC', true],
    ['in lower case', [object(property('aigc', string(value)))], 'flv/onMetaData/aigc', false],
    ['as a long string', [object(property('AIGC', longString(value)))], 'flv/onMetaData/AIGC', false],
    ['inside of another', [object(property('tags', object(ours)))], 'flv/onMetaData/tags/AIGC', false],
  ] as const)('is read %s', async (_, values, site, isGuidePlace) => {
    const bytes = file(metadata(...values));
    expect(await sites(bytes)).toEqual([[site, isGuidePlace]]);
    const labelled = await label(bytes, anotherSlotText);
    expect(await sites(labelled)).toEqual([['flv/onMetaData/AIGC', true]]);
  });

  it('is read in a later onMetaData, and moved to the first', async () => {
    const bytes = file(metadata(object(duration)), metadata(object(ours)));
    expect(await sites(bytes)).toEqual([['flv/onMetaData[1]/AIGC', false]]);
    expect(await sites(await label(bytes))).toEqual([['flv/onMetaData/AIGC', true]]);
  });

  it('that is no text is told, and replaced', async () => {
    const bytes = file(metadata(object(property('AIGC', number(1)))));
    expect(await flv.read(bytesSource(bytes))).toMatchObject({ found: [], anomalies: [{ code: 'undecodable' }] });
    expect(await sites(await label(bytes))).toHaveLength(1);
  });

  it('moves every position, and a wrong size of the file stays wrong', async () => {
    const wrong = file(metadata(object(property('filesize', number(5)), property('lastkeyframelocation', number(Number.NaN)))));
    for (const bytes of [indexed(), wrong]) {
      const labelled = await label(bytes);
      if (bytes !== wrong) {
        expect(contentOf(labelled)).toEqual(contentOf(bytes));
        expect(JSON.stringify(contentOf(labelled))).not.toContain('nothing at');
      }
    }
    expect(Buffer.from(await label(wrong)).includes(Buffer.from(number(5)))).toBe(true);
  });
});

describe('FLV: what is refused', () => {
  const long = { ...sampleSlotText, value: `{"Label":"${'1'.repeat(65_536)}"}` };
  it.each([
    ['a label longer than a string', file(metadata(object(duration))), long, 'CARRIER_FULL'],
    ['metadata in AMF 3', file(metadata(Uint8Array.of(0x11, 0x0a, 0x0b, 0x01, 0x01))), sampleSlotText, 'FILE_DAMAGED'],
    ['metadata that is no object', file(metadata(number(1))), sampleSlotText, 'FORMAT_UNSUPPORTED_FEATURE'],
    ['a property that leads beyond the script', file(metadata(Uint8Array.of(3, 0, 9, 65))), sampleSlotText, 'FILE_DAMAGED'],
    ['a wrong size behind the metadata', joined(START, metadata(object(duration)).slice(0, -1), Uint8Array.of(9)), sampleSlotText, 'FILE_DAMAGED'],
    ['metadata that is too long', file(flvTag(18, joined(string('onMetaData'), new Uint8Array(460_000)))), sampleSlotText, 'LIMIT_EXCEEDED'],
    [
      'objects that nest too deep',
      file(metadata(...Array.from({ length: 99 }, () => joined(Uint8Array.of(3, 0, 1, 65))))),
      sampleSlotText,
      'LIMIT_EXCEEDED',
    ],
    ['a header beyond the file', joined(START.slice(0, 5), Uint8Array.of(0, 0, 1, 0)), sampleSlotText, 'FILE_DAMAGED'],
  ])('%s', async (_, bytes, slot, code) => {
    await expect(flv.plan(bytesSource(bytes), slot)).rejects.toMatchObject({ code });
  });

  it('another key', async () => {
    await expect(flv.plan(bytesSource(file()), { ...sampleSlotText, key: 'XYZ' })).rejects.toThrow(TypeError);
  });

  it('not a stream that was cut in its frames', async () => {
    const cut = file(metadata(object(duration))).slice(0, -2);
    expect((await flv.read(bytesSource(cut))).anomalies).toMatchObject([{ code: 'truncated' }]);
    expect(await sites(await label(cut))).toHaveLength(1);
  });
});

describe('FLV: bounds', () => {
  const endless = (tag: Uint8Array, first: Uint8Array): ByteSource & { total: number } => ({
    size: 2 ** 32,
    total: 0,
    read(offset, length) {
      this.total += length;
      const bytes = new Uint8Array(length);
      for (let index = 0; index < length; index += 1) {
        const at = offset + index;
        bytes[index] = (at < first.length ? first[at] : tag[(at - first.length) % tag.length]) ?? 0;
      }
      return bytes;
    },
  });
  const frame = flvTag(9, new Uint8Array(5000));

  it('reads less than 1 MiB of 4 GiB, and says what it did not look at where no label was found', async () => {
    const without = endless(frame, START);
    expect((await flv.read(without)).anomalies).toMatchObject([{ code: 'limit' }]);
    expect(without.total).toBeLessThan(1 << 20);
    const labelled = endless(frame, joined(START, metadata(object(ours))));
    expect(await flv.read(labelled)).toMatchObject({ found: [{ value }], anomalies: [] });
    expect(labelled.total).toBeLessThan(1 << 20);
  });

  it('plans over every tag', async () => {
    const many = joined(START, ...Array.from({ length: 40_000 }, () => flvTag(9, Uint8Array.of(0x22))), metadata(object(ours)));
    const planned = applySplices(many, await flv.plan(bytesSource(many), anotherSlotText));
    expect(Buffer.from(planned).indexOf('AIGC')).toBe(Buffer.from(planned).lastIndexOf('AIGC'));
  });
});

describe('FLV: other tools', () => {
  const judged = [
    ...['index.flv', 'sound.flv', 'bare.flv'].map((name) => ({ name, bytes: () => fixtureBytes(`flv/${name}`) })),
    ...corpusFiles('.flv').map(({ name, bytes }) => ({ name: name.replace('/', '-'), bytes })),
  ];
  it.each(judged)('ffprobe reads the label of $name; packets and seeking stay', async ({ name, bytes }) => {
    const look = async (path: string) => {
      const { format, streams } = await ffprobe(path);
      const { AIGC: aigc, ...others } = format.tags ?? {};
      const seek = async (second: number): Promise<string> =>
        await ffmpeg('-ss', String(second), '-i', path, '-map', '0', '-c', 'copy', '-f', 'framemd5', '-');
      const isPlayable = streams.length > 0 && streams.every(({ codec_name: codec }) => codec !== undefined);
      return { aigc, rest: [others, streams, isPlayable ? [await packetHashes(path), await seek(0), await seek(0.5)] : []] };
    };
    const before = await withFile(name, bytes(), look);
    const after = await withFile(name, await label(bytes()), look);
    expect(after.aigc).toBe(value);
    expect(after.rest).toEqual(before.rest);
  });

  it.skipIf(exiftoolMissing).each(judged)('exiftool reads the label of $name, and everything else as before', async ({ name, bytes }) => {
    const moved = /AIGC|FileSizeBytes|Filesize|LastKeyFrameLocation|KeyFramePositions|KeyframesFilepositions/i;
    const dump = async (path: string) => await exiftoolDump(path);
    const foreign = (tags: Record<string, unknown>) => Object.entries(tags).filter(([key]) => !moved.test(key));
    const before = await withFile(name, bytes(), dump);
    const after = await withFile(name, await label(bytes()), dump);
    const found = after['Flash:AIGC'];
    expect(typeof found === 'string' ? JSON.parse(found) : found).toEqual(sampleSlotText.fields);
    expect(foreign(after)).toEqual(foreign(before));
  });

  it.skipIf(corpusMissing)('the corpus has one', () => {
    expect(corpusFiles('.flv').length).toBeGreaterThan(0);
  });
});
