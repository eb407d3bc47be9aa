import { applySplices, bytesSource, utf8 } from '@aigc-label/core';
import {
  countingSource,
  endJudges,
  exiftoolMissing,
  type FormatFixture,
  psdStructure,
  sampleSlotText,
  testFormat,
  xmpJudge,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { labelledDescription, packetBytes, withoutLabel } from '../../test/packets.ts';
import { psdFile, resource, restOfPsd } from '../../test/psds.ts';
import { psd } from './psd.ts';

const resolution = resource(1005, Uint8Array.of(0, 72, 0, 0, 0, 1, 0, 1, 0, 72, 0, 0, 0, 1, 0, 1));
const odd = resource(1028, utf8('odd'), 'a name');
const labelled = resource(1060, packetBytes(labelledDescription()));
const untouched = (bytes: Uint8Array): unknown => {
  const { rest, packets } = restOfPsd(bytes);
  return { rest, packets: packets.map(withoutLabel).filter((packet) => packet !== '') };
};

const files: Readonly<Record<string, readonly [Uint8Array, number]>> = {
  'no resources': [psdFile([]), 0],
  'resources, odd sizes, a palette': [psdFile([resolution, odd], 1, new Uint8Array(6)), 0],
  PSB: [psdFile([resolution], 2), 0],
  'foreign XMP of odd length before others': [psdFile([resource(1060, packetBytes('', 501)), odd]), 0],
  'a label of somebody else': [psdFile([resolution, labelled, odd]), 1],
  'two packets, each with a label': [psdFile([labelled, odd, labelled]), 2],
};
const fixtures: readonly FormatFixture[] = [
  ...Object.entries(files).map(([name, [bytes, slots]]) => ({ name, bytes, slots, untouched })),
  {
    name: 'a resource that leaves its section',
    bytes: psdFile([resolution, odd]).map((byte, index) => (index === 45 ? 99 : byte)),
    untouched,
    refused: 'FILE_DAMAGED',
  },
  { name: 'XMP above the limit', bytes: psdFile([resource(1060, new Uint8Array((1 << 20) + 2))]), untouched, refused: 'LIMIT_EXCEEDED' },
];

testFormat({ format: psd, fixtures, hasEnd: false, structure: psdStructure });

const label = async (bytes: Uint8Array): Promise<Uint8Array> => applySplices(bytes, await psd.plan(bytesSource(bytes), sampleSlotText));

describe('psd', () => {
  it('says the true length of the section', async () => {
    const after = await label(files['resources, odd sizes, a palette']![0]);
    expect(restOfPsd(after).packets).toHaveLength(1);
    expect(restOfPsd(after).rest[1]).toBe(restOfPsd(files['resources, odd sizes, a palette']![0]).rest[1]);
  });

  it('reads heads of resources only, and says where there are too many', async () => {
    const big = psdFile(Array.from({ length: 40 }, () => resource(1036, new Uint8Array(50_000))));
    const counted = countingSource(big);
    await psd.plan(counted, sampleSlotText);
    expect(counted.bytesRead()).toBeLessThan(64_000);
    const many = psdFile(Array.from({ length: 2_100 }, () => odd));
    expect((await psd.read(bytesSource(many))).anomalies).toMatchObject([{ code: 'limit' }]);
    await expect(psd.plan(bytesSource(many), sampleSlotText)).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });
});

describe.skipIf(exiftoolMissing !== undefined)('psd before exiftool', () => {
  afterAll(endJudges);
  const { dumpOf, judged } = xmpJudge('picture.psd', label, (tag) => tag.includes('TC260'));
  for (const [name, [bytes]] of Object.entries(files).filter(([name]) => !name.startsWith('two'))) {
    it(name, async () => {
      expect(await judged(bytes)).toEqual(await dumpOf(bytes));
    });
  }
});
