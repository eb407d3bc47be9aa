import { applySplices, bytesSource, concat, LabelError, latin1, utf8 } from '@aigc-label/core';
import {
  anotherSlotText,
  countingSource,
  endJudges,
  exiftoolDump,
  exiftoolMissing,
  mutations,
  sampleSlotText,
  testFormat,
  tiffStructure,
  withFile,
} from '@aigc-label/test-fixtures';
import { afterAll, describe, expect, it } from 'vitest';
import { cr2, cr3, cr3WithXmp, mrw, nef, orf, raf, rw2, sensor } from '../../test/raws.ts';
import { fixture } from '../../test/tiff-fixtures.ts';
import { dng } from './dng.ts';
import { raw } from './raw.ts';
import { tiff } from './tiff.ts';

testFormat({
  format: raw,
  fixtures: [fixture('CR2', cr2), fixture('NEF', nef), fixture('ORF', orf), fixture('RW2', rw2)],
  hasEnd: false,
  structure: tiffStructure,
});

const label = async (bytes: Uint8Array, slot = sampleSlotText): Promise<Uint8Array> => applySplices(bytes, await raw.plan(bytesSource(bytes), slot));

const expectNoException = async (bytes: Uint8Array): Promise<void> => {
  try {
    await raw.read(bytesSource(bytes));
  } catch (error) {
    expect(error).toBeInstanceOf(LabelError);
  }
};

const byExiftool = { raf, cr3, 'cr3 with XMP': cr3WithXmp, mrw };

describe.skipIf(exiftoolMissing !== undefined)('raw by exiftool', () => {
  afterAll(endJudges);
  for (const [name, bytes] of Object.entries(byExiftool)) {
    it(name, async () => {
      expect(raw.matches(bytes.subarray(0, 4096))).toBe(true);
      expect(await raw.read(bytesSource(bytes))).toEqual({ found: [], anomalies: [] });
      const labelled = await label(bytes);
      expect(await raw.read(bytesSource(labelled))).toMatchObject({ found: [{ value: sampleSlotText.value, isGuidePlace: true }], anomalies: [] });
      expect(latin1(labelled).split(latin1(sensor))).toHaveLength(2);
      expect(await raw.plan(bytesSource(labelled), sampleSlotText)).toEqual([]);
      const replaced = await label(labelled, anotherSlotText);
      expect((await raw.read(bytesSource(replaced))).found).toMatchObject([{ value: anotherSlotText.value }]);
      expect(await label(replaced)).toEqual(labelled);
      const dumps = await Promise.all([labelled, bytes].map((one) => withFile(`raw.${name.slice(0, 3)}`, one, exiftoolDump)));
      const [after, before] = dumps.map((tags) =>
        Object.entries(tags).filter(([tag]) => !/TC260|PreviewImage|XMPToolkit|TrackCreateDate|MediaData/.test(tag)),
      );
      expect(after).toEqual(before);
      expect(dumps[0]).toMatchObject({ 'XMP-TC260:Aigc': sampleSlotText.value });
    });
  }

  it('keeps the offsets to the sensor true', async () => {
    const numberAt = (bytes: Uint8Array, at: number): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(at);
    const labelledRaf = await label(raf);
    expect(labelledRaf.subarray(numberAt(labelledRaf, 0x64)).subarray(0, sensor.length)).toEqual(sensor);
    const labelledCr3 = await label(cr3WithXmp);
    const at = numberAt(labelledCr3, latin1(labelledCr3).indexOf('co64') + 16);
    expect(labelledCr3.subarray(at, at + sensor.length)).toEqual(sensor);
  });

  it('says what to do where exiftool cannot run, and where it refuses', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = '/nowhere';
    try {
      await expect(raw.plan(bytesSource(raf), sampleSlotText)).rejects.toMatchObject({ code: 'TOOL_MISSING', data: { tool: 'exiftool' } });
    } finally {
      process.env['PATH'] = path;
    }
    const damaged = raf.slice();
    damaged[0x57] = 0x95;
    damaged.set([0xff, 0xd8, 0xff], 0x95);
    await expect(raw.plan(bytesSource(damaged), sampleSlotText)).rejects.toMatchObject({ name: 'LabelError' });
  });
});

describe('raw', () => {
  it('answers damage with slots, anomalies or a LabelError', async () => {
    for (const bytes of [raf, cr3WithXmp, mrw]) {
      for (const mutated of mutations(bytes, 3_000)) {
        await expectNoException(mutated);
      }
      for (let length = 0; length < bytes.length; length += 3) {
        await expectNoException(bytes.subarray(0, length));
      }
    }
  });

  it('refuses a label where exiftool cannot replace it', async () => {
    const at = latin1(raf).indexOf(latin1(Uint8Array.of(0xff, 0xd8))) + 2;
    const comment = utf8('{"AIGC":{"Label":"1"}}');
    const segment = concat(Uint8Array.of(0xff, 0xfe, 0, comment.length + 2), comment);
    const bytes = concat(raf.subarray(0, at), segment, raf.subarray(at));
    new DataView(bytes.buffer).setUint32(0x58, 3_000);
    expect((await raw.read(bytesSource(bytes))).found).toMatchObject([{ site: 'raf/jpeg/COM' }]);
    await expect(raw.plan(bytesSource(bytes), sampleSlotText)).rejects.toMatchObject({ code: 'FORMAT_UNSUPPORTED_FEATURE' });
  });

  it('reads a preview and the headers of boxes only', async () => {
    const counted = countingSource(concat(raf, new Uint8Array(4 << 20)));
    await raw.read(counted);
    expect(counted.bytesRead()).toBeLessThan(50_000);
  });

  it('knows the makers apart', () => {
    for (const bytes of [cr2, nef, orf, rw2, raf, cr3, mrw]) {
      expect([tiff, dng, raw].filter((format) => format.matches(bytes.subarray(0, 4096))).map(({ id }) => id)).toEqual(['raw']);
    }
    // Beyond the head nothing can be known: labelled alike, as TIFF.
    expect(tiff.matches(nef.subarray(0, 20))).toBe(true);
  });
});
