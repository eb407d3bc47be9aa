import type { ByteSource, Piece } from '@aigc-label/core';

/** NAL units of one sample that are looked at; a picture of many slices has some hundreds. */
const MAXIMUM_UNITS = 10_000;

/** Bytes of a NAL unit that are read at once with its length. */
const HEAD_BYTES = 16;

/** A NAL unit in a sample. */
export interface NalUnit {
  /** Where its first byte stands in the source, behind its length. */
  readonly at: number;
  readonly size: number;
  /** Its first bytes, up to 16. */
  readonly head: Uint8Array;
}

/** A sample in a source. */
export interface SamplePlace {
  readonly offset: number;
  readonly size: number;
}

/** The NAL units of a sample, each behind its length (ISO/IEC 14496-15 §4.3.3), until `isEnough` or damage; `undefined` where lengths do not fill the sample. */
export const nalUnits = async (
  source: ByteSource,
  { offset, size }: SamplePlace,
  lengthSize: number,
  isEnough: (unit: NalUnit) => boolean = () => false,
): Promise<readonly NalUnit[] | undefined> => {
  const end = offset + size;
  const units: NalUnit[] = [];
  let at = offset;
  while (at < end) {
    const window = await source.read(at, Math.min(lengthSize + HEAD_BYTES, end - at));
    const length = window.subarray(0, lengthSize).reduce((sum, byte) => sum * 256 + byte, 0);
    if (at + lengthSize + length > end || window.length < lengthSize || units.length >= MAXIMUM_UNITS) {
      return undefined;
    }
    const unit = { at: at + lengthSize, size: length, head: window.subarray(lengthSize, lengthSize + length) };
    units.push(unit);
    if (isEnough(unit)) {
      return units;
    }
    at = unit.at + length;
  }
  return units;
};

/** A sample whose lengths have another size; `undefined` where it is damaged, or where a unit is too large for them. */
export const withLengthSize = async (
  source: ByteSource,
  place: SamplePlace,
  lengthSize: number,
  toLengthSize: number,
): Promise<readonly Piece[] | undefined> => {
  const pieces: Piece[] = [];
  for (const { at, size } of (await nalUnits(source, place, lengthSize)) ?? []) {
    const length = nalLength(size, toLengthSize);
    if (length === undefined) {
      return undefined;
    }
    pieces.push(length, { source, offset: at, length: size });
  }
  return pieces.length === 0 ? undefined : pieces;
};

/** A length of `lengthSize` bytes; `undefined` where it does not fit. */
export const nalLength = (length: number, lengthSize: number): Uint8Array | undefined =>
  length >= 256 ** lengthSize
    ? undefined
    : Uint8Array.from({ length: lengthSize }, (_, index) => Math.floor(length / 256 ** (lengthSize - 1 - index)) % 256);
