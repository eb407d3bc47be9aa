import { applySplices, ascii, bytesSource, concat, latin1, utf8 } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  endJudges,
  exiftoolMissing,
  type FormatFixture,
  gifStructure,
  sampleSlotText,
  testFormat,
  xmpJudge,
} from '@aigc-label/test-fixtures';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { blockedXmp, comment, gifXmp, insertBlocks, partsOf } from '../../test/gifs.ts';
import { labelledDescription, packetBytes, withoutLabel } from '../../test/packets.ts';
import { bytesOf, pictureOf } from '../../test/pictures.ts';
import { gif } from './gif.ts';

const frames = new Uint8Array(12 * 10 * 3 * 3).map((_, index) => (index >> 4) * 13);
const animation = sharp(frames, { raw: { width: 12, height: 30, channels: 3, pageHeight: 10 } });
const still = await bytesOf(pictureOf(3).gif());
const animated = await bytesOf(animation.gif({ delay: [100, 200, 300], loop: 3 }));

const variants: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  'one picture': [still, 0],
  transparent: [await bytesOf(pictureOf(4).gif()), 0],
  animated: [animated, 0],
  GIF87a: [still.map((byte, index) => (index === 4 ? 0x37 : byte)), 0],
  'foreign XMP': [insertBlocks(still, 'image', gifXmp(packetBytes('', 500))), 0],
  'foreign XMP at the end': [insertBlocks(animated, 'end', gifXmp(packetBytes())), 0],
  'XMP in sub-blocks': [insertBlocks(still, 'end', blockedXmp(packetBytes())), 0],
  'a label of another maker': [insertBlocks(still, 'image', gifXmp(packetBytes(labelledDescription()))), 1],
  'a label of another maker in sub-blocks': [insertBlocks(still, 'image', blockedXmp(packetBytes(labelledDescription()))), 1],
  'two packets': [insertBlocks(still, 'image', gifXmp(packetBytes()), gifXmp(packetBytes(labelledDescription()))), 1],
  'a comment with AIGC (row 12)': [insertBlocks(still, 'end', comment('{"AIGC":{"Label":"1"}}', 7)), 1],
  'a comment of somebody else': [insertBlocks(still, 'image', comment('AIGC, they say '.repeat(40))), 0],
  'every form at once': [
    insertBlocks(animated, 'image', comment('kept'), comment('AIGC={"Label":"1"}'), gifXmp(packetBytes(labelledDescription()))),
    2,
  ],
};

/** All blocks but those that are a label, packets without theirs, and what follows the trailer. */
const untouched = (bytes: Uint8Array): unknown =>
  partsOf(bytes)
    .map(({ kind, bytes: part }) => {
      if (kind === 'xmp') {
        const text = new TextDecoder().decode(part);
        return withoutLabel(text.includes('\u0001\uFFFD') ? new TextDecoder().decode(part.subarray(14, -258)) : withoutBlocks(part));
      }
      if (kind === 'header') {
        return latin1(part).replace('GIF87a', 'GIF89a');
      }
      return kind === 'comment' && latin1(part).includes('"') ? '' : latin1(part);
    })
    .filter((one) => one !== '');

const withoutBlocks = (part: Uint8Array): string => {
  const data: number[] = [];
  for (let at = 14; (part[at] ?? 0) !== 0; at += 1 + (part[at] ?? 0)) {
    data.push(...part.subarray(at + 1, at + 1 + (part[at] ?? 0)));
  }
  return new TextDecoder().decode(Uint8Array.from(data));
};

const fixtures: readonly FormatFixture[] = Object.entries(variants).map(([name, [bytes, slots]]) => ({ name, bytes, untouched, slots }));

testFormat({ format: gif, structure: gifStructure, fixtures, hasEnd: true });

const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await gif.plan(bytesSource(bytes), slot));

const pixelsOf = async (bytes: Uint8Array): Promise<unknown> => {
  const { data, info } = await sharp(bytes, { animated: true }).raw().toBuffer({ resolveWithObject: true });
  const { delay, loop, pages } = await sharp(bytes, { animated: true }).metadata();
  return { samples: latin1(new Uint8Array(data)), width: info.width, height: info.height, delay, loop, pages };
};

describe('gif', () => {
  it('writes after NETSCAPE2.0 and before the first graphic control extension', async () => {
    const kinds = partsOf(await label(animated)).map(({ kind, bytes }) =>
      kind === 'other' ? (bytes[1] === 0xf9 ? 'control' : latin1(bytes.subarray(3, 14))) : kind,
    );
    expect(kinds.slice(0, 5)).toEqual(['header', 'NETSCAPE2.0', 'xmp', 'control', 'image']);
  });
  it('turns GIF87a into GIF89a, which alone has extensions', async () => {
    expect(latin1((await label(variants['GIF87a']![0])).subarray(0, 6))).toBe('GIF89a');
  });
  it('names the site of each form', async () => {
    const { found } = await gif.read(bytesSource(variants['every form at once']![0]));
    expect(found.map(({ site, value, isGuidePlace }) => [site, value, isGuidePlace])).toEqual([
      ['gif/Comment', 'AIGC={"Label":"1"}', false],
      ['gif/XMP Data/TC260:AIGC', '{"Label":"1"}', true],
    ]);
  });
  for (const [name, [bytes]] of Object.entries(variants)) {
    it(`leaves the pixels of ${name}`, async () => {
      expect(await pixelsOf(await label(bytes))).toEqual(await pixelsOf(bytes));
    });
  }
  it('refuses what cannot be edited safely, and says so when reading', async () => {
    const wide = new Uint8Array([...'<x:xmpmeta xmlns:x="adobe:ns:meta/"/>'].flatMap((character) => [character.charCodeAt(0), 0]));
    for (const [name, bytes, anomaly, code] of [
      ['no trailer', still.slice(0, -1), 'truncated', 'FILE_DAMAGED'],
      [
        'sub-blocks without end',
        concat(still.subarray(0, -1), ascii('!'), Uint8Array.of(0xfe), new Uint8Array(600).fill(9)),
        'truncated',
        'FILE_DAMAGED',
      ],
      ['zeros between blocks', insertBlocks(still, 'end', new Uint8Array(3)), 'damaged', 'FILE_DAMAGED'],
      ['XMP that is not XML', insertBlocks(still, 'end', gifXmp(utf8('<x'))), 'damaged', 'FILE_DAMAGED'],
      ['XMP of 2 MiB', insertBlocks(still, 'end', gifXmp(new Uint8Array(2 << 20).fill(0x20))), 'limit', 'LIMIT_EXCEEDED'],
    ] as const) {
      const { found, anomalies } = await gif.read(bytesSource(bytes));
      expect([name, found.length, anomalies.map((one) => one.code)]).toEqual([name, 0, [anomaly]]);
      await expect(gif.plan(bytesSource(bytes), sampleSlotText), name).rejects.toMatchObject({ name: 'LabelError', code });
    }
    await expect(gif.plan(bytesSource(insertBlocks(still, 'end', blockedXmp(wide))), sampleSlotText)).rejects.toMatchObject({
      code: 'FORMAT_UNSUPPORTED_FEATURE',
    });
  });
});

describe.skipIf(exiftoolMissing !== undefined)('exiftool reads the label, and nothing else has changed', () => {
  afterAll(endJudges);
  for (const [name, [bytes]] of Object.entries(variants)) {
    it(name, async () => {
      expect(await judged(bytes)).toEqual(await dumpOf(bytes));
    });
  }
});

describe.skipIf(corpusMissing !== undefined || exiftoolMissing !== undefined)('GIF of the corpus', () => {
  afterAll(endJudges);
  for (const file of corpusFiles('.gif')) {
    it(`${file.name} is labelled, and nothing else has changed`, async () => {
      const bytes = file.bytes();
      expect(await judged(bytes)).toEqual(await dumpOf(bytes));
      expect(untouched(await label(bytes))).toEqual(untouched(bytes));
    });
  }
});

/** Left out: the label in each of its forms, and the version, which 87a has to change. */
const { judged, dumpOf } = xmpJudge(
  'picture.gif',
  label,
  (tag, value) => /TC260|AIGC|:GIFVersion$/.test(tag) || /^(AIGC=)?\{("AIGC":\{)?"Label":"1"\}+$/.test(value),
);
