import { ascii, concat, u32le } from '@aigc-label/core';

const u16le = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >>> 8);

/** A 3 × 2 bitmap of 24 bits; `dibBytes` 124 with a profile behind the pixels. */
export const bmpFile = (dibBytes: 12 | 40 | 124 = 40, tail: Uint8Array = new Uint8Array(), size?: number): Uint8Array => {
  const pixels = Uint8Array.from({ length: 24 }, (_, index) => index * 9);
  const profile = dibBytes === 124 ? ascii('profile!') : new Uint8Array();
  const dib = new Uint8Array(dibBytes);
  const wide = concat(u32le(3), u32le(2), u16le(1), u16le(24));
  dib.set(concat(u32le(dibBytes), dibBytes === 12 ? concat(u16le(3), u16le(2), u16le(1), u16le(24)) : wide));
  if (dibBytes === 124) {
    dib.set(concat(u32le(124 + pixels.length), u32le(profile.length)), 112);
  }
  const at = 14 + dibBytes;
  const length = at + pixels.length + profile.length + tail.length;
  return concat(ascii('BM'), u32le(size ?? length), u32le(0), u32le(at), dib, pixels, profile, tail);
};

/** An icon with one picture of `picture` bytes. */
export const icoFile = (tail: Uint8Array = new Uint8Array(), kind: 1 | 2 = 1): Uint8Array => {
  const picture = bmpFile().subarray(14);
  const entry = concat(Uint8Array.of(3, 2, 0, 0, 1, 0, 24, 0), u32le(picture.length), u32le(22));
  return concat(Uint8Array.of(0, 0, kind, 0, 1, 0), entry, picture, tail);
};
