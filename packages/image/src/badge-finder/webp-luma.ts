/** A WebP's brightness (RFC 9649): its chunks read here, its bitstream by `decodeWebp`. */
import type { Luma } from '@aigc-label/badge/find';
import { ascii, type ByteSource, concat, damaged, latin1, readBounded, u32le, viewOf } from '@aigc-label/core';
import { rgbaLuma } from './gif-luma.ts';
import { assertSize } from './shrinking.ts';
import { exifOrientation, uprightLuma } from './upright.ts';
import { decodeWebp } from './webp-decoder.ts';

/** The largest WebP that is read into memory. */
const MAXIMUM_FILE_BYTES = 128 << 20;
/** Four bytes a pixel are held twice, and by lossless pictures three times. */
const MAXIMUM_WEBP_PIXELS = 25_000_000;
const MAXIMUM_CHUNKS = 100_000;

/**
 * The upright brightness of the picture, or of an animation's first frame.
 * @throws LabelError `FILE_DAMAGED`, `LIMIT_EXCEEDED`.
 */
export const webpLuma = async (source: ByteSource): Promise<Luma | undefined> => {
  const bytes = await readBounded(source, 0, source.size, MAXIMUM_FILE_BYTES, 'webp');
  const file = partsOf(bytes);
  const coded = file.frame === undefined ? bytes : stillOf(file.frame);
  const picture = await decodeWebp(coded);
  if (picture === undefined) {
    throw damaged('webp', 0, 'the picture cannot be decoded');
  }
  return uprightLuma(rgbaLuma(picture.data, picture), file.exif === undefined ? 1 : exifOrientation(file.exif));
};

interface WebpParts {
  /** The bitstream chunk of an animation's first frame, as it stands; `undefined` for a still picture. */
  readonly frame: Uint8Array | undefined;
  readonly exif: Uint8Array | undefined;
}

const partsOf = (bytes: Uint8Array): WebpParts => {
  if (bytes.length < 20 || latin1At(bytes, 0) !== 'RIFF' || latin1At(bytes, 8) !== 'WEBP') {
    throw damaged('webp', 0, 'the RIFF header is missing');
  }
  const view = viewOf(bytes);
  let frame: Uint8Array | undefined;
  let exif: Uint8Array | undefined;
  let isAnimated = false;
  for (let at = 12, count = 0; at + 8 <= bytes.length && count < MAXIMUM_CHUNKS; count += 1) {
    const id = latin1At(bytes, at);
    const length = view.getUint32(at + 4, true);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (id === 'VP8X' && data.length >= 10) {
      assertSize(1 + (viewOf(data).getUint32(4, true) & 0xffffff), 1 + (viewOf(data).getUint32(6, true) >>> 8), MAXIMUM_WEBP_PIXELS);
    } else if (id === 'VP8 ' || id === 'VP8L') {
      assertSize(...sizeOf(id, data), MAXIMUM_WEBP_PIXELS);
    } else if (id === 'ANMF') {
      isAnimated = true;
      frame ??= bitstreamOf(data);
    } else if (id === 'EXIF') {
      // Some writers put JPEG's name before the TIFF header.
      exif = latin1At(data, 0) === 'Exif' ? data.subarray(6) : data;
    }
    at += 8 + length + (length & 1);
  }
  if (isAnimated && frame === undefined) {
    throw damaged('webp/ANMF', 0, 'the first frame has no picture');
  }
  return { frame, exif };
};

/** The picture's chunk among those of a frame (§2.7.1.1: 16 bytes precede them). Its alpha is left away: what is coded beneath is near enough. */
const bitstreamOf = (data: Uint8Array): Uint8Array | undefined => {
  for (let at = 16; at + 8 <= data.length; ) {
    const id = latin1At(data, at);
    const length = viewOf(data).getUint32(at + 4, true);
    if (id === 'VP8 ' || id === 'VP8L') {
      assertSize(...sizeOf(id, data.subarray(at + 8)), MAXIMUM_WEBP_PIXELS);
      return data.subarray(at, at + 8 + length);
    }
    at += 8 + length + (length & 1);
  }
  return undefined;
};

/** Width and height that a bitstream announces (RFC 6386 §9.1, RFC 9649 §3.4); 0 where it is too short to. */
const sizeOf = (id: string, data: Uint8Array): readonly [number, number] => {
  if (data.length < 10) {
    return [0, 0];
  }
  const view = viewOf(data);
  if (id === 'VP8 ') {
    return [view.getUint16(6, true) & 0x3fff, view.getUint16(8, true) & 0x3fff];
  }
  const bits = view.getUint32(1, true);
  return [1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff)];
};

const stillOf = (chunk: Uint8Array): Uint8Array => {
  const padded = chunk.length & 1 ? concat(chunk, new Uint8Array(1)) : chunk;
  return concat(ascii('RIFF'), u32le(4 + padded.length), ascii('WEBP'), padded);
};

const latin1At = (bytes: Uint8Array, at: number): string => latin1(bytes.subarray(at, at + 4));
