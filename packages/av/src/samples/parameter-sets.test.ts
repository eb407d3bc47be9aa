import { bytesSource } from '@aigc-label/core';
import { randomOf } from '@aigc-label/test-fixtures';
import { describe, expect, it } from 'vitest';
import { bitBytes, bitReader, bitText, golombText, withEmulation, withoutEmulation } from './bits.ts';
import { joinAvcConfigurations, parseAvcConfiguration } from './h264-sets.ts';
import {
  displayMessages,
  freeHevcIds,
  type HevcConfiguration,
  joinHevcConfigurations,
  parseHevcConfiguration,
  renamedConfiguration,
} from './hevc-sets.ts';
import { withPictureSet } from './hevc-slices.ts';

describe('bits', () => {
  it('are read as they are written, Exp-Golomb numbers too', () => {
    for (const value of [0, 1, 2, 3, 7, 8, 30, 31, 254, 255, 65_534]) {
      const reader = bitReader(bitBytes(`101${golombText(value)}11`));
      expect([reader.read(3), reader.readGolomb(), reader.read(2)]).toEqual([5, value, 3]);
    }
    expect(['1', '010', '000010001']).toEqual([0, 1, 16].map(golombText));
    expect(bitReader(new Uint8Array(9)).readGolomb()).toBe(2 ** 31 - 1);
  });

  it('come back through emulation prevention, which leaves no start code', () => {
    const random = randomOf(3);
    for (let run = 0; run < 300; run += 1) {
      // A unit never ends with a zero: its last bit is a 1.
      const bytes = Uint8Array.from([...Array.from({ length: random(40) }, () => [0, 0, 0, 1, 2, 3, 255][random(7)]!), 1]);
      const unit = withEmulation(bytes);
      expect(withoutEmulation(unit)).toEqual(bytes);
      expect(Buffer.from(unit).toString('hex')).not.toMatch(/^(..)*0000(00|01|02)/);
    }
  });
});

describe('slices of HEVC', () => {
  it('refer to another picture set, and every other bit stays', async () => {
    const random = randomOf(5);
    for (let run = 0; run < 500; run += 1) {
      const type = [0, 1, 8, 9, 16, 19, 20, 21][random(8)]!;
      const before = type >= 16 ? 2 : 1;
      const bits = `${random(2)}${before === 2 ? random(2) : ''}1${Array.from({ length: 60 }, () => random(3) >> 1).join('')}`;
      const unit = withEmulation(Uint8Array.from([type << 1, 1, ...bitBytes(`${bits}1`)]));
      const pictureId = 16 + 2 * random(8);
      const bytes = Uint8Array.from([0, 0, 0, unit.length, ...unit]);
      const pieces = await withPictureSet(bytesSource(bytes), { offset: 0, size: bytes.length }, { pictureId, lengthSize: 4, toLengthSize: 2 });
      const out = Buffer.concat(
        pieces.map((piece) => (piece instanceof Uint8Array ? piece : bytes.subarray(piece.offset, piece.offset + piece.length))),
      );
      expect(out.readUInt16BE(0)).toBe(out.length - 2);
      const payload = withoutEmulation(out.subarray(2));
      expect(withEmulation(payload)).toEqual(new Uint8Array(out.subarray(2)));
      const [text, old] = [bitText(payload), bitText(withoutEmulation(unit))];
      expect(text).toBe(old.slice(0, 16 + before) + golombText(pictureId) + old.slice(17 + before));
    }
  });
});

describe('sets of HEVC', () => {
  // fields, then VPS, SPS and PPS as x265 writes them for 192 x 144
  const configuration = (seed: number): HevcConfiguration => ({
    fields: Uint8Array.from([1, 1, 0x60, 0, 0, 0, 0x90, 0, 0, 0, 0, 0, 60 + seed, 0xf0, 0, 0xfc, 0xfd, 0xf8, 0xf8, 0, 0, 0x0f]),
    arrays: [
      { type: 32, isComplete: true, units: [Uint8Array.of(0x40, 1, 0x0c, 1, 255, seed)] },
      { type: 33, isComplete: true, units: [Uint8Array.of(0x42, 1, 1, 1, 0x60, 0, 0, 3, 0, 0x90, 0, 0, 3, 0, 0, 3, 0, 60, 0xa0, 0x0c, seed, 0x80)] },
      { type: 34, isComplete: true, units: [Uint8Array.of(0x44, 1, 0xc1, 0x72, seed, 0x80)] },
      { type: 39, isComplete: true, units: [Uint8Array.of(0x4e, 1, 5, 1, seed, 0x80)] },
    ],
  });

  it('stand beside others under ids of their own, once', () => {
    const ids = freeHevcIds(configuration(1), configuration(2));
    expect(ids).toEqual({ video: 1, sequence: 1, picture: 16 });
    const joined = parseHevcConfiguration(joinHevcConfigurations(configuration(1), renamedConfiguration(configuration(2), ids)))!;
    expect(joined.arrays.map(({ units }) => units.length)).toEqual([2, 2, 2, 1]);
    expect(joined.fields[12]).toBe(62);
    // The same again takes no more place; others take the next ids.
    expect(freeHevcIds(joined, configuration(2))).toEqual(ids);
    const again = parseHevcConfiguration(joinHevcConfigurations(joined, renamedConfiguration(configuration(2), ids)))!;
    expect(again).toEqual(joined);
    expect(freeHevcIds(joined, configuration(3))).toEqual({ video: 2, sequence: 2, picture: 18 });
    const [, , pictures] = joined.arrays;
    const reader = bitReader(withoutEmulation(pictures!.units[1]!).subarray(2));
    expect([reader.readGolomb(), reader.readGolomb()]).toEqual([16, 1]);
  });

  it('leave what is said of the display', () => {
    const arrays = [{ type: 39, isComplete: false, units: [5, 137, 144, 147, 1].map((type) => Uint8Array.of(0x4e, 1, type, 1, 0, 0x80)) }];
    expect(displayMessages({ ...configuration(1), arrays }).map((unit) => unit[2])).toEqual([137, 144, 147]);
  });

  it('are refused where bit depths differ, and read only where they are whole', () => {
    const deep = { ...configuration(1), fields: configuration(1).fields.with(17, 0xfa) };
    expect(() => joinHevcConfigurations(configuration(1), deep)).toThrow('bit depth');
    const bytes = joinHevcConfigurations(configuration(1), { ...configuration(1), arrays: [] });
    expect(parseHevcConfiguration(bytes)).toEqual(configuration(1));
    for (let length = 0; length < bytes.length; length += 1) {
      expect(parseHevcConfiguration(bytes.subarray(0, length))).toBeUndefined();
    }
  });
});

describe('sets of H.264', () => {
  const sequence = (id: number, profile = 66): Uint8Array =>
    bitBytes(`01100111${profile.toString(2).padStart(8, '0')}${'0'.repeat(8)}00011110${golombText(id)}110111`);
  const picture = (id: number): Uint8Array => bitBytes(`01101000${golombText(id)}1011`);
  const avcC = (id: number, level: number): Uint8Array =>
    Uint8Array.from([1, 66, 0xc0, level, 0xff, 0xe1, 0, sequence(id).length, ...sequence(id), 1, 0, picture(id).length, ...picture(id)]);
  const parsed = (bytes: Uint8Array) => parseAvcConfiguration(bytes)!;

  it('stand side by side where their ids differ', () => {
    const joined = parsed(joinAvcConfigurations(parsed(avcC(0, 30)), parsed(avcC(5, 31))));
    expect(joined.sequenceSets).toEqual([sequence(0), sequence(5)]);
    expect(joined.pictureSets).toEqual([picture(0), picture(5)]);
    expect([joined.profile, joined.level, joined.lengthSize]).toEqual([66, 31, 4]);
    expect(joinAvcConfigurations(joined, parsed(avcC(5, 31)))).toEqual(joinAvcConfigurations(joined, joined));
    const other = { ...parsed(avcC(0, 30)), sequenceSets: [sequence(0).with(1, 77)] };
    expect(() => joinAvcConfigurations(parsed(avcC(0, 30)), other)).toThrow('has the id of another one');
    expect(() => joinAvcConfigurations(parsed(avcC(0, 30)), { ...parsed(avcC(1, 30)), profile: 88 })).toThrow('no common one');
  });

  it('are read only where they are whole', () => {
    const bytes = avcC(0, 30);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(parseAvcConfiguration(bytes.subarray(0, length))).toBeUndefined();
    }
  });
});
