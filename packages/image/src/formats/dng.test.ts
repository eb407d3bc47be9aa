import { applySplices, bytesSource, concat, latin1 } from '@aigc-label/core';
import { endJudges, exiftoolMissing, sampleSlotText, testFormat, tiffStructure, xmpJudge } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { dngFile } from '../../test/raws.ts';
import { fixture } from '../../test/tiff-fixtures.ts';
import { field, text, tiffFile } from '../../test/tiffs.ts';
import { dng } from './dng.ts';
import { raw } from './raw.ts';
import { tiff } from './tiff.ts';

const little = dngFile(false);
const big = dngFile(true);

testFormat({
  format: dng,
  fixtures: [fixture('little-endian, with XMP', little, 0), fixture('big-endian, odd', big, 0)],
  hasEnd: false,
  structure: tiffStructure,
});

const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await dng.plan(bytesSource(bytes), sampleSlotText));
const judge = xmpJudge('picture.dng', label, (tag) => /TC260|XMPToolkit/.test(tag));

describe('dng', () => {
  it('is neither a TIFF nor another raw file', () => {
    expect([tiff, dng, raw].filter((format) => format.matches(little)).map(({ id }) => id)).toEqual(['dng']);
  });

  it('is still one when its first directory stands at the end', async () => {
    const entries = [field(256, 3, 1), text(271, 'Nobody'), field(0xc612, 1, 1, 4, 0, 0)];
    for (const isBigTiff of [false, true]) {
      // Cameras write the first directory directly behind the header, and values and pixels behind it.
      const draft = tiffFile([entries], { isBigTiff });
      const view = new DataView(draft.buffer);
      const at = isBigTiff ? Number(view.getBigUint64(8, true)) : view.getUint32(4, true);
      const start = isBigTiff ? 16 : 8;
      const bytes = concat(draft.subarray(0, start), draft.subarray(at), draft.subarray(start, at), new Uint8Array(6_000));
      new DataView(bytes.buffer).setUint32(isBigTiff ? 8 : 4, start, true);
      const after = await label(bytes);
      expect([bytes, after].map((one) => [tiff, dng, raw].filter((format) => format.matches(one.subarray(0, 4096))).map(({ id }) => id))).toEqual([
        ['dng'],
        ['dng'],
      ]);
      expect(latin1(after.subarray(0, 4096))).not.toContain('AIGC');
    }
  });
});

describe.skipIf(exiftoolMissing !== undefined)('dng before exiftool', () => {
  afterAll(endJudges);
  it.each([
    ['little', little],
    ['big', big],
  ])('%s', async (_, bytes) => {
    expect(await judge.dumpOf(bytes)).toMatchObject({ 'File:FileType': 'DNG' });
    expect(await judge.judged(bytes)).toEqual(await judge.dumpOf(bytes));
  });
});
