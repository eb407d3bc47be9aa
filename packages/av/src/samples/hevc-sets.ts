import { concat, equalBytes, u16be } from '@aigc-label/core';
import { bitBytes, bitReader, bitText, golombText, withEmulation, withoutEmulation } from './bits.ts';
import { unfit } from './unfit.ts';

/** Types of NAL units (ITU-T H.265 table 7-1). */
export const VIDEO_SET = 32;
export const SEQUENCE_SET = 33;
export const PICTURE_SET = 34;

/** `hvcC` (ISO/IEC 14496-15 §8.3.3.1): the parameter sets of an HEVC track. */
export interface HevcConfiguration {
  /** The 22 bytes before the sets. */
  readonly fields: Uint8Array;
  readonly arrays: readonly HevcSets[];
}

/** Sets of one type. */
export interface HevcSets {
  readonly type: number;
  /** Whether none of them stand in samples. */
  readonly isComplete: boolean;
  readonly units: readonly Uint8Array[];
}

/** Ids of the sets that the new pictures use. */
export interface HevcIds {
  readonly video: number;
  readonly sequence: number;
  /** 16, 18, … 30. */
  readonly picture: number;
}

/** Reads an `hvcC`; `undefined` where it is cut. */
export const parseHevcConfiguration = (bytes: Uint8Array): HevcConfiguration | undefined => {
  if (bytes.length < 23 || bytes[0] !== 1) {
    return undefined;
  }
  const arrays: HevcSets[] = [];
  let at = 23;
  for (let index = 0; index < (bytes[22] ?? 0); index += 1) {
    const [head = 0, high = 0, low = 0] = bytes.subarray(at, at + 3);
    const units: Uint8Array[] = [];
    at += 3;
    for (let count = high * 256 + low; count > 0; count -= 1) {
      const size = (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
      const unit = bytes.slice(at + 2, at + 2 + size);
      if (unit.length < size || size < 3) {
        return undefined;
      }
      units.push(unit);
      at += 2 + size;
    }
    arrays.push({ type: head & 63, isComplete: head >= 128, units });
  }
  return at > bytes.length ? undefined : { fields: bytes.slice(0, 22), arrays };
};

/** Of the lengths before NAL units, in bytes. */
export const hevcLengthSize = ({ fields }: HevcConfiguration): number => ((fields[21] ?? 0) & 3) + 1;

/** The first ids under which the sets of `added` can stand beside those of `kept`, or stand there already. @throws LabelError `NOTICE_UNSUPPORTED` where there are none. */
export const freeHevcIds = (kept: HevcConfiguration, added: HevcConfiguration): HevcIds => {
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const ids: HevcIds = { video: 1 + attempt, sequence: 1 + attempt, picture: 16 + attempt * 2 };
    const isFree = renamedConfiguration(added, ids).arrays.every(({ type, units }) => {
      const taken = kept.arrays.filter((one) => one.type === type).flatMap((one) => one.units);
      return units.every((unit) => taken.every((set) => hevcSetId(type, set) !== hevcSetId(type, unit) || equalBytes(set, unit)));
    });
    if (isFree) {
      return ids;
    }
  }
  throw unfit('parameters', 'no ids are left for the parameter sets of the new pictures');
};

/**
 * One `hvcC` for the pictures of both.
 *
 * @param added with its sets under ids of their own.
 * @throws LabelError `NOTICE_UNSUPPORTED` where chroma format, bit depth or profile do not go together.
 */
export const joinHevcConfigurations = (kept: HevcConfiguration, added: HevcConfiguration): Uint8Array => {
  const fields = joinedFields(kept.fields, added.fields);
  const extra = added.arrays.filter(({ type }) => !kept.arrays.some((one) => one.type === type));
  const arrays = [...kept.arrays, ...extra].map((one) => {
    const fresh = added.arrays
      .filter(({ type }) => type === one.type && !extra.includes(one))
      .flatMap(({ units }) => units.filter((unit) => !one.units.some((set) => equalBytes(set, unit))));
    return { ...one, units: [...one.units, ...fresh] };
  });
  return concat(
    fields,
    Uint8Array.of(arrays.length),
    ...arrays.flatMap(({ type, isComplete, units }) => [
      Uint8Array.of((isComplete ? 128 : 0) | type),
      u16be(units.length),
      ...units.flatMap((unit) => [u16be(unit.length), unit]),
    ]),
  );
};

const joinedFields = (kept: Uint8Array, added: Uint8Array): Uint8Array => {
  const same = (at: number, mask: number): boolean => ((kept[at] ?? 0) & mask) === ((added[at] ?? 0) & mask);
  if (!same(16, 3) || !same(17, 7) || !same(18, 7)) {
    throw unfit('parameters', 'the new pictures have another chroma format or bit depth');
  }
  const [one, other] = [kept, added].map((fields) => (fields[1] ?? 0) & 31) as [number, number];
  if (one !== other && (one > 2 || other > 2)) {
    throw unfit('parameters', `profiles ${one} and ${other} have no common one`);
  }
  const fields = kept.slice();
  const both = (at: number): number => (kept[at] ?? 0) & (added[at] ?? 0);
  const either = (at: number, mask: number): number => Math.max((kept[at] ?? 0) & mask, (added[at] ?? 0) & mask);
  fields[1] = ((kept[1] ?? 0) & 0xc0) | either(1, 0x20) | either(1, 31);
  for (let at = 2; at < 12; at += 1) {
    fields[at] = both(at); // compatibility flags and constraints: what holds for both
  }
  fields[12] = either(12, 255);
  if (!same(13, 15) || !same(14, 255)) {
    fields.set([0xf0, 0], 13); // min_spatial_segmentation_idc: nothing is promised
  }
  if (!same(15, 3)) {
    fields[15] = 0xfc; // parallelismType: unknown
  }
  fields[21] = ((kept[21] ?? 0) & 0xc3) | either(21, 0x38) | (both(21) & 4);
  return fields;
};

/** The configuration with its sets under other ids; units of other types, as messages, are left out. */
export const renamedConfiguration = ({ fields, arrays }: HevcConfiguration, ids: HevcIds): HevcConfiguration => ({
  fields,
  arrays: arrays
    .filter(({ type }) => type >= VIDEO_SET && type <= PICTURE_SET)
    .map(({ type, isComplete, units }) => ({ type, isComplete, units: units.map((unit) => renamedSet(type, unit, ids)) })),
});

/** Messages before pictures, of a configuration (table 7-1). */
const MESSAGES = 39;

/** Mastering display, content light level, alternative transfer characteristics (§D.2.1, ITU-T H.265 table D.1). */
const DISPLAY_MESSAGES: ReadonlySet<number> = new Set([137, 144, 147]);

/** What a configuration says of the display: the encoder says it there once, but the configuration of the track stays that of its other pictures. */
export const displayMessages = ({ arrays }: HevcConfiguration): readonly Uint8Array[] =>
  arrays.filter(({ type }) => type === MESSAGES).flatMap(({ units }) => units.filter((unit) => DISPLAY_MESSAGES.has(unit[2] ?? 0)));

/** A parameter set under another id (H.265 §7.3.2.1 to §7.3.2.3). */
const renamedSet = (type: number, unit: Uint8Array, { video, sequence, picture }: HevcIds): Uint8Array => {
  const bits = bitText(withoutEmulation(unit));
  const fixed = (value: number): string => value.toString(2).padStart(4, '0');
  if (type === VIDEO_SET) {
    return withEmulation(bitBytes(bits.slice(0, 16) + fixed(video) + bits.slice(20)));
  }
  if (type === SEQUENCE_SET) {
    const { at, end } = sequenceIdAt(unit);
    return refilled(bits.slice(0, 16) + fixed(video) + bits.slice(20, at) + golombText(sequence) + bits.slice(end));
  }
  if (type === PICTURE_SET) {
    const { end } = pictureIdAt(unit);
    const reader = bitReader(withoutEmulation(unit));
    reader.skip(end);
    reader.readGolomb();
    return refilled(bits.slice(0, 16) + golombText(picture) + golombText(sequence) + bits.slice(reader.position));
  }
  return unit;
};

/** A unit whose payload changed its length: it ends with a 1, and zeros up to the next byte. */
const refilled = (bits: string): Uint8Array => withEmulation(bitBytes(bits.slice(0, bits.lastIndexOf('1') + 1)));

const hevcSetId = (type: number, unit: Uint8Array): number => {
  if (type === VIDEO_SET) {
    return (unit[2] ?? 0) >> 4;
  }
  return type === SEQUENCE_SET ? sequenceIdAt(unit).id : type === PICTURE_SET ? pictureIdAt(unit).id : -1;
};

interface IdPlace {
  readonly id: number;
  readonly at: number;
  readonly end: number;
}

/** Behind profile_tier_level of all sub-layers (§7.3.3). */
const sequenceIdAt = (unit: Uint8Array): IdPlace => {
  const reader = bitReader(withoutEmulation(unit));
  reader.skip(16 + 4);
  const subLayers = reader.read(3);
  reader.skip(1 + 96);
  const flags = Array.from({ length: subLayers }, () => [reader.read(1), reader.read(1)]);
  reader.skip(subLayers > 0 ? (8 - subLayers) * 2 : 0);
  for (const [hasProfile = 0, hasLevel = 0] of flags) {
    reader.skip(hasProfile * 88 + hasLevel * 8);
  }
  const at = reader.position;
  return { at, id: reader.readGolomb(), end: reader.position };
};

const pictureIdAt = (unit: Uint8Array): IdPlace => {
  const reader = bitReader(withoutEmulation(unit));
  reader.skip(16);
  return { at: 16, id: reader.readGolomb(), end: reader.position };
};
