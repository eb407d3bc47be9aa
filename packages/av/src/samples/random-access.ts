import type { ByteSource } from '@aigc-label/core';
import { bitReader } from './bits.ts';
import { nalUnits, type SamplePlace } from './nal-units.ts';

/**
 * How a sample lets decoding begin: `reset` nothing behind it refers to what stands before it · `continuing` the same, but the numbers by which pictures are put into order go on
 * (a CRA picture of HEVC), so that the end of a sequence must be said where other pictures come before it.
 */
export type RandomAccess = 'reset' | 'continuing';

/** How many bytes of a VP9 or AV1 sample are looked at. */
const HEAD_BYTES = 256;

/** H.264: an IDR picture (ITU-T H.264 §7.4.1.2.4). */
export const h264Access = async (source: ByteSource, place: SamplePlace, lengthSize: number): Promise<RandomAccess | undefined> => {
  const typeOf = (head: Uint8Array): number => (head[0] ?? 0) & 31;
  const isPicture = (type: number): boolean => type >= 1 && type <= 5;
  const units = await nalUnits(source, place, lengthSize, ({ head }) => isPicture(typeOf(head)));
  return typeOf(units?.at(-1)?.head ?? new Uint8Array(1)) === 5 ? 'reset' : undefined;
};

/**
 * HEVC: an IDR, BLA or CRA picture (ITU-T H.265 table 7-1). Pictures that refer across it would be shown before it, which the caller has excluded.
 */
export const hevcAccess = async (source: ByteSource, place: SamplePlace, lengthSize: number): Promise<RandomAccess | undefined> => {
  const typeOf = (head: Uint8Array): number => ((head[0] ?? 0xff) >> 1) & 63;
  const units = await nalUnits(source, place, lengthSize, ({ head }) => typeOf(head) < 32);
  const type = typeOf(units?.at(-1)?.head ?? new Uint8Array(0));
  return type >= 16 && type <= 20 ? 'reset' : type === 21 ? 'continuing' : undefined;
};

/** VP9: a key frame that is shown (bitstream specification §6.2); it fills every reference. */
export const vp9Access = async (source: ByteSource, { offset, size }: SamplePlace): Promise<RandomAccess | undefined> => {
  const reader = bitReader(await source.read(offset, Math.min(2, size)));
  const marker = reader.read(2);
  const profile = reader.read(1) + reader.read(1) * 2;
  reader.skip(profile === 3 ? 1 : 0);
  const isExisting = reader.read(1) === 1;
  const isKey = reader.read(1) === 0;
  const isShown = reader.read(1) === 1;
  return marker === 2 && !isExisting && isKey && isShown ? 'reset' : undefined;
};

const SEQUENCE_HEADER = 1;
const FRAME_HEADER = 3;
const FRAME = 6;

/** AV1: a sequence header, then a key frame that is shown (bitstream specification §7.6.2, §5.9.2). */
export const av1Access = async (source: ByteSource, { offset, size }: SamplePlace): Promise<RandomAccess | undefined> => {
  const bytes = await source.read(offset, Math.min(HEAD_BYTES, size));
  let at = 0;
  let hasSequence = false;
  while (at < bytes.length) {
    const head = bytes[at] ?? 0;
    const type = (head >> 3) & 15;
    at += (head & 4) === 0 ? 1 : 2;
    let length = size - at;
    if ((head & 2) !== 0) {
      const field = leb128(bytes, at);
      length = field.value;
      at = field.end;
    }
    if (type === FRAME_HEADER || type === FRAME) {
      const flags = bytes[at] ?? 0;
      const isShownKey = (flags & 0xf0) === 0x10; // show_existing_frame 0, frame_type KEY_FRAME, show_frame 1
      return hasSequence && isShownKey ? 'reset' : undefined;
    }
    if (type === SEQUENCE_HEADER) {
      // reduced_still_picture_header, after seq_profile and still_picture: then frame headers have no such flags.
      hasSequence = ((bytes[at] ?? 0) & 0x08) === 0;
    }
    at += length;
  }
  return undefined;
};

const leb128 = (bytes: Uint8Array, at: number): { readonly value: number; readonly end: number } => {
  let value = 0;
  for (let index = 0; index < 8; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) {
      return { value, end: at + index + 1 };
    }
  }
  return { value, end: at + 8 };
};
