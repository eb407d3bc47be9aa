import { applySplices, bytesSource } from '@aigc-label/core';
import { endJudges, exiftoolMissing, sampleSlotText, testFormat, tiffStructure, xmpJudge } from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { dngFile } from '../../test/raws.ts';
import { fixture } from '../../test/tiff-fixtures.ts';
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
