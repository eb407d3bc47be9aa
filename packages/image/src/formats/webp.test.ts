import { applySplices, ascii, bytesSource, concat, latin1, utf8 } from '@aigc-label/core';
import {
  corpusFiles,
  corpusMissing,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  riffStructure,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { labelledDescription, packetBytes } from '../../test/packets.ts';
import { foreignOf, framesOf, rebuilt, webpChunk, webpChunks, webpFile, webps } from '../../test/webps.ts';
import { webp } from './webp.ts';

const pictures = await webps();
const lossy = pictures['lossy']!;
const extended = pictures['with Exif']!;
const alpha = pictures['lossy with alpha']!;

const xmp = (packet: Uint8Array): Uint8Array => webpChunk('XMP ', packet);
const whole = (bytes: Uint8Array): readonly Uint8Array[] => webpChunks(bytes).chunks.map((chunk) => chunk.whole);
const unknown = webpChunk('abcd', utf8('odd'));
/** The same with the flag of XMP and reserved bits set in VP8X. */
const flagged = (chunks: readonly Uint8Array[], bits = 0x04): readonly Uint8Array[] =>
  chunks.map((chunk) =>
    latin1(chunk.subarray(0, 4)) === 'VP8X' ? Uint8Array.from(chunk, (byte, index) => (index === 8 ? byte | bits : byte)) : chunk,
  );

const variants: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  'foreign XMP': [webpFile(...flagged(whole(extended)), xmp(packetBytes('', 500))), 0],
  'foreign XMP of odd length': [webpFile(...flagged(whole(extended)), xmp(packetBytes('', 501))), 0],
  'foreign XMP, flag not set': [webpFile(...whole(extended), xmp(packetBytes())), 0],
  'foreign XMP without VP8X': [webpFile(...whole(lossy), xmp(packetBytes())), 0],
  'an empty packet': [webpFile(...flagged(whole(extended)), xmp(new Uint8Array())), 0],
  'a label': [webpFile(...flagged(whole(extended)), xmp(packetBytes(labelledDescription()))), 1],
  'two packets, each with a label': [
    webpFile(...flagged(whole(extended)), xmp(packetBytes(labelledDescription())), xmp(packetBytes(labelledDescription()))),
    2,
  ],
  'chunks that nobody knows': [webpFile(...whole(extended), unknown, unknown), 0],
  'a simple file with chunks that nobody knows': [webpFile(...whole(lossy), unknown), 0],
  'Exif without VP8X': [webpFile(...whole(lossy), webpChunk('EXIF', utf8('II*\0'))), 0],
  'Exif before the picture': [webpFile(...whole(extended).filter((_, index) => index !== 1), ...whole(extended).slice(1, 2)), 0],
  'reserved bits': [webpFile(...flagged(whole(extended), 0xc1)), 0],
  'animated with XMP': [webpFile(...flagged(whole(pictures['animated']!)), xmp(packetBytes())), 0],
};

const fixtures: readonly FormatFixture[] = [
  ...Object.entries(pictures).map(([name, bytes]) => ({ name, bytes, untouched: untouchedOf(bytes) })),
  ...Object.entries(variants).map(([name, [bytes, slots]]) => ({ name, bytes, slots, untouched: untouchedOf(bytes) })),
  {
    name: 'VP8X missing before ALPH',
    bytes: rebuilt(alpha, (chunks) => chunks.slice(1).map((chunk) => chunk.whole)),
    untouched: () => 0,
    refused: 'FILE_DAMAGED',
  },
  {
    name: 'VP8X in second place',
    bytes: rebuilt(alpha, ([head, ...rest]) => [...rest, head!].map((chunk) => chunk.whole)),
    untouched: () => 0,
    refused: 'FILE_DAMAGED',
  },
  { name: 'no picture', bytes: webpFile(unknown), untouched: () => 0, refused: 'FILE_DAMAGED' },
  { name: 'cut off', bytes: extended.slice(0, -8), untouched: () => 0, refused: 'FILE_DAMAGED' },
  { name: 'XMP that is not XML', bytes: webpFile(...flagged(whole(extended)), xmp(utf8('<x'))), untouched: () => 0, refused: 'FILE_DAMAGED' },
  { name: 'XMP of 2 MB', bytes: webpFile(...flagged(whole(extended)), xmp(new Uint8Array(2 << 20))), untouched: () => 0, refused: 'LIMIT_EXCEEDED' },
];

function untouchedOf(bytes: Uint8Array): (bytes: Uint8Array) => unknown {
  return foreignOf(webpChunks(bytes).chunks[0]?.id === 'VP8X');
}

testFormat({ format: webp, structure: riffStructure, fixtures, hasEnd: true });

const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await webp.plan(bytesSource(bytes), sampleSlotText));
const ids = (bytes: Uint8Array): readonly string[] => webpChunks(bytes).chunks.map(({ id }) => id);

describe('webp', () => {
  it('makes VP8X from the bitstream, as libwebp would', async () => {
    // The same picture as an extended file of libwebp's own, which sharp writes as soon as there is Exif: only the flag differs.
    for (const [name, flags] of [
      ['lossy', 0x04],
      ['lossless', 0x04],
      ['lossless with alpha', 0x14],
    ] as const) {
      const bytes = await label(pictures[name]!);
      const [head] = webpChunks(bytes).chunks;
      expect([name, head?.id, ...head!.data]).toEqual([name, 'VP8X', flags, 0, 0, 0, 30, 0, 0, 16, 0, 0]);
      expect(webpChunks(extended).chunks[0]!.data.subarray(1)).toEqual(head!.data.subarray(1));
    }
  });

  it('keeps to the order of RFC 9649', async () => {
    expect(ids(await label(lossy))).toEqual(['VP8X', 'VP8 ', 'XMP ']);
    expect(ids(await label(alpha))).toEqual(['VP8X', 'ALPH', 'VP8 ', 'XMP ']);
    expect(ids(await label(pictures['with ICC profile']!))).toEqual(['VP8X', 'ICCP', 'VP8 ', 'XMP ']);
    expect(ids(await label(pictures['animated']!))).toEqual(['VP8X', 'ANIM', 'ANMF', 'ANMF', 'ANMF', 'XMP ']);
    expect(ids(await label(variants['chunks that nobody knows']![0]))).toEqual(['VP8X', 'VP8 ', 'EXIF', 'XMP ', 'abcd', 'abcd']);
  });

  it('states the true size of the whole, and changes one bit of VP8X', async () => {
    for (const bytes of Object.values(pictures)) {
      const after = await label(bytes);
      expect(new DataView(after.buffer, after.byteOffset).getUint32(4, true)).toBe(after.length - 8);
    }
    const [before, after] = [variants['reserved bits']![0], await label(variants['reserved bits']![0])].map((one) => webpChunks(one).chunks[0]!.data);
    expect(after![0]! ^ before![0]!).toBe(0x04);
  });

  for (const [name, bytes] of Object.entries(pictures)) {
    it(`leaves the pixels of ${name}`, async () => {
      const before = await framesOf(bytes);
      expect(before.samples.length).toBeGreaterThan(100);
      expect(await framesOf(await label(bytes))).toEqual(before);
    });
  }

  it('sets the flag where there was XMP without it, and says that this was no place', async () => {
    const bytes = webpFile(...whole(extended), xmp(packetBytes(labelledDescription(sampleSlotText.value.replaceAll('"', '&quot;')))));
    expect((await webp.read(bytesSource(bytes))).found).toMatchObject([{ value: sampleSlotText.value, isGuidePlace: false }]);
    expect(await webp.plan(bytesSource(bytes), sampleSlotText)).toHaveLength(1);
  });

  it('reads headers and XMP only', async () => {
    const big = webpFile(...whole(pictures['animated']!), ...Array.from({ length: 500 }, () => webpChunk('ANMF', new Uint8Array(4096))));
    const counted = countingSource(big);
    await webp.plan(counted, sampleSlotText);
    expect(counted.bytesRead()).toBeLessThan(8_000);
  });

  it('matches no other RIFF', () => {
    expect(webp.matches(concat(ascii('RIFF'), new Uint8Array(4), ascii('WAVE')))).toBe(false);
    expect(webp.matches(concat(ascii('RIFX'), new Uint8Array(4), ascii('WEBP')))).toBe(false);
  });
});

/** What exiftool says besides our label, the flag of XMP, and a VP8X that had to be made: a type, a canvas, its flags. */
const besides = (tags: Record<string, unknown>, hadExtended: boolean): Record<string, unknown> => {
  const made = ['RIFF:Copy1:ImageWidth', 'RIFF:Copy1:ImageHeight', 'RIFF:WebP_Flags'];
  const kept = Object.entries(tags).filter(([name]) => !name.includes('TC260') && (hadExtended || !made.includes(name)));
  return Object.fromEntries(
    kept.map(([name, value]) => {
      if (name === 'RIFF:WebP_Flags') {
        return [name, Number(value) & ~0x04];
      }
      return [name, name === 'File:FileType' && !hadExtended ? String(value).replace('Extended ', '') : value];
    }),
  );
};

describe.skipIf(exiftoolMissing !== undefined)('webp before exiftool', () => {
  afterAll(endJudges);
  const files = [
    ...Object.entries(pictures),
    ...Object.entries(variants).map(([name, [bytes]]) => [name, bytes] as const),
    ...corpusFiles('.webp').map((file) => [file.name, file.bytes()] as const),
  ];
  for (const [name, bytes] of files) {
    it(name, async () => {
      const after = await withFile('picture.webp', await label(bytes), exiftoolDump);
      expect(Object.entries(after).filter(([tag]) => tag.includes('TC260'))).toEqual([['XMP-TC260:Aigc', sampleSlotText.value]]);
      const hadExtended = ids(bytes)[0] === 'VP8X';
      expect(besides(after, hadExtended)).toEqual(besides(await withFile('picture.webp', bytes, exiftoolDump), hadExtended));
    });
  }
});

describe.skipIf(corpusMissing !== undefined)('webp of the corpus', () => {
  for (const file of corpusFiles('.webp')) {
    it(`${file.name} is labelled and keeps pixels and chunks`, async () => {
      const bytes = file.bytes();
      const after = await label(bytes);
      expect((await webp.read(bytesSource(after))).found).toHaveLength(1);
      expect(untouchedOf(bytes)(after)).toEqual(untouchedOf(bytes)(bytes));
      expect(await framesOf(after)).toEqual(await framesOf(bytes));
    });
  }
});
