import { applySplices, bytesSource, concat, latin1, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
  bitmapHostile,
  bmpStructure,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  type FormatFixture,
  ffmpeg,
  icoStructure,
  sampleSlotText,
  testFormat,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { bmpFile, icoFile } from '../../test/bitmaps.ts';
import { foreignPacket, labelledDescription, packetBytes, withoutLabel } from '../../test/packets.ts';
import { bmp } from './bmp.ts';
import { ico } from './ico.ts';

const MARKER = 'AIGC={"Label":"1"}';

/** Everything but the size of the file, a packet that held nothing else, and markers. */
const untouched = (bytes: Uint8Array): unknown => {
  const text = latin1(bytes.subarray(6)).replace(/AIGC[=:]?\{"Label":"1"\}|\{"AIGC":\{\}\}/g, '');
  return text.replace(/<\?xpacket begin.*?<\?xpacket end="w"\?>/gs, (packet) => withoutLabel(packet));
};
const fixture = (name: string, bytes: Uint8Array, slots = 0): FormatFixture => ({ name, bytes, untouched, slots });
const tail = (...texts: readonly string[]): Uint8Array => utf8(texts.join(''));

testFormat({
  format: bmp,
  hasEnd: false,
  structure: bmpStructure,
  fixtures: [
    fixture('Windows 3', bmpFile()),
    fixture('OS/2', bmpFile(12)),
    fixture('version 5 with a profile, a false size', bmpFile(124, undefined, 99)),
    fixture('foreign XMP', bmpFile(40, packetBytes('', 100))),
    fixture('a marker', bmpFile(40, tail('\0\0', MARKER, '\n')), 1),
    fixture(
      'a marker in braces, two packets, a marker',
      bmpFile(40, tail('{"AIGC":{}}', foreignPacket(labelledDescription()), 'junk', foreignPacket(labelledDescription()), 'AIGC{"Label":"1"}')),
      4,
    ),
    { ...fixture('cut off', bmpFile().slice(0, -1)), refused: 'FILE_DAMAGED' },
  ],
});

testFormat({
  format: ico,
  hasEnd: true,
  structure: icoStructure,
  fixtures: [
    { ...fixture('an icon', icoFile()), refused: 'NO_PLACE_INSIDE' },
    { ...fixture('a cursor with a marker', icoFile(tail(MARKER), 2), 1), refused: 'NO_PLACE_INSIDE' },
  ],
});

const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await bmp.plan(bytesSource(bytes), sampleSlotText));

describe('bmp', () => {
  it('stands behind the pixels, and says the true size of the file', async () => {
    const [before, after] = [bmpFile(), await label(bmpFile())];
    expect(after.subarray(6, before.length)).toEqual(before.subarray(6));
    expect(new DataView(after.buffer).getUint32(2, true)).toBe(after.length);
    expect(new DataView((await label(bmpFile(40, undefined, 99))).buffer).getUint32(2, true)).toBe(99);
  });

  it('is not called unlabelled where its packet is cut off', async () => {
    const labelled = await label(bmpFile());
    const cut = labelled.subarray(0, labelled.length - 60);
    expect(await bmp.read(bytesSource(cut))).toMatchObject({ found: [], anomalies: [{ code: 'truncated', offset: bmpFile().length }] });
    await expect(bmp.plan(bytesSource(cut), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });

  it('reads its header and its tail only', async () => {
    const big = concat(bmpFile(), new Uint8Array(3 << 20));
    const counted = countingSource(big);
    expect((await bmp.read(counted)).anomalies).toMatchObject([{ code: 'limit' }]);
    expect(counted.bytesRead()).toBeLessThan(300_000);
    await expect(bmp.plan(bytesSource(big), sampleSlotText)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('matches no text and no other header', () => {
    for (const head of ['BMW is a car, and this sentence is no bitmap at all; it only begins so.', 'BM\0\0']) {
      expect(bmp.matches(utf8(head))).toBe(false);
    }
    expect(ico.matches(Uint8Array.from([0, 0, 1, 0, 0x66, 0x74, 0x79, 0x70, ...utf8('isomisomisomisomisom')]))).toBe(false);
  });

  it('leaves the pixels that ffmpeg decodes', async () => {
    const hash = (bytes: Uint8Array): Promise<string> => withFile('a.bmp', bytes, (path) => ffmpeg('-i', path, '-f', 'hash', '-'));
    expect(await hash(await label(bmpFile()))).toBe(await hash(bmpFile()));
  });

  it.each(bitmapHostile.map((file) => [file.name, file] as const))('answers %s', async (_, { bytes, format }) => {
    const hostile = bytes();
    const claimed = [bmp, ico].find(({ matches }) => matches(hostile.subarray(0, 4096)));
    expect(claimed?.id ?? null).toBe(format);
    if (claimed !== undefined) {
      expect((await claimed.read(bytesSource(hostile))).found).toEqual([]);
      await claimed.plan(bytesSource(hostile), anotherSlotText).catch((error: unknown) => expect(error).toMatchObject({ name: 'LabelError' }));
    }
  });
});

describe.skipIf(exiftoolMissing !== undefined)('bmp before exiftool', () => {
  afterAll(endJudges);
  it('sees nothing that it did not see before', async () => {
    for (const bytes of [bmpFile(), bmpFile(124)]) {
      const rest = (tags: Record<string, unknown>): unknown => ({ ...tags, 'File:BMPFileSize': 0 });
      const [before, after] = [await withFile('a.bmp', bytes, exiftoolDump), await withFile('a.bmp', await label(bytes), exiftoolDump)];
      expect(rest(after)).toEqual(rest(before));
    }
  });
});
